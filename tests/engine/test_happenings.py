"""Findings as they begin, worsen, ease and end: the timeline says what happened, and nothing that nobody saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.engine.happenings import UNSEEN_SECONDS, Stood, of_findings
from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Finding
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age
from cockpit.model.verdict import Health, Outcome
from tests.engine.house import CATALOGUE, NOW, PROD, failure, seen, snapshot, thing

STARTED = NOW - 5000.0
LONG_AGO = NOW - 4000.0
CALM, WARM, HOT, BLIND = 10.0, 70.0, 90.0, None
BEGAN, WORSENED, EASED, ENDED = EventKind.BEGAN, EventKind.WORSENED, EventKind.EASED, EventKind.ENDED


class Story:
    """Looks at one environment, one after the other, and what the timeline tells of them."""

    def __init__(self, standing: Mapping[str, Stood] | None = None) -> None:
        self.standing = dict(standing or {})
        self.snapshot: Snapshot | None = None
        self.looks = 0

    def shows(self, observations: Mapping[SlotId, Observation], **given: object) -> list[Event]:
        """Compare with what stands. Each look is newer than the one before."""
        self.looks += 1
        newer = {
            slot: replace(one, observed_at=None if one.observed_at is None else one.observed_at + self.looks * 0.01)
            for slot, one in observations.items()
        }
        self.snapshot = snapshot(PROD, newer, first_seen=_Always(), **given)  # type: ignore[arg-type]
        events, self.standing = of_findings(self.standing, self.snapshot, CATALOGUE, started_at=STARTED)
        return events

    @property
    def told(self) -> dict[str, Health | None]:
        """Finding key → severity, as the timeline has it."""
        return {key: stood.event.after for key, stood in self.standing.items()}


class _Always(Mapping[str, float]):
    """Whatever has no beginning of its own has stood for long."""

    def __getitem__(self, key: str) -> float:
        return LONG_AGO

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 1


def kinds(events: Sequence[Event]) -> list[EventKind]:
    return [event.kind for event in events]


def look(*loads: float | None) -> dict[SlotId, Observation]:
    return seen(*(thing(f"t{index}", [load] * 5) for index, load in enumerate(loads)))


DENIED = failure(Outcome.DENIED)


def hidden(*resources: Resource, outcome: Outcome = Outcome.DENIED) -> dict[SlotId, Observation]:
    return seen(*resources, at=thing("t0").slot, outcome=outcome, failures=[failure(outcome)])


def test_it_begins_worsens_eases_and_ends() -> None:
    story = Story()
    assert story.shows(look(CALM)) == []
    (began,) = story.shows(look(WARM))
    assert (began.kind, began.before, began.after) == (BEGAN, None, Health.WARNING)
    assert (began.subject, began.resource) == ("t0", thing("t0").key)
    assert story.shows(look(WARM)) == []
    (worse,) = story.shows(look(HOT))
    assert (worse.kind, worse.before, worse.after) == (WORSENED, Health.WARNING, Health.CRITICAL)
    (eased,) = story.shows(look(WARM))
    assert (eased.kind, eased.before, eased.after) == (EASED, Health.CRITICAL, Health.WARNING)
    (ended,) = story.shows(look(CALM))
    assert (ended.kind, ended.before, ended.after) == (ENDED, Health.WARNING, Health.OK)
    assert story.standing == {}


def test_a_beginning_carries_the_moment_since_when_it_stands_and_an_end_how_long() -> None:
    story = Story()
    (began,) = story.shows(look(HOT))
    assert story.snapshot is not None
    (finding,) = story.snapshot.findings
    assert began.at == finding.since
    (ended,) = story.shows(look(CALM))
    assert ended.at == NOW
    assert ended.words == f"load, lasted {format_age(NOW - began.at)}"


def test_what_cannot_be_seen_has_not_ended() -> None:
    for outcome in (Outcome.DENIED, Outcome.EXPIRED, Outcome.THROTTLED, Outcome.UNREACHABLE):
        story = Story()
        story.shows(look(HOT))
        lost = story.shows(hidden(outcome=outcome))
        assert [(event.kind, event.finding and event.finding.rpartition("|")[2]) for event in lost] == [
            (BEGAN, "observation")
        ]
        assert set(story.told.values()) == {Health.CRITICAL, Health.UNKNOWN}
        assert kinds(story.shows(look(CALM))) == [ENDED, ENDED]


def test_what_has_gone_stale_has_not_ended() -> None:
    story = Story()
    story.shows(look(HOT))
    old = {slot: replace(one, observed_at=NOW - 3600) for slot, one in look(HOT).items()}
    story.shows(old)
    assert Health.CRITICAL in story.told.values()


def test_without_a_newer_look_nothing_ends() -> None:
    story = Story()
    story.shows(look(HOT))
    (stood,) = story.standing.values()
    story.standing = {key: replace(stood, seen_at=NOW) for key in story.standing}
    assert story.shows(look(CALM)) == []
    assert list(story.told.values()) == [Health.CRITICAL]


def test_what_is_gone_has_ended_and_says_so() -> None:
    story = Story()
    story.shows(look(HOT, HOT))
    (ended,) = story.shows(look(HOT))
    assert (ended.kind, ended.subject) == (ENDED, "t1")
    assert ended.words.startswith("is gone, lasted ")


def test_what_stood_before_a_restart_does_not_begin_again() -> None:
    before = Story()
    before.shows(look(HOT))
    after = Story(before.standing)
    assert after.shows(look(HOT)) == []
    assert kinds(after.shows(look(CALM))) == [ENDED]


def test_what_is_restored_from_disk_neither_begins_nor_ends() -> None:
    restored = {slot: replace(one, restored=True, attempted_at=STARTED - 60) for slot, one in look(HOT).items()}
    story = Story()
    assert story.shows(restored) == []
    stood = Story()
    stood.shows(look(HOT))
    calm = {slot: replace(one, restored=True, attempted_at=STARTED - 60) for slot, one in look(CALM).items()}
    assert stood.shows(calm) == []
    assert list(stood.told.values()) == [Health.CRITICAL]


def test_an_account_that_cannot_be_seen_since_the_start_is_told_although_its_data_is_restored() -> None:
    restored = {slot: replace(one, restored=True) for slot, one in hidden(thing("t0")).items()}
    assert kinds(Story().shows(restored)) == [BEGAN]


def test_what_nobody_has_looked_at_yet_is_no_entry() -> None:
    assert Story().shows({}) == []


def test_sight_that_is_lost_for_a_moment_is_no_entry() -> None:
    events, standing = of_findings({}, snapshot(PROD, hidden()), CATALOGUE, started_at=STARTED)
    assert (events, standing) == ([], {})
    lately = dict.fromkeys([finding.key for finding in snapshot(PROD, hidden()).findings], NOW - UNSEEN_SECONDS)
    events, _ = of_findings({}, snapshot(PROD, hidden(), first_seen=lately), CATALOGUE, started_at=STARTED)
    assert kinds(events) == [BEGAN]


def test_while_polling_is_paused_no_sight_is_lost() -> None:
    assert Story().shows(hidden(), polling=False) == []


def test_not_to_know_any_more_is_no_improvement() -> None:
    story = Story()
    story.shows(look(HOT))
    (lost,) = story.shows(look(BLIND))
    assert (lost.kind, lost.before, lost.after) == (WORSENED, Health.CRITICAL, Health.UNKNOWN)


def test_a_failure_of_one_resource_keeps_its_own_finding_alone() -> None:
    story = Story()
    story.shows(look(HOT, HOT))
    refused = failure(Outcome.DENIED, resource="t0")
    calm = seen(thing("t0", [CALM] * 5), thing("t1", [CALM] * 5), outcome=Outcome.PARTIAL, failures=[refused])
    ended = [event.subject for event in story.shows(calm) if event.kind is ENDED]
    assert ended == ["t1"]


def test_what_is_not_configured_any_more_has_not_ended() -> None:
    story = Story()
    story.shows(look(HOT))
    assert story.snapshot is not None
    elsewhere = replace(story.snapshot, environments=(), observations=look(CALM))
    events, standing = of_findings(story.standing, elsewhere, CATALOGUE, started_at=STARTED)
    assert (events, standing) == ([], story.standing)


LOADS = st.sampled_from([CALM, WARM, HOT, BLIND])
OUTCOMES = st.sampled_from([Outcome.OK, Outcome.OK, Outcome.PARTIAL, Outcome.DENIED, Outcome.EXPIRED, None])
STEPS = st.lists(st.tuples(OUTCOMES, st.lists(LOADS, max_size=5)), min_size=1, max_size=7)


def observations(outcome: Outcome | None, loads: Sequence[float | None]) -> dict[SlotId, Observation]:
    things = [thing(f"t{index}", [load] * 5) for index, load in enumerate(loads)]
    if outcome is None:
        return {}
    failures = () if outcome is Outcome.OK else (failure(outcome, "ListTags"),)
    return seen(*things, at=thing("t0").slot, outcome=outcome, failures=failures)


def replayed(told: Mapping[str, Health | None], events: Sequence[Event]) -> dict[str, Health | None]:
    """What a reader of the timeline believes to stand. Every entry fits what was told before."""
    standing = dict(told)
    for event in events:
        assert event.finding is not None
        if event.kind is BEGAN:
            assert event.finding not in standing
            standing[event.finding] = event.after
        else:
            assert standing[event.finding] is event.before
            if event.kind is ENDED:
                del standing[event.finding]
            else:
                standing[event.finding] = event.after
    return standing


@given(STEPS)
def test_replaying_the_entries_over_what_stood_gives_what_stands(
    steps: Sequence[tuple[Outcome | None, Sequence[float | None]]],
) -> None:
    story = Story()
    for outcome, loads in steps:
        before = story.told
        events = story.shows(observations(outcome, loads))
        assert replayed(before, events) == story.told
        assert story.snapshot is not None
        current: dict[str, Finding] = {finding.key: finding for finding in story.snapshot.findings}
        if outcome is not None:
            assert {key: finding.health for key, finding in current.items()}.items() <= story.told.items()
        if outcome not in {Outcome.OK, Outcome.PARTIAL}:
            assert ENDED not in kinds(events)


@given(STEPS, st.lists(LOADS, min_size=1, max_size=3))
def test_after_a_whole_look_only_what_is_there_stands(
    steps: Sequence[tuple[Outcome | None, Sequence[float | None]]], last: Sequence[float | None]
) -> None:
    story = Story()
    for outcome, loads in steps:
        story.shows(observations(outcome, loads))
    story.shows(observations(Outcome.OK, last))
    story.shows(observations(Outcome.OK, last))
    assert story.snapshot is not None
    assert story.told == {finding.key: finding.health for finding in story.snapshot.findings}
