"""A list of thousands of rows that draws only those in view.

Rows are known by key. The cursor follows its key through every refresh; scroll stays where it is unless the
cursor would leave the view. Before anybody has moved, the cursor stays on the first row, which is the worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar, Self

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line, Run
from widgets.scrolled import Scrolled


class Listing(Scrolled, can_focus=True, inherit_bindings=False):
    """A keyed, virtual list with a header that stays. Subclasses draw a header and a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor(1)", "Down", show=False, tooltip="One row down", id="list.down"),
        Binding("k,up", "cursor(-1)", "Up", show=False, tooltip="One row up", id="list.up"),
        Binding("g,home", "cursor_to(0)", "First", show=False, tooltip="To the first row", id="list.first"),
        Binding("G,end", "cursor_to(-1)", "Last", show=False, tooltip="To the last row", id="list.last"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, tooltip="One page down", id="list.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, tooltip="One page up", id="list.page_up"),
        Binding("enter,d", "choose", "Open", tooltip="Open the row under the cursor", id="list.open"),
    ]

    DEFAULT_CSS = """
    Listing { height: 1fr; }
    """

    cursor_index: reactive[int] = reactive(0, repaint=False)
    """Row under the cursor; 0 where there is no row."""

    class Highlighted(Message):
        """The cursor is on another row."""

        def __init__(self, listing: Listing, key: str) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

        @property
        def control(self) -> Listing:
            """The list."""
            return self.listing

    class Chosen(Message):
        """A row was opened."""

        def __init__(self, listing: Listing, key: str) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

        @property
        def control(self) -> Listing:
            """The list."""
            return self.listing

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.keys: tuple[str, ...] = ()
        self.row_height = 1
        self.header_height = 0
        self._moved = False

    # What a subclass draws.

    def draw_header(self, width: int) -> Line:
        """The header, where there is one."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """The `row_height` lines of row `index`."""
        raise NotImplementedError

    def empty_lines(self) -> Sequence[Line]:
        """What is said where there is no row."""
        return ((Run(" nothing here", "dim"),),)

    # Rows.

    @property
    def cursor_key(self) -> str | None:
        """Key of the row under the cursor."""
        return self.keys[self.cursor_index] if self.keys else None

    @property
    def page_rows(self) -> int:
        """Rows that fit in the view."""
        return max(1, (self.size.height - self.header_height) // self.row_height)

    @property
    def lines_wanted(self) -> int:
        """Lines that show everything."""
        return self._whole_size().height

    def set_keys(self, keys: Sequence[str]) -> None:
        """Take a new order of rows; the cursor stays with its key, or where it was if that has gone."""
        before = self.cursor_key
        was_visible = self._is_visible(self.cursor_index)
        self.keys = tuple(keys)
        self.virtual_size = self._whole_size()
        if self._moved and before is not None:
            index = next((place for place, key in enumerate(self.keys) if key == before), self.cursor_index)
        else:
            index = 0
        self.cursor_index = self.validate_cursor_index(index)
        if was_visible:
            self._bring_into_view()
        # Where the height follows the rows, a height that does not fit them needs a new layout.
        self.refresh(layout=self.styles.is_auto_height and self.size.height != self.virtual_size.height)
        if self.cursor_key is not None and self.cursor_key != before:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def _whole_size(self) -> Size:
        rows = len(self.keys) * self.row_height or len(self.empty_lines())
        return Size(self.size.width, self.header_height + rows)

    def move_to(self, key: str) -> bool:
        """Put the cursor on a row; False if there is none with this key."""
        if key not in self.keys:
            return False
        self._move(self.keys.index(key))
        return True

    # Cursor.

    def validate_cursor_index(self, index: int) -> int:
        """Keep the cursor within the rows."""
        return max(0, min(index, len(self.keys) - 1))

    def _move(self, index: int) -> None:
        self._moved = True
        before, offset = self.cursor_index, self.scroll_offset
        self.cursor_index = index
        self._bring_into_view()
        if self.cursor_index == before:
            return
        for row in (before, self.cursor_index):
            self._redraw(row, shown=self.scroll_offset == offset)
        if self.cursor_key is not None:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def _redraw(self, index: int, *, shown: bool) -> None:
        """Draw a row anew; only its own lines are painted. `shown` is False where a scroll paints everything anyway."""
        for part in range(self.row_height):
            self._drawn.pop((index, part), None)
        if shown:
            self.refresh_lines(self.header_height + index * self.row_height, self.row_height)

    def _first_visible(self) -> int:
        return round(self.scroll_y) // self.row_height

    def _is_visible(self, index: int) -> bool:
        first = self._first_visible()
        return first <= index < first + self.page_rows

    def _bring_into_view(self) -> None:
        first, page = self._first_visible(), self.page_rows
        target = self.cursor_index if self.cursor_index < first else self.cursor_index - page + 1
        if not self._is_visible(self.cursor_index):
            self.scroll_to(y=max(0, target) * self.row_height, animate=False, force=True, immediate=True)

    def action_cursor(self, step: int) -> None:
        """Move by rows."""
        self._move(self.cursor_index + step)

    def action_cursor_to(self, index: int) -> None:
        """Go to a row; negative counts from the end."""
        self._move(index if index >= 0 else len(self.keys) + index)

    def action_page(self, step: int) -> None:
        """Move by pages."""
        self._move(self.cursor_index + step * self.page_rows)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.cursor_key is not None:
            self.post_message(self.Chosen(self, self.cursor_key))

    # Mouse.

    def row_at(self, y: int) -> int | None:
        """Row at content line `y`, or None for the header and what lies below the rows."""
        if y < self.header_height:
            return None
        index = (y - self.header_height + round(self.scroll_y)) // self.row_height
        return index if index < len(self.keys) else None

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the row under the cursor, or a double click, opens it."""
        offset = event.get_content_offset(self)
        index = None if offset is None else self.row_at(offset.y)
        if index is None:
            return
        again = index == self.cursor_index and self._moved
        self._move(index)
        if again or event.chain > 1:
            self.action_choose()

    # Painting.

    _said: Sequence[Line] | None = None

    @cached_property
    def _drawn(self) -> dict[tuple[int, int], Strip]:
        """Lines that were drawn without a cursor: (row, line of the row). What changes a row refreshes the list."""
        return {}

    def notify_style_update(self) -> None:
        """Other styles: what was drawn has the old ones."""
        self._drawn.clear()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint anew: everything, from what it shows now, or only some regions, as they were drawn."""
        if not regions:
            self._drawn.clear()
            self._said = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_resize(self) -> None:
        """Another size: other line breaks, perhaps, and the cursor stays in view."""
        self.virtual_size = self._whole_size()
        self._bring_into_view()

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        width = self.size.width
        if y < self.header_height:
            return self.strip(self.draw_header(width), width)
        line = y - self.header_height + round(self.scroll_y)
        index, part = divmod(line, self.row_height)
        if index < len(self.keys):
            return self.barred(self._row_strip(index, part, width), y)
        message = self._message if not self.keys else ()
        return self.strip(message[line], width) if line < len(message) else self.strip((), width)

    @property
    def _message(self) -> Sequence[Line]:
        """What is said where there is no row, told once for all of its lines."""
        if self._said is None:
            self._said = self.empty_lines()
        return self._said

    def _row_strip(self, index: int, part: int, width: int) -> Strip:
        """One line of a row. Scrolling draws only what comes into view."""
        if index == self.cursor_index:
            return self.strip(self.draw_row(index, width)[part], width, self.cursor_backdrop())
        drawn = self._drawn.get((index, part))
        if drawn is None or drawn.cell_length != width:
            drawn = self._drawn[index, part] = self.strip(self.draw_row(index, width)[part], width)
        return drawn
