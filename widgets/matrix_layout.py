"""How the environment × service matrix fits a width: pure arithmetic.

Room is given in this order: every column its figure, but minor ones only their glyph; then trends, first columns first;
then the figures of minor columns; then longer trends and texts. Where even the figures do not fit, the last columns
shrink to their glyph, and then fold into one column that tells their worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP = 2
MARK = 2
"""A glyph and a blank."""
TREND_MIN = 5
TREND_MAX = 14
TEXT_MIN = 4
FOLDED_WIDTH = 8
"""`+3 more` above, `✖ alarms` below – how many columns are folded away, and the worst of them."""


@dataclass(frozen=True, slots=True)
class ColumnNeed:
    """What a column would like."""

    key: str
    title: str
    figure: int
    """Cells of its widest figure, without glyph."""
    words: int
    """Cells of its longest text (why it is unknown), where room is plenty."""
    has_trend: bool
    limit: float = 0.0
    """What a trend is measured against; 0 where nothing is."""
    minor: bool = False
    """Whether its glyph is enough until every trend has room."""


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """What a column gets, in cells. `text` 0 leaves the glyph alone."""

    key: str
    title: str
    text: int
    """For texts; a trend stands behind the first `figure` of them where the text is no longer."""
    trend: int = 0
    figure: int = 0
    limit: float = 0.0

    @property
    def width(self) -> int:
        """The whole column, without the gap after it."""
        body = MARK + self.text + (1 + self.trend if self.trend else 0) if self.text else 1
        return max(body, len(self.title))


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """Where everything goes."""

    name: int
    """Cells of the first column."""
    columns: tuple[ColumnPlace, ...]
    folded: tuple[ColumnPlace, ...] = ()
    """The columns that have no place of their own."""

    def column_at(self, x: int) -> str | None:
        """Key of the column at cell `x`, or None over the names and beyond the last."""
        start = self.name + GAP
        for column in self.columns:
            if start <= x < start + column.width + GAP:
                return column.key
            start += column.width + GAP
        return None


def _glyph_only(column: ColumnPlace) -> ColumnPlace:
    return replace(column, title=column.title[:3], text=0, trend=0, figure=0)


def _used(name: int, columns: Sequence[ColumnPlace], *, folded: bool = False) -> int:
    extra = GAP + FOLDED_WIDTH if folded else 0
    return name + sum(GAP + column.width for column in columns) + extra


def _shrunk(
    width: int, name: int, columns: list[ColumnPlace], whole: Sequence[ColumnPlace]
) -> tuple[list[ColumnPlace], list[ColumnPlace]]:
    """Columns that fit, and those that are folded: the last give way first."""
    for index in reversed(range(len(columns))):
        if _used(name, columns) <= width:
            break
        columns[index] = _glyph_only(columns[index])
    folded: list[ColumnPlace] = []
    while columns and _used(name, columns, folded=bool(folded)) > width:
        columns.pop()
        folded.insert(0, whole[len(columns)])
    return _with_titles(width, name, columns, whole, folded=bool(folded)), folded


def _with_titles(
    width: int, name: int, columns: list[ColumnPlace], whole: Sequence[ColumnPlace], *, folded: bool
) -> list[ColumnPlace]:
    """What is left over goes to titles that were cut, the first ones first, all of one or none of it."""
    for index, column in enumerate(columns):
        longer = [*columns]
        longer[index] = replace(column, title=whole[index].title)
        if _used(name, longer, folded=folded) <= width:
            columns = longer
    return columns


def _with_trends(width: int, name: int, columns: list[ColumnPlace], needs: Sequence[ColumnNeed]) -> list[ColumnPlace]:
    """Trends for as many columns as have room for one of the least size."""
    for index, need in enumerate(needs):
        longer = [*columns]
        if need.has_trend and columns[index].text:
            longer[index] = replace(columns[index], trend=TREND_MIN)
            if _used(name, longer) <= width:
                columns = longer
    return columns


def _with_minor(
    width: int, name: int, columns: list[ColumnPlace], needs: Sequence[ColumnNeed], whole: Sequence[ColumnPlace]
) -> list[ColumnPlace]:
    """Figures of minor columns, once no trend waits for room; titles that were cut in any case."""
    both = zip(needs, columns, strict=True)
    waiting = any(need.has_trend and column.text and not column.trend for need, column in both)
    for index in [] if waiting else [index for index, need in enumerate(needs) if need.minor]:
        longer = [*columns]
        longer[index] = whole[index]
        if _used(name, longer) > width:
            break
        columns = longer
    return _with_titles(width, name, columns, whole, folded=False)


def _with_longer_trends(width: int, name: int, columns: list[ColumnPlace]) -> list[ColumnPlace]:
    """All trends longer, one cell each."""
    while True:
        longer = [
            replace(column, trend=column.trend + 1) if 0 < column.trend < TREND_MAX else column for column in columns
        ]
        if longer == columns or _used(name, longer) > width:
            return columns
        columns = longer


def _with_words(width: int, name: int, columns: list[ColumnPlace], needs: Sequence[ColumnNeed]) -> list[ColumnPlace]:
    """What is left goes to the texts that are longer than a figure, one cell each in turn."""
    while True:
        grown = False
        for index, need in enumerate(needs):
            column = columns[index]
            longer = [*columns]
            longer[index] = replace(column, text=column.text + 1)
            if column.text and column.text < need.words and _used(name, longer) <= width:
                columns, grown = longer, True
        if not grown:
            return columns


def lay_out(width: int, name: int, needs: Sequence[ColumnNeed]) -> MatrixLayout:
    """Places for the columns of `needs`, in their order, beside a first column of `name` cells."""
    figures = [max(TEXT_MIN, need.figure) for need in needs]
    whole = [ColumnPlace(n.key, n.title, f, figure=f, limit=n.limit) for n, f in zip(needs, figures, strict=True)]
    columns = [_glyph_only(place) if need.minor else place for need, place in zip(needs, whole, strict=True)]
    if _used(name, columns) > width:
        columns, folded = _shrunk(width, name, columns, whole)
        return MatrixLayout(name, tuple(columns), tuple(folded))
    columns = _with_trends(width, name, columns, needs)
    columns = _with_minor(width, name, columns, needs, whole)
    columns = _with_longer_trends(width, name, columns)
    columns = _with_words(width, name, columns, needs)
    return MatrixLayout(name, tuple(columns))
