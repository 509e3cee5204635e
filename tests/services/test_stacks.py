"""Stacks: what is deployed, since when, and what an operator must know of each status."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.resource import Resource
from cockpit.model.service import Settled
from cockpit.model.verdict import Health
from cockpit.services._stack_status import standing
from cockpit.services.stacks import SERVICE, discover, headline
from tests.services.recorded import NOW, RecordedReader, Refusal, named, service_model
from tests.services.stack_answers import (
    DAY,
    HOUR,
    MINUTE,
    health,
    judged,
    look,
    moment,
    nested,
    stack,
    stack_id,
)

STATUSES: list[str] = list(service_model("cloudformation").shape_for("StackStatus").enum)

CRITICAL = {"UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"}
WARNING = {
    "CREATE_FAILED",
    "DELETE_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
}


async def of_status(status: str, *, age: float = 10 * MINUTE) -> Resource:
    return named(await look(stack("shop", status, age=age)), "shop")


# What every status means.


@pytest.mark.parametrize("status", sorted(set(STATUSES) - {"DELETE_COMPLETE"}))
async def test_every_status_that_aws_knows_is_judged_as_an_operator_would(status: str) -> None:
    expected = Health.CRITICAL if status in CRITICAL else Health.WARNING if status in WARNING else Health.OK
    assert health(await of_status(status)) is expected


@pytest.mark.parametrize("status", STATUSES)
def test_nothing_that_failed_or_was_taken_back_is_in_order(status: str) -> None:
    """Held against the words themselves, so that a status that AWS adds is not green by oversight."""
    if "FAILED" in status or "ROLLBACK" in status:
        assert standing(status).in_trouble
    else:
        assert standing(status).failed is False
        assert not standing(status).in_trouble


@pytest.mark.parametrize("status", sorted(set(STATUSES) - {"DELETE_COMPLETE"}))
async def test_whatever_is_in_progress_for_longer_than_an_hour_is_a_warning_at_least(status: str) -> None:
    late, soon = await of_status(status, age=61 * MINUTE), await of_status(status, age=59 * MINUTE)
    expected = status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"
    reasons = [one.reason for one in judged(late)]
    assert any(reason.startswith("in progress for 61 min") for reason in reasons) is expected
    assert not any(one.reason.startswith("in progress") for one in judged(soon))
    assert not expected or health(late).rank >= Health.WARNING.rank


@pytest.mark.parametrize("status", ["PAUSED", "UPGRADE_COMPLETE", "UPGRADE_FAILED", ""])
async def test_a_status_that_nobody_knows_is_unknown(status: str) -> None:
    assert health(await of_status(status)) is Health.UNKNOWN
    assert "?" in headline([await of_status(status)]).text


async def test_a_change_set_that_waits_for_somebody_is_no_trouble_however_long() -> None:
    assert health(await of_status("REVIEW_IN_PROGRESS", age=9 * DAY)) is Health.OK


async def test_deleted_stacks_are_not_listed() -> None:
    found = await look(stack("old", "DELETE_COMPLETE", DeletionTime=moment(DAY)), stack("shop"))
    assert [one.name for one in found.resources] == ["shop"]


# What is told of a stack.


async def test_a_stack_tells_what_an_operator_asks_for() -> None:
    row = stack(
        "shop",
        age=3 * HOUR,
        Description="The shop",
        EnableTerminationProtection=True,
        DriftInformation={"StackDriftStatus": "DRIFTED", "LastCheckTimestamp": moment(DAY)},
        Tags=[{"Key": "stage", "Value": "prod"}],
    )
    one = named(await look(row), "shop")
    assert (one.key, one.kind, one.stack, one.tags) == (stack_id("shop"), "stack", "shop", {"stage": "prod"})
    assert one.facts["status"] == "UPDATE_COMPLETE"
    assert (one.facts["created_at"], one.facts["updated_at"]) == (NOW - 90 * DAY, NOW - 3 * HOUR)
    assert one.facts["termination_protection"] is True
    assert (one.facts["drift"], one.facts["drift_checked_at"]) == ("DRIFTED", NOW - DAY)
    assert one.facts["description"] == "The shop"


async def test_values_of_parameters_and_outputs_are_counted_and_never_kept() -> None:
    row = stack(
        "shop",
        Parameters=[
            {"ParameterKey": "Password", "ParameterValue": "****"},
            {"ParameterKey": "Token", "ParameterValue": "hunter2", "ResolvedValue": "hunter3"},
        ],
        Outputs=[{"OutputKey": "Url", "OutputValue": "https://u:hunter4@shop.example/"}],
    )
    found = await look(row)
    assert (named(found, "shop").facts["parameters"], named(found, "shop").facts["outputs"]) == (2, 1)
    for secret in ("hunter", "Token", "Password", "https"):
        assert secret not in repr(found)


async def test_a_stack_made_by_a_change_set_was_never_updated() -> None:
    """Executing the change set that creates a stack moves its LastUpdatedTime."""
    created = named(await look(stack("shop", "CREATE_COMPLETE", age=5 * MINUTE)), "shop")
    assert created.facts["updated_at"] is None
    # A change set may wait for days before somebody executes it.
    assert created.facts["began_at"] == NOW - 5 * MINUTE


async def test_a_deletion_begins_when_it_was_asked_for() -> None:
    row = stack("shop", "DELETE_IN_PROGRESS", age=9 * DAY, DeletionTime=moment(10 * MINUTE))
    one = named(await look(row), "shop")
    assert one.facts["began_at"] == NOW - 10 * MINUTE
    assert health(one) is Health.OK


async def test_every_page_counts() -> None:
    pages = [{"Stacks": [stack(f"s{n}") for n in range(start, start + 3)], "NextToken": "on"} for start in (0, 3)]
    found = await discover(RecordedReader(SERVICE, {"DescribeStacks": pages}), None, Settled({}))
    assert len(found.resources) == 6


async def test_denied_stacks_fail_the_look() -> None:
    reader = RecordedReader(SERVICE, {"DescribeStacks": Refusal("AccessDenied")})
    with pytest.raises(CallFailed) as failed:
        await discover(reader, None, Settled({}))
    assert failed.value.failure.iam_action == "cloudformation:DescribeStacks"


# Nested stacks.


async def test_a_nested_stack_belongs_to_its_parent() -> None:
    found = await look(stack("shop"), nested("shop-Api-1A2B", "shop"))
    child = named(found, "shop-Api-1A2B")
    assert (child.kind, child.related) == ("nested", {"parent": stack_id("shop")})
    assert SERVICE.owner == "parent"


async def test_a_failed_update_that_took_every_nested_stack_back_is_told_once() -> None:
    back = "UPDATE_ROLLBACK_COMPLETE"
    found = await look(stack("shop", back), nested("shop-a", "shop", back), nested("shop-a-b", "shop-a", back))
    assert [bool(judged(one)) for one in found.resources] == [True, False, False]
    # The status itself stays what it is.
    assert {one.facts["status"] for one in found.resources} == {back}


async def test_a_nested_stack_whose_parent_is_well_speaks_for_itself() -> None:
    found = await look(stack("shop"), nested("shop-a", "shop", "UPDATE_ROLLBACK_FAILED"))
    assert [health(one) for one in found.resources] == [Health.OK, Health.CRITICAL]


async def test_stacks_that_name_each_other_as_parents_do_no_harm() -> None:
    found = await look(nested("a", "b", "UPDATE_FAILED"), nested("b", "a", "UPDATE_FAILED"))
    assert len(found.resources) == 2


# The cell.


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        (["UPDATE_COMPLETE", "CREATE_COMPLETE"], "2 ok"),
        (["UPDATE_COMPLETE", "UPDATE_IN_PROGRESS"], "updating"),
        (["CREATE_IN_PROGRESS"], "creating"),
        (["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_IN_PROGRESS"], "updating"),
        (["DELETE_IN_PROGRESS", "UPDATE_IN_PROGRESS"], "changing"),
        (["UPDATE_COMPLETE", "ROLLBACK_COMPLETE"], "1 failed"),
        (["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"], "1 failed"),
        (["ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"], "2 failed"),
        (["REVIEW_IN_PROGRESS", "UPDATE_COMPLETE"], "1 ok"),
    ],
)
async def test_the_cell_tells_the_worst(statuses: list[str], text: str) -> None:
    found = await look(*(stack(f"s{number}", status) for number, status in enumerate(statuses)))
    assert headline(found.resources).text == text


async def test_the_cell_names_the_one_that_is_half_updated() -> None:
    found = await look(stack("a", "UPDATE_ROLLBACK_COMPLETE"), stack("b", "UPDATE_FAILED"))
    assert headline(found.resources).label == "b"


async def test_nested_stacks_are_parts_of_what_is_counted() -> None:
    found = await look(stack("shop"), nested("shop-a", "shop"), nested("shop-b", "shop"))
    assert headline(found.resources).text == "1 ok"
    assert headline(found.resources[1:]).text == "2 ok"


def words(fact: str, row: Any) -> str:
    declared = next(one for one in SERVICE.dated if one.fact == fact)
    return declared.words(row)


async def test_an_update_is_told_as_it_ended() -> None:
    told = {
        status: words("updated_at", await of_status(status))
        for status in ("UPDATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED")
    }
    assert list(told.values()) == ["stack updated", "stack update began", "stack update failed", "stack update failed"]
