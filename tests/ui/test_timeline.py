"""What happened, by day: found with one key, narrowed by typing, and marked where somebody last looked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from cockpit.model.event import Event, EventKind
from cockpit.model.verdict import Health
from screens.context import Forgetful
from screens.happenings import LOOKED_AT
from screens.home import HomeScreen
from screens.places import TimelinePlace
from screens.resource import ResourceScreen
from screens.service import ServiceScreen
from screens.timeline import TimelineScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.happened import PROD, happened
from tests.ui.known import NOW
from widgets.event_items import course_of, event_items
from widgets.line import text_of
from widgets.timeline import Look, Mark, TimelineList, with_marks
from widgets.times import clock

HOUR = 3600.0


@asynccontextmanager
async def watched(events: tuple[Event, ...] = happened(NOW), **options: object) -> AsyncIterator[Drive]:
    """The app on the fleet to which all that happened."""
    async with drive(**options) as on:  # type: ignore[arg-type]
        on.engine.happened = list(events)
        await on.publish(replace(fleet(), newest_event=max((event.number for event in events), default=0)))
        yield on


def remembered(on: Drive) -> object:
    preferences = on.app.context.preferences
    assert isinstance(preferences, Forgetful)
    return preferences.recall(LOOKED_AT)


async def looked(on: Drive, hours_ago: float, number: int) -> None:
    on.app.context.preferences.remember(LOOKED_AT, {"at": NOW - hours_ago * HOUR, "number": number})
    await on.publish(replace(on.engine.snapshot, version=on.engine.snapshot.version + 1))


async def test_one_key_leads_to_what_happened_newest_first_and_by_day() -> None:
    async with watched() as on:
        await on.press("T")
        on.screen(TimelineScreen)
        lines = on.lines()
        today, yesterday = (
            next(n for n, line in enumerate(lines) if word in line) for word in ("today,", "yesterday,")
        )
        bad = on.line("tim-combo/prod", "✖ critical", "checkout:live", "error rate 7.2 % > 5.0 %")
        assert clock(NOW - 360) in bad
        assert "PROD" in bad
        assert today < lines.index(bad) < yesterday
        assert on.line("▲ → ✖ critical", "events", "12\u202f004 > 10\u202f000")
        assert lines.index(on.line("▲ → ● ended", "orders", "CPU, lasted 50 min")) > yesterday
        assert on.line("◆ changed", "checkout:live", "version 41 → 42")
        assert on.line("✓ acknowledged", "checkout:live", "by ann: rolling back")


async def test_what_happened_to_many_at_once_is_one_line() -> None:
    async with watched() as on:
        await on.press("T")
        assert on.line("tim-combo/prod", "12 × handler-*", "code changed")
        assert on.line("2 environments", "? unknown", "combo-dev (2 services)", "the session has expired")


async def test_the_palette_leads_there_too() -> None:
    async with watched() as on:
        await on.command("timeline")
        on.screen(TimelineScreen)


async def test_what_is_new_stands_above_the_last_look_and_leaving_is_looking() -> None:
    async with watched() as on:
        await looked(on, 3, 23)
        assert "6 changes since you last looked" in on.line("ATTENTION")
        await on.press("T")
        lines = on.lines()
        mark = lines.index(on.line(f"you last looked at {clock(NOW - 3 * HOUR)}, 6 new since"))
        assert lines.index(on.line("version 42, published")) < mark < lines.index(on.line("12 × handler-*"))
        assert remembered(on) == {"at": NOW - 3 * HOUR, "number": 23}
        await on.press("escape")
        on.screen(HomeScreen)
        assert remembered(on) == {"at": NOW, "number": 29}
        await on.publish(replace(on.engine.snapshot, version=9))
        assert "since you last looked" not in on.text()


async def test_ending_the_program_is_leaving() -> None:
    async with watched() as on:
        await on.press("T")
    assert remembered(on) == {"at": NOW, "number": 29}


async def test_who_never_looked_and_whose_store_was_replaced_is_told_of_no_news() -> None:
    async with watched() as on:
        assert "since you last looked" not in on.text()
        await looked(on, 3, 900)
        assert "since you last looked" not in on.text()
        await on.press("T")
        assert "you last looked" not in on.text()
        assert on.line("version 41 → 42")


async def test_a_filter_narrows_as_in_any_table() -> None:
    async with watched() as on:
        await on.press("T")
        rows = on.app.screen.query_one(TimelineList)
        for text, expected in (
            ("env=tim-combo/prod", 6),
            ("kind=changed", 5),
            ("kind=changed age<1h", 3),
            ("state=critical", 2),
            ("service=sqs", 2),
            ("checkout", 4),
            ("!checkout", 8),
        ):
            await on.press("slash")
            await on.write(text)
            assert (text, len(rows.shown)) == (text, expected)
            await on.press("escape")
        assert len(rows.shown) == 12
        # Saved, each entry is a row of its own.
        table = on.screen(TimelineScreen).table()
        kinds = [row[[column.key for column in table.columns].index("kind")] for row in table.rows]
        assert (len(kinds), kinds.count("changed")) == (29, 16)


async def test_a_filter_that_nothing_matches_says_so() -> None:
    async with watched() as on:
        await on.press("T", "slash")
        await on.write("nonesuch")
        assert on.line("None of 12 entries matches the filter.")


async def test_enter_leads_to_the_thing_and_the_cursor_passes_over_the_days() -> None:
    async with watched() as on:
        await on.press("T", "j", "j")
        rows = on.app.screen.query_one(TimelineList)
        assert rows.chosen is not None
        assert rows.chosen.newest.subject == "checkout:live"
        seen = set()
        for _ in range(6):
            assert rows.chosen is not None
            seen.add(rows.chosen.key)
            await on.burst("j")
        assert len(seen) == 6
        await on.burst(*["k"] * 20)
        assert rows.chosen is not None
        assert rows.chosen.newest.number == 29


async def test_enter_goes_where_an_entry_is_explained() -> None:
    key = next(r.key for o in fleet().observations.values() for r in o.resources if r.name == "checkout:live")
    bad = Event(
        NOW - 60,
        EventKind.BEGAN,
        PROD,
        fleet().resource(key).slot,  # type: ignore[union-attr]
        "checkout:live",
        "error rate",
        None,
        Health.CRITICAL,
        key,
        "f|r",
        number=1,
    )
    async with watched((bad,)) as on:
        await on.press("T", "enter")
        on.screen(ResourceScreen)
        await on.press("escape")
        on.screen(TimelineScreen)
    async with watched((replace(bad, resource="arn:gone"),)) as on:
        await on.press("T", "enter")
        on.screen(ServiceScreen)


async def test_from_an_environment_only_its_own_is_shown_until_one_wants_more() -> None:
    async with watched() as on:
        on.app.visit(TimelinePlace(PROD))
        await on.settle()
        rows = on.app.screen.query_one(TimelineList)
        assert {item.where for item in rows.shown} == {"tim-combo/prod"}
        assert "tim-combo/prod › timeline" in on.lines()[0]
        # Who looks at one environment has not looked at the fleet.
        on.screen(TimelineScreen).on_screen_suspend()
        assert remembered(on) is None
        await on.press("T")
        assert len(rows.shown) == 12
        assert "fleet › timeline" in on.lines()[0]
        await on.press("T")
        assert {item.where for item in rows.shown} == {"tim-combo/prod"}


async def test_newer_entries_arrive_while_one_looks_and_the_cursor_stays() -> None:
    async with watched() as on:
        await on.press("T", "j", "j")
        rows = on.app.screen.query_one(TimelineList)
        before = rows.cursor_key
        late = replace(happened(NOW)[-1], at=NOW - 10, number=30, subject="late")
        on.engine.happened.append(late)
        await on.publish(replace(on.engine.snapshot, version=7, newest_event=30))
        assert on.line("late")
        assert rows.cursor_key == before


async def test_what_is_not_in_view_is_not_listed() -> None:
    async with watched() as on:
        await on.press("T")
        rows = on.app.screen.query_one(TimelineList)
        assert len(rows.shown) == 12
        on.app.scope = replace(on.app.scope, accounts=frozenset({"combo-media"}))
        await on.publish(replace(on.engine.snapshot, version=8))
        assert [item.subject for item in rows.shown] == ["shop.example"]


async def test_every_size_and_ascii_shows_the_severity_in_words() -> None:
    async with watched() as on:
        await on.press("T")
        for size in ((80, 24), (200, 60)):
            await on.resize(*size)
            assert on.line("✖ critical", "checkout:live", "error")
            assert on.line("today, ", "───")
    async with watched(ascii=True) as on:
        await on.press("T")
        assert on.line("! > X critical", "events")
        assert [letter for letter in on.text() if ord(letter) > 127] == []


def test_a_few_like_entries_stay_lines_of_their_own() -> None:
    release = [event for event in happened(NOW) if event.subject.startswith("handler")]
    assert len(event_items(release[:3])) == 3
    assert len(event_items(release[:4])) == 1
    apart = [replace(event, at=event.at - number * 400) for number, event in enumerate(release)]
    assert len(event_items(apart)) == len(release)


def test_the_last_look_is_marked_once_and_only_where_something_is_new() -> None:
    items = event_items(sorted(happened(NOW), key=lambda event: -event.at))
    marks = [row.key for row in with_marks(items, Look(NOW - 3 * HOUR, 23), NOW) if isinstance(row, Mark)]
    assert marks.count("looked") == 1
    nothing_new = with_marks(items, Look(NOW, 29), NOW)
    assert "looked" not in [row.key for row in nothing_new]
    all_new = with_marks(items, Look(NOW - 30 * 24 * HOUR, 0), NOW)
    assert all_new[-1].key == "looked"


def test_an_entry_says_what_it_came_from() -> None:
    worse = next(event for event in happened(NOW) if event.kind is EventKind.WORSENED)
    assert text_of(course_of(worse)) == "▲ → ✖ critical"
