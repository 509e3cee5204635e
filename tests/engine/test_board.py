"""The snapshot: what is wrong is said once, where it belongs, and unknown is never green."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.config.settings import Override
from cockpit.engine.board import Board, build_snapshot
from cockpit.model.finding import Change
from cockpit.model.resource import Resource
from cockpit.model.rule import Threshold
from cockpit.model.snapshot import MeterReading
from cockpit.model.verdict import Health, Outcome
from tests.engine.house import (
    CATALOGUE,
    END,
    IDS,
    NOW,
    PROD,
    account,
    cell,
    environment,
    failure,
    only_finding,
    seen,
    settings,
    slot,
    snapshot,
    target,
    thing,
)

OK, WARNING, CRITICAL, UNKNOWN = Health.OK, Health.WARNING, Health.CRITICAL, Health.UNKNOWN


class TestJudging:
    def test_a_breach_is_a_finding_with_its_evidence(self) -> None:
        shot = snapshot(PROD, seen(thing("a", [10.0] + [90.0] * 6)))
        finding = only_finding(shot)
        assert (finding.rule, finding.health, finding.subject) == ("things.load", CRITICAL, "a")
        assert finding.reason == "load 90 % > 80 % for 6 min"
        assert finding.since == END - 360
        assert finding.evidence is not None
        assert shot.health is CRITICAL

    def test_the_worst_comes_first(self) -> None:
        shot = snapshot(PROD, seen(thing("w", [70.0] * 5), thing("c", [90.0] * 5), thing("u", None), thing("ok")))
        assert [finding.health for finding in cell(shot).findings] == [CRITICAL, UNKNOWN, WARNING]
        assert [one.health for one in shot.environments] == [CRITICAL]

    def test_a_few_unknowns_are_named_and_many_are_counted(self) -> None:
        few = snapshot(PROD, seen(thing("ok"), *(thing(f"u{n}", None) for n in range(3))))
        assert sorted(finding.subject for finding in few.findings) == ["u0", "u1", "u2"]
        many = only_finding(snapshot(PROD, seen(thing("ok"), *(thing(f"u{n}", None) for n in range(300)))))
        assert (many.subject, many.reason, many.resource) == ("things", "300 things: load not read yet", None)

    def test_thresholds_of_the_resource_beat_the_environments_which_beat_the_rules(self) -> None:
        override = Override("busy-*", {"things.load": Threshold(95.0, None, 300)})
        configured = settings(
            environment("prod", target(), thresholds={"things.load": Threshold(None, 40.0, 300)}, overrides=(override,))
        )
        shot = snapshot(configured, seen(thing("busy-1", [90.0] * 5), thing("idle-1", [50.0] * 5)))
        assert only_finding(shot).subject == "idle-1"
        assert only_finding(shot).health is CRITICAL
        assert snapshot(PROD, seen(thing("idle-1", [50.0] * 5))).health is OK

    def test_what_changed_shortly_before_is_named(self) -> None:
        published = {"version": "42", "published_at": END - 480.0}
        bad = thing("live", [10.0] + [90.0] * 6, facts=published)
        assert only_finding(snapshot(PROD, seen(bad))).changed == Change("version 42, published", END - 480.0)
        for moment in (END - 360 - 31 * 60, END - 100):
            old = thing("live", [10.0] + [90.0] * 6, facts={**published, "published_at": float(moment)})
            assert only_finding(snapshot(PROD, seen(old))).changed is None

    def test_a_change_of_what_belongs_to_the_resource_is_named_too(self) -> None:
        bad = thing("web", [10.0] + [90.0] * 6, facts={"last_modified": END - 480.0})
        assert only_finding(snapshot(PROD, seen(bad))).changed == Change("changed", END - 480.0)
        alias = thing(
            "live", kind="alias", facts={"version": "7", "published_at": END - 480.0}, related={"thing": bad.key}
        )
        assert only_finding(snapshot(PROD, seen(bad, alias))).changed == Change("version 7, published", END - 480.0)

    def test_the_store_tells_since_when_where_nothing_else_does(self) -> None:
        first = snapshot(PROD, seen(outcome=Outcome.DENIED, failures=[failure()], age=None))
        assert only_finding(first).since is None
        known = {only_finding(first).key: NOW - 5000}
        again = snapshot(PROD, seen(outcome=Outcome.DENIED, failures=[failure()], age=None), first_seen=known)
        assert only_finding(again).since == NOW - 5000

    def test_the_store_counts_where_the_points_do_not_reach_back_far_enough(self) -> None:
        whole, cut = seen(thing("a", [10.0] + [90.0] * 6)), seen(thing("a", [90.0] * 6))
        known = {only_finding(snapshot(PROD, whole)).key: NOW - 5000}
        assert only_finding(snapshot(PROD, whole, first_seen=known)).since == END - 360
        assert only_finding(snapshot(PROD, cut, first_seen=known)).since == NOW - 5000


class TestNothing:
    def test_a_selector_that_matches_nothing_is_unknown(self) -> None:
        configured = settings(environment("prod", target(names=("a-*",)), target(names=("typo-*",))))
        shot = snapshot(configured, seen(thing("a-1")))
        assert only_finding(shot).reason == "nothing matches names typo-*"
        assert only_finding(shot).health is UNKNOWN
        assert cell(shot).note == "nothing there"

    def test_a_service_of_which_there_is_nothing_is_unknown(self) -> None:
        assert only_finding(snapshot(PROD, seen())).reason == "nothing found in shop eu-west-1"
        limits = thing("limits", kind="account", shared=True)
        assert snapshot(PROD, seen(limits)).health is UNKNOWN

    def test_an_account_without_alarms_is_a_choice(self) -> None:
        configured = settings(environment("prod", target(services=("alarms",))))
        assert snapshot(configured, seen(at=slot("alarms"))).health is OK

    def test_an_environment_that_watches_nothing_is_unknown(self) -> None:
        assert snapshot(settings(environment("prod")), {}).health is UNKNOWN


class TestAlarms:
    def test_a_ringing_alarm_is_told_in_awss_own_words(self) -> None:
        facts = {"in_alarm": True, "state_since": NOW - 720, "state_reason": "Threshold Crossed: 3 datapoints"}
        ringing = Resource("arn:alarm", slot("alarms"), "metric_alarm", "errors", facts)
        shot = snapshot(settings(environment("prod", target(services=("alarms",)))), seen(ringing))
        assert only_finding(shot).reason == "in alarm for 12 min: Threshold Crossed: 3 datapoints"
        assert only_finding(shot).since == NOW - 720


def test_time_passes_on_a_board_that_sees_nothing_new() -> None:
    """Windows move on and data grow old, whatever is remembered of them."""
    board, observations = Board(), seen(thing("a", [90.0] * 5), thing("b", [10.0] * 5))
    reasons = set()
    for minutes in (0, 1, 3, 9, 14, 16):
        now = NOW + 60 * minutes
        kept = board.build(PROD, CATALOGUE, observations, (), MeterReading(NOW), now)
        assert kept == build_snapshot(PROD, CATALOGUE, observations, (), MeterReading(NOW), now)
        reasons |= {finding.reason for finding in kept.findings}
    assert "load 90 % > 80 % for more than 5 min" in reasons
    assert "load 90 % > 80 % for more than 5 min (read 3 min ago)" in reasons
    assert "load last read 14 min ago" in reasons
    assert "no new data for 16 min" in reasons


OUTCOMES = [Outcome.OK, Outcome.DENIED, Outcome.EXPIRED, Outcome.THROTTLED, Outcome.UNREACHABLE, Outcome.INVALID]


@given(st.lists(st.tuples(st.sampled_from([None, *OUTCOMES]), st.sampled_from([30.0, 5000.0])), min_size=1, max_size=4))
def test_no_environment_is_ok_while_one_of_its_slots_is_not_seen(slots: list[tuple[Outcome | None, float]]) -> None:
    names = list(IDS)[: len(slots)]
    configured = settings(environment("prod", *(target(name) for name in names)))
    observations = {}
    for name, (outcome, age) in zip(names, slots, strict=True):
        if outcome is not None:
            failures = [] if outcome is Outcome.OK else [failure(outcome)]
            observations |= seen(thing("a", where=slot(account_name=name)), outcome=outcome, failures=failures, age=age)
    shot = snapshot(configured, observations)
    healthy = all(outcome is Outcome.OK and age < 900 for outcome, age in slots)
    assert shot.health is (OK if healthy else UNKNOWN)
    assert cell(shot).health is Health.worst([OK, *(one.health for one in shot.findings)])
    assert shot.environments[0].health is Health.worst(one.health for one in shot.environments[0].cells.values())


LOADS = st.sampled_from([None, (10.0,) * 5, (70.0,) * 5, (90.0,) * 5, (90.0, None, 90.0, 90.0, 90.0)])


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), LOADS), max_size=4), min_size=1, max_size=4))
def test_a_board_that_remembers_says_the_same_as_one_that_does_not(
    rounds: list[list[tuple[str, tuple[float, ...] | None]]],
) -> None:
    configured = settings(
        environment("prod", target(services=("things", "alarms"), names=("a*", "b*"))),
        environment("dev", target(names=("c*",))),
        templates=[environment("{x}", target(names=("{x}*",)), pattern="(?P<x>b)")],
        accounts=[account("shop")],
    )
    board = Board()
    for number, things in enumerate(rounds):
        distinct = {name: thing(name, load) for name, load in things}
        observations, now = seen(*distinct.values()), NOW + 17 * number
        meter = MeterReading(NOW)
        kept = board.build(configured, CATALOGUE, observations, (), meter, now)
        assert kept == build_snapshot(configured, CATALOGUE, observations, (), meter, now)
