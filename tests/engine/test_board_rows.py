"""The rows and bills of a snapshot: previews that may be hidden, money, accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.config.settings import FixedCost, Polling
from cockpit.model.resource import Resource
from cockpit.model.snapshot import AccountState, Snapshot
from cockpit.model.verdict import Health, Outcome
from tests.engine.house import (
    IDS,
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
        assert [finding.rule for finding in shot.findings] == ["cost.over_budget", "observation"]
        assert cell(shot, "cost").slots == ()
        assert cell(shot, "cost").observed_at == NOW

    def test_an_environment_of_fixed_lines_alone_is_not_green(self) -> None:
        """Nobody looks at it: that its costs are within budget says nothing of how it is."""
        configured = settings(environment("prod", fixed_costs=(FixedCost("Vercel", 20.0),), monthly_budget_usd=30.0))
        shot = snapshot(configured, {})
        assert cell(shot, "cost").health is OK
        assert shot.health is UNKNOWN
        assert only_finding(shot).reason == "nothing is polled here, only fixed costs are known"
        asked = tuple(replace(one, asked_in_part=True) for one in configured.environments)
        for_costs = replace(configured, systems=(replace(configured.systems[0], environments=asked),))
        assert snapshot(for_costs, {}).health is OK

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
