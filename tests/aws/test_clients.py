"""Clients are shared; keys are not."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC

import pytest
from botocore.utils import parse_timestamp

from cockpit.aws.clients import Clients, SharedTlsSession, UnboundCall
from cockpit.aws.room import AwsRoom
from cockpit.aws.timestamps import read_timestamp
from cockpit.model.ids import SlotId
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, FUNCTIONS, HOME, NOW, PROD, REGION, SPEC
from tests.aws.wire import Reply, Wire

DATABASES = (
    "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult>"
    "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeDBInstancesResponse>"
)
OPERATIONS = {
    "ListFunctions": (FUNCTIONS, Reply({"Functions": []})),
    "ListQueues": ("ListQueues", Reply({"QueueUrls": []})),
    "DescribeDBInstances": ("DescribeDBInstances", Reply(DATABASES, content_type="text/xml")),
    "ListDistributions": ("/2020-05-31/distribution", Reply("<DistributionList/>", content_type="text/xml")),
    "DescribeAlarms": ("DescribeAlarms", Reply({"MetricAlarms": []})),
    "GetCostAndUsage": ("GetCostAndUsage", Reply({"ResultsByTime": []})),
}


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_accounts_that_share_a_client_sign_with_their_own_keys(
    open_room: OpenRoom, wire: Wire, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """Also while both are under way, and whatever keys the environment holds."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIALEAK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "leak")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "leak")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    asked, reply = OPERATIONS[operation]
    wire.on(asked, replace(reply, wait_seconds=0.05))
    parameters = {"TimePeriod": {"Start": "2023-11-01", "End": "2023-11-02"}, "Metrics": ["UnblendedCost"]}
    parameters = {**parameters, "Granularity": "DAILY"} if operation == "GetCostAndUsage" else {}
    async with open_room(DEV, PROD) as room:
        readers = [room.reader(SlotId(name, REGION, "things"), SPEC, NOW) for name in ("dev", "prod") * 3]
        await asyncio.gather(*(reader.call(operation, **parameters) for reader in readers))
        made = [key for key in room._clients._making if key[0] != "sts"]
    assert len(made) == 1
    assert sorted(seen.access_key for seen in wire.calls(asked)) == ["AKIADEV"] * 3 + ["AKIAPROD"] * 3
    assert {seen.access_key for seen in wire.seen} == {"AKIADEV", "AKIAPROD"}
    assert {seen.token for seen in wire.seen} == {None}


async def test_a_call_for_no_account_is_refused(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIALEAK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "leak")
    clients = Clients()
    client = await clients.get("sqs", REGION, wire.url)
    with pytest.raises(UnboundCall):
        await client.list_queues()
    await clients.close()
    assert wire.seen == []


async def test_a_client_is_made_once_however_many_ask(wire: Wire) -> None:
    clients = Clients()
    made = await asyncio.gather(*(clients.get("sqs", REGION, wire.url) for _ in range(5)))
    other = await clients.get("sqs", REGION, None)
    await clients.close()
    assert len({id(client) for client in made}) == 1
    assert other is not made[0]


async def test_a_client_that_cannot_be_made_is_tried_again() -> None:
    clients = Clients()
    for _ in range(2):
        with pytest.raises(ValueError, match="Invalid endpoint"):
            await clients.get("sqs", REGION, "http://")
    await clients.close()


async def test_tls_contexts_are_built_once_for_all_clients() -> None:
    first, second = SharedTlsSession(), SharedTlsSession()
    assert first._build_ssl_contexts(None) is second._build_ssl_contexts(None)
    assert SharedTlsSession(verify=False)._build_ssl_contexts(None) is not first._build_ssl_contexts(None)


async def test_times_are_read_the_fast_way(room: AwsRoom, wire: Wire) -> None:
    """botocore's own way gives them the local time zone, at ten times the price."""
    wire.on("DescribeAlarms", Reply({"MetricAlarms": [{"StateUpdatedTimestamp": 1_700_000_000.5}]}))
    answer = await room.reader(HOME, SPEC, NOW).call("DescribeAlarms")
    assert answer["MetricAlarms"][0]["StateUpdatedTimestamp"].tzinfo is UTC


async def test_warming_builds_what_the_slots_need_and_calls_nobody(room: AwsRoom, wire: Wire) -> None:
    await room.warm([HOME])
    made = {key[0] for key in room._clients._making}
    assert made == {"sts", "lambda", "sqs", "rds", "cloudfront", "cloudwatch", "ce"}
    assert wire.seen == []


async def test_clients_are_built_off_the_loop(room: AwsRoom) -> None:
    """Parsing a service model stalls the loop for up to 60 ms; in a thread it takes turns with it."""
    builders: list[threading.Thread] = []
    room._clients._session.register("creating-client-class", lambda **_: builders.append(threading.current_thread()))
    await room.warm([HOME])
    assert len(builders) == 7
    assert threading.current_thread() not in builders


@pytest.mark.parametrize(
    "value",
    [
        1_700_000_000,
        1_700_000_000.25,
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.5+00:00",
        "2023-11-14T22:13:20",
        "1700000000",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    ],
)
def test_timestamps_are_read_as_botocore_reads_them(value: float | str) -> None:
    read = read_timestamp(value)
    expected = parse_timestamp(value)
    if expected.tzinfo is None:
        expected = expected.replace(tzinfo=UTC)
    assert read == expected
    assert read.tzinfo is not None
