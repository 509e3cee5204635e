"""The timeline on disk: each thing is told once, by however many processes, and it never grows beyond its bounds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.verdict import Health
from cockpit.store import events
from cockpit.store.history import FILE_NAME, History

NOW = 1_700_000_000.0
PROD = EnvironmentId("shop", "prod")
SLOT = SlotId("dev", "eu-west-2", "lambda")
EVERYTHING = EventQuery()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], History]]:
    histories: list[History] = []

    def open_another() -> History:
        histories.append(History.open(tmp_path / FILE_NAME, clock=lambda: NOW))
        return histories[-1]

    yield open_another
    for history in histories:
        history.close()


def finding(
    kind: EventKind,
    at: float,
    after: Health = Health.CRITICAL,
    *,
    key: str = "f",
    environment: EnvironmentId | None = PROD,
) -> Event:
    return Event(at, kind, environment, SLOT, "checkout", "error rate", None, after, f"arn:{key}", key)


def change(at: float, words: str = "version 41 → 42", *, exact: bool = False, fact: str = "version") -> Event:
    return Event(at, EventKind.CHANGED, None, SLOT, "checkout:live", words, resource="arn:live", fact=fact, exact=exact)


def told(history: History, query: EventQuery = EVERYTHING) -> list[tuple[EventKind, float]]:
    history.flush()
    return [(event.kind, event.at) for event in history.events(query).result(5)]


BEGAN, WORSENED, ENDED, CHANGED = EventKind.BEGAN, EventKind.WORSENED, EventKind.ENDED, EventKind.CHANGED


def test_what_was_recorded_comes_back_whole_and_newest_first(opened: Callable[[], History]) -> None:
    history = opened()
    first, second = finding(BEGAN, NOW - 60), change(NOW - 30)
    history.record([first, second])
    history.flush()
    assert history.events(EVERYTHING).result(5) == (replace(second, number=2), replace(first, number=1))
    assert history.newest_event == 2


def test_a_beginning_is_told_once_by_several_processes_and_across_restarts(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    one.record([finding(BEGAN, NOW - 60)])
    one.flush()
    other.record([finding(BEGAN, NOW - 45)])
    assert told(other) == [(BEGAN, NOW - 60)]
    one.close()
    again = opened()
    again.record([finding(BEGAN, NOW)])
    assert told(again) == [(BEGAN, NOW - 60)]


def test_every_severity_and_the_end_are_told_once_and_it_may_begin_again(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    for history in (one, other):
        history.record([finding(BEGAN, NOW - 600, Health.WARNING)])
        history.record([finding(WORSENED, NOW - 500)])
        history.record([finding(ENDED, NOW - 400, Health.OK)])
        history.flush()
    one.record([finding(BEGAN, NOW - 300)])
    assert told(one) == [(BEGAN, NOW - 300), (ENDED, NOW - 400), (WORSENED, NOW - 500), (BEGAN, NOW - 600)]


def test_a_beginning_that_another_process_saw_the_end_of_is_not_told_late(opened: Callable[[], History]) -> None:
    history = opened()
    history.record([finding(BEGAN, NOW - 600), finding(ENDED, NOW - 500, Health.OK), finding(BEGAN, NOW - 590)])
    assert told(history) == [(ENDED, NOW - 500), (BEGAN, NOW - 600)]


def test_what_never_began_does_not_end(opened: Callable[[], History]) -> None:
    history = opened()
    history.record([finding(ENDED, NOW, Health.OK), finding(WORSENED, NOW)])
    assert told(history) == []


def test_a_change_that_two_processes_notice_at_their_own_looks_is_told_once(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    one.record([change(NOW - 300)])
    one.flush()
    other.record([change(NOW - 100)])
    assert told(other) == [(CHANGED, NOW - 300)]


def test_what_goes_to_and_fro_is_told_each_time(opened: Callable[[], History]) -> None:
    history = opened()
    history.record([change(NOW - 9000), change(NOW - 6000, "version 42 → 41"), change(NOW - 3000)])
    assert len(told(history)) == 3


def test_a_change_that_does_not_say_to_what_is_told_each_time(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    one.record([change(NOW - 86_400, "certificate changed"), change(NOW - 300, "certificate changed")])
    one.flush()
    other.record([change(NOW - 100, "certificate changed")])
    assert told(other) == [(CHANGED, NOW - 300), (CHANGED, NOW - 86_400)]


def test_that_an_environment_came_and_went_is_told_once_by_several_processes(opened: Callable[[], History]) -> None:
    def preview(at: float, words: str, name: str = "pr7") -> Event:
        where = EnvironmentId("shop", name)
        return Event(at, CHANGED, where, SLOT, str(where), f"environment {words}", fact="presence", exact=False)

    for history in (opened(), opened()):
        history.record([preview(NOW - 9000, "appeared"), preview(NOW - 9000, "appeared", "pr8")])
        history.record([preview(NOW - 5000, "is gone"), preview(NOW - 100, "appeared")])
        history.flush()
    assert [at for _, at in told(opened())] == [NOW - 100, NOW - 5000, NOW - 9000, NOW - 9000]


def test_a_beginning_under_a_clock_that_ran_ahead_hides_no_later_one(opened: Callable[[], History]) -> None:
    history = opened()
    ahead = NOW + 30 * 86_400
    history.record([finding(BEGAN, ahead), finding(ENDED, ahead + 600, Health.OK), finding(BEGAN, NOW - 60)])
    assert (BEGAN, NOW - 60) in told(history)


def test_a_dated_change_is_told_once_for_each_moment(opened: Callable[[], History]) -> None:
    history = opened()
    deployed = [change(moment, "changed", exact=True, fact="last_modified") for moment in (NOW - 300, NOW - 200)]
    history.record(deployed)
    history.record(deployed)
    assert [at for _, at in told(history)] == [NOW - 200, NOW - 300]


def test_what_people_say_is_told_each_time(opened: Callable[[], History]) -> None:
    history = opened()
    history.record([finding(EventKind.MUTED, NOW), finding(EventKind.MUTED, NOW)])
    assert len(told(history)) == 2


def test_what_stands_is_known_with_its_beginning(opened: Callable[[], History]) -> None:
    history = opened()
    history.record([finding(BEGAN, NOW - 900, Health.WARNING), finding(WORSENED, NOW - 100)])
    history.record([finding(BEGAN, NOW - 800, key="g"), finding(ENDED, NOW - 700, Health.OK, key="g")])
    history.record([finding(EventKind.ACKNOWLEDGED, NOW)])
    history.flush()
    (stands,) = history.standing_findings().result(5) or ()
    assert (stands.finding, stands.after, stands.at) == ("f", Health.CRITICAL, NOW - 900)


def test_a_query_narrows(opened: Callable[[], History]) -> None:
    history = opened()
    elsewhere = finding(BEGAN, NOW - 10, key="g", environment=EnvironmentId("shop", "dev"))
    history.record([finding(BEGAN, NOW - 50), elsewhere, change(NOW - 30)])
    # What several environments share is part of each.
    assert told(history, EventQuery(environment=PROD)) == [(CHANGED, NOW - 30), (BEGAN, NOW - 50)]
    assert told(history, EventQuery(since=NOW - 40)) == [(BEGAN, NOW - 10), (CHANGED, NOW - 30)]
    assert told(history, EventQuery(kinds=(BEGAN,))) == [(BEGAN, NOW - 10), (BEGAN, NOW - 50)]
    assert told(history, EventQuery(resource="arn:live")) == [(CHANGED, NOW - 30)]
    assert told(history, EventQuery(limit=1)) == [(BEGAN, NOW - 10)]


def test_what_is_old_is_forgotten_unless_it_stands(opened: Callable[[], History]) -> None:
    history = opened()
    long_ago = NOW - events.KEEP_SECONDS - 1
    history.first_seen(["f"], NOW)
    history.flush()
    history.record([change(long_ago, exact=True), finding(BEGAN, long_ago)])
    history.record([finding(BEGAN, long_ago, key="g"), finding(ENDED, long_ago + 0.5, Health.OK, key="g")])
    assert told(history) == [(BEGAN, long_ago)]


def test_what_nobody_sees_any_more_stands_no_longer_than_what_is_old_is_kept(opened: Callable[[], History]) -> None:
    history = opened()
    long_ago = NOW - events.KEEP_SECONDS - 1
    history.first_seen(["seen"], NOW)
    history.record([finding(BEGAN, long_ago, key=key) for key in ("seen", "of an account that was taken out")])
    history.flush()
    history.record([finding(BEGAN, NOW, key="now")])
    history.flush()
    assert {event.finding for event in history.standing_findings().result(5) or ()} == {"seen", "now"}


def test_it_holds_no_more_than_its_bound_and_numbers_go_on(opened: Callable[[], History]) -> None:
    history = opened()
    with patch.object(events, "KEEP_ROWS", 20):
        for start in range(0, 60, 30):
            history.record(
                [change(NOW - 1000 + n, f"size {n} → {n + 1}", exact=True) for n in range(start, start + 30)]
            )
            history.flush()
    assert len(told(history)) == 20
    assert history.newest_event == 60


def test_a_process_hears_of_what_others_wrote(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    one.record([finding(BEGAN, NOW)])
    one.flush()
    other.flush()
    assert other.newest_event == 1


def test_an_entry_that_cannot_be_kept_costs_no_other(opened: Callable[[], History]) -> None:
    history = opened()
    odd = replace(change(NOW), subject=object())  # type: ignore[arg-type]
    history.record([odd, finding(BEGAN, NOW)])
    assert told(history) == [(BEGAN, NOW)]


def test_rows_of_a_newer_version_are_passed_over(opened: Callable[[], History], tmp_path: Path) -> None:
    history = opened()
    history.record([finding(BEGAN, NOW)])
    history.flush()
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("INSERT INTO event (at, kind, subject, words, exact) VALUES (1, 'dreamt', '', '', 1)")
    assert told(history) == [(BEGAN, NOW)]


def test_who_does_not_wait_for_an_answer_harms_nobody(opened: Callable[[], History]) -> None:
    history = opened()
    for _ in range(20):
        history.events(EVERYTHING).cancel()
    history.record([finding(BEGAN, NOW)])
    assert told(history) == [(BEGAN, NOW)]


def test_after_the_end_nothing_is_told(opened: Callable[[], History]) -> None:
    history = opened()
    history.close()
    assert history.events(EVERYTHING).result(1) == ()
