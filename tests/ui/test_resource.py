"""The resource screen: spans, what changed, what belongs to it, what happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId
from cockpit.model.inquiry import Course
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from screens.courses import SPANS, Courses
from screens.places import ResourcePlace
from screens.resource import ResourceScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.log_group import denied
from tests.ui.specs import LAMBDA
from tests.ui.test_logs import ALIAS
from widgets.facts import FactList
from widgets.span_bar import SpanBar

HOUR = 3600
PROD = EnvironmentId("tim-combo", "prod")


def course(span: int, period: int, **more: object) -> Course:
    """Ten errors and a thousand calls in each period."""
    count = span // period
    start = int(NOW - 120) // period * period - count * period
    values = {"errors": 10.0, "invocations": 1000.0, "duration_p99": 0.4}
    series = {name: Series(start, period, (value,) * count) for name, value in values.items()}
    return replace(Course(ALIAS.key, span, series, asked_at=NOW), **more)  # type: ignore[arg-type]


async def opened(on: Drive) -> ResourceScreen:
    on.app.visit(ResourcePlace(ALIAS.key, PROD))
    await on.settle()
    return on.screen(ResourceScreen)


def bar(on: Drive) -> str:
    return on.line("24 h", "7 d")


async def test_the_newest_hour_comes_from_polling_and_costs_nothing() -> None:
    async with drive() as on:
        await opened(on)
        assert "[1 h]" in bar(on)
        assert on.line("13:45", "14:00", "14:15")
        assert on.engine.asked == []
        await on.press("left_square_bracket")
        assert "[1 h]" in bar(on)


async def test_longer_spans_are_asked_for_once_and_say_what_they_cost() -> None:
    async with drive() as on:
        on.engine.courses = {
            (ALIAS.key, 6 * HOUR): course(6 * HOUR, 300, cost_usd=0.0003),
            (ALIAS.key, 24 * HOUR): course(24 * HOUR, 900),
            (ALIAS.key, 7 * 24 * HOUR): course(7 * 24 * HOUR, 3600),
        }
        await opened(on)
        await on.press("right_square_bracket")
        assert "[6 h]" in bar(on)
        assert "asked 14:32 for $0.0003" in bar(on)
        assert on.line("error rate", "1.0 %", "limit > 5.0 %")
        assert on.line("invocations per 5 min", "1\u202f000")
        assert on.line("09:00", "14:00")
        await on.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        assert "[7 d]" in bar(on)
        assert on.line("invocations per hour")
        assert on.line("Wed 25", "Sun 1")
        await on.publish(fleet(version=2))
        await on.press("left_square_bracket", "left_square_bracket")
        assert [span for _, span in on.engine.asked] == [6 * HOUR, 24 * HOUR, 7 * 24 * HOUR]


async def test_a_click_chooses_a_span() -> None:
    async with drive() as on:
        on.engine.courses = {(ALIAS.key, 24 * HOUR): course(24 * HOUR, 900)}
        await opened(on)
        where = bar(on).index("24 h")
        await on.pilot.click(SpanBar, offset=(where + 1, 0))
        await on.settle()
        assert "[24 h]" in bar(on)


async def test_while_it_is_looked_up_each_chart_says_so_and_keys_go_on() -> None:
    async with drive() as on:
        answer: Future[Course] = Future()
        on.engine.open_courses[ALIAS.key, 6 * HOUR] = answer
        await opened(on)
        await on.press("right_square_bracket")
        assert on.text().count("loading 6 h …") >= 3
        assert "loading" in bar(on)
        await on.press("left_square_bracket")
        assert on.line("error rate", "7.2 %")
        await on.press("right_square_bracket")
        answer.set_result(course(6 * HOUR, 300))
        await on.settle()
        assert "loading" not in on.text()
        assert on.line("invocations per 5 min")


async def test_what_could_not_be_looked_up_is_told_on_its_chart_and_the_rest_is_shown() -> None:
    async with drive() as on:
        known = course(6 * HOUR, 300)
        series = {name: one for name, one in known.series.items() if name != "duration_p99"}
        on.engine.courses = {(ALIAS.key, 6 * HOUR): replace(known, series=series, failures=(denied(),))}
        await opened(on)
        await on.press("right_square_bracket")
        assert on.line("error rate", "1.0 %")
        assert on.line("p99 duration", "–")
        assert "? denied logs:FilterLogEvents" in bar(on)
        assert on.text().count("denied logs:FilterLogEvents (AccessDeniedException)") >= 2


async def test_without_any_point_the_charts_say_so() -> None:
    async with drive() as on:
        await opened(on)
        await on.press("right_square_bracket")
        assert "[6 h]" in bar(on)
        assert on.line("no data points")


def test_a_failed_look_keeps_what_was_known_and_is_not_repeated_at_once() -> None:
    courses, span = Courses(), SPANS[1]
    assert courses.is_due(span, ALIAS, LAMBDA, NOW)
    courses.asked(span, NOW)
    assert not courses.is_due(span, ALIAS, LAMBDA, NOW + 1e6)
    courses.came(course(span, 300))
    assert not courses.is_due(span, ALIAS, LAMBDA, NOW + 100)
    assert courses.is_due(span, ALIAS, LAMBDA, NOW + 200)
    courses.asked(span, NOW + 200)
    courses.came(Course(ALIAS.key, span, {}, (denied(),), NOW + 200))
    kept = courses.course(span)
    assert kept is not None
    assert kept.failures
    assert set(kept.series) == {"errors", "invocations", "duration_p99"}


def test_the_newest_hour_is_asked_for_where_polling_does_not_tell_it() -> None:
    unread = replace(ALIAS, series={})
    assert not Courses().is_due(HOUR, ALIAS, LAMBDA, NOW)
    assert Courses().is_due(HOUR, unread, LAMBDA, NOW)
    assert Courses().is_due(HOUR, ALIAS, LAMBDA, NOW + 2 * HOUR)


async def test_what_changed_is_marked_on_the_charts_and_named() -> None:
    async with drive(size=(120, 50)) as on:
        await opened(on)
        assert "◆ 14:24 version 42" in bar(on)
        assert on.text().count("┊") > 4
        column = on.line("└", "◆").index("◆")
        assert {row[column] for row in on.lines() if "┊" in row[:70]} <= {"┊", "╌", "◆"}


async def test_recent_events_stand_beside_it() -> None:
    async with drive() as on:
        slot = ALIAS.slot
        on.engine.happened = [
            Event(
                NOW - 480, EventKind.CHANGED, PROD, slot, ALIAS.name, "version 41 → 42", resource=ALIAS.key, number=1
            ),
            Event(
                NOW - 360,
                EventKind.BEGAN,
                PROD,
                slot,
                ALIAS.name,
                "error rate 7.2 % > 5.0 %",
                after=Health.CRITICAL,
                resource=ALIAS.key,
                number=2,
            ),
            Event(NOW - 60, EventKind.CHANGED, PROD, slot, "other", "of another", resource="another", number=3),
        ]
        await opened(on)
        assert on.line("RECENT")
        assert on.line("14:26", "✖ error rate 7.2 % >")
        assert on.line("14:24", "◆ version 41 → 42")
        assert "of another" not in on.text()


async def test_on_a_wide_screen_what_belongs_to_it_has_a_column_of_its_own() -> None:
    async with drive(size=(200, 60)) as on:
        await opened(on)
        assert on.line("RESOURCE", "RELATED")
        await on.resize(120, 40)
        assert on.line("RELATED")
        assert [row for row in on.lines() if "RESOURCE" in row and "RELATED" in row] == []


async def test_it_is_judged_by_the_limits_of_the_only_environment_that_has_it() -> None:
    async with drive() as on:
        on.app.visit(ResourcePlace(ALIAS.key))
        await on.settle()
        assert on.screen(ResourceScreen)._judged_in(fleet()) == PROD


async def test_raw_data_is_not_for_a_shared_screen() -> None:
    async with drive(read_only=True) as on:
        await opened(on)
        assert "Raw" not in on.lines()[-1]
        await on.press("y")
        assert '"key"' not in on.text()


async def test_a_queue_leads_to_its_dead_letters_and_back() -> None:
    async with drive(size=(120, 40)) as on:
        queue = next(one for one in resources(fleet()) if one.kind == "queue")
        on.app.visit(ResourcePlace(queue.key))
        await on.settle()
        await go(on, "dead letter queue")
        assert "events-dlq" in on.lines()[0]
        await go(on, "dead letters of")
        assert on.lines()[0].split("✖")[0].rstrip().endswith("events")


async def go(on: Drive, relation: str) -> None:
    """Open the first related thing with such a relation."""
    facts = on.screen(ResourceScreen).query_one("#facts", FactList)
    await on.press("g")
    for _ in facts.keys:
        if str(facts.cursor_key).startswith(f"related|{relation}|"):
            break
        await on.press("j")
    await on.press("enter")


def resources(snapshot: Snapshot) -> Iterable[Resource]:
    return (one for observation in snapshot.observations.values() for one in observation.resources)
