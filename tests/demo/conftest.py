"""The emulator in this process, on loopback, with a clock that the tests turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from werkzeug.serving import make_server

from cockpit.demo.aws_files import AccessKey, new_keys
from cockpit.demo.emulator.application import Application, new_world
from cockpit.demo.emulator.handler import Handler
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.tim import BAD_FUNCTION, BAD_VERSION
from cockpit.demo.seeding.fleet import seed_fleet
from cockpit.demo.telemetry.place import Place

START = 1_763_640_042.0
"""A Thursday in November 2025, 12:00:42 UTC."""


@dataclass
class Clock:
    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Emulator:
    """A seeded emulator and ways to talk to it."""

    endpoint: str
    world: World
    clock: Clock
    keys: dict[str, AccessKey]
    slept: list[float] = field(default_factory=list)
    _sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    _boto: boto3.session.Session = field(default_factory=boto3.session.Session)

    def place(self, account: str, region: str | None = None) -> Place:
        return self.world.place(ACCOUNTS[account].id, region or ACCOUNTS[account].region)

    def client(self, service: str, *, region: str = "us-east-1", **credentials: str) -> Any:
        """A boto3 client with plain credentials that does not retry."""
        return self._boto.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=20),
            **credentials,
        )

    def key(self, profile: str) -> dict[str, str]:
        key = self.keys[profile]
        return {"aws_access_key_id": key.key_id, "aws_secret_access_key": key.secret}

    def assume(self, account: str, **more: Any) -> dict[str, str]:
        """Credentials of a session of the cockpit's role."""
        found = ACCOUNTS[account]
        answer = self.client("sts", **self.key("hub")).assume_role(
            **{"RoleArn": found.role_arn, "RoleSessionName": "tests", "ExternalId": found.external_id} | more
        )
        credentials = answer["Credentials"]
        return {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }

    def of(self, account: str, service: str, region: str | None = None) -> Any:
        """A client in an account, by its role; `scheduler-local` by its key."""
        if account not in self._sessions:
            own = self.key("local") if account == "scheduler-local" else self.assume(account)
            self._sessions[account] = own
        return self.client(service, region=region or ACCOUNTS[account].region, **self._sessions[account])

    def log_in_again(self) -> None:
        """Forget sessions: the clock may have left them behind."""
        self._sessions.clear()


@pytest.fixture(scope="session")
def _running() -> Iterator[Emulator]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_CONFIG_FILE", "/nonexistent/config")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials")
        patch.setenv("NO_PROXY", "127.0.0.1")
        clock, keys = Clock(), new_keys()
        world = new_world(keys, clock)
        emulator = Emulator("", world, clock, {key.profile: key for key in keys})
        server = make_server(
            "127.0.0.1", 0, Application(world, emulator.slept.append), threaded=True, request_handler=Handler
        )
        emulator.endpoint = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        seed_fleet(world)
        yield emulator
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def emulator(_running: Emulator) -> Iterator[Emulator]:
    """The emulator at `START`. What a test changes of the fleet it changes in a corner of its own."""
    _running.clock.now = START
    _running.slept.clear()
    yield _running
    if _running.clock.now != START:
        _running.clock.now = START
        _running.log_in_again()


@pytest.fixture
def sandbox(emulator: Emulator) -> Iterator[Emulator]:
    """The emulator; what was done to the bad release is forgotten afterwards."""
    place = emulator.place("tim-sandbox")
    timeline = place.functions[BAD_FUNCTION].routing
    kept = (list(timeline._moments), list(timeline._values))
    client = emulator.of("tim-sandbox", "lambda")
    yield emulator
    emulator.clock.now = START
    client.delete_function_concurrency(FunctionName=BAD_FUNCTION)
    client.update_alias(
        FunctionName=BAD_FUNCTION,
        Name="live",
        FunctionVersion=str(BAD_VERSION),
        RoutingConfig={"AdditionalVersionWeights": {}},
    )
    timeline._moments, timeline._values = kept
    place.forget_sums()
    emulator.world.alarm_states.clear()


def moment(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC)
