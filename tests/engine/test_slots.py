"""Which slots a configuration asks for."""

from __future__ import annotations

import pytest

from cockpit.config.settings import FixedCost, Override
from cockpit.engine.slots import environment_slots, settled_for, slots_of, strictest_thresholds
from cockpit.model.ids import SlotId
from cockpit.model.rule import Threshold
from tests.engine.house import CATALOGUE, IDS, REGION, account, environment, settings, slot, target

TWO = ("eu-west-1", "eu-west-2")


def test_a_regional_service_is_polled_in_every_region_of_its_target() -> None:
    one = settings(environment("prod", target(regions=TWO)))
    assert slots_of(one, CATALOGUE) == (SlotId("shop", "eu-west-1", "things"), SlotId("shop", "eu-west-2", "things"))


def test_a_global_service_is_polled_once_an_account() -> None:
    one = settings(environment("prod", target(services=("edge",), regions=TWO)))
    assert slots_of(one, CATALOGUE) == (SlotId("shop", "us-east-1", "edge"),)


def test_a_bill_is_asked_for_where_it_is_paid() -> None:
    accounts = [account("prod", payer="shop"), account("dev", payer="shop"), account("media")]
    targets = [target(name, services=("cost",)) for name in ("prod", "dev", "media")]
    one = settings(environment("all", *targets), accounts=accounts)
    assert slots_of(one, CATALOGUE) == (SlotId("shop", "us-east-1", "cost"), SlotId("media", "us-east-1", "cost"))


def test_a_slot_that_several_environments_share_is_polled_once() -> None:
    one = settings(environment("a", target(names=("a-*",))), environment("b", target(names=("b-*",))))
    assert slots_of(one, CATALOGUE) == (slot(),)


def test_templates_are_polled_too() -> None:
    template = environment("pr{n}", target("dev"), pattern=r"pr(?P<n>\d+)")
    assert slots_of(settings(templates=[template]), CATALOGUE) == (slot(account_name="dev"),)


@pytest.mark.parametrize(
    ("environments", "accounts", "services", "expected"),
    [
        ((), (), (), {"shop things", "prod things", "prod cost", "dev things"}),
        (("shop/*",), (), (), {"shop things", "prod things", "prod cost", "dev things"}),
        (("shop/prod",), (), (), {"prod things", "prod cost"}),
        (("*/st*", "shop/prod"), (), ("things",), {"shop things", "prod things"}),
        ((), ("prod",), (), {"prod things", "prod cost"}),
        ((), (), ("co*",), {"prod cost"}),
        (("shop/pr7",), (), (), {"dev things"}),
        (("other/*",), (), (), set()),
    ],
)
def test_globs_narrow(
    environments: tuple[str, ...], accounts: tuple[str, ...], services: tuple[str, ...], expected: set[str]
) -> None:
    one = settings(
        environment("staging", target("shop")),
        environment("prod", target("prod", services=("things", "cost"))),
        templates=[environment("pr{n}", target("dev"), pattern=r"pr(?P<n>\d+)")],
    )
    found = slots_of(one, CATALOGUE, environments, accounts, services)
    assert {f"{at.account} {at.service}" for at in found} == expected


def test_an_account_brings_its_bill_along_although_it_is_paid_elsewhere() -> None:
    one = settings(environment("prod", target("prod", services=("cost",))), accounts=[account("prod", payer="shop")])
    assert slots_of(one, CATALOGUE, accounts=("prod",)) == (SlotId("shop", "us-east-1", "cost"),)
    assert slots_of(one, CATALOGUE, accounts=("shop",)) == (SlotId("shop", "us-east-1", "cost"),)
    assert slots_of(one, CATALOGUE, accounts=("dev",)) == ()


def test_an_environment_with_fixed_costs_has_a_bill_without_a_slot() -> None:
    watched = environment("prod", fixed_costs=(FixedCost("Vercel", 20.0),))
    assert environment_slots(watched, settings(watched), CATALOGUE) == {"cost": ()}


def test_a_payer_is_told_whose_bills_to_ask_for() -> None:
    accounts = [account("prod", payer="shop", cost_tag="stage"), account("dev", payer="shop")]
    options = settled_for(SlotId("shop", "us-east-1", "cost"), settings(accounts=accounts)).options
    assert options["linked"] == {"shop": "111122223333", "prod": "222233334444", "dev": "333344445555"}
    assert options["linked_tags"] == {"prod": "stage"}
    assert options["payer"] is None


def test_an_account_that_pays_for_itself_asks_for_its_own_bill() -> None:
    options = settled_for(slot("cost", "media"), settings(accounts=[account("media", cost_tag="env")])).options
    assert options == {
        "selected_by_tag": False,
        "cost_tag": "env",
        "payer": None,
        "linked": {"media": "444455556666"},
        "linked_tags": {"media": "env"},
    }


def test_a_service_is_told_whether_anybody_selects_by_tag_or_stack() -> None:
    one = settings(
        environment("prod", target(names=("a*",)), target("prod", stacks=("x",)), target("dev", tags={"a": "b"})),
        environment("other", target("media", services=("edge",), tags={"a": "b"})),
    )
    told = {name: settled_for(slot(account_name=name), one).options["selected_by_tag"] for name in IDS}
    assert told == {"shop": False, "prod": True, "dev": True, "media": False}


def test_the_strictest_threshold_of_a_slot_is_the_lowest_limit_over_the_shortest_window() -> None:
    override = Override("busy-*", {"things.load": Threshold(50.0, None, 600)})
    one = settings(
        environment("a", target(), thresholds={"things.load": Threshold(70.0, 75.0, 120)}),
        environment("b", target(), overrides=(override,)),
        environment("c", target("prod")),
    )
    strictest = strictest_thresholds(one, CATALOGUE)
    assert strictest[slot()]["things.load"] == Threshold(50.0, 75.0, 120)
    assert strictest[slot(account_name="prod", region=REGION)]["things.load"] == Threshold(60.0, 80.0, 300)
