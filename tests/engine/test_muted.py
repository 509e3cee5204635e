"""Muted findings do not count, but no set of mutes makes anything green that nobody saw; endless ones end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.engine.muted import over, with_mutes
from cockpit.model.ids import SlotId
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.observation import Observation
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from tests.engine.house import (
    CATALOGUE,
    NOW,
    cell,
    environment,
    failure,
    only_finding,
    seen,
    slot,
    snapshot,
    target,
    thing,
)
from tests.engine.house import settings as house_settings

TWO = house_settings(environment("prod", target(), target("dev", ("things",))))
ONE = house_settings(environment("prod", target()))
DEV = slot(account_name="dev")
BUSY = (95.0,) * 5
CALM = (10.0,) * 5


def said(finding: str, kind: MuteKind = MuteKind.MUTED, *, at: float = NOW - 60.0, until: float | None = None) -> Mute:
    end = NOW + 3600.0 if kind is MuteKind.MUTED and until is None else until
    return Mute(finding, kind, "ticket 12", "ann", at, end)


def muted(shot: Snapshot, kind: MuteKind = MuteKind.MUTED) -> Snapshot:
    """With everything that there is muted."""
    return with_mutes(shot, {finding.key: said(finding.key, kind) for finding in shot.findings})


def looks(at: SlotId) -> st.SearchStrategy[dict[SlotId, Observation]]:
    """Whatever a slot may look like."""
    outcomes = (Outcome.DENIED, Outcome.EXPIRED, Outcome.UNREACHABLE, Outcome.INVALID)
    known = (thing("one", CALM, where=at), thing("two", BUSY, where=at))
    failed = [seen(*known, at=at, outcome=one, failures=(failure(one, account=at.account),)) for one in outcomes]
    return st.sampled_from(
        [
            {},
            seen(*known, at=at),
            seen(known[0], at=at),
            seen(thing("unread", None, where=at), at=at),
            seen(*known, at=at, age=7200.0),
            seen(at=at, age=None, outcome=Outcome.DENIED, failures=(failure(account=at.account),)),
            seen(*known, at=at, outcome=Outcome.PARTIAL, failures=(failure(account=at.account, resource="two"),)),
            *failed,
        ]
    )


def wholly_seen(observations: Mapping[SlotId, Observation], at: SlotId) -> bool:
    found = observations.get(at)
    return found is not None and found.outcome is Outcome.OK and (found.age_seconds(NOW) or 0.0) < 900.0


@given(looks(slot()), looks(DEV), st.data())
def test_no_set_of_mutes_makes_an_environment_ok_that_was_not_wholly_seen(
    here: dict[SlotId, Observation], there: dict[SlotId, Observation], data: st.DataObject
) -> None:
    observations = here | there
    shot = snapshot(TWO, observations)
    keys = data.draw(st.sets(st.sampled_from([one.key for one in shot.findings] or ["none"])))
    kind = data.draw(st.sampled_from(list(MuteKind)))
    found = with_mutes(shot, {key: said(key, kind) for key in keys}).environments[0]
    unseen = any(one.health is Health.UNKNOWN for one in shot.findings)
    if unseen or not all(wholly_seen(observations, one) for one in (slot(), DEV)):
        assert found.health is not Health.OK
        assert found.cells["things"].health is not Health.OK
    counting = [one.health for one in found.findings if one.counts]
    assert found.health.rank >= Health.worst((Health.OK, *counting)).rank
    assert found.health.rank <= shot.environments[0].health.rank
    assert {one.key for one in found.findings} == {one.key for one in shot.findings}


def test_a_muted_finding_counts_neither_in_its_cell_nor_in_its_environment() -> None:
    shot = snapshot(ONE, seen(thing("one", BUSY)))
    assert shot.health is Health.CRITICAL
    quiet = muted(shot)
    assert cell(quiet).health is Health.OK
    assert quiet.health is Health.OK
    assert cell(quiet).muted == quiet.environments[0].muted == 1
    assert [one.finding for one in quiet.mutes] == [only_finding(quiet).key]


def test_an_acknowledged_finding_counts_as_before() -> None:
    shot = muted(snapshot(ONE, seen(thing("one", BUSY))), MuteKind.ACKNOWLEDGED)
    assert cell(shot).health is shot.health is Health.CRITICAL
    assert cell(shot).muted == 0
    assert only_finding(shot).mute is not None


def test_what_is_unseen_stays_unknown_in_spite_of_its_mute() -> None:
    shot = muted(snapshot(ONE, seen(at=slot(), age=None, outcome=Outcome.DENIED, failures=(failure(),))))
    assert cell(shot).health is shot.health is Health.UNKNOWN


def test_an_environment_that_nobody_polls_stays_unknown_in_spite_of_its_mute() -> None:
    shot = snapshot(house_settings(environment("prod", target(services=()))), {})
    assert muted(shot).health is shot.health is Health.UNKNOWN


def test_the_worst_that_counts_comes_first_and_what_is_muted_last() -> None:
    shot = snapshot(ONE, seen(thing("one", BUSY), thing("two", (70.0,) * 5), thing("three", (71.0,) * 5)))
    worst = next(one for one in shot.findings if one.subject == "one")
    first = next(one for one in shot.findings if one.subject == "three")
    marked = with_mutes(shot, {worst.key: said(worst.key), first.key: said(first.key, MuteKind.ACKNOWLEDGED)})
    assert [one.subject for one in cell(marked).findings] == ["two", "three", "one"]
    assert [one.subject for one in marked.findings] == ["two", "three", "one"]


@pytest.mark.parametrize(
    ("said_of", "now", "counts"),
    [
        (Health.WARNING, Health.CRITICAL, True),
        (Health.WARNING, Health.WARNING, False),
        (Health.CRITICAL, Health.WARNING, False),
        (None, Health.CRITICAL, False),
    ],
)
def test_what_has_become_worse_than_what_was_muted_counts_again(
    said_of: Health | None, now: Health, counts: bool
) -> None:
    shot = snapshot(ONE, seen(thing("one", BUSY)))
    finding = only_finding(shot)
    worse = replace(finding, health=now)
    place = shot.environments[0]
    cells = {key: replace(one, findings=(worse,), health=now) for key, one in place.cells.items() if one.findings}
    shot = replace(shot, environments=(replace(place, cells=cells, findings=(worse,), health=now),))
    after = with_mutes(shot, {finding.key: replace(said(finding.key), up_to=said_of)})
    assert after.findings[0].counts is counts
    assert after.environments[0].health is (now if counts else Health.OK)


def test_what_was_taken_back_counts_again() -> None:
    shot = snapshot(ONE, seen(thing("one", BUSY)))
    assert with_mutes(muted(shot), {}) == shot


# When an acknowledgement without end is over.

ACK_AT = NOW - 300.0


def acknowledged(shot: Snapshot) -> dict[str, Mute]:
    return {one.key: said(one.key, MuteKind.ACKNOWLEDGED, at=ACK_AT) for one in shot.findings}


def looked(*load: float, metrics_at: float = NOW - 30.0, **changes: object) -> dict[SlotId, Observation]:
    given = {"metrics_at": {"thing": metrics_at}, **changes}
    return seen(thing("one", load * 5), **given)  # type: ignore[arg-type]


BEFORE = acknowledged(snapshot(ONE, looked(95.0)))


def ended(observations: dict[SlotId, Observation], before: dict[str, Mute] = BEFORE) -> tuple[str, ...]:
    return over(snapshot(ONE, observations), CATALOGUE, before)


def test_it_ends_when_what_it_was_about_was_looked_at_since_and_is_well() -> None:
    assert ended(looked(10.0)) == tuple(BEFORE)


def test_it_stays_while_the_finding_stands() -> None:
    assert ended(looked(95.0)) == ()


def test_it_stays_when_a_look_failed() -> None:
    broken = looked(95.0, outcome=Outcome.UNREACHABLE, failures=(failure(Outcome.UNREACHABLE),))
    aged = {at: replace(one, observed_at=NOW - 3600.0) for at, one in broken.items()}
    assert only_finding(snapshot(ONE, aged)).health is Health.UNKNOWN
    assert ended(aged) == ()


def test_it_stays_when_only_its_metrics_could_not_be_read() -> None:
    blind = failure(Outcome.THROTTLED, "GetMetricData")
    assert ended(seen(thing("one", None), outcome=Outcome.PARTIAL, failures=(blind,))) == ()


def test_it_stays_until_the_figures_are_newer_than_the_word() -> None:
    assert ended(looked(10.0, metrics_at=ACK_AT - 1.0)) == ()


@pytest.mark.parametrize("observations", [{}, seen(thing("one", None))])
def test_it_stays_before_anything_was_judged(observations: dict[SlotId, Observation]) -> None:
    assert ended(observations) == ()


def test_it_ends_with_the_thing_itself() -> None:
    assert ended(seen(thing("another", CALM), metrics_at={"thing": NOW - 30.0})) == tuple(BEFORE)


def test_it_is_no_business_of_a_process_that_looks_elsewhere() -> None:
    elsewhere = house_settings(environment("staging", target()))
    assert over(snapshot(elsewhere, looked(10.0)), CATALOGUE, BEFORE) == ()


def test_one_of_what_could_not_be_seen_ends_when_it_is_seen() -> None:
    denied = seen(at=slot(), age=None, outcome=Outcome.DENIED, failures=(failure(),))
    before = acknowledged(snapshot(ONE, denied))
    assert ended(denied, before) == ()
    assert ended(looked(10.0), before) == tuple(before)


def test_what_has_an_end_of_its_own_keeps_it() -> None:
    timed = {key: replace(mute, until=NOW + 60.0) for key, mute in BEFORE.items()}
    assert ended(looked(10.0), timed) == ()


@pytest.mark.parametrize("key", ["", "odd", "a|b", "shop/prod|shop|t0|things.load", "|||", "a/b|c/d/e"])
def test_a_key_that_is_none_costs_nobody_a_snapshot(key: str) -> None:
    shot = snapshot(ONE, seen(thing("one", CALM)))
    assert over(shot, CATALOGUE, {key: said(key, MuteKind.ACKNOWLEDGED)}) == ()
