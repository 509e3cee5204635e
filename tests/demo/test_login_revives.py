"""The whole thread of a login: the accounts screen over a real engine over the embedded fleet, key by key."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from cockpit.aws.tokens import token_path
from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.demo.aws_files import write_aws_files
from cockpit.demo.fleet.accounts import ACCOUNTS, SSO_ACCOUNT, SSO_PROFILE
from cockpit.engine.engine import Engine
from cockpit.model.ids import EnvironmentId
from cockpit.model.verdict import Health, Outcome
from cockpit.services import catalogue
from screens.app import CockpitApp
from screens.login import LoginScreen
from tests.demo.conftest import Clock, Emulator
from widgets.web_address import WebAddress

MEDIA = ACCOUNTS[SSO_ACCOUNT]
EDGE = EnvironmentId("tim-combo", "edge")


def settings(emulator: Emulator) -> Settings:
    account = Account(MEDIA.name, MEDIA.id, (MEDIA.region,), profile=SSO_PROFILE, endpoint_url=emulator.endpoint)
    target = Target(MEDIA.name, (MEDIA.region,), ("cloudfront",))
    environments = (Environment(EDGE, "tim-combo edge", (target,)),)
    return Settings({MEDIA.name: account}, (System("tim-combo", "TIM", environments),), Polling())


async def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not wanted():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> Iterator[Path]:
    """The fleet's own AWS files, with their login that has run out."""
    # botocore compares the end of a token with the time of this machine, and so the fleet lives in it here.
    monkeypatch.setattr(Clock, "__call__", lambda _: time.time())
    files = write_aws_files(tmp_path, tuple(emulator.keys.values()), datetime.now(UTC))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(files.config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files.credentials))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield tmp_path
    # By the time of this machine the sessions of the other tests have long ended, and were forgotten.
    emulator.log_in_again()


async def test_expired_then_two_keys_then_a_code_then_the_cells_come_alive(emulator: Emulator, home: Path) -> None:
    engine = Engine(settings(emulator), catalogue(), history=None)
    app = CockpitApp(engine, settings(emulator), catalogue())
    engine.start()
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            await until(lambda: engine.snapshot.accounts[0].outcome is Outcome.EXPIRED)
            assert engine.snapshot.accounts[0].login == SSO_PROFILE
            await pilot.press("A", "L")
            await until(lambda: isinstance(app.screen, LoginScreen) and bool(app.screen.query_one(WebAddress).url))
            url = app.screen.query_one(WebAddress).url
            assert url.startswith(f"{emulator.endpoint}/device?user_code=")
            requests.post(url, {"user_code": url[-9:], "answer": "allow"}, timeout=5).raise_for_status()
            await until(lambda: f"{MEDIA.name} is seen again." in {note.message for note in app._notifications})
            assert not isinstance(app.screen, LoginScreen)
            await until(lambda: _cell_is_alive(engine))
            account = engine.snapshot.accounts[0]
            assert account.outcome is Outcome.OK
            assert "AWSReservedSSO_" in (account.identity_arn or "")
    finally:
        engine.stop()
    token = json.loads(token_path(SSO_PROFILE).read_text())
    assert token_path(SSO_PROFILE).is_relative_to(home)
    assert {"accessToken", "refreshToken", "clientId", "clientSecret", "registrationExpiresAt"} <= token.keys()


def _cell_is_alive(engine: Engine) -> bool:
    state = engine.snapshot.environment(EDGE)
    cell = state.cells["cloudfront"] if state else None
    return (
        cell is not None and cell.observed_at is not None and bool(cell.resources) and cell.health is not Health.UNKNOWN
    )
