"""Every look over HTTP: the real read gateway, signing included, against an emulator on loopback."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import boto3
import pytest

from cockpit.aws.meter import Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account, Polling
from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.service import Discovery, Reach, Settled
from cockpit.services import catalogue
from tests.plain_moto import PlainMoto
from tests.services.recorded import NOW, named

ACCOUNT_ID = "123456789012"
"""The emulator's account."""
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    with PlainMoto() as moto:
        seed(moto.urls[0])
        yield moto.urls[0]


def client(url: str, service: str, region: str = REGION) -> Any:
    return boto3.client(
        service, region_name=region, endpoint_url=url, aws_access_key_id="seed", aws_secret_access_key="seed"
    )


def seed(url: str) -> None:
    seed_functions(url)
    seed_queues(url)
    seed_databases(url)
    seed_distributions(url)
    seed_stacks(url)
    client(url, "cloudwatch").put_metric_alarm(
        AlarmName="checkout errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": "checkout"}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=5,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    client(url, "cloudwatch").set_alarm_state(AlarmName="checkout errors", StateValue="ALARM", StateReason="7 errors")


def seed_functions(url: str) -> None:
    role = client(url, "iam").create_role(RoleName="run", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "def handler(event, context): return 1")
    functions = client(url, "lambda")
    functions.create_function(
        FunctionName="checkout",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"TOKEN": "hunter2-secret"}},
        Tags={"stage": "prod", "aws:cloudformation:stack-name": "shop"},
        Publish=True,
    )
    functions.create_alias(FunctionName="checkout", Name="live", FunctionVersion="1")


def seed_queues(url: str) -> None:
    queues = client(url, "sqs")
    dead = queues.create_queue(QueueName="events-dead")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    events = queues.create_queue(QueueName="events", Attributes={"RedrivePolicy": policy}, tags={"stage": "prod"})
    for number in range(4):
        queues.send_message(QueueUrl=events["QueueUrl"], MessageBody=str(number))


def seed_databases(url: str) -> None:
    databases = client(url, "rds")
    databases.create_db_instance(
        DBInstanceIdentifier="main",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        AllocatedStorage=20,
        BackupRetentionPeriod=7,
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
        Tags=[{"Key": "stage", "Value": "prod"}],
    )
    databases.create_db_cluster(
        DBClusterIdentifier="core",
        Engine="aurora-postgresql",
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
    )


def seed_distributions(url: str) -> None:
    origin = {
        "Id": "s3",
        "DomainName": "site.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    client(url, "cloudfront", GLOBAL_REGION).create_distribution(
        DistributionConfig={
            "CallerReference": "one",
            "Comment": "the shop",
            "Enabled": True,
            "Aliases": {"Quantity": 1, "Items": ["shop.example"]},
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "s3",
                "ViewerProtocolPolicy": "redirect-to-https",
                "MinTTL": 0,
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            },
        }
    )


def seed_stacks(url: str) -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Description": "the shop"}
    client(url, "cloudformation").create_stack(
        StackName="shop", TemplateBody=json.dumps(template), Tags=[{"Key": "stage", "Value": "prod"}]
    )


@pytest.fixture
async def room(emulator: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> AsyncIterator[AwsRoom]:
    for name, value in (("ACCESS_KEY_ID", "look"), ("SECRET_ACCESS_KEY", "look"), ("EC2_METADATA_DISABLED", "true")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / name))
    account = Account("shop", ACCOUNT_ID, (REGION,), endpoint_url=emulator)
    async with AwsRoom({"shop": account}, Polling(), catalogue(), meter=Meter(), clock=lambda: NOW) as room:
        yield room


async def look(room: AwsRoom, key: str, **options: Any) -> Discovery:
    spec = catalogue().service(key)
    assert spec is not None
    slot = SlotId("shop", GLOBAL_REGION if spec.reach is Reach.GLOBAL else REGION, key)
    return await spec.discover(room.reader(slot, spec, NOW), None, Settled(options))


def failed(found: Discovery) -> set[str]:
    return {failure.operation for failure in found.failures}


async def test_functions_and_aliases(room: AwsRoom) -> None:
    found = await look(room, "lambda")
    live = named(found, "checkout:live")
    assert live.facts["version"] == "1"
    assert live.facts["published_at"] is not None
    assert named(found, "checkout").stack == "shop"
    assert named(found, "checkout").facts["environment_keys"] == "TOKEN"
    assert "hunter2" not in repr(found)
    # The emulator has no account settings; AWS does.
    assert failed(found) <= {"GetAccountSettings"}


async def test_queues(room: AwsRoom) -> None:
    found = await look(room, "sqs")
    assert named(found, "events").facts["depth"] == 4
    assert named(found, "events").tags == {"stage": "prod"}
    assert named(found, "events-dead").kind == "dlq"
    assert found.failures == ()


async def test_databases(room: AwsRoom) -> None:
    found = await look(room, "rds")
    main = named(found, "main")
    assert main.facts["status"] == "available"
    assert main.facts["max_connections"] == 415
    assert main.tags == {"stage": "prod"}
    assert named(found, "core").kind == "cluster"
    assert failed(found) <= {"DescribePendingMaintenanceActions"}


async def test_distributions(room: AwsRoom) -> None:
    found = await look(room, "cloudfront")
    assert named(found, "shop.example").facts["enabled"] is True
    assert failed(found) <= {"GetMonitoringSubscription"}


async def test_alarms(room: AwsRoom) -> None:
    alarm = named(await look(room, "alarms"), "checkout errors")
    assert alarm.facts["in_alarm"] is True
    assert alarm.related == {"watches": "checkout"}
    assert alarm.facts["state_reason"] == "7 errors"


async def test_stacks(room: AwsRoom) -> None:
    found = await look(room, "stacks")
    shop = named(found, "shop")
    assert (shop.facts["status"], shop.facts["description"]) == ("CREATE_COMPLETE", "the shop")
    assert (shop.tags, shop.stack) == ({"stage": "prod"}, "shop")
    assert found.failures == ()


async def test_bills(room: AwsRoom) -> None:
    # Several accounts: their forecast is reckoned, and the emulator has none. It tells no day: not zero dollars.
    found = await look(room, "cost", linked={"shop": ACCOUNT_ID, "shop-dev": "444455556666"})
    assert {bill.name: bill.facts["month_to_date_usd"] for bill in found.resources} == {"shop": None, "shop-dev": None}
