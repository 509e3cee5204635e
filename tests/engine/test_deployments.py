"""A finding names the update of the stack that its resource comes from, where nothing else tells what changed."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.model.finding import Change
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.services.stacks import SERVICE as STACKS
from tests.engine.house import (
    END,
    NOW,
    THINGS,
    environment,
    only_finding,
    seen,
    settings,
    slot,
    snapshot,
    target,
    thing,
)

CATALOGUE = Catalogue((THINGS, STACKS))
BOTH = settings(environment("prod", target(services=("things", "stacks"))))
BROKE_AT = END - 360.0
BAD = [10.0] + [90.0] * 6
IN_ORDER = {"half_updated": False, "failed": False, "rolled_back": False, "in_progress": False}


def stack(name: str, updated_at: float | None = None, *, region: str = "eu-west-1", **changes: Any) -> Resource:
    facts = {"status": "UPDATE_COMPLETE", "updated_at": updated_at, "began_at": updated_at, **IN_ORDER}
    kind = "nested" if "related" in changes else "stack"
    where = slot("stacks", region=region)
    return thing(name, None, where=where, kind=kind, facts=facts, stack=name, **changes)


def shown(*resources: Resource, configured: Any = BOTH) -> Snapshot:
    looks: dict[Any, Observation] = {}
    for at in dict.fromkeys(one.slot for one in resources):
        looks |= seen(*(one for one in resources if one.slot == at), at=at)
    return snapshot(configured, looks, catalogue=CATALOGUE)


def changed(*resources: Resource, configured: Any = BOTH) -> Change | None:
    return only_finding(shown(*resources, configured=configured)).changed


def test_the_update_of_its_own_stack_is_named() -> None:
    found = changed(thing("web", BAD, stack="shop"), stack("shop", BROKE_AT - 120))
    assert found == Change("stack updated (shop)", BROKE_AT - 120)


def test_its_own_change_says_more() -> None:
    published = {"version": "42", "published_at": BROKE_AT - 60}
    found = changed(thing("web", BAD, stack="shop", facts=published), stack("shop", BROKE_AT - 120))
    assert found == Change("version 42, published", BROKE_AT - 60)


@pytest.mark.parametrize(
    "other",
    [
        stack("shop-too", BROKE_AT - 120),
        stack("shop", BROKE_AT - 31 * 60),
        stack("shop", BROKE_AT + 120),
        stack("shop"),
        stack("shop", BROKE_AT - 120, region="us-east-1"),
    ],
    ids=["another stack", "long before", "afterwards", "never updated", "elsewhere"],
)
def test_what_has_nothing_to_do_with_it_is_not_named(other: Resource) -> None:
    regions = settings(
        environment(
            "prod",
            target(services=("things",)),
            target(services=("stacks",), regions=("eu-west-1", "us-east-1")),
        )
    )
    everywhere = (other, stack("base", region="eu-west-1"), stack("base", region="us-east-1"))
    assert changed(thing("web", BAD, stack="shop"), *everywhere, configured=regions) is None


def test_what_no_stack_made_has_no_update() -> None:
    assert changed(thing("web", BAD), stack("shop", BROKE_AT - 120)) is None


def test_the_update_of_a_nested_stack_is_that_of_the_one_around_it() -> None:
    around = stack("shop", BROKE_AT - 120)
    inner = stack("shop-Api-1A", BROKE_AT - 90, related={"parent": around.key})
    found = changed(thing("web", BAD, stack="shop-Api-1A"), around, inner)
    assert found == Change("stack updated (shop)", BROKE_AT - 120)


def test_where_stacks_are_not_watched_nothing_is_named() -> None:
    bad = thing("web", BAD, stack="shop")
    assert changed(bad, configured=settings(environment("prod", target()))) is None


def test_a_stack_in_trouble_is_itself_what_changed() -> None:
    failed = stack("shop", NOW - 600)
    failed = thing("shop", None, where=failed.slot, kind="stack", facts={**failed.facts, "rolled_back": True})
    finding = only_finding(shown(thing("web"), failed))
    assert (finding.rule, finding.changed) == ("stacks.rolled_back", None)


# Where stacks belong.

SHOP = stack("shop-prod", tags={"stage": "prod"})
INNER = stack("shop-prod-Api-1A", related={"parent": SHOP.key})
PREVIEW = stack("shop-pr7", tags={"stage": "preview"})


@pytest.mark.parametrize(
    "selectors",
    [{"names": ("shop-prod",)}, {"stacks": ("shop-p*d",)}, {"tags": {"stage": "prod"}}],
    ids=["name", "stack", "tag"],
)
def test_selectors_choose_stacks_and_nested_ones_follow(selectors: Any) -> None:
    configured = settings(environment("prod", target(services=("stacks",), **selectors)))
    (state,) = shown(SHOP, INNER, PREVIEW, configured=configured).environments
    assert set(state.cells["stacks"].resources) == {SHOP.key, INNER.key}


def test_environments_are_found_by_the_names_of_their_stacks() -> None:
    template = environment("pr{n}", target(services=("stacks",), names=("shop-pr{n}",)), pattern=r"shop-pr(?P<n>\d+)")
    found = shown(SHOP, INNER, PREVIEW, configured=settings(templates=(template,))).environments
    assert [str(one.id) for one in found] == ["shop/pr7"]


def test_an_environment_whose_stack_is_not_there_is_unknown() -> None:
    configured = settings(environment("prod", target(services=("stacks",), names=("nobody",))))
    finding = only_finding(shown(SHOP, configured=configured))
    assert finding.reason == "nothing matches names nobody"
