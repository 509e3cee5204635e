"""The log screen: it follows, stays, searches, and says how it is being read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.segment import Segment

from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from screens.inspected import owner_of
from screens.logs import LogsScreen
from screens.places import LogsPlace, ResourcePlace
from screens.resource import ResourceScreen
from screens.routes import screen_for
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.log_group import LogGroup, denied, line
from tests.ui.specs import LAMBDA
from widgets.log_view import LogView


def named(name: str) -> Resource:
    """A resource of the failing environment."""
    cell = fleet().environments[10].cells["lambda"]
    found = (fleet().resource(key) for key in cell.resources)
    return next(one for one in found if one is not None and one.name == name)


STAGING = SlotId("sched-staging", "eu-west-1", "rds")
ALIAS = named("checkout:live")
FUNCTION = owner_of(ALIAS, LAMBDA, fleet())


@asynccontextmanager
async def following(group: LogGroup, size: tuple[int, int] = (100, 24)) -> AsyncIterator[Drive]:
    """The log of the alias, looked at about every twenty milliseconds."""
    async with drive(size=size) as on:
        on.engine.log_groups[FUNCTION.key] = group
        on.app.push_screen(LogsScreen(on.app.context, ALIAS.key, pace=0.01))
        # Who asks again has shown what came first.
        await on.until(lambda: len(group.queries) > 1)
        yield on


async def look(on: Drive) -> None:
    """Until another look has been had at the log."""
    queries = on.engine.log_groups[FUNCTION.key].queries
    # The first of two may be on its way already; who asks for the second has shown the answer to the first.
    wanted = len(queries) + 2
    await on.until(lambda: len(queries) >= wanted)


def view(on: Drive) -> LogView:
    return on.app.screen.query_one(LogView)


def state(on: Drive) -> str:
    return on.line("line", "·")


def painted(on: Drive) -> list[Segment]:
    return [segment for strip in on.app.screen._compositor.render_strips() for segment in strip]


def some(count: int) -> LogGroup:
    return LogGroup([line(n, NOW - 600 + n / 10) for n in range(count)])


async def test_the_key_leads_to_the_log_of_the_function_behind_an_alias() -> None:
    async with drive() as on:
        on.engine.log_groups[FUNCTION.key] = LogGroup([line(7, NOW - 3, "ERROR", "card refused")])
        await on.press("2", "enter", "l")
        on.screen(LogsScreen)
        assert "lambda › checkout:live › log" in on.lines()[0]
        assert on.line("14:31:57", "ERROR", "card refused")
        assert "following · 1 line" in state(on)
        assert "/aws/lambda/payments-1" in state(on)
        await on.press("escape")
        on.screen(ResourceScreen)


async def test_it_follows_what_is_written() -> None:
    group = some(50)
    async with following(group) as on:
        assert on.line("order 49 paid")
        group.write(line(100, NOW + 1))
        await look(on)
        assert on.line("order 100 paid")
        assert "order 49 paid" in on.lines()[-4]


async def test_paused_it_stays_where_it_is_and_counts_what_is_new() -> None:
    group = some(50)
    async with following(group) as on:
        await on.press("space")
        before = [one[:-1] for one in on.lines()[2:-2]]
        group.write(*(line(100 + n, NOW + n) for n in range(30)))
        await look(on)
        assert [one[:-1] for one in on.lines()[2:-2]] == before
        assert "PAUSED  30 new lines" in state(on)
        await on.press("G")
        assert on.line("order 129 paid")
        assert "following" in state(on)
        assert "PAUSED" not in on.text()


async def test_moving_up_pauses_and_older_lines_are_read_at_the_top() -> None:
    group = some(1500)
    async with following(group) as on:
        assert "1\u202f000 lines" in state(on)
        await on.press("k")
        assert "PAUSED" in state(on)
        await on.press("g")
        assert "order 500 paid" in on.lines()[2]
        await on.press("k")
        await look(on)
        assert view(on).chosen == group.lines[500]
        assert "order 500 paid" in on.text()
        await on.press("g")
        assert "order 0 paid" in on.lines()[2]
        assert "nothing older" in state(on)


async def test_a_late_line_does_not_move_what_is_read() -> None:
    group = some(60)
    async with following(group) as on:
        await on.press("space", "pageup")
        before = on.lines()[2:-2]
        # It belongs above everything in view.
        group.write(line(500, NOW - 600 + 0.55, text="late"))
        await look(on)
        assert on.lines()[2:-2] == before
        await on.press("g")
        assert "late" in on.text()


async def test_search_marks_counts_and_goes_from_match_to_match() -> None:
    group = some(60)
    group.write(line(900, NOW - 599.05, text="card REFUSED"), line(901, NOW - 596, text="card refused again"))
    async with following(group) as on:
        await on.press("slash")
        await on.write("refused")
        assert on.line("/ refused", "2 lines")
        await on.press("enter")
        found = [run for run in painted(on) if run.text == "refused"]
        assert found
        # Under the cursor it can still be told from the rest of its line.
        assert found[-1].style != next(run.style for run in painted(on) if run.text == "card ")
        assert view(on).chosen == group.lines[group.lines.index(next(o for o in group.lines if o.id == "id-901"))]
        await on.press("n")
        chosen = view(on).chosen
        assert chosen is not None
        assert chosen.id == "id-900"
        await on.press("N")
        chosen = view(on).chosen
        assert chosen is not None
        assert chosen.id == "id-901"
        await on.press("f")
        assert "2 of 62 lines" in state(on)
        assert "order 5 paid" not in on.text()
        await on.press("escape")
        assert "62 lines" in state(on)
        assert "matches only" not in state(on)
        on.screen(LogsScreen)


async def test_what_is_typed_after_a_slash_goes_into_the_search() -> None:
    async with following(some(5)) as on:
        await on.burst("slash", "e", "space", "w")
        assert on.line("/ e w", "not found")
        assert not view(on).wanted.only_errors


async def test_errors_only() -> None:
    group = some(40)
    group.write(line(900, NOW - 599, "ERROR", "boom"))
    async with following(group) as on:
        await on.press("e")
        assert "1 of 41 lines · errors only" in state(on)
        assert [row for row in on.lines() if "paid" in row] == []
        await on.press("escape")
        assert "paid" in on.text()
        group.lines = [one for one in group.lines if one.level != "ERROR"]


async def test_without_any_error_it_says_so() -> None:
    async with following(some(3)) as on:
        await on.press("e")
        assert on.line("None of 3 lines is an error; esc shows all again.")


async def test_long_lines_are_cut_moved_along_or_broken() -> None:
    text = " ".join(f"word{n}" for n in range(40))
    async with following(LogGroup([line(1, NOW - 3, text=text)]), (80, 24)) as on:
        assert on.line("word0").rstrip().endswith("…")
        assert "word39" not in on.text()
        await on.press("right", "right")
        assert "word0 " not in on.text()
        await on.press("w")
        assert "word0" in on.text()
        assert "word39" in on.text()
        await on.resize(200, 50)
        assert "word39" in on.text()


async def test_a_line_can_be_seen_whole_and_copied() -> None:
    told = json.dumps({"level": "error", "order": {"id": 17, "sum": 4.5}})
    async with following(LogGroup([line(1, NOW - 3, "ERROR", told)]), (100, 40)) as on:
        await on.press("enter")
        assert on.line('"order": {')
        assert on.line("2026-03-02 14:31:57.000  ERROR  2026/03/02/[42]abc")
        await on.press("c")
        assert on.app.clipboard == told
        await on.press("escape")
        assert '  "order": {' not in on.text()
        on.screen(LogsScreen)


async def test_lambdas_own_prefix_is_left_out_unless_it_is_searched_for() -> None:
    request = "8e0a3c52-6c1f-4f4e-9d43-0f6f1f2f9f11"
    text = f"2026-03-02T14:31:57.000Z\t{request}\tINFO\torder paid"
    async with following(LogGroup([line(1, NOW - 3, text=text)]), (120, 24)) as on:
        assert on.line("14:31:57.000 INFO   8e0a3c52  order paid")
        await on.press("slash")
        await on.write("6c1f-4f4e")
        assert on.line(request)


async def test_a_refusal_is_told_with_its_remedy_and_the_lines_stay() -> None:
    group = some(5)
    async with following(group) as on:
        group.failure = denied()
        await look(on)
        assert on.line("? denied logs:FilterLogEvents", "Allow logs:FilterLogEvents")
        assert on.line("order 4 paid")
        group.failure = None
        await on.until(lambda: "denied" not in on.text())


async def test_a_log_that_may_not_be_read_says_why() -> None:
    async with following(LogGroup([], denied())) as on:
        assert on.line("logs:FilterLogEvents is not allowed.")


async def test_an_empty_log_says_how_far_it_looked() -> None:
    async with following(LogGroup()) as on:
        assert on.line("No line in the last 7 days.")


async def test_nothing_is_read_while_nobody_looks() -> None:
    group = some(3)
    async with following(group) as on:
        await on.press("question_mark")
        await on.pilot.pause(0.05)
        before = len(group.queries)
        await on.pilot.pause(0.1)
        assert len(group.queries) == before
        await on.press("escape")
        await look(on)


async def test_on_a_shared_screen_there_is_no_log() -> None:
    async with drive(read_only=True) as on:
        on.app.visit(ResourcePlace(ALIAS.key))
        await on.settle()
        on.screen(ResourceScreen)
        assert "Logs" not in on.lines()[-1]
        await on.press("l")
        on.screen(ResourceScreen)
        assert screen_for(LogsPlace(FUNCTION.key), on.app.context) is None


async def test_what_has_no_log_does_not_offer_one() -> None:
    async with drive() as on:
        database = next(one for one in fleet().observations[STAGING].resources)
        on.app.visit(ResourcePlace(database.key))
        await on.settle()
        assert "scheduler-db" in on.lines()[0]
        assert "Logs" not in on.lines()[-1]
        assert "Versions" not in on.lines()[-1]
