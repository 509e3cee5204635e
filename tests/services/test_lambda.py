"""Lambda: every function, and what is known of it without its secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.verdict import Outcome
from cockpit.services.lambda_ import SERVICE
from tests.services.lambda_answers import answers, function, look, many, pages_of, tagged
from tests.services.recorded import NOW, RecordedReader, Refusal, named
from tests.services.samples import sample


async def test_a_function_is_described_without_the_values_of_its_environment() -> None:
    config = function("checkout", Environment={"Variables": {"B_TOKEN": "hunter2-secret", "A_URL": "https://x"}})
    found = await look(RecordedReader(SERVICE, answers(ListFunctions={"Functions": [config]})))
    resource = named(found, "checkout")
    assert resource.facts["environment_keys"] == "A_URL, B_TOKEN"
    assert resource.facts["memory_mb"] == 512
    assert resource.facts["last_modified"] == NOW - 1800
    assert "hunter2" not in repr(found)


async def test_311_functions_are_all_listed() -> None:
    reader = RecordedReader(SERVICE, answers(ListFunctions=pages_of(many(311)), ListAliases={"Aliases": []}))
    found = await look(reader)
    assert sum(resource.kind == "function" for resource in found.resources) == 311


async def test_tags_and_stack_come_from_the_tagging_api() -> None:
    rows = [tagged("checkout", **{"stage": "prod", "aws:cloudformation:stack-name": "shop-prod"})]
    found = await look(RecordedReader(SERVICE, answers(GetResources={"ResourceTagMappingList": rows})))
    assert named(found, "checkout").tags["stage"] == "prod"
    assert named(found, "checkout").stack == "shop-prod"
    assert named(found, "checkout:live").stack == "shop-prod"


async def test_denied_tags_are_a_failure_and_the_tags_of_before_stay() -> None:
    rows = [tagged("checkout", stage="prod")]
    first = await look(RecordedReader(SERVICE, answers(GetResources={"ResourceTagMappingList": rows})))
    second = await look(RecordedReader(SERVICE, answers(GetResources=Refusal())), first)
    assert named(second, "checkout").tags == {"stage": "prod"}
    (failure,) = second.failures
    assert (failure.outcome, failure.iam_action) == (Outcome.DENIED, "tag:GetResources")


async def test_denied_tags_hide_nothing_where_nobody_selects_by_tag() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetResources=Refusal())), selected_by_tag=False)
    assert found.failures == ()


async def test_denied_functions_fail_the_whole_look() -> None:
    with pytest.raises(CallFailed) as failed:
        await look(RecordedReader(SERVICE, answers(ListFunctions=Refusal())))
    assert failed.value.failure.iam_action == "lambda:ListFunctions"


async def test_the_account_is_shared_and_holds_its_limit() -> None:
    found = await look(RecordedReader(SERVICE, answers()))
    (account,) = [resource for resource in found.resources if resource.kind == "traffic"]
    assert all(resource.shared for resource in found.resources if resource.kind in {"account", "traffic"})
    assert account.facts["concurrency_limit"] == 1000


async def test_a_limit_that_cannot_be_read_is_a_failure_and_the_one_of_before_stays() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    second = await look(RecordedReader(SERVICE, answers(GetAccountSettings=Refusal())), first)
    (account,) = [resource for resource in second.resources if resource.kind == "traffic"]
    assert account.facts["concurrency_limit"] == 1000
    assert [failure.operation for failure in second.failures] == ["GetAccountSettings"]


def dimensions(kind: str, name: str, **facts: str) -> Any:
    metric = SERVICE.metric("errors")
    assert metric is not None
    one = sample(SERVICE, kind, name, facts)
    return metric.dimensions(replace(one, shared=kind in {"account", "traffic"}))


def test_dimensions_are_the_exact_combinations_of_lambda() -> None:
    assert dimensions("account", "all") == dimensions("traffic", "all") == {}
    assert dimensions("function", "checkout") == {"FunctionName": "checkout"}
    assert dimensions("alias", "checkout:live", function="checkout") == {
        "FunctionName": "checkout",
        "Resource": "checkout:live",
    }
