"""New snapshots: cursor, scroll, order and filter survive; bursts are handled once; nothing waits for the engine."""

from __future__ import annotations

import threading
from dataclasses import replace

from screens.home import HomeScreen
from screens.places import ServicePlace
from screens.service import ServiceScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from widgets.filter import parse_filter
from widgets.matrix import FleetMatrix
from widgets.table import ResourceTable


async def test_before_anybody_moves_the_cursor_stays_on_the_worst() -> None:
    calm = fleet(bad_release=False, queue=False)
    async with drive(calm) as on:
        matrix = on.screen(HomeScreen).query_one(FleetMatrix)
        assert matrix.cursor_key == "tim-combo/dev"
        await on.publish(fleet(version=2))
        assert matrix.cursor_key == "scheduler/staging"


async def test_once_moved_the_cursor_follows_its_row_wherever_it_goes() -> None:
    async with drive(fleet(bad_release=False, queue=False)) as on:
        matrix = on.screen(HomeScreen).query_one(FleetMatrix)
        await on.press("j", "j")
        key = matrix.cursor_key
        await on.publish(fleet(version=2))
        assert matrix.cursor_key == key
        assert matrix.cursor_index != 2


async def test_when_the_row_goes_the_cursor_stays_in_place() -> None:
    async with drive() as on:
        matrix = on.screen(HomeScreen).query_one(FleetMatrix)
        await on.press("G")
        last = matrix.cursor_key
        left = tuple(one for one in fleet().environments if str(one.id) != last)
        await on.publish(replace(fleet(), environments=left))
        assert matrix.cursor_index == len(left) - 1


async def test_cursor_scroll_order_and_filter_survive_a_refresh() -> None:
    async with drive(fleet(functions=60), size=(120, 24)) as on:
        await on.press("j", "right", "enter")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        await on.press("slash")
        await on.write("!export")
        await on.press("enter", "right", "right", "S", "pagedown", "pagedown", "j")
        before = (table.cursor_key, table.scroll_y, table.order, [row.key for row in table.shown])
        assert table.scroll_y > 0
        await on.publish(fleet(functions=60, version=2))
        after = (table.cursor_key, table.scroll_y, table.order, [row.key for row in table.shown])
        assert after == before


async def test_columns_do_not_shrink_when_figures_do() -> None:
    async with drive(size=(120, 30)) as on:
        matrix = on.screen(HomeScreen).query_one(FleetMatrix)
        before = matrix.layout_plan
        await on.publish(fleet(bad_release=False, queue=False, denied=False, version=2))
        assert [column.text for column in matrix.layout_plan.columns] >= [column.text for column in before.columns]
        assert [column.key for column in matrix.layout_plan.columns] == [column.key for column in before.columns]


async def test_a_burst_from_the_engines_thread_is_handled_once() -> None:
    async with drive() as on:
        before = on.app.arrivals_handled
        newest = fleet(version=1000)
        done = threading.Event()

        def burst() -> None:
            for _ in range(500):
                on.engine.publish(newest)
            done.set()

        # The loop is held while the burst is posted, as a busy moment would.
        thread = threading.Thread(target=burst)
        thread.start()
        assert done.wait(5)
        thread.join()
        await on.pilot.pause()
        assert on.app.snapshot is newest
        assert on.app.arrivals_handled - before <= 2


async def test_the_engine_may_speak_after_the_app_has_gone() -> None:
    async with drive() as on:
        callback = on.engine.callbacks[0]
        engine = on.engine
    assert engine.callbacks == []
    thread = threading.Thread(target=callback, args=(fleet(),))
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


async def test_resizing_keeps_the_row_in_view() -> None:
    async with drive(fleet(functions=80), size=(200, 60)) as on:
        await on.press("j", "right", "enter", "pagedown", "k", "k", "k")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        key = table.cursor_key
        await on.resize(80, 24)
        assert table.cursor_key == key
        assert table.chosen_row is not None
        assert on.line(table.chosen_row.name)
        await on.resize(200, 60)
        assert on.line(table.chosen_row.name)


async def until_rows(on: Drive, count: int) -> ResourceTable:
    table = on.screen(ServiceScreen).query_one(ResourceTable)
    for _ in range(200):
        if len(table.rows) == count:
            return table
        await on.pilot.pause(0.02)
    raise AssertionError(f"{len(table.rows)} rows instead of {count}")


async def test_thousands_of_rows_are_built_beside_the_loop_and_the_newest_look_wins() -> None:
    small, large = fleet(functions=200), fleet(functions=210)
    async with drive(small, size=(200, 60)) as on:
        await on.command("lambda whole")
        many = sum(len(state.cells["lambda"].resources) for state in small.environments if "lambda" in state.cells)
        more = sum(len(state.cells["lambda"].resources) for state in large.environments if "lambda" in state.cells)
        assert more > many > 1000
        await until_rows(on, many)
        await on.press("j", "j")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        key = table.cursor_key
        for snapshot in (large, small, large):
            on.engine.publish(snapshot)
        await until_rows(on, more)
        assert table.cursor_key == key


async def test_leaving_while_thousands_of_rows_are_built_is_no_trouble() -> None:
    async with drive(fleet(functions=200)) as on:
        on.app.visit(ServicePlace("lambda"))
        await on.settle()
        await on.press("escape")
        await on.pilot.pause(0.3)
        assert isinstance(on.app.screen, HomeScreen)


async def test_a_filter_typed_while_rows_are_built_holds() -> None:
    async with drive(fleet(functions=200)) as on:
        on.app.visit(ServicePlace("lambda"))
        await on.settle()
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        table.wanted = parse_filter("checkout", ())
        for _ in range(200):
            if table.rows:
                break
            await on.pilot.pause(0.02)
        assert table.rows
        assert 0 < len(table.shown) < len(table.rows)
        assert all("checkout" in row.text for row in table.shown)
