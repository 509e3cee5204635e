"""Rates and concurrency: AWS's quotas are kept, and nobody waits for somebody else's slow account."""

import asyncio
import time

import pytest
from botocore.session import Session

from cockpit.aws.lanes import Lanes
from cockpit.aws.limiter import QUOTAS, Limiter, quota_of
from cockpit.config.settings import Polling
from cockpit.model.ids import SlotId
from cockpit.model.service import Call
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, NOW, PROD, PROD_ID, REGION, SPEC
from tests.aws.wire import Reply, Wire


def call(client: str, operation: str) -> Call:
    return Call(client, operation, f"{client}:{operation}")


def test_lambdas_quotas_are_apart_where_aws_keeps_them_apart() -> None:
    shared = quota_of(call("lambda", "ListFunctions"))
    assert shared == quota_of(call("lambda", "ListAliases"))
    assert shared.per_second == 12
    assert quota_of(call("lambda", "GetFunction")).per_second == 80
    assert quota_of(call("lambda", "GetPolicy")).bucket != shared.bucket


def test_no_rate_is_above_what_aws_publishes() -> None:
    published = {("lambda", "*"): 15, ("cloudwatch", "DescribeAlarms"): 9, ("cloudwatch", "GetMetricData"): 50}
    assert all(QUOTAS[key].per_second < limit for key, limit in published.items())


def test_quotas_name_operations_that_exist() -> None:
    session = Session()
    for client, operation in QUOTAS:
        if operation != "*":
            assert operation in session.get_service_model(client).operation_names


def test_a_client_that_is_not_listed_has_a_bucket_of_its_own() -> None:
    assert quota_of(call("dynamodb", "ListTables")).bucket != quota_of(call("appsync", "ListApis")).bucket


async def burst(limiter: Limiter, account: str, region: str, calls: int, points: int = 0) -> float:
    started = time.monotonic()
    for _ in range(calls):
        await limiter.acquire(account, region, call("cloudwatch", "DescribeAlarms"), points=points)
    return time.monotonic() - started


async def test_a_full_bucket_is_waited_for_but_only_by_its_own_account_and_region() -> None:
    limiter = Limiter()
    assert await burst(limiter, DEV_ID, REGION, 7) < 0.05
    assert await burst(limiter, DEV_ID, REGION, 2) > 0.1
    assert await burst(limiter, PROD_ID, REGION, 7) < 0.05
    assert await burst(limiter, DEV_ID, "us-east-1", 7) < 0.05


async def test_data_points_are_a_quota_of_their_own() -> None:
    limiter = Limiter()
    assert await burst(limiter, DEV_ID, REGION, 1, points=144_000) < 0.05
    assert await burst(limiter, DEV_ID, REGION, 1, points=20_000) > 0.1


async def hold(lanes: Lanes, lane: str, seconds: float, log: list[str]) -> None:
    async with lanes.enter(lane):
        log.append(lane)
        await asyncio.sleep(seconds)


async def test_a_lane_has_a_bound_of_its_own() -> None:
    lanes, inside, most = Lanes(total=10, per_lane=2, patience_seconds=9), 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with lanes.enter("a"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(8)))
    assert most == 2


async def test_free_places_go_to_the_lanes_in_turn() -> None:
    lanes, log = Lanes(total=1, per_lane=1, patience_seconds=9), []
    await asyncio.gather(*(hold(lanes, lane, 0.001, log) for lane in "aaaabc"))
    assert "".join(log) == "aabcaa"


async def test_whoever_waits_long_gives_its_place_on_and_keeps_its_lane() -> None:
    lanes, log = Lanes(total=2, per_lane=2, patience_seconds=0.05), []
    slow = [asyncio.create_task(hold(lanes, "slow", 0.3, log)) for _ in range(3)]
    await asyncio.sleep(0)
    started = time.monotonic()
    await hold(lanes, "quick", 0, log)
    assert time.monotonic() - started < 0.2
    assert log.count("slow") == 2
    await asyncio.gather(*slow)
    assert log.count("slow") == 3
    async with lanes.enter("x"), lanes.enter("y"):
        pass


async def test_giving_up_while_waiting_or_inside_loses_no_place() -> None:
    lanes, log = Lanes(total=1, per_lane=1, patience_seconds=9), []
    inside = asyncio.create_task(hold(lanes, "a", 9, log))
    waiting = asyncio.create_task(hold(lanes, "b", 9, log))
    await asyncio.sleep(0.01)
    waiting.cancel()
    inside.cancel()
    await asyncio.gather(inside, waiting, return_exceptions=True)
    async with asyncio.timeout(0.5):
        await hold(lanes, "c", 0, log)
    assert log == ["a", "c"]


async def test_a_place_that_is_granted_to_somebody_who_has_just_given_up_goes_to_the_next() -> None:
    lanes, log = Lanes(total=1, per_lane=1, patience_seconds=9), []
    first = asyncio.create_task(hold(lanes, "a", 0.02, log))
    second = asyncio.create_task(hold(lanes, "b", 0, log))
    await asyncio.sleep(0.005)
    first.add_done_callback(lambda _: second.cancel())
    await asyncio.gather(first, second, return_exceptions=True)
    async with asyncio.timeout(0.5):
        await hold(lanes, "c", 0, log)
    assert "c" in log


@pytest.mark.parametrize("wait", [1.2])
async def test_an_account_that_hangs_does_not_delay_another(open_room: OpenRoom, wire: Wire, wait: float) -> None:
    def queues(seen):
        return Reply({"QueueUrls": []}, wait_seconds=wait if seen.access_key == "AKIADEV" else 0)

    wire.on("ListQueues", queues)
    polling = Polling(concurrency=8, concurrency_per_account=6, call_timeout_seconds=5)
    async with open_room(DEV, PROD, polling=polling) as room:
        await room.warm([SlotId("dev", REGION, "things")])
        await asyncio.gather(room.verify("dev"), room.verify("prod"))
        slow = room.reader(SlotId("dev", REGION, "things"), SPEC, NOW)
        many = [slow.call("ListQueues") for _ in range(12)]
        hanging = asyncio.create_task(slow.gather(many))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        quick = room.reader(SlotId("prod", REGION, "things"), SPEC, NOW)
        await quick.gather([quick.call("ListQueues") for _ in range(10)])
        took = time.monotonic() - started
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
    assert took < 0.6
