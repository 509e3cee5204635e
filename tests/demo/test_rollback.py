"""The rollback, watched by the product itself: over the wire, with a clock that the test turns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto.awslambda.utils import get_backend

from cockpit.check.request import Scope
from cockpit.check.scope import narrowed
from cockpit.config.loader import load
from cockpit.config.settings import Settings
from cockpit.demo.aws_files import write_aws_files
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.tim import BAD_FUNCTION, BAD_VERSION, GOOD_VERSION
from cockpit.demo.process import profiles_text
from cockpit.engine.engine import Engine
from cockpit.model.finding import Finding
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from cockpit.services import catalogue
from cockpit.store.history import FILE_NAME, History
from tests.demo.conftest import START, Emulator
from tests.demo.test_telemetry_follows_state import by_minute, minute

TELEMETRY_SECONDS, WINDOW_SECONDS = 120, 300
PATIENCE_SECONDS = 10.0
SCOPE = Scope(environments=("tim-combo/prod",), services=("lambda", "alarms"))
ALL = {
    f"lambda.error_rate {BAD_FUNCTION}:live",
    "alarms.state tim-prod-checkout-errors",
    "alarms.state tim-prod-shop-unhealthy",
}


@pytest.fixture
def small(sandbox: Emulator) -> Iterator[Emulator]:
    """The account with a handful of functions: the aliases of 329 are read at the pace that Lambda likes."""
    functions = get_backend(ACCOUNTS["tim-sandbox"].id, "us-east-2")._lambdas._functions
    loads = sandbox.place("tim-sandbox").functions
    kept = [name for name in sorted(loads) if name.startswith(("tim-prod-c", "tim-prod-l"))]
    held = [(part, dict(part)) for part in (functions, loads)]
    for part, whole in held:
        for name in whole.keys() - set(kept):
            del part[name]
    sandbox.place("tim-sandbox").forget_sums()
    yield sandbox
    for part, whole in held:
        part.clear()
        part.update(whole)


@pytest.fixture
def settings(small: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The demo's own, at the emulator of the tests."""
    files = write_aws_files(tmp_path / "home", tuple(small.keys.values()), datetime.fromtimestamp(START, UTC))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(files.config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files.credentials))
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(profiles_text(small.endpoint), encoding="utf-8")
    loaded = load(catalogue(), path=profiles, environ={}, cwd=Path("/"))
    (tmp_path / "state").mkdir()
    return replace(narrowed(loaded, catalogue(), SCOPE), state_dir=tmp_path / "state")


def defect(where: str, error: Exception) -> None:
    raise AssertionError(where) from error


def told(snapshot: Snapshot) -> dict[str, Finding]:
    return {f"{finding.rule} {finding.subject}": finding for finding in snapshot.findings}


def point_alias(emulator: Emulator, version: int) -> None:
    client = emulator.of("tim-sandbox", "lambda")
    client.update_alias(FunctionName=BAD_FUNCTION, Name="live", FunctionVersion=str(version))


@pytest.fixture
def engine(settings: Settings, small: Emulator) -> Iterator[Engine]:
    history = History.open(settings.state_dir / FILE_NAME, clock=small.clock)
    running = Engine(settings, catalogue(), history=history, clock=small.clock, on_defect=defect)
    running.start()
    yield running
    running.stop()
    history.close()


def awaited(engine: Engine, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot that is as wanted; the newest if none comes in time."""
    arrived = threading.Event()
    forget = engine.subscribe(lambda snapshot: arrived.set() if wanted(snapshot) else None)
    try:
        if not wanted(engine.snapshot):
            arrived.wait(PATIENCE_SECONDS)
        return engine.snapshot
    finally:
        forget()


def test_rolled_back_the_dashboard_turns_green(small: Emulator, engine: Engine) -> None:
    release = f"lambda.error_rate {BAD_FUNCTION}:live"
    before = told(awaited(engine, lambda snapshot: told(snapshot).keys() >= ALL))
    assert before.keys() == ALL
    assert before[release].health is Health.CRITICAL
    assert (change := before[release].changed) is not None
    assert change.words == f"version {BAD_VERSION}, published"

    point_alias(small, GOOD_VERSION)
    small.clock.now = START + TELEMETRY_SECONDS + WINDOW_SECONDS
    engine.refresh()
    after = awaited(engine, lambda snapshot: snapshot.at >= small.clock.now and not told(snapshot))
    assert (after.findings, after.health) == ((), Health.OK)


def test_rolled_back_the_errors_end_within_two_minutes(sandbox: Emulator) -> None:
    point_alias(sandbox, GOOD_VERSION)
    since = minute(START) + TELEMETRY_SECONDS
    sandbox.clock.now = START + 600
    client = sandbox.of("tim-sandbox", "cloudwatch")
    errors = by_minute(client, "Errors", "Sum", since, since + WINDOW_SECONDS, FunctionName=BAD_FUNCTION)
    assert max(errors) <= 5
    assert sum(errors) / len(errors) < 3
