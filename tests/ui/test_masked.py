"""The engine as a shared screen sees it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from cockpit.model.event import EventKind, EventQuery
from cockpit.model.ids import EnvironmentId
from cockpit.model.inquiry import Course, LoginState, LogQuery
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from screens.context import Forgetful
from screens.masked import MaskedSource, as_shown
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import settings
from tests.ui.private import leaks, private_engine
from tests.ui.specs import CATALOGUE


def test_what_is_refused_never_reaches_the_engine() -> None:
    engine = private_engine()
    source = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    steps: list[Any] = []
    source.log_in("SSO", steps.append)()
    source.unmute("finding", "ann")
    source.mute(Mute("finding", MuteKind.MUTED, "", "ann", 1.0, 2.0))
    page = source.logs("key", LogQuery(0.0)).result(1)
    assert [step.state for step in steps] == [LoginState.FAILED]
    assert (page.lines, page.failure and page.failure.message) == ((), "Not on a shared screen.")
    assert (engine.mutes, engine.unmuted, engine.logins, engine.log_queries) == ({}, [], {}, [])


def test_questions_and_answers_find_their_way_through_the_mask() -> None:
    engine = private_engine()
    source = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    slot = next(slot for slot, seen in engine.snapshot.observations.items() if seen.resources)
    real, shown = engine.snapshot.observations[slot].resources[0], source.snapshot.observations[slot].resources[0]
    assert source.course(shown.key, 3600).result(1).resource == shown.key
    detail = source.detail(shown.key).result(1)
    assert (detail.resource, [one.name for one in detail.versions]) == (shown.key, ["42", "41"])
    assert engine.details[real.key].versions[0].name == "42"
    source.refresh([slot])
    source.look_at([slot])
    assert (engine.refreshed, engine.looked_at) == ([[slot]], [[slot]])


def test_the_timeline_is_asked_for_under_real_names_and_told_under_masked_ones() -> None:
    engine = private_engine()
    source = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    shown = next(one for seen in source.snapshot.observations.values() for one in seen.resources)
    told = source.events(EventQuery(environment=EnvironmentId("tim-combo", "prod"), resource=shown.key)).result(1)
    assert [(one.kind, one.resource) for one in told] == [(EventKind.CHANGED, shown.key)]
    everything = source.events(EventQuery()).result(1)
    assert len(everything) == len(engine.happened)
    assert not [word for one in everything for word in leaks(f"{one.subject} {one.words}")]


def test_each_snapshot_is_masked_before_anybody_hears_of_it() -> None:
    engine = FakeEngine(fleet())
    source = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    heard: list[Snapshot] = []
    end = source.subscribe(heard.append)
    engine.publish(fleet(2))
    assert source.snapshot is heard[-1]
    assert source.snapshot.version == 2
    assert {one.account_id for one in source.snapshot.accounts} == {"***"}
    count = len(heard)
    end()
    engine.publish(fleet(3))
    assert len(heard) == count


def test_a_question_that_is_given_up_or_fails_tells_nothing_private() -> None:
    engine = FakeEngine(fleet())
    asked: Future[Course] = Future()
    engine.course = lambda *_: asked  # type: ignore[method-assign]
    source = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    given_up = source.course("key", 60)
    assert given_up.cancel()
    assert asked.cancelled()
    asked = Future()
    failing = source.course("key", 60)
    asked.set_exception(ValueError("of 111122223333"))
    with pytest.raises(RuntimeError, match=r"^ValueError$"):
        failing.result(1)


def test_only_a_shared_screen_is_masked() -> None:
    engine, kept = FakeEngine(fleet()), Forgetful()
    plain = settings()
    assert as_shown(engine, plain, CATALOGUE, kept) == (engine, plain, kept)
    source, shown, preferences = as_shown(engine, settings(read_only=True), CATALOGUE, kept)
    assert isinstance(source, MaskedSource)
    assert shown is source.settings
    assert preferences is not kept
