"""Facts, tags and relations of a resource, as two columns of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cockpit.model.resource import Fact
from cockpit.model.units import Unit, format_age, format_figure
from widgets.line import Line, Run, cut, fit, pad, wrap
from widgets.listing import Listing
from widgets.times import moment_text

_SUFFIXES = {
    "_bytes": Unit.BYTES,
    "_seconds": Unit.SECONDS,
    "_percent": Unit.PERCENT,
    "_usd": Unit.USD,
    "_days": Unit.DAYS,
}
MOMENTS = ("_at", "_since", "last_modified", "_until")
"""Endings of names whose numbers are moments, epoch seconds."""
_EARLIEST = 946_684_800.0
"""Start of the year 2000: a smaller number is no moment."""


def unit_of(name: str) -> Unit:
    """The unit that a name tells: `free_bytes`, `daily_usd`."""
    return next((unit for suffix, unit in _SUFFIXES.items() if name.endswith(suffix)), Unit.COUNT)


def fact_label(name: str) -> str:
    """`backup_retention_days` → `backup retention`. The unit goes where the figure is."""
    for suffix in (*_SUFFIXES, "_mb"):
        if name.endswith(suffix) and name != suffix[1:]:
            name = name.removesuffix(suffix)
            break
    return name.replace("_", " ")


def fact_text(name: str, value: Fact, now: float) -> str:
    """A fact as text, in the unit that its name tells."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if name.endswith(MOMENTS) and value > _EARLIEST:
        return f"{moment_text(value, now)} ({format_age(now - value)} ago)"
    if name.endswith("_mb"):
        return f"{format_figure(float(value), Unit.COUNT)} MB"
    return format_figure(float(value), unit_of(name))


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row: a heading, or a label with its text."""

    key: str
    label: str
    text: str = ""
    heading: bool = False
    target: str | None = None
    """Key of a resource that enter opens."""
    role: str = ""
    mark: Run | None = None
    """A glyph before the text: its severity."""


def section(title: str, rows: Sequence[FactRow]) -> tuple[FactRow, ...]:
    """A heading over rows; nothing where there are none."""
    return (FactRow(f"heading|{title}", title, heading=True), *rows) if rows else ()


def fact_rows(facts: Mapping[str, Fact], now: float) -> tuple[FactRow, ...]:
    """Facts that have a value, in the order in which the service gives them."""
    return tuple(
        FactRow(f"fact|{name}", fact_label(name), fact_text(name, value, now))
        for name, value in facts.items()
        if value is not None and value != ""
    )


def empty_facts(facts: Mapping[str, Fact]) -> tuple[FactRow, ...]:
    """One row that names the facts without a value; nothing where all have one."""
    names = [fact_label(name) for name, value in facts.items() if value is None or value == ""]
    return (FactRow("facts without a value", "not set", ", ".join(names), role="dim"),) if names else ()


def text_rows(prefix: str, texts: Mapping[str, str]) -> tuple[FactRow, ...]:
    """Names and texts, such as tags."""
    return tuple(FactRow(f"{prefix}|{name}", name, text) for name, text in texts.items())


class FactList(Listing):
    """Rows of label and text; long texts are wrapped, and what can be opened is marked."""

    DEFAULT_CSS = """
    FactList { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[FactRow, ...] = ()
        self._lines: list[tuple[FactRow, str, bool]] = []

    def show(self, rows: Sequence[FactRow]) -> None:
        """Take the newest rows."""
        self.rows = tuple(rows)
        self._break_lines()

    @property
    def chosen(self) -> FactRow | None:
        """The row under the cursor."""
        return self._lines[self.cursor_index][0] if self._lines else None

    def validate_cursor_index(self, index: int) -> int:
        """Keep the cursor on a row; a heading is none."""
        index = super().validate_cursor_index(index)
        return index + 1 if self._is_heading(index) and index + 1 < len(self._lines) else index

    def _bring_into_view(self) -> None:
        super()._bring_into_view()
        if self.cursor_index == 1 < self.page_rows and self._is_heading(0):
            # The first row is as far up as one gets; its heading is above it.
            self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def _is_heading(self, index: int) -> bool:
        return 0 <= index < len(self._lines) and self._lines[index][0].heading

    def action_cursor(self, step: int) -> None:
        """Move by lines, over headings."""
        wanted = self.cursor_index + step
        super().action_cursor(2 * step if self._is_heading(wanted) else step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is offered only where something can be opened."""
        if action == "choose" and not any(row.target for row in self.rows):
            return False
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Break the texts anew."""
        self._break_lines()

    def _label_width(self) -> int:
        longest = max((len(row.label) for row in self.rows if not row.heading), default=0)
        return min(longest, max(10, self.size.width * 2 // 5))

    def _break_lines(self) -> None:
        room = max(8, self.size.width - self._label_width() - 4)
        self._lines = []
        for row in self.rows:
            for index, text in enumerate(wrap(row.text, room - (2 if row.mark else 0))):
                self._lines.append((row, text, index == 0))
        counted: dict[str, int] = {}
        keys = []
        for row, _, _ in self._lines:
            counted[row.key] = counted.get(row.key, 0) + 1
            keys.append(f"{row.key}|{counted[row.key]}")
        self.set_keys(keys)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One line of a row."""
        row, text, first = self._lines[index]
        if row.heading:
            return (fit((Run(" "), Run(row.label, "heading")), width),)
        label = self._label_width()
        shown = pad(cut(row.label, label), label) if first else " " * label
        ink = row.role or ("chosen" if row.target else "")
        mark = ((row.mark if first else Run(" ")), Run(" ")) if row.mark else ()
        return (fit((Run(" "), Run(shown, "dim"), Run("  "), *mark, Run(text, ink)), width),)
