"""The network is lost and comes back, under a real engine, a real AWS emulator and a wire that is cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from textual.pilot import Pilot

from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.engine.engine import Engine
from cockpit.model.ids import EnvironmentId
from cockpit.services import catalogue
from screens.app import CockpitApp
from tests.plain_moto import PlainMoto
from tests.ui.cut_wire import CutWire

REGION, ID = "eu-west-2", "123456789012"
"""moto's own account."""
PATIENCE_SECONDS = 20.0


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CutWire]:
    for name, value in {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_ACCESS_KEY_ID": "AKIAINVENTED",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with PlainMoto() as moto, CutWire(moto.urls[0]) as wire:
        boto3.client("sqs", REGION, endpoint_url=moto.urls[0]).create_queue(QueueName="events")
        yield wire


def configured(url: str) -> Settings:
    account = Account("shop", ID, (REGION,), endpoint_url=url)
    environment = Environment(EnvironmentId("shop", "prod"), "shop prod", (Target("shop", (REGION,), ("sqs",)),))
    system = System("shop", "Shop", (environment,))
    return Settings({"shop": account}, (system,), Polling(call_timeout_seconds=2.0), read_only=True)


def on_screen(app: CockpitApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], app: CockpitApp, wanted: Callable[[str], bool]) -> str:
    """The text on screen, once it is as wanted."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not wanted(on_screen(app)):
        assert time.monotonic() < end, on_screen(app)
        await pilot.pause(0.05)
    return on_screen(app)


async def test_the_network_is_lost_and_comes_back(wire: CutWire) -> None:
    settings, known = configured(wire.url), catalogue()
    engine = Engine(settings, known, history=None)
    engine.start()
    try:
        app = CockpitApp(engine, settings, known)
        async with app.run_test(size=(120, 40)) as pilot:
            seen = await until(pilot, app, lambda text: "1 ok" in text)
            assert "Nothing needs attention" in seen

            wire.cut()
            engine.refresh()
            lost = await until(pilot, app, lambda text: "1 account unreachable" in text or "no answer" in text)
            row = next(line for line in lost.splitlines() if "prod" in line)
            assert "unreachable" in lost
            # What was seen last stays, with what is wrong with it; nothing is green.
            assert "1 ok" not in lost
            assert "?" in row
            await pilot.press("enter")
            inside = await until(pilot, app, lambda text: "› shop" in text or "shop/prod" in text)
            assert "0" in inside
            await pilot.press("escape")

            wire.mend()
            engine.refresh()
            back = await until(pilot, app, lambda text: "1 ok" in text)
            assert "unreachable" not in back
            assert "Nothing needs attention" in back
    finally:
        engine.stop()
