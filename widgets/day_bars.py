"""A bar for each day, with what a day may cost as a line across: holes stay holes, and days that go on are pale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.reactive import reactive
from textual.strip import Strip

from cockpit.model.units import DOLLARS, Unit, format_counted, format_money
from widgets.glyphs import DESCENDING, EIGHTHS, LIMIT, RULE
from widgets.line import Line, Run, cut, fit, pad, width_of
from widgets.painted import Painted
from widgets.plot import nice_ceiling

WIDEST = 4
"""Cells of a day, the blank beside its bar among them."""
ENOUGH = 30
"""Days that are shown at least, where there are so many."""
_FAR = 4.0
"""A line further than this above every bar would flatten them; it is named instead of drawn."""
_LABEL_GAP = 2


@dataclass(frozen=True, slots=True)
class Day:
    """One bar."""

    day: date
    value: float | None
    """None: not known."""
    limit: float | None = None
    """What the day may cost."""
    whole: bool = True
    """False where more may still come."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn."""

    title: str
    days: tuple[Day, ...]
    """One after the other, oldest first."""
    currency: str = DOLLARS
    note: str = ""
    """Why there is nothing."""

    @property
    def known(self) -> list[float]:
        """Values that are known."""
        return [one.value for one in self.days if one.value is not None]


