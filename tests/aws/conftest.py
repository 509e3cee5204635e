"""A fleet on loopback: an AWS of our own, AWS files of our own, and a room over them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.retries.standard import ExponentialBackoff

from cockpit.aws.meter import Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account, Polling
from cockpit.model.service import Catalogue
from tests.aws.fleet import DEV, DEV_ID, PROD_ID, SPEC, Clock
from tests.aws.wire import Wire


@pytest.fixture(autouse=True)
def aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty AWS configuration in a home of its own; nothing of this machine is read, nothing outside is asked."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home" / ".aws"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    (folder / "config").write_text("[profile dev]\n[profile prod]\n")
    (folder / "credentials").write_text(
        "[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = dev-secret\n"
        "[prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = prod-secret\n"
    )
    return folder


@pytest.fixture(autouse=True)
def no_waiting_between_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long botocore waits before it tries again is its own business, and takes seconds."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.01)


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    wire.accounts = {"AKIADEV": DEV_ID, "AKIAPROD": PROD_ID}
    yield wire
    wire.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter() -> Meter:
    return Meter()


OpenRoom = Callable[..., "asynccontextmanager[AwsRoom]"]


@pytest.fixture
def open_room(wire: Wire, clock: Clock, meter: Meter) -> OpenRoom:
    """Open a room over accounts that live on the wire."""

    @asynccontextmanager
    async def opened(
        *accounts: Account, polling: Polling | None = None, meter: Meter = meter
    ) -> AsyncIterator[AwsRoom]:
        named = {account.name: replace(account, endpoint_url=account.endpoint_url or wire.url) for account in accounts}
        polling = polling or Polling(call_timeout_seconds=5.0)
        async with AwsRoom(named, polling, Catalogue((SPEC,)), meter=meter, clock=clock) as room:
            yield room

    return opened


@pytest.fixture
async def room(open_room: OpenRoom) -> AsyncIterator[AwsRoom]:
    """One account, `dev`."""
    async with open_room(DEV) as room:
        yield room
