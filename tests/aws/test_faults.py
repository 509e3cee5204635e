"""Calls against an AWS that misbehaves on the wire: each ends as one failure, in bounded time."""

import time
from dataclasses import replace

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.aws.meter import Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Polling
from cockpit.model.ids import SlotId
from cockpit.model.verdict import Failure, Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, FUNCTIONS, HOME, NOW, PROD, SPEC
from tests.aws.wire import Reply, Wire, rest_error, xml_error


async def failure_of(room: AwsRoom, operation: str = "ListFunctions", slot: SlotId = HOME) -> Failure:
    with pytest.raises(CallFailed) as caught:
        await room.reader(slot, SPEC, NOW).call(operation)
    return caught.value.failure


async def test_a_throttled_call_is_tried_again_and_counted(room: AwsRoom, wire: Wire, meter: Meter) -> None:
    wire.on(FUNCTIONS, [rest_error("TooManyRequestsException", status=429), Reply({"Functions": []})])
    assert (await room.reader(HOME, SPEC, NOW).call("ListFunctions"))["Functions"] == []
    line = next(line for line in meter.reading(NOW).lines if line.operation == "ListFunctions")
    assert (line.calls, line.attempts, line.throttles, line.failures) == (1, 2, 1, 0)


async def test_throttling_without_end_is_throttled(room: AwsRoom, wire: Wire, meter: Meter) -> None:
    wire.on(FUNCTIONS, rest_error("ThrottlingException", "Rate exceeded"))
    failure = await failure_of(room)
    assert (failure.outcome, failure.code, failure.message) == (
        Outcome.THROTTLED,
        "ThrottlingException",
        "Rate exceeded",
    )
    assert len(wire.calls(FUNCTIONS)) == 3
    line = next(line for line in meter.reading(NOW).lines if line.operation == "ListFunctions")
    assert (line.attempts, line.throttles, line.failures) == (3, 3, 1)


@pytest.mark.parametrize(
    "reply",
    [Reply("", 503), Reply({"message": None}, 500), Reply("", hang_up=True), Reply({"QueueUrls": []}, cut_at=5)],
    ids=["empty 503", "500", "reset", "truncated body"],
)
async def test_a_service_that_is_down_is_unreachable(room: AwsRoom, wire: Wire, reply: Reply) -> None:
    wire.on("ListQueues", reply)
    failure = await failure_of(room, "ListQueues")
    assert failure.outcome is Outcome.UNREACHABLE
    assert failure.message
    assert len(wire.calls("ListQueues")) == 3


async def test_a_server_that_recovers_is_answered_by(room: AwsRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, [Reply("", 500), Reply("", hang_up=True), Reply({"Functions": []})])
    assert (await room.reader(HOME, SPEC, NOW).call("ListFunctions"))["Functions"] == []


@pytest.mark.parametrize(
    "reply", [Reply({"Functions": []}, drip_seconds=0.05), Reply(wait_seconds=2.0)], ids=["slow drip", "silence"]
)
async def test_no_answer_outlives_the_deadline(open_room: OpenRoom, wire: Wire, reply: Reply) -> None:
    async with open_room(DEV, polling=Polling(call_timeout_seconds=0.4)) as room:
        await room.verify("dev")
        wire.on(FUNCTIONS, reply)
        started = time.monotonic()
        failure = await failure_of(room)
    assert time.monotonic() - started < 1.0
    assert (failure.outcome, failure.code) == (Outcome.UNREACHABLE, "DeadlineExceeded")


async def test_a_refused_connection_is_unreachable(open_room: OpenRoom, wire: Wire) -> None:
    account = replace(DEV, endpoint_urls={"lambda": "http://127.0.0.1:9"})
    async with open_room(account) as room:
        failure = await failure_of(room)
    assert (failure.outcome, failure.code) == (Outcome.UNREACHABLE, "EndpointConnectionError")


@pytest.mark.parametrize("body", ["<html>Please log in</html>", '{"Functions": [{}', "", "[]"])
@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("ListFunctions", FUNCTIONS),
        ("ListQueues", "ListQueues"),
        ("DescribeDBInstances", "DescribeDBInstances"),
        ("DescribeAlarms", "DescribeAlarms"),
        ("ListDistributions", "/2020-05-31/distribution"),
    ],
)
async def test_an_answer_that_is_no_answer_is_never_an_empty_one(
    room: AwsRoom, wire: Wire, operation: str, asked: str, body: str
) -> None:
    wire.on(asked, Reply(body))
    failure = await failure_of(room, operation)
    assert (failure.outcome, failure.code) == (Outcome.INVALID, "ResponseParserError")


