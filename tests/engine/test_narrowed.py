"""Narrowing what is looked at does not change what belongs to whom."""

from __future__ import annotations

from dataclasses import replace

from cockpit.engine.bills import shared_whole
from cockpit.engine.membership import memberships
from cockpit.model.resource import Resource
from tests.engine.house import CATALOGUE, IDS, account, environment, seen, settings, slot, target, thing
from tests.engine.test_membership import alarm, belonging

PAYER = slot("cost", "shop", "us-east-1")


class TestWhatIsNotLookedAt:
    """Narrowing what is looked at does not change what belongs to whom."""

    THINGS = seen(thing("a-1"), thing("b-1"))
    A = environment("a", target(services=("things", "alarms"), names=("a-*",)))
    B = environment("b", target(services=("things", "alarms"), names=("b-*",)))
    ALARMS = seen(alarm("x", "a-1"), alarm("y", "b-1"), alarm("loose"))

    def test_what_belongs_to_an_environment_elsewhere_belongs_to_nobody_here(self) -> None:
        narrow = replace(settings(self.A), elsewhere=(self.B,))
        assert belonging(narrow, dict(self.THINGS) | self.ALARMS)["a"]["alarms"] == ["x"]

    def test_an_alarm_follows_what_it_watches_although_that_is_not_looked_at(self) -> None:
        watched = target(services=("things",), names=("a-*",))
        only_alarms = environment("a", target(services=("alarms",), names=("none",)), left_out=(watched,))
        narrow = replace(settings(only_alarms), elsewhere=(self.B,))
        assert belonging(narrow, dict(self.ALARMS))["a"]["alarms"] == ["x"]

    def test_a_discovered_environment_remembers_what_is_left_out(self) -> None:
        watched = target(services=("other",), names=("pr{n}-*",))
        template = environment("pr{n}", target(names=("pr{n}-*",)), pattern=r"pr(?P<n>\d+)-", left_out=(watched,))
        (found, _) = memberships(settings(templates=[template]), CATALOGUE, seen(thing("pr7-a")))
        assert [one.names for one in found.environment.left_out] == [("pr7-*",)]

    def test_a_share_of_a_bill_stays_a_share(self) -> None:
        bills = [
            Resource(f"bill:{tag}", PAYER, "bill", f"shop {tag}", {"account_id": IDS["shop"], "tag_value": tag})
            for tag in (None, "dev")
        ]
        dev, staging = (environment(name, target(services=("cost",))) for name in ("dev", "staging"))
        narrow = replace(settings(dev, accounts=[account("shop", cost_tag="stage")]), elsewhere=(staging,))
        assert belonging(narrow, seen(*bills))["dev"]["cost"] == ["shop dev"]


def test_a_bill_that_counts_several_times_is_told() -> None:
    both = [environment(name, target(services=("cost",))) for name in ("dev", "staging")]
    assert shared_whole(settings(*both), CATALOGUE) == (
        "The whole bill of shop counts in each of shop/dev, shop/staging: its cost_tag would tell them apart.",
    )
    assert shared_whole(settings(*both, accounts=[account("shop", cost_tag="stage")]), CATALOGUE) == ()
    assert shared_whole(settings(both[0]), CATALOGUE) == ()
