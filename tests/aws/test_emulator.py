"""The whole room against an emulator: real signing, assumed roles, queues and metrics over HTTP."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest

from cockpit.aws.meter import Meter
from cockpit.config.settings import Account
from cockpit.model.ids import SlotId
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import REGION, SPEC, Clock
from tests.aws.test_metrics import QUERY
from tests.plain_moto import PlainMoto

HUB_ID = "123456789012"
"""The account that the emulator gives to whoever brings keys of his own."""
IDS = {"one": "111122223333", "two": "444455556666"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    with PlainMoto() as moto:
        yield moto.urls[0]


def role(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:role/cockpit-read"


def seed(url: str, account_id: str, queue: str) -> None:
    """A queue with a metric, in an account reached by AssumeRole."""
    hub = boto3.Session("AKIAHUB", "s", region_name=REGION)
    keys = hub.client("sts", endpoint_url=url).assume_role(RoleArn=role(account_id), RoleSessionName="seed")[
        "Credentials"
    ]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    session.client("sqs", endpoint_url=url).create_queue(QueueName=queue)
    datum = {
        "MetricName": "Depth",
        "Value": 7.0,
        "Timestamp": datetime.fromtimestamp(QUERY.start + 60, UTC),
        "Dimensions": [{"Name": "QueueName", "Value": queue}],
    }
    session.client("cloudwatch", endpoint_url=url).put_metric_data(Namespace="Test", MetricData=[datum])


async def test_two_accounts_are_read_each_with_its_own_role(
    open_room: OpenRoom, emulator: str, aws_files, clock: Clock, meter: Meter
) -> None:
    (aws_files / "credentials").write_text("[hub]\naws_access_key_id = AKIAHUB\naws_secret_access_key = s\n")
    for name, account_id in IDS.items():
        await asyncio.to_thread(seed, emulator, account_id, f"events-{name}")
    accounts = [
        Account(name, account_id, (REGION,), profile="hub", role_arn=role(account_id), endpoint_url=emulator)
        for name, account_id in IDS.items()
    ]
    hub = Account("hub", HUB_ID, (REGION,), profile="hub", endpoint_url=emulator)
    async with open_room(*accounts, hub) as room:

        async def look(name: str) -> tuple[list[str], float | None]:
            slot = SlotId(name, REGION, "things")
            urls = await room.reader(slot, SPEC, clock()).pages("ListQueues", "QueueUrls")
            query = replace(QUERY, namespace="Test", name="Depth", dimensions=(("QueueName", f"events-{name}"),))
            answer = await room.load(slot, [query], clock())
            assert answer.failures == ()
            return urls, answer.series[query.resource, query.metric].latest

        found = await asyncio.gather(*(look(name) for name in IDS))
        identities = [await room.verify(name) for name in ("one", "two", "hub")]
    for (urls, latest), (name, account_id) in zip(found, IDS.items(), strict=True):
        assert [url.rpartition("/")[2] for url in urls] == [f"events-{name}"]
        assert account_id in urls[0]
        assert latest == 7.0
    assert [identity.account_id for identity in identities] == [*IDS.values(), HUB_ID]
    assert meter.reading(clock()).cost_usd > 0
