"""The snapshot: unknown is never green, and what is wrong is said once, where it belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.config.settings import FixedCost, Override, Polling
from cockpit.engine.board import Board, build_snapshot
from cockpit.model.finding import Finding
from cockpit.model.resource import Resource
from cockpit.model.rule import Threshold
from cockpit.model.snapshot import AccountState, Cell, MeterReading, Snapshot
from cockpit.model.verdict import Failure, Health, Outcome
from tests.engine.house import (
    CATALOGUE,
    END,
    IDS,
    NOW,
    account,
    environment,
    failure,
    seen,
    settings,
    slot,
    snapshot,
    target,
    thing,
)

OK, WARNING, CRITICAL, UNKNOWN = Health.OK, Health.WARNING, Health.CRITICAL, Health.UNKNOWN
PROD = settings(environment("prod", target()))


def cell(shot: Snapshot, service: str = "things", name: str = "prod") -> Cell:
    state = next(one for one in shot.environments if one.id.environment == name)
    return state.cells[service]


def only_finding(shot: Snapshot) -> Finding:
    (finding,) = shot.findings
    return finding


class TestSlots:
    def test_a_healthy_slot_is_ok(self) -> None:
        shot = snapshot(PROD, seen(thing("a"), thing("b")))
        assert shot.health is OK
        assert cell(shot).resources == tuple(one.key for one in seen(thing("a"), thing("b"))[slot()].resources)
        assert cell(shot).headline is not None
        assert cell(shot).headline.text == "2 things"  # type: ignore[union-attr]
        assert cell(shot).observed_at == NOW - 30
        assert cell(shot).note == ""

    def test_one_that_was_never_looked_at_waits(self) -> None:
        shot = snapshot(PROD, {})
        assert shot.health is UNKNOWN
        assert cell(shot).pending
        assert cell(shot).note == "waiting"
        assert cell(shot).headline is None
        assert cell(shot).observed_at is None

    @pytest.mark.parametrize(
        ("outcome", "given", "note", "reason"),
        [
            (
                Outcome.DENIED,
                {},
                "denied things:ListThings",
                "denied: things:ListThings is missing; last good data 2 min ago",
            ),
            (
                Outcome.EXPIRED,
                {"remedy": "aws sso login --profile dev"},
                "expired",
                "the session has expired: aws sso login --profile dev; last good data 2 min ago",
            ),
            (Outcome.THROTTLED, {}, "throttled", "throttled: ListThings; last good data 2 min ago"),
            (Outcome.UNREACHABLE, {}, "unreachable", "no answer: ListThings; last good data 2 min ago"),
            (Outcome.INVALID, {}, "invalid", "the answer makes no sense: It did not work.; last good data 2 min ago"),
        ],
    )
    def test_a_failed_one_is_unknown_with_the_reason_and_the_age_of_what_is_left(
        self, outcome: Outcome, given: dict[str, str], note: str, reason: str
    ) -> None:
        broken = failure(outcome, **given)
        shot = snapshot(PROD, seen(thing("a"), outcome=outcome, failures=[broken], age=120))
        finding = only_finding(shot)
        assert (finding.rule, finding.health, finding.reason) == ("observation", UNKNOWN, reason)
        assert finding.failure is broken
        assert finding.subject == "shop eu-west-1"
        assert cell(shot).note == note
        assert not cell(shot).pending
        assert cell(shot).headline is not None, "the last good value stays"

    def test_a_failed_one_that_was_never_seen_says_so(self) -> None:
        shot = snapshot(PROD, seen(outcome=Outcome.DENIED, failures=[failure()], age=None))
        assert only_finding(shot).reason == "denied: things:ListThings is missing; never seen"

    def test_what_was_bad_stays_bad_while_its_slot_fails_until_it_is_stale(self) -> None:
        bad = thing("a", [90.0] * 5)
        shot = snapshot(PROD, seen(bad, outcome=Outcome.THROTTLED, failures=[failure(Outcome.THROTTLED)], age=120))
        assert {finding.health for finding in shot.findings} == {CRITICAL, UNKNOWN}
        shot = snapshot(PROD, seen(bad, outcome=Outcome.THROTTLED, failures=[failure(Outcome.THROTTLED)], age=1000))
        assert only_finding(shot).health is UNKNOWN

    def test_that_the_data_of_a_failing_slot_grow_old_is_not_told_twice(self) -> None:
        unread = thing("a", None)
        shot = snapshot(PROD, seen(unread, outcome=Outcome.THROTTLED, failures=[failure(Outcome.THROTTLED)], age=120))
        assert only_finding(shot).rule == "observation"

    def test_the_age_of_a_cell_is_that_of_its_oldest_slot(self) -> None:
        configured = settings(environment("prod", target("shop"), target("dev")))
        dev = slot(account_name="dev")
        old = seen(thing("b", where=dev), age=300)
        assert cell(snapshot(configured, seen(thing("a")) | old)).observed_at == NOW - 300
        never = seen(at=dev, outcome=Outcome.DENIED, failures=[failure()], age=None)
        assert cell(snapshot(configured, seen(thing("a")) | never)).observed_at is None
        assert cell(snapshot(configured, seen(thing("a")))).observed_at is None

    def test_a_stale_one_concludes_nothing(self) -> None:
        shot = snapshot(PROD, seen(thing("a", [90.0] * 5), age=1200))
        assert only_finding(shot).reason == "no new data for 20 min"
        assert cell(shot).note == "stale 20 min"

    def test_a_slower_pace_makes_it_stale_later(self) -> None:
        slow = replace(PROD, polling=Polling(pace=2.0))
        assert snapshot(slow, seen(thing("a"), age=1200)).health is OK
        near = MeterReading(NOW, throttled_by_ceiling=True)
        assert snapshot(PROD, seen(thing("a"), age=1200), meter=near).health is OK

    def test_a_region_that_is_not_enabled_is_a_note(self) -> None:
        configured = settings(environment("prod", target(regions=("eu-west-1", "eu-south-1"))))
        off = seen(at=slot(region="eu-south-1"), outcome=Outcome.REGION_DISABLED, age=None)
        shot = snapshot(configured, seen(thing("a")) | off)
        assert shot.health is OK
        assert cell(shot).note == "region not enabled"
        assert cell(shot).observed_at == NOW - 30

    def test_an_environment_with_nothing_but_disabled_regions_is_not_green(self) -> None:
        shot = snapshot(PROD, seen(outcome=Outcome.REGION_DISABLED, age=None))
        assert only_finding(shot).reason == "nothing found in shop eu-west-1 (region not enabled)"

    def test_a_shared_slot_fails_for_everybody_who_draws_on_it(self) -> None:
        configured = settings(
            environment("prod", target(names=("prod-*",))),
            environment("dev", target(names=("dev-*",)), target("dev")),
            environment("other", target("media")),
        )
        observations = (
            seen(thing("prod-a"), thing("dev-a"), outcome=Outcome.DENIED, failures=[failure()])
            | seen(thing("x", where=slot(account_name="dev")))
            | seen(thing("y", where=slot(account_name="media")))
        )
        states = {one.id.environment: one.health for one in snapshot(configured, observations).environments}
        assert states == {"prod": UNKNOWN, "dev": UNKNOWN, "other": OK}

    def test_restored_data_are_judged_while_they_are_young(self) -> None:
        assert snapshot(PROD, seen(thing("a"), restored=True)).health is OK
        assert snapshot(PROD, seen(thing("a"), restored=True, age=5000)).health is UNKNOWN


class TestParts:
    BOTH = settings(environment("prod", target(names=("prod-*",))), environment("dev", target(names=("dev-*",))))

    def partial(self, *failures: Failure) -> Snapshot:
        things = (thing("prod-a"), thing("dev-a"), thing("nobody's"))
        return snapshot(self.BOTH, seen(*things, outcome=Outcome.PARTIAL, failures=failures))

    def test_what_is_about_one_resource_is_told_where_it_belongs(self) -> None:
        by_name = self.partial(failure(operation="GetThing", resource="prod-a"))
        by_key = self.partial(failure(operation="GetThing", resource=thing("prod-a").key))
        for shot in (by_name, by_key):
            finding = only_finding(shot)
            assert (str(finding.environment), finding.subject, finding.resource) == (
                "shop/prod",
                "prod-a",
                thing("prod-a").key,
            )
            assert finding.reason == "denied: things:GetThing is missing"
            assert cell(shot, name="prod").note == "denied things:GetThing"
            assert cell(shot, name="dev").health is OK

    def test_what_is_about_nobodys_resource_is_told_to_nobody(self) -> None:
        assert self.partial(failure(resource="nobody's")).findings == ()

    def test_what_is_about_a_thing_that_nobody_knows_is_told_to_everybody(self) -> None:
        assert {str(one.environment) for one in self.partial(failure(resource="?")).findings} == {
            "shop/prod",
            "shop/dev",
        }

    def test_what_is_about_the_slot_is_told_to_everybody(self) -> None:
        assert {str(one.environment) for one in self.partial(failure()).findings} == {"shop/prod", "shop/dev"}

    def test_the_same_failure_of_many_resources_is_told_once(self) -> None:
        things = [thing(f"prod-{number}") for number in range(20)]
        failures = [failure(operation="GetThing", resource=one.name) for one in things]
        shot = snapshot(self.BOTH, seen(*things, thing("dev-a"), outcome=Outcome.PARTIAL, failures=failures))
        assert only_finding(shot).reason == "20 of them denied: things:GetThing is missing"


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
        assert only_finding(snapshot(PROD, seen(bad))).changed == "version 42, published 08:44 UTC"
        for moment in (END - 360 - 31 * 60, END - 100):
            old = thing("live", [10.0] + [90.0] * 6, facts={**published, "published_at": float(moment)})
            assert only_finding(snapshot(PROD, seen(old))).changed is None

    def test_a_change_of_what_belongs_to_the_resource_is_named_too(self) -> None:
        bad = thing("web", [10.0] + [90.0] * 6, facts={"last_modified": END - 480.0})
        assert only_finding(snapshot(PROD, seen(bad))).changed == "changed 08:44 UTC"
        alias = thing(
            "live", kind="alias", facts={"version": "7", "published_at": END - 480.0}, related={"thing": bad.key}
        )
        assert only_finding(snapshot(PROD, seen(bad, alias))).changed == "version 7, published 08:44 UTC"

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


class TestTemplates:
    CONFIGURED = settings(
        environment("prod", target("prod")),
        templates=[environment("pr{n}", target(names=("pr{n}-*",)), pattern=r"pr(?P<n>\d+)-")],
    )
    PROD_SEEN = seen(thing("a", where=slot(account_name="prod")))

    def names(self, shot: Snapshot) -> list[str]:
        return [one.id.environment for one in shot.environments]

    def test_no_previews_and_none_hidden_is_fine(self) -> None:
        shot = snapshot(self.CONFIGURED, self.PROD_SEEN | seen())
        assert (self.names(shot), shot.health) == (["prod"], OK)

    def test_previews_that_cannot_be_discovered_are_unknown_not_absent(self) -> None:
        denied = seen(outcome=Outcome.DENIED, failures=[failure()], age=None)
        for observations in (self.PROD_SEEN, self.PROD_SEEN | denied):
            shot = snapshot(self.CONFIGURED, observations)
            assert (self.names(shot), shot.health) == (["prod", "pr{n}"], UNKNOWN)
            assert cell(shot, name="pr{n}").findings[0].reason.startswith("some environments may be missing: ")

    def test_a_list_that_is_not_whole_may_hide_some(self) -> None:
        things = (thing("pr1-a"),)
        lists = seen(*things, outcome=Outcome.PARTIAL, failures=[failure()])
        metrics = seen(*things, outcome=Outcome.PARTIAL, failures=[failure(operation="GetMetricData")])
        assert self.names(snapshot(self.CONFIGURED, self.PROD_SEEN | lists)) == ["prod", "pr1", "pr{n}"]
        assert self.names(snapshot(self.CONFIGURED, self.PROD_SEEN | metrics)) == ["prod", "pr1"]

    def test_discovered_environments_say_so(self) -> None:
        shot = snapshot(self.CONFIGURED, self.PROD_SEEN | seen(thing("pr1-a")))
        assert [one.discovered for one in shot.environments] == [False, True]


class TestMoney:
    COST = slot("cost", "shop", "us-east-1")

    def bill(self, usd: float) -> Resource:
        return Resource("bill:1", self.COST, "bill", "shop", {"account_id": IDS["shop"], "month_to_date_usd": usd})

    @pytest.mark.parametrize(("usd", "health"), [(120.0, CRITICAL), (80.0, OK)])
    def test_the_bills_of_an_environment_are_judged_as_one(self, usd: float, health: Health) -> None:
        configured = settings(environment("prod", target(services=("cost",)), monthly_budget_usd=100.0))
        shot = snapshot(configured, seen(self.bill(usd)))
        assert cell(shot, "cost").health is health
        assert [bill.key for bill in shot.bills] == ["bill:shop/prod"]
        assert cell(shot, "cost").resources == ("bill:shop/prod", "bill:1")
        assert shot.resource("bill:shop/prod") is not None

    def test_fixed_lines_alone_make_a_bill(self) -> None:
        lines = (FixedCost("Vercel", 20.0), FixedCost("Railway", 15.0))
        configured = settings(environment("prod", fixed_costs=lines, monthly_budget_usd=30.0))
        shot = snapshot(configured, {})
        assert shot.health is CRITICAL
        assert only_finding(shot).rule == "cost.over_budget"
        assert cell(shot, "cost").slots == ()
        assert cell(shot, "cost").observed_at == NOW

    def test_a_bill_that_could_not_be_read_is_unknown_whatever_the_fixed_lines_say(self) -> None:
        configured = settings(
            environment("prod", target(services=("cost",)), fixed_costs=(FixedCost("x", 1.0),), monthly_budget_usd=30.0)
        )
        denied = seen(at=self.COST, outcome=Outcome.DENIED, failures=[failure()], age=None)
        assert snapshot(configured, denied).health is UNKNOWN
        assert snapshot(configured, seen(at=self.COST)).health is UNKNOWN

    def test_an_old_bill_is_not_stale_before_the_next_look_is_due(self) -> None:
        configured = settings(
            environment("prod", target(services=("cost",))), polling=Polling(cost_every_seconds=24 * 3600)
        )
        assert snapshot(configured, seen(self.bill(1.0), age=40 * 3600)).health is OK
        assert snapshot(configured, seen(self.bill(1.0), age=50 * 3600)).health is UNKNOWN

    def test_an_old_bill_is_not_judged(self) -> None:
        configured = settings(environment("prod", target(services=("cost",)), monthly_budget_usd=100.0))
        shot = snapshot(configured, seen(self.bill(120.0), age=90 * 3600))
        assert only_finding(shot).reason == "no new data for 3 d 18 h"


class TestAlarms:
    def test_a_ringing_alarm_is_told_in_awss_own_words(self) -> None:
        facts = {"in_alarm": True, "state_since": NOW - 720, "state_reason": "Threshold Crossed: 3 datapoints"}
        ringing = Resource("arn:alarm", slot("alarms"), "metric_alarm", "errors", facts)
        shot = snapshot(settings(environment("prod", target(services=("alarms",)))), seen(ringing))
        assert only_finding(shot).reason == "in alarm for 12 min: Threshold Crossed: 3 datapoints"
        assert only_finding(shot).since == NOW - 720


class TestAccounts:
    def test_open_failures_of_their_slots_are_merged_in(self) -> None:
        own = failure(Outcome.EXPIRED, operation="GetCallerIdentity", service="sts")
        states = (
            AccountState("shop", IDS["shop"], (), Outcome.EXPIRED, None, None, NOW - 100, (own,)),
            AccountState("dev", IDS["dev"], (), None, None, None, None),
        )
        observations = seen(outcome=Outcome.EXPIRED, failures=[own, failure()])
        shop, dev = snapshot(PROD, observations, accounts=states).accounts
        assert set(shop.failures) == {own, failure()}
        assert shop.last_poll_at == NOW - 5
        assert (dev.failures, dev.last_poll_at) == ((), None)

    def test_a_region_that_is_not_enabled_is_no_failure(self) -> None:
        off = failure(Outcome.REGION_DISABLED)
        states = (AccountState("shop", IDS["shop"], (), Outcome.OK, None, None, None),)
        observations = seen(outcome=Outcome.REGION_DISABLED, failures=[off], age=None)
        assert snapshot(PROD, observations, accounts=states).accounts[0].failures == ()


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
