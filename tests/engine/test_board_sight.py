"""The snapshot of what could not be seen: the reason, and the age of what is left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.config.settings import Polling
from cockpit.model.snapshot import MeterReading, Snapshot
from cockpit.model.verdict import Failure, Health, Outcome
from tests.engine.house import (
    NOW,
    PROD,
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


class TestSlots:
    def test_a_healthy_slot_is_ok(self) -> None:
        shot = snapshot(PROD, seen(thing("a"), thing("b")))
        assert shot.health is OK
        assert cell(shot).resources == tuple(one.key for one in seen(thing("a"), thing("b"))[slot()].resources)
        assert cell(shot).headline is not None
        assert cell(shot).headline.text == "2 things"  # type: ignore[union-attr]
        assert cell(shot).observed_at == NOW - 30
        assert cell(shot).note == ""

    def test_one_that_was_seen_in_the_future_is_not_fresh(self) -> None:
        shot = snapshot(PROD, seen(thing("a"), age=-7200))
        assert shot.health is UNKNOWN
        assert cell(shot).note == "clock set back"
        assert snapshot(PROD, seen(thing("a"), age=-20)).health is OK

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
            (Outcome.INVALID, {}, "invalid", "It did not work; last good data 2 min ago"),
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

    def test_an_unknown_that_a_failure_explains_is_not_told_twice(self) -> None:
        unread = (thing("prod-a", None), thing("prod-b", None), thing("dev-a"))
        of_one = failure(operation="GetThing", resource="prod-a")
        shot = snapshot(self.BOTH, seen(*unread, outcome=Outcome.PARTIAL, failures=[of_one]))
        assert {(one.subject, one.rule) for one in shot.findings} == {
            ("prod-a", "observation"),
            ("prod-b", "things.load"),
        }
        of_all = failure(operation="GetMetricData")
        shot = snapshot(self.BOTH, seen(*unread, outcome=Outcome.PARTIAL, failures=[of_all]))
        assert {one.rule for one in shot.findings} == {"observation"}
        assert [one.health for one in shot.environments] == [UNKNOWN, UNKNOWN]