def bar_lines(bars: Bars, width: int, height: int) -> list[Line]:
    """A caption, the bars, and the days below them: exactly `height` lines of `width` cells."""
    lines = [bar_caption(bars, width)]
    rows = height - 2
    if not bars.known or rows < 1 or width < 16:
        words = bars.note or "No day is known."
        blank = [fit((Run(f" {words}", "dim"),) if index == 0 else (), width) for index in range(max(0, height - 1))]
        return [*lines, *blank][:height]
    top = nice_ceiling(max(_highest(bars), 0.01), Unit.USD)
    labels = _labels(bars, top, rows)
    margin = max(len(run.text) for run in labels.values())
    room = width - margin - 1
    cells = min(WIDEST, room // len(bars.days))
    if cells < 2:
        # Bars that stand apart are easier to count, as long as there are enough of them.
        cells = 2 if room >= 2 * ENOUGH else 1
    shown = bars.days[-(room // cells) :]
    for row in reversed(range(rows)):
        label = labels.get(row, Run(""))
        head = (Run(pad(label.text, margin, right=True), label.role), Run("┤" if row in labels else "│", "dim"))
        lines.append(fit((*head, *_row(shown, row, rows, top, cells)), width))
    lines.append(fit((Run(" " * (margin + 1)), *_axis(shown, cells, room)), width))
    return lines


def bar_caption(bars: Bars, width: int) -> Line:
    """Title; how many days were over what they may cost; what cannot be seen."""
    over = sum(one.value > one.limit for one in bars.days if one.value is not None and one.limit is not None)
    limits = [one.limit for one in bars.days if one.limit is not None]
    holes = sum(one.value is None and one.whole for one in bars.days)
    parts = []
    if bars.known:
        parts.append(f"highest {format_money(max(bars.known), bars.currency)}")
    if limits:
        far = " (above the chart)" if limits[-1] > _highest(bars) else ""
        parts.append(f"{format_money(limits[-1], bars.currency)} a day is the budget{far}")
        parts.append(f"{over} of {len(bars.days)} days over it" if over else "no day over it")
    if holes:
        parts.insert(1, f"{format_counted(holes, 'day')} not known")
    title = cut(bars.title, max(8, width // 2))
    while parts and len(title) + 4 + len(" · ".join(parts)) > width:
        parts.pop()
    line = (Run(f" {title}", "strong"), Run("  " + " · ".join(parts) + " " if parts else " ", "dim"))
    return fit((*line, Run(RULE * max(0, width - width_of(line) - 1), "dim")), width)


def _highest(bars: Bars) -> float:
    """The top of what is drawn: the highest bar, or the line where it is near enough."""
    highest = max([*bars.known, 0.0])
    limits = [one.limit for one in bars.days if one.limit is not None and one.limit <= highest * _FAR]
    return max([highest, *(limit * 1.05 for limit in limits)])


def _labels(bars: Bars, top: float, rows: int) -> dict[int, Run]:
    labels = {0: Run(format_money(0.0, bars.currency), "dim"), rows - 1: Run(format_money(top, bars.currency), "dim")}
    limits = [one.limit for one in bars.days if one.limit is not None]
    if limits and limits[-1] <= top and rows > 2:
        labels[_at(limits[-1], top, rows)] = Run(format_money(limits[-1], bars.currency), "limit")
    return labels


def _at(value: float, top: float, rows: int) -> int:
    """The line in which a value is; 0 is the lowest."""
    return min(rows - 1, int(value / top * rows))


def _row(days: Sequence[Day], row: int, rows: int, top: float, cells: int) -> list[Run]:
    runs: list[Run] = []
    for one in days:
        text, ink = _cell(one, row, rows, top)
        line = one.limit is not None and one.limit <= top and _at(one.limit, top, rows) == row
        gap = (LIMIT if line else " ") if cells > 1 else ""
        runs.append(Run(text * (cells - len(gap)), ink))
        if gap:
            runs.append(Run(gap, "limit" if line else ""))
    return runs


def _cell(one: Day, row: int, rows: int, top: float) -> tuple[str, str]:
    """What is drawn of a day in one line."""
    limit = one.limit if one.limit is not None and one.limit <= top and _at(one.limit, top, rows) == row else None
    if one.value is None:
        if row == 0 and one.whole:
            return "?", "unknown"
        return (LIMIT, "limit") if limit is not None else (" ", "")
    if one.value < 0:
        return (DESCENDING, "ok") if row == 0 else (LIMIT, "limit") if limit is not None else (" ", "")
    height = max(1, round(one.value / top * rows * 8)) - row * 8
    ink = "trend-area" if not one.whole else "warning" if one.limit is not None and one.value > one.limit else "trend"
    if limit is not None and (height <= 0 or height > 8):
        return LIMIT, "limit"
    return (EIGHTHS[max(0, min(8, height))], ink) if height > 0 else (" ", "")


def _axis(days: Sequence[Day], cells: int, room: int) -> list[Run]:
    """The dates below the bars: firsts of months before Mondays, as far as there is room; the newest day is named."""
    places: dict[int, str] = {}
    last = len(days) * cells
    if days and not days[-1].whole:
        word = "today"
        places[max(0, min(last - 1, room - len(word)))] = word
    firsts = [index for index, one in enumerate(days) if one.day.day == 1]
    mondays = [index for index, one in enumerate(days) if one.day.weekday() == 0]
    for index in [*firsts, *reversed(mondays)]:
        day = days[index].day
        label, at = f"{day.day} {day:%b}", index * cells
        if at + len(label) <= room and all(_apart(at, label, other, text) for other, text in places.items()):
            places[at] = label
    runs: list[Run] = []
    for at, label in sorted(places.items()):
        runs += [Run(" " * (at - width_of(tuple(runs)))), Run(label, "dim")]
    return runs


def _apart(at: int, label: str, other: int, text: str) -> bool:
    return at + len(label) + _LABEL_GAP <= other or other + len(text) + _LABEL_GAP <= at


def days_from(
    first: date, values: Sequence[float | None], limit: Sequence[float | None], whole: int
) -> tuple[Day, ...]:
    """Bars of values one after the other from `first` on; only the oldest `whole` of them are over."""
    return tuple(
        Day(first + timedelta(days=index), value, most, index < whole)
        for index, (value, most) in enumerate(zip(values, limit, strict=True))
    )


class DayBars(Painted):
    """Bars over the whole of its size."""

    DEFAULT_CSS = """
    DayBars { height: 1fr; }
    """

    bars: reactive[Bars] = reactive(Bars("", ()))

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: list[Line] = []
        self._drawn_for: tuple[Bars, int, int] | None = None

    def render_line(self, y: int) -> Strip:
        """One line; everything is drawn anew when bars or size have changed."""
        wanted = (self.bars, *self.size)
        if self._drawn_for != wanted:
            self._drawn, self._drawn_for = bar_lines(self.bars, *self.size), wanted
        return self.strip(self._drawn[y] if y < len(self._drawn) else (), self.size.width)
