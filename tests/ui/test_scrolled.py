"""What is longer than its place: the wheel moves it, and a bar at its edge tells where one is."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widget import Widget

from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from widgets.glyphs import BAR
from widgets.listing import Listing
from widgets.scrolled import thumb

LONG = fleet(functions=120)


@pytest.mark.parametrize(
    ("first", "shown", "whole", "lines"),
    [
        (0, 10, 10, []),
        (0, 10, 5, []),
        (0, 10, 20, [0, 1, 2, 3, 4]),
        (10, 10, 20, [5, 6, 7, 8, 9]),
        (1, 10, 20, [1, 2, 3, 4, 5]),
        (9, 10, 20, [4, 5, 6, 7, 8]),
        (0, 10, 5000, [0]),
        (4989, 10, 5000, [8]),
        (0, 1, 2, [0]),
        (0, 0, 9, []),
    ],
)
def test_the_bar_stands_for_what_is_in_view(first: int, shown: int, whole: int, lines: list[int]) -> None:
    assert list(thumb(first, shown, whole)) == lines


async def wheel(on: Drive, widget: Widget, *, down: bool = True) -> None:
    kind = MouseScrollDown if down else MouseScrollUp
    await on.pilot._post_mouse_events([kind], widget=widget, offset=(5, 3), button=0)
    await on.settle()


async def test_the_wheel_moves_a_table_and_leaves_the_cursor_where_it_is() -> None:
    async with drive(LONG, size=(120, 24)) as on:
        await on.press("j", "right", "enter")
        table = on.app.screen.query_one(Listing)
        before, at = on.lines()[4:20], table.cursor_key
        await wheel(on, table)
        assert table.scroll_y > 0
        assert on.lines()[4:20] != before
        assert table.cursor_key == at
        await wheel(on, table, down=False)
        assert on.lines()[4:20] == before


async def test_a_list_that_goes_on_says_so_at_its_edge_without_moving_anything() -> None:
    async with drive(size=(80, 24)) as on:
        matrix = on.app.screen.query_one("#matrix", Listing)
        assert matrix.virtual_size.height > matrix.size.height
        marked = [line for line in on.lines() if line.endswith(BAR)]
        assert marked
        assert "scheduler" in marked[0]
        wide = {line.index("err") for line in on.lines() if "err " in line and "rate" not in line}
        assert len(wide) == 1
        await on.resize(120, 60)
        assert not [line for line in on.lines() if line.endswith(BAR)]


async def test_the_bar_is_ascii_where_everything_is() -> None:
    async with drive(size=(80, 24), ascii=True) as on:
        assert any(line.endswith("|") for line in on.lines())
        assert BAR not in on.text()


async def test_the_wheel_moves_the_panels_of_an_environment() -> None:
    async with drive(LONG, size=(80, 14)) as on:
        await on.press("enter")
        board = on.app.screen.query_one("#panels")
        await wheel(on, board)
        assert board.scroll_y > 0
