"""The versions of a thing, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.binding import Binding, BindingType

from cockpit.model.inquiry import Version
from cockpit.model.units import format_age
from widgets.glyphs import ARROW, POINTER
from widgets.line import Line, Run, cut, fit, pad, wrap
from widgets.listing import Listing
from widgets.times import moment_text
from widgets.version_difference import Difference, DifferenceRow, aliases_text, shown

GAP = 2
LABEL_MOST = 24


class VersionList(Listing):
    """Versions, newest first. `space` marks the one with which the one under the cursor is compared."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "mark", "Compare with", tooltip="Compare with the version under the cursor", id="versions.mark"
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.header_height = 1
        self.versions: tuple[Version, ...] = ()
        self.now = 0.0
        self.marked: str | None = None
        self.compared: str | None = None
        """Name of the version with which the one under the cursor is compared."""
        self.message: Line = ()

    def show(self, versions: Sequence[Version], now: float, message: Line = ()) -> None:
        """Take the newest versions; `message` stands where there is none."""
        self.versions, self.now, self.message = tuple(versions), now, message
        if self.marked not in {version.name for version in versions}:
            self.marked = None
        self.set_keys([version.name for version in versions])

    @property
    def chosen(self) -> Version | None:
        """The version under the cursor."""
        return self.versions[self.cursor_index] if self.versions else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open, and nothing to compare with where there is only one."""
        if action == "choose" or (action == "mark" and len(self.versions) < 2):
            return False
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Compare with this one from now on; again: with the one before, as at first."""
        if self.chosen is not None:
            self.marked = None if self.marked == self.chosen.name else self.chosen.name
            self.refresh()
            self.post_message(self.Highlighted(self, self.chosen.name))

    def _widths(self) -> tuple[int, int, int]:
        names = max((len(version.name) for version in self.versions), default=0)
        moments = max((len(self._published(version)) for version in self.versions), default=0)
        aliases = max((len(aliases_text(version)) for version in self.versions), default=0)
        return max(7, names), max(9, moments), max(7, min(aliases, 30))

    def _published(self, version: Version) -> str:
        if version.at is None:
            return "–"
        return f"{moment_text(version.at, self.now)}, {format_age(self.now - version.at)} ago"

    def draw_header(self, width: int) -> Line:
        """Titles."""
        name, published, aliases = self._widths()
        titles = (pad("VERSION", name), pad("PUBLISHED", published), pad("ALIASES", aliases), pad("CODE", 12), "SIZE")
        return fit((Run("   "), Run((" " * GAP).join(titles), "heading")), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One version; a pointer is at the one that the one under the cursor is compared with."""
        version = self.versions[index]
        name, published, aliases = self._widths()
        gap = Run(" " * GAP)
        mark = POINTER if version.name == self.compared else " "
        runs = (
            Run(f" {mark} ", "mark"),
            Run(pad(version.name, name), "strong"),
            gap,
            Run(pad(self._published(version), published), "dim"),
            gap,
            Run(pad(aliases_text(version), aliases), "found" if version.aliases else ""),
            gap,
            Run(pad(shown("code_sha256", version.facts.get("code_sha256"), self.now), 12), "dim"),
            gap,
            Run(shown("code_bytes", version.facts.get("code_bytes"), self.now), "dim"),
        )
        return (fit(runs, width),)

    def empty_lines(self) -> Sequence[Line]:
        """Why there is none."""
        return (self.message,)


class DifferenceList(Listing):
    """What changed, before and after side by side; what did not is one line."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.difference: Difference | None = None
        self.message: Line = ()
        self._rows: list[Line] = []
        self.header_height = 1

    def show(self, difference: Difference | None, message: Line = ()) -> None:
        """Take another difference; `message` stands where there is none."""
        if (difference, message) != (self.difference, self.message):
            self.difference, self.message = difference, message
            self._draw()
            self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open."""
        return False if action == "choose" else super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Break the texts anew."""
        self._draw()

    def _columns(self) -> tuple[int, int]:
        """Cells of the labels, and of before and after each."""
        rows = self.difference.rows if self.difference else ()
        label = min(LABEL_MOST, max((len(row.label) for row in rows), default=0))
        texts = max((len(text) for row in rows for text in (row.before, row.after)), default=0)
        room = (self.size.width - 2 - label - 3 * GAP - 2) // 2
        return label, max(6, min(room, max(12, texts)))

    def _draw(self) -> None:
        difference = self.difference
        self._rows = []
        if difference is not None:
            label, side = self._columns()
            for row in difference.rows:
                self._rows += _row_lines(row, label, side)
            told = f"unchanged: {', '.join(difference.unchanged)}" if difference.unchanged else ""
            if not difference.rows:
                self._rows.append((Run(" Nothing differs but the number."),))
            self._rows += [(Run(f" {text}", "dim"),) for text in wrap(told, max(10, self.size.width - 2)) if told]
        self.set_keys([str(index) for index in range(len(self._rows))])

    def draw_header(self, width: int) -> Line:
        """The two versions."""
        if self.difference is None:
            return ()
        label, side = self._columns()
        before, after = self.difference.before.name, self.difference.after.name
        blank = " " * (label + 1 + GAP)
        return fit((Run(blank), Run(pad(before, side), "heading"), Run(" " * (GAP + 2)), Run(after, "heading")), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One line."""
        return (fit(self._rows[index], width),)

    def empty_lines(self) -> Sequence[Line]:
        """Why there is nothing to compare."""
        return (self.message,)


def _row_lines(row: DifferenceRow, label: int, side: int) -> Iterator[Line]:
    """One change, on as many lines as its texts take in `side` cells."""
    pairs = zip_longest(wrap(row.before, side), wrap(row.after, side), fillvalue="")
    for at, (before, after) in enumerate(pairs):
        first = at == 0
        yield (
            Run(" "),
            Run(pad(cut(row.label, label) if first else "", label), "dim"),
            Run(" " * GAP),
            Run(pad(before, side)),
            Run(f" {ARROW}  " if first else "    ", "dim"),
            Run(after, "strong"),
            Run(f"  {row.more}" if first and row.more else "", "dim"),
        )