async def test_a_denied_call_names_the_missing_action_and_the_request(room: AwsRoom, wire: Wire) -> None:
    said = (
        "User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: lambda:GetLayerVersion"
        " because no identity-based policy allows the action"
    )
    wire.on(FUNCTIONS, rest_error("AccessDeniedException", said, 403))
    failure = await failure_of(room)
    assert (failure.outcome, failure.iam_action, failure.message) == (Outcome.DENIED, "lambda:GetLayerVersion", said)
    assert (failure.account, failure.region, failure.service, failure.operation) == (
        "dev",
        "eu-west-2",
        "things",
        "ListFunctions",
    )


async def test_credentials_that_have_expired_are_resolved_once_more(
    room: AwsRoom, wire: Wire, aws_files, meter: Meter
) -> None:
    wire.accounts["AKIANEW"] = DEV.id

    def functions(seen):
        if seen.access_key == "AKIADEV":
            return rest_error("ExpiredTokenException", status=403)
        return Reply({"Functions": []})

    wire.on(FUNCTIONS, functions)
    await room.verify("dev")
    (aws_files / "credentials").write_text("[dev]\naws_access_key_id = AKIANEW\naws_secret_access_key = s\n")
    assert (await room.reader(HOME, SPEC, NOW).call("ListFunctions"))["Functions"] == []
    assert [seen.access_key for seen in wire.calls("GetCallerIdentity")] == ["AKIADEV", "AKIANEW"]


async def test_credentials_that_stay_expired_are_expired_and_the_identity_is_asked_again(
    room: AwsRoom, wire: Wire
) -> None:
    wire.on(FUNCTIONS, rest_error("ExpiredTokenException", "The security token included in the request is expired"))
    failure = await failure_of(room)
    assert (failure.outcome, failure.code) == (Outcome.EXPIRED, "ExpiredTokenException")
    assert len(wire.calls(FUNCTIONS)) == 1
    wire.on("GetCallerIdentity", xml_error("ExpiredToken"))
    with pytest.raises(CallFailed) as caught:
        await room.verify("dev")
    assert caught.value.failure.outcome is Outcome.EXPIRED


async def test_a_region_that_refuses_keys_that_are_good_elsewhere_is_disabled(open_room: OpenRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, rest_error("UnrecognizedClientException", "The security token is invalid", 403))
    async with open_room(replace(DEV, regions=("ap-east-1",))) as room:
        failure = await failure_of(room, slot=SlotId("dev", "ap-east-1", "things"))
    assert failure.outcome is Outcome.REGION_DISABLED
    assert {seen.region for seen in wire.calls("GetCallerIdentity")} == {"us-east-1"}


async def test_keys_that_no_region_knows_are_no_disabled_region(open_room: OpenRoom, wire: Wire) -> None:
    async with open_room(replace(DEV, regions=("ap-east-1",))) as room:
        await room.verify("dev")
        wire.on("GetCallerIdentity", xml_error("InvalidClientTokenId"))
        wire.on(FUNCTIONS, rest_error("UnrecognizedClientException", "The security token is invalid", 403))
        failure = await failure_of(room, slot=SlotId("dev", "ap-east-1", "things"))
    assert (failure.outcome, failure.code) == (Outcome.INVALID, "InvalidClientTokenId")


async def test_one_sick_account_leaves_the_others_their_retries(open_room: OpenRoom, wire: Wire, meter: Meter) -> None:
    """botocore's quota of a client (500, 5 a retry) would be gone after 50 such calls."""

    def queues(seen):
        if seen.access_key == "AKIADEV":
            return Reply("", 500)
        tried = len([s for s in wire.calls("ListQueues") if s.access_key == "AKIAPROD"])
        return Reply({"QueueUrls": []}) if tried > 1 else Reply("", 500)

    wire.on("ListQueues", queues)
    polling = Polling(call_timeout_seconds=5.0, concurrency=120, concurrency_per_account=120)
    async with open_room(DEV, PROD, polling=polling) as room:
        sick = room.reader(HOME, SPEC, NOW)
        results = await sick.gather([sick.call("ListQueues") for _ in range(60)])
        assert all(isinstance(result, CallFailed) for result in results)
        wire.on("ListQueues", queues)
        answer = await room.reader(SlotId("prod", HOME.region, "things"), SPEC, NOW).call("ListQueues")
    assert answer["QueueUrls"] == []
