"""The view of a log: thousands of lines, of which those in view are drawn. It follows, or stays where one reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from cockpit.model.inquiry import LogLine
from widgets.line import Line, Run, fit
from widgets.log_layout import LogLayout, LogWanted
from widgets.log_rows import gutter, gutter_width, text_rows
from widgets.scrolled import Scrolled
from widgets.times import local

SHIFT = 20
"""Cells that a long line moves sideways."""


class LogView(Scrolled, can_focus=True, inherit_bindings=False):
    """Log lines, oldest first. While it follows, the newest is at the bottom; any move upwards makes it stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", tooltip="Stay at what is shown, or follow again", id="logs.pause"),
        Binding("e", "errors", "Errors only", tooltip="Only lines that tell of errors, or all", id="logs.errors"),
        Binding("f", "matches", "Matches only", tooltip="Only lines that match the search, or all", id="logs.matches"),
        Binding("w", "wrap", "Wrap", tooltip="Break long lines, or cut them", id="logs.wrap"),
        Binding(
            "enter,d", "choose", "Whole line", show=False, tooltip="The whole line under the cursor", id="logs.open"
        ),
        Binding("n", "match(1)", "Next match", show=False, tooltip="The next match", id="logs.next"),
        Binding("N", "match(-1)", "Previous match", show=False, tooltip="The match before", id="logs.previous"),
        Binding("j,down", "move(1)", "Down", show=False, tooltip="One line down", id="logs.down"),
        Binding("k,up", "move(-1)", "Up", show=False, tooltip="One line up", id="logs.up"),
        Binding("g,home", "first", "First", show=False, tooltip="To the oldest line", id="logs.first"),
        Binding("G,end", "last", "End", tooltip="To the newest line, and follow", id="logs.last"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, tooltip="One page down", id="logs.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, tooltip="One page up", id="logs.page_up"),
        Binding("right", "shift(1)", "Right", show=False, tooltip="Further right in long lines", id="logs.right"),
        Binding("left", "shift(-1)", "Left", show=False, tooltip="Further left in long lines", id="logs.left"),
    ]

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    """

    wanted: reactive[LogWanted] = reactive(LogWanted, init=False)
    """What is shown, and how."""
    following: reactive[bool] = reactive(default=True, init=False)
    """Whether the newest line stays in view."""
    empty: reactive[Line] = reactive(())
    """What is said where there is no line."""

    class Changed(Message):
        """Following, the cursor, or what is shown has changed."""

    class TopReached(Message):
        """The oldest line is in view, and somebody moves upwards."""

    class Chosen(Message):
        """A line was opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.layout_of_lines = LogLayout()
        self._lines: Sequence[LogLine] = ()
        self._cursor: LogLine | None = None
        self._shift = 0
        self._dated = False

    def show(self, lines: Sequence[LogLine]) -> None:
        """Take the newest lines, oldest first. What is read stays in view; while following, the newest does."""
        self._lines = lines
        self._arrange()

    @property
    def chosen(self) -> LogLine | None:
        """The line under the cursor; while following, the newest."""
        shown = self.layout_of_lines.lines
        return self._cursor if not self.following and self._cursor is not None else shown[-1] if shown else None

    def _index(self) -> int:
        line = self.chosen
        return self.layout_of_lines.index_near(line) if line is not None else 0

    def _arrange(self) -> None:
        laid = self.layout_of_lines
        top = laid.line_at(round(self.scroll_y))
        anchor, part = (laid.lines[top[0]], top[1]) if top else (None, 0)
        width = self.size.width
        lines = self._lines
        self._dated = bool(lines) and local(lines[0].at).date() != local(lines[-1].at).date()
        laid.lay(lines, self.wanted, max(1, width - gutter_width(width, dated=self._dated) - 1))
        self.virtual_size = Size(width, max(1, laid.height))
        if self.following:
            self._to_end()
        elif anchor is not None:
            self._scroll(laid.tops[laid.index_near(anchor)] + part if laid.lines else 0)
        self.refresh()
        self.post_message(self.Changed())

    def _scroll(self, row: int) -> None:
        self.scroll_to(y=row, animate=False, force=True, immediate=True)

    def _to_end(self) -> None:
        self._scroll(max(0, self.layout_of_lines.height - self.size.height))

    # What is shown, and how.

    def watch_wanted(self) -> None:
        """Show something else, or otherwise; the line under the cursor stays in view."""
        self._arrange()
        if not self.following:
            self._bring_into_view()

    def watch_following(self, following: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Go to the end, or stay with the newest line that is there now."""
        if following:
            self._cursor = None
            self._to_end()
        self.refresh()
        self.post_message(self.Changed())

    def stay(self) -> None:
        """Stop following: the cursor is on the newest line."""
        if self.following:
            self._cursor = self.chosen
            self.following = False

    def action_pause(self) -> None:
        """Stay, or follow again."""
        if self.following:
            self.stay()
        else:
            self.following = True

    def action_errors(self) -> None:
        """Errors only, or all."""
        self.wanted = replace(self.wanted, only_errors=not self.wanted.only_errors)

    def action_matches(self) -> None:
        """Only what matches the search, or all."""
        self.wanted = replace(self.wanted, only_matches=not self.wanted.only_matches)

    def action_wrap(self) -> None:
        """Break long lines, or cut them."""
        self._shift = 0
        self.wanted = replace(self.wanted, wrapped=not self.wanted.wrapped)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Matches are offered while there is something to match."""
        if action in {"matches", "match"} and not self.wanted.search:
            return False
        return super().check_action(action, parameters)

    # Moving.

    def _move_to(self, index: int) -> None:
        laid = self.layout_of_lines
        if laid.lines:
            self.stay()
            self._cursor = laid.lines[max(0, min(index, len(laid.lines) - 1))]
            self._bring_into_view()
            self.refresh()
            self.post_message(self.Changed())

    def _bring_into_view(self) -> None:
        if self._cursor is None or not self.layout_of_lines.lines:
            return
        index = self._index()
        first, last = self.layout_of_lines.tops[index], self.layout_of_lines.tops[index + 1]
        top, height = round(self.scroll_y), self.size.height
        if first < top:
            self._scroll(first)
        elif last > top + height:
            self._scroll(min(first, last - height))

    def action_move(self, step: int) -> None:
        """Move by lines."""
        if step < 0 and self._index() == 0:
            self.post_message(self.TopReached())
        self._move_to(self._index() + step)

    def action_page(self, step: int) -> None:
        """Move by pages."""
        self.stay()
        laid, height = self.layout_of_lines, max(1, self.size.height - 1)
        row = laid.tops[self._index()] + step * height if laid.lines else 0
        if row < 0:
            self.post_message(self.TopReached())
        found = laid.line_at(max(0, min(row, laid.height - 1)))
        self._move_to(found[0] if found else 0)

    def action_first(self) -> None:
        """The oldest line; there again, older ones."""
        if self._index() == 0:
            self.post_message(self.TopReached())
        self._move_to(0)

    def action_last(self) -> None:
        """The newest line, and follow."""
        self.following = True

    def action_shift(self, step: int) -> None:
        """Move sideways along long lines."""
        if not self.wanted.wrapped:
            self._shift = max(0, self._shift + step * SHIFT)
            self.refresh()

    def action_match(self, step: int) -> None:
        """The next line that matches."""
        found = self.layout_of_lines.next_match(self._index(), step)
        if found is not None:
            self._move_to(found)

    def action_choose(self) -> None:
        """Open the line under the cursor."""
        if self.chosen is not None:
            self.stay()
            self.post_message(self.Chosen())

    def on_mouse_scroll_up(self) -> None:
        """The wheel makes it stay, too; beyond the top there may be more."""
        self.stay()
        if self.scroll_y <= 0:
            self.post_message(self.TopReached())

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a line; a double click opens it."""
        offset = event.get_content_offset(self)
        found = self.layout_of_lines.line_at(offset.y + round(self.scroll_y)) if offset is not None else None
        if found is not None:
            self._move_to(found[0])
            if event.chain > 1:
                self.action_choose()

    # Painting.

    def on_resize(self) -> None:
        """Other line breaks; the same lines stay in view, and the cursor does."""
        self._arrange()
        if not self.following:
            self._bring_into_view()

    def render_line(self, y: int) -> Strip:
        """One row of the view."""
        width, laid = self.size.width, self.layout_of_lines
        found = laid.line_at(y + round(self.scroll_y))
        if found is None:
            return self.strip(self.empty if y == 0 and not laid.lines else (), width)
        index, part = found
        line = laid.lines[index]
        rows = text_rows(line, laid.room, wrapped=self.wanted.wrapped, shift=self._shift, search=self.wanted.pattern)
        before = gutter(line, width, dated=self._dated)
        if part:
            before = (Run(" " * gutter_width(width, dated=self._dated)),)
        over = None
        if not self.following and self._cursor is not None and line.id == self._cursor.id:
            over = self.cursor_backdrop()
        return self.barred(self.strip(fit((*before, *rows[part]), width), width, over), y)
