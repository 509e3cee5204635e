"""Logins: one revives every account that hangs on it, whoever made it; nobody logs in on a shared screen."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.aws.portals import LoginFailed
from cockpit.aws.verified import Identity
from cockpit.engine import logins
from cockpit.engine.engine import Engine
from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Outcome
from tests.engine.engines import PATIENCE_SECONDS, Bench, until
from tests.engine.rooms import CATALOGUE, DEV, IDS, PROD, failure, settings


class Heard:
    """Steps of a login, as they come."""

    def __init__(self) -> None:
        self.steps: list[LoginStep] = []
        self._arrived = threading.Condition()

    def __call__(self, step: LoginStep) -> None:
        with self._arrived:
            self.steps.append(step)
            self._arrived.notify_all()

    def until(self, state: LoginState) -> LoginStep:
        with self._arrived:
            there = self._arrived.wait_for(lambda: any(one.state is state for one in self.steps), PATIENCE_SECONDS)
        assert there, self.steps
        return next(one for one in self.steps if one.state is state)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two accounts that hang on one login, which has run out."""
    bench = Bench(tmp_path)
    bench.room.logins = {"dev": "corp", "prod": "corp"}
    bench.room.identities = {slot.account: failure(slot, Outcome.EXPIRED, "credentials") for slot in (DEV, PROD)}
    yield bench
    bench.close()


def outcomes(snapshot: Snapshot) -> list[Outcome | None]:
    return [account.outcome for account in snapshot.accounts]


def expired(bench: Bench) -> Engine:
    engine = bench.engine()
    engine.start()
    until(engine, lambda one: outcomes(one) == [Outcome.EXPIRED] * 2)
    return engine


def confirm(bench: Bench, engine: Engine, end: Callable[[], None] | LoginFailed) -> None:
    """What the confirmation brings, on the engine's loop, as a room would have it."""

    def settle() -> None:
        bench.room.confirmed["corp"] = asyncio.get_running_loop().create_future()
        bench.room.confirmed["corp"].set_result(end)

    settled = threading.Event()
    engine._thread.call(lambda: (settle(), settled.set()))
    assert settled.wait(PATIENCE_SECONDS)


def test_one_login_revives_every_account_that_hangs_on_it_at_once(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    confirm(bench, engine, bench.room.identities.clear)
    started = time.monotonic()
    engine.log_in("corp", heard)
    done = heard.until(LoginState.DONE)
    seen = until(
        engine,
        lambda one: (
            {DEV, PROD} <= one.observations.keys()
            and all(one.observations[slot].outcome is Outcome.OK for slot in (DEV, PROD))
        ),
    )
    assert time.monotonic() - started < 2
    assert [(one.state, one.accounts) for one in heard.steps] == [
        (LoginState.STARTING, ("dev", "prod")),
        (LoginState.WAITING, ("dev", "prod")),
        (LoginState.DONE, ("dev", "prod")),
    ]
    assert done.message == ""
    assert outcomes(seen) == [Outcome.OK] * 2
    assert sorted(bench.room.forgotten) == ["dev", "prod"]


def test_an_account_that_fails_in_spite_of_the_login_is_named_with_the_reason(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    denied = replace(failure(PROD, Outcome.DENIED, "AssumeRole"), iam_action="sts:AssumeRole")
    confirm(bench, engine, lambda: bench.room.identities.update(dev=_known("dev"), prod=denied))
    engine.log_in("corp", heard)
    done = heard.until(LoginState.DONE)
    assert done.accounts == ("dev",)
    assert done.message == "Still unseen: prod (denied sts:AssumeRole)."


def test_a_look_that_began_before_the_login_is_repeated_after_it(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    left = {"dev": 1, "prod": 0}
    old = bench.room.identities["dev"]

    def forget(account: str) -> None:
        bench.room.forgotten.append(account)
        left[account] -= 1
        bench.room.identities[account] = old if left[account] >= 0 else _known(account)

    bench.room.forget = forget  # type: ignore[method-assign]
    confirm(bench, engine, lambda: None)
    engine.log_in("corp", heard)
    assert heard.until(LoginState.DONE).accounts == ("dev", "prod")
    assert bench.room.forgotten.count("dev") == 2


def test_a_refused_login_is_told_in_its_own_words(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    confirm(bench, engine, LoginFailed("The request was refused in the browser."))
    engine.log_in("corp", heard)
    assert heard.until(LoginState.FAILED).message == "The request was refused in the browser."
    assert bench.room.forgotten == []


def test_giving_up_ends_it_at_once_and_nothing_follows(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    give_up = engine.log_in("corp", heard)
    heard.until(LoginState.WAITING)
    started = time.monotonic()
    give_up()
    heard.until(LoginState.CANCELLED)
    assert time.monotonic() - started < 0.5
    give_up()
    assert [one.state for one in heard.steps][-1] is LoginState.CANCELLED


def test_giving_up_before_it_began_is_giving_up(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()
    engine.log_in("corp", heard)()
    heard.until(LoginState.CANCELLED)
    assert LoginState.DONE not in {one.state for one in heard.steps}


def test_a_defect_in_a_login_is_told_without_its_text_and_polling_goes_on(bench: Bench) -> None:
    engine, heard = expired(bench), Heard()

    def break_down() -> None:
        raise RuntimeError("a device code, perhaps")

    confirm(bench, engine, break_down)
    engine.log_in("corp", heard)
    assert heard.until(LoginState.FAILED).message == "A defect in cockpit: RuntimeError."
    assert [where for where, _ in bench.defects] == ["login"]


def test_nobody_logs_in_on_a_shared_screen(bench: Bench) -> None:
    shared = Engine(replace(settings(), read_only=True), CATALOGUE, history=None, open_room=bench.room.opened())
    heard = Heard()
    shared.start()
    try:
        shared.log_in("corp", heard)
        assert "read-only" in heard.until(LoginState.FAILED).message
    finally:
        shared.stop()
    assert [one.state for one in heard.steps] == [LoginState.FAILED]


def test_an_engine_that_does_not_run_says_so() -> None:
    heard = Heard()
    Engine(settings(), CATALOGUE, history=None).log_in("corp", heard)
    assert heard.until(LoginState.FAILED).message


def test_a_login_by_another_program_revives_everything_within_seconds(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logins, "LOOK_SECONDS", 0.05)
    engine = expired(bench)
    bench.room.identities.clear()
    bench.room.written_at["corp"] = 1
    until(engine, lambda one: outcomes(one) == [Outcome.OK] * 2)
    assert sorted(bench.room.forgotten) == ["dev", "prod"]


def test_a_token_that_the_chain_renews_by_itself_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "LOOK_SECONDS", 0.05)
    bench.room.identities = {"dev": _known("dev"), "prod": replace(_known("prod"), expires_at=bench.clock.now + 600)}
    engine = bench.engine()
    engine.start()
    until(engine, lambda one: outcomes(one) == [Outcome.OK] * 2)
    time.sleep(0.15)
    bench.room.written_at["corp"] = 1
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not bench.room.forgotten and time.monotonic() < deadline:
        time.sleep(0.01)
    # Only who was to be logged out.
    assert bench.room.forgotten == ["prod"]


def _known(account: str) -> Identity:
    return Identity(IDS[account], f"arn:aws:sts::{IDS[account]}:me", None)
