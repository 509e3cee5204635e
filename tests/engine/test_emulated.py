"""The engine against an AWS emulator on loopback: real signing, assumed roles, two accounts, real services."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.engine.engine import Engine
from cockpit.engine.sweep import sweep
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.services import catalogue
from cockpit.store.history import FILE_NAME, History
from tests.plain_moto import PlainMoto

REGION = "eu-west-2"
IDS = {"dev": "111122223333", "prod": "222233334444"}
SERVICES = ("lambda", "sqs")


@pytest.fixture(autouse=True)
def own_aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the configuration nor the credentials of this machine are read."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text("[profile hub]\n")
    (tmp_path / "credentials").write_text("[hub]\naws_access_key_id = AKIAHUB\naws_secret_access_key = invented\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def moto() -> Iterator[PlainMoto]:
    """One door for each account; what is behind them is one emulator."""
    with PlainMoto(len(IDS)) as moto:
        for name, url in zip(IDS, moto.urls, strict=True):
            _seed(name, url)
        yield moto


def _seed(name: str, url: str) -> None:
    hub = boto3.client("sts", REGION, endpoint_url=url, aws_access_key_id="AKIAHUB", aws_secret_access_key="invented")
    role = f"arn:aws:iam::{IDS[name]}:role/read"
    keys = hub.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    session.client("sqs", endpoint_url=url).create_queue(QueueName=f"{name}-events")
    trust = session.client("iam", endpoint_url=url).create_role(RoleName="run", AssumeRolePolicyDocument="{}")
    session.client("lambda", endpoint_url=url).create_function(
        FunctionName=f"{name}-checkout",
        Runtime="python3.11",
        Role=trust["Role"]["Arn"],
        Handler="app.handler",
        Code={"ZipFile": b"code"},
    )


def configured(moto: PlainMoto) -> Settings:
    accounts = {
        name: Account(
            name,
            IDS[name],
            (REGION,),
            profile="hub",
            role_arn=f"arn:aws:iam::{IDS[name]}:role/read",
            endpoint_url=url,
        )
        for name, url in zip(IDS, moto.urls, strict=True)
    }
    environments = tuple(
        Environment(EnvironmentId("shop", name), f"shop {name}", (Target(name, (REGION,), SERVICES),)) for name in IDS
    )
    return Settings(accounts, (System("shop", "Shop", environments),), Polling(call_timeout_seconds=5.0))


def until(engine: Engine, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    arrived = threading.Condition()

    def hear(_: Snapshot) -> None:
        with arrived:
            arrived.notify_all()

    leave = engine.subscribe(hear)
    with arrived:
        there = arrived.wait_for(lambda: wanted(engine.snapshot), 15)
    leave()
    assert there, [(slot, seen.outcome, seen.failures) for slot, seen in engine.snapshot.observations.items()]
    return engine.snapshot


def queue_cell(snapshot: Snapshot, name: str) -> Health:
    return next(one.cells["sqs"].health for one in snapshot.environments if one.id.environment == name)


def test_a_fleet_is_polled_and_an_account_that_goes_dark_keeps_its_last_good_data(
    moto: PlainMoto, tmp_path: Path
) -> None:
    settings = configured(moto)
    history = History.open(tmp_path / FILE_NAME, clock=time.time)
    engine = Engine(settings, catalogue(), history=history)
    dark, bright = SlotId("prod", REGION, "sqs"), SlotId("dev", REGION, "sqs")
    try:
        engine.start()
        seen = until(engine, lambda one: len(one.observations) == 4 and queue_cell(one, "prod") is Health.OK)
        assert [account.outcome for account in seen.accounts] == [Outcome.OK, Outcome.OK]
        assert {account.identity_arn for account in seen.accounts} == {
            f"arn:aws:sts::{number}:assumed-role/read/cockpit" for number in IDS.values()
        }
        names = {resource.name for one in seen.observations.values() for resource in one.resources}
        assert {"dev-events", "prod-events", "dev-checkout", "prod-checkout"} <= names
        assert seen.meter.calls > 0

        moto.shut(list(IDS).index("prod"))
        engine.refresh([dark, bright])
        seen = until(engine, lambda one: one.observations[dark].outcome is Outcome.UNREACHABLE)
        assert [resource.name for resource in seen.observations[dark].resources] == ["prod-events"]
        age = seen.observations[dark].age_seconds(seen.at)
        assert age is not None
        assert age > 0
        assert queue_cell(seen, "prod") is Health.UNKNOWN
        assert queue_cell(seen, "dev") is Health.OK
    finally:
        engine.stop()
        history.close()

    again = History.open(tmp_path / FILE_NAME, clock=time.time)
    assert set(again.load(IDS)) == {SlotId(name, REGION, service) for name in IDS for service in SERVICES}
    again.close()
    assert b"invented" not in (tmp_path / FILE_NAME).read_bytes()


async def test_a_sweep_sees_the_same(moto: PlainMoto) -> None:
    snapshot = await sweep(configured(moto), catalogue(), history=None, deadline=15.0)
    assert {queue_cell(snapshot, name) for name in IDS} == {Health.OK}
    moto.shut(list(IDS).index("prod"))
    snapshot = await sweep(configured(moto), catalogue(), history=None, deadline=15.0)
    assert queue_cell(snapshot, "dev") is Health.OK
    assert queue_cell(snapshot, "prod") is Health.UNKNOWN
    failed = [seen for slot, seen in snapshot.observations.items() if slot.account == "prod"]
    assert {seen.outcome for seen in failed} == {Outcome.UNREACHABLE}
