"""What belongs to a thing: queues and dead letters, functions, aliases and alarms, in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot
from screens.relations import Relations
from tests.ui.fleet import fleet
from tests.ui.test_logs import ALIAS, FUNCTION


def with_alarms(*alarms: Resource) -> Snapshot:
    """The fleet with other alarms in the account of the failing release."""
    snapshot = fleet()
    slot = SlotId("combo-sandbox", "eu-west-1", "alarms")
    observation = replace(snapshot.observations[slot], resources=alarms)
    return replace(snapshot, observations={**snapshot.observations, slot: observation})


def alarm(
    name: str, kind: str = "metric_alarm", service: str = "lambda", account: str = "combo-sandbox", **more: str
) -> Resource:
    slot = SlotId(account, "eu-west-1", "alarms")
    return Resource(f"arn:alarm:{account}:{name}", slot, kind, name, {"watched_service": service}, related=more)


@pytest.fixture(name="watched")
def _watched() -> Snapshot:
    return with_alarms(
        alarm("payments-errors", watches="payments-1"),
        alarm("another-service", service="sqs", watches="payments-1"),
        alarm("everything", "composite_alarm", children="payments-errors,gone"),
    )


def told(resource: Resource, snapshot: Snapshot, relations: Relations | None = None) -> list[tuple[str, str]]:
    return [(one.relation, one.name) for one in (relations or Relations()).of(resource, snapshot)]


def test_a_function_knows_its_aliases_and_the_alarms_that_watch_it(watched: Snapshot) -> None:
    assert ("alias", "checkout:live") in told(FUNCTION, watched)
    assert ("alarm", "payments-errors") in told(FUNCTION, watched)
    assert "another-service" not in dict(map(reversed, told(FUNCTION, watched)))  # type: ignore[arg-type]


def test_what_watches_a_function_watches_its_aliases(watched: Snapshot) -> None:
    assert told(ALIAS, watched)[0] == ("function", "payments-1")
    assert ("alarm", "payments-errors") in told(ALIAS, watched)


def test_an_alarm_knows_what_it_watches_and_its_parent(watched: Snapshot) -> None:
    found = watched.resource("arn:alarm:combo-sandbox:payments-errors")
    assert found is not None
    assert told(found, watched) == [("watches", "payments-1"), ("parent alarm", "everything")]
    parent = watched.resource("arn:alarm:combo-sandbox:everything")
    assert parent is not None
    assert told(parent, watched) == [("child alarm", "payments-errors"), ("child alarm", "gone")]


def test_a_name_means_something_in_its_own_account_only() -> None:
    slot = SlotId("trinity-prod", "eu-west-1", "alarms")
    snapshot = fleet()
    strange = alarm("elsewhere", account="trinity-prod", watches="payments-1")
    observation = replace(snapshot.observations[slot], resources=(strange,))
    changed = replace(snapshot, observations={**snapshot.observations, slot: observation})
    assert "elsewhere" not in [name for _, name in told(FUNCTION, changed)]


def test_relations_follow_what_is_new_and_forget_what_is_gone(watched: Snapshot) -> None:
    relations = Relations()
    assert ("alarm", "payments-errors") in told(FUNCTION, watched, relations)
    calm = with_alarms(alarm("payments-slow", watches="payments-1"))
    assert [one for one in told(FUNCTION, calm, relations) if one[0] == "alarm"] == [("alarm", "payments-slow")]
    slot = SlotId("combo-sandbox", "eu-west-1", "alarms")
    without = {key: one for key, one in calm.observations.items() if key != slot}
    left = told(FUNCTION, replace(calm, observations=without), relations)
    assert [one for one in left if one[0] == "alarm"] == []


def with_stacks(*stacks: Resource) -> Snapshot:
    """The fleet with stacks in the account of the failing release."""
    snapshot = fleet()
    slot = stacks[0].slot
    beside = next(one for key, one in snapshot.observations.items() if key.account == slot.account)
    observation = replace(beside, slot=slot, resources=stacks)
    return replace(snapshot, observations={**snapshot.observations, slot: observation})


def stack(name: str, region: str = "eu-west-1", **related: str) -> Resource:
    slot = SlotId("combo-sandbox", region, "stacks")
    kind = "nested" if related else "stack"
    return Resource(f"arn:stack:{name}", slot, kind, name, {}, related=related, stack=name)


def test_a_thing_knows_the_stack_that_it_comes_from() -> None:
    made = replace(FUNCTION, stack="payments")
    snapshot = with_stacks(stack("payments"), stack("other"))
    assert ("stack", "payments") in told(made, snapshot)
    assert "stack" not in dict(told(FUNCTION, snapshot))
    # A stack of the same name elsewhere is another one.
    assert "stack" not in dict(told(made, with_stacks(stack("payments", "us-east-1"))))


def test_nested_stacks_know_each_other() -> None:
    around, inner = stack("shop"), stack("shop-Api-1A", parent="arn:stack:shop")
    snapshot = with_stacks(around, inner)
    assert told(around, snapshot) == [("nested stack", "shop-Api-1A")]
    assert told(inner, snapshot) == [("parent", "shop")]
