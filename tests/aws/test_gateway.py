"""What the read gateway lets through, and how it pages and gathers."""

import asyncio
import inspect
from dataclasses import replace

import pytest

from cockpit.aws.failed import CallFailed, UndeclaredCall
from cockpit.aws.room import AwsRoom
from cockpit.model.service import Call
from cockpit.model.verdict import Outcome
from tests.aws.fleet import DEV_ID, FUNCTIONS, HOME, NOW, REGION, SPEC
from tests.aws.wire import Reply, Wire, error, rest_error


async def test_a_declared_read_is_answered(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, Reply({"Functions": [{"FunctionName": "checkout"}]}))
    reader = room.reader(HOME, SPEC, NOW)
    answer = await reader.call("ListFunctions")
    assert answer["Functions"][0]["FunctionName"] == "checkout"
    assert (reader.account_id, reader.slot, reader.now) == (DEV_ID, HOME, NOW)
    assert wire.calls(FUNCTIONS)[0].region == REGION


@pytest.mark.parametrize("operation", ["GetFunction", "DeleteFunction"])
async def test_an_undeclared_operation_and_a_declared_write_never_reach_the_wire(
    room: AwsRoom, wire: Wire, operation: str
) -> None:
    with pytest.raises(UndeclaredCall):
        await room.reader(HOME, SPEC, NOW).call(operation, FunctionName="checkout")
    assert wire.seen == []


async def test_the_user_agent_names_the_cockpit(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, Reply({"Functions": []}))
    await room.reader(HOME, SPEC, NOW).call("ListFunctions")
    assert wire.calls(FUNCTIONS)[0].headers["user-agent"].startswith("cockpit/")


async def test_every_page_is_read_with_botocores_own_rules(room: AwsRoom, wire: Wire) -> None:
    pages = {None: ("a", "2"), "2": ("b", "3"), "3": ("c", None)}

    def functions(seen):
        name, token = pages[seen.parameters.get("Marker")]
        return Reply({"Functions": [{"FunctionName": name}], "NextMarker": token})

    wire.on(FUNCTIONS, functions)
    names = await room.reader(HOME, SPEC, NOW).pages("ListFunctions", "Functions[].FunctionName")
    assert names == ["a", "b", "c"]


async def test_pages_are_read_where_botocore_has_no_rules_but_the_operation_has_a_token(
    room: AwsRoom, wire: Wire
) -> None:
    def costs(seen):
        more = "NextPageToken" not in seen.parameters
        return Reply({"ResultsByTime": [{"Estimated": more}], **({"NextPageToken": "2"} if more else {})})

    wire.on("GetCostAndUsage", costs)
    period = {"Start": "2023-11-01", "End": "2023-11-02"}
    found = await room.reader(HOME, SPEC, NOW).pages(
        "GetCostAndUsage", "ResultsByTime", TimePeriod=period, Granularity="DAILY", Metrics=["UnblendedCost"]
    )
    assert [part["Estimated"] for part in found] == [True, False]


async def test_an_operation_without_pages_is_one_page(room: AwsRoom, wire: Wire) -> None:
    wire.on("GetQueueAttributes", Reply({"Attributes": {"DelaySeconds": "5"}}))
    found = await room.reader(HOME, SPEC, NOW).pages("GetQueueAttributes", "values(Attributes)", QueueUrl=wire.url)
    assert found == ["5"]


async def test_sqs_is_asked_for_pages_because_it_gives_them_only_then(room: AwsRoom, wire: Wire) -> None:
    wire.on("ListQueues", Reply({"QueueUrls": ["u"]}))
    assert await room.reader(HOME, SPEC, NOW).pages("ListQueues", "QueueUrls") == ["u"]
    assert wire.calls("ListQueues")[0].parameters["MaxResults"] == 1000


async def test_pages_that_go_in_a_circle_are_a_failure_and_no_endless_loop(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, Reply({"Functions": [], "NextMarker": "again"}))
    with pytest.raises(CallFailed) as caught:
        await room.reader(HOME, SPEC, NOW).pages("ListFunctions", "Functions")
    assert caught.value.failure.outcome is Outcome.INVALID


async def test_a_failed_page_fails_the_whole(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, [Reply({"Functions": [{}], "NextMarker": "2"}), rest_error("AccessDeniedException", status=403)])
    with pytest.raises(CallFailed) as caught:
        await room.reader(HOME, SPEC, NOW).pages("ListFunctions", "Functions")
    assert caught.value.failure.summary == "denied lambda:ListFunctions"


async def test_gather_puts_failures_in_the_place_of_results(room: AwsRoom, wire: Wire) -> None:
    def attributes(seen):
        if seen.parameters["QueueUrl"].endswith("secret"):
            return error("AccessDeniedException", status=403)
        return Reply({"Attributes": {"QueueArn": seen.parameters["QueueUrl"]}})

    wire.on("GetQueueAttributes", attributes)
    reader = room.reader(HOME, SPEC, NOW)
    urls = [f"{wire.url}/{name}" for name in ("a", "secret", "b")]
    first, second, third = await reader.gather([reader.call("GetQueueAttributes", QueueUrl=url) for url in urls])
    assert first["Attributes"]["QueueArn"].endswith("a")
    assert isinstance(second, CallFailed)
    assert second.failure.outcome is Outcome.DENIED
    assert third["Attributes"]["QueueArn"].endswith("b")


async def test_gather_raises_a_defect_and_leaves_nothing_running(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, Reply({"Functions": []}, wait_seconds=0.3))
    await room.warm([HOME])
    await room.verify("dev")
    reader = room.reader(HOME, SPEC, NOW)
    with pytest.raises(UndeclaredCall):
        await reader.gather([reader.call("ListFunctions"), reader.call("GetFunction")])
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_two_clients_with_an_operation_of_one_name_are_refused_not_guessed(room: AwsRoom) -> None:
    spec = replace(SPEC, calls=(Call("lambda", "ListTags", "lambda:ListTags"), Call("kms", "ListTags", "kms:ListTags")))
    with pytest.raises(UndeclaredCall):
        await room.reader(HOME, spec, NOW).call("ListTags")


async def test_a_gathering_that_is_given_up_at_once_leaves_no_call_behind(room: AwsRoom) -> None:
    reader = room.reader(HOME, SPEC, NOW)
    calls = [reader.call("ListFunctions") for _ in range(3)]
    gathering = asyncio.ensure_future(reader.gather(calls))
    # Given up after it began and before any of its calls could: as when the program ends.
    asyncio.get_running_loop().call_soon(gathering.cancel)
    with pytest.raises(asyncio.CancelledError):
        await gathering
    assert all(inspect.getcoroutinestate(call) == inspect.CORO_CLOSED for call in calls)
