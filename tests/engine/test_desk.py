"""Questions from another thread: whatever happens to the engine, each future gets an answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.aws.meter import Meter
from cockpit.engine.desk import Desk
from cockpit.engine.inquiries import Inquiries
from cockpit.engine.loop import LoopThread
from cockpit.model.inquiry import LogQuery
from cockpit.model.service import Catalogue
from cockpit.model.verdict import Health, Outcome
from tests.engine.asking import Bench as Asking
from tests.engine.engines import PATIENCE_SECONDS, Bench, until
from tests.engine.rooms import DEV, NOW, TINY, Room, thing

KEY = thing(DEV, "one").key
DAY = 86_400


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


class Deaf(Room):
    """Nobody answers a detail; it is told when one was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.ended = threading.Event(), threading.Event()

    async def detail(self, *_: Any) -> Any:
        self.waiting.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.ended.set()


def test_a_running_engine_answers(bench: Bench) -> None:
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    course = engine.course(KEY, DAY).result(PATIENCE_SECONDS)
    assert set(course.series) == {"errors", "load"}
    assert engine.detail(KEY).result(PATIENCE_SECONDS).failures == ()
    page = engine.logs(KEY, LogQuery(NOW)).result(PATIENCE_SECONDS)
    assert page.failure is not None
    assert (page.failure.code, page.failure.account) == ("NoLogGroup", "dev")


def test_an_engine_that_never_started_answers_at_once(bench: Bench) -> None:
    engine = bench.engine("dev")
    (course,) = engine.course(KEY, DAY).result(0).failures
    (detail,) = engine.detail(KEY).result(0).failures
    page = engine.logs(KEY, LogQuery(NOW, token="here")).result(0)
    assert course.outcome is detail.outcome is Outcome.UNREACHABLE
    assert page.failure == replace(course, at=page.failure.at if page.failure else 0.0)
    assert page.token == "here", "what was asked for can be asked for again"


def test_a_question_waits_until_aws_can_be_asked(bench: Bench) -> None:
    opened = threading.Event()

    @asynccontextmanager
    async def late(_: Meter) -> AsyncIterator[Room]:
        await asyncio.to_thread(opened.wait, PATIENCE_SECONDS)
        yield bench.room

    engine = bench.engine("dev", open_room=late)
    engine._thread.start()
    future = engine.course("arn:other", DAY)
    assert not future.done()
    opened.set()
    assert [one.code for one in future.result(PATIENCE_SECONDS).failures] == ["NotKnown"]


def test_a_question_does_not_wait_for_ever(bench: Bench) -> None:
    @asynccontextmanager
    async def never(_: Meter) -> AsyncIterator[Room]:
        await asyncio.sleep(60)
        yield bench.room

    engine = bench.engine("dev", open_room=never)
    engine._desk._opening_seconds = 0.02
    engine._thread.start()
    (failure,) = engine.detail(KEY).result(PATIENCE_SECONDS).failures
    assert failure.code == "NotConnected"


def _deaf(bench: Bench) -> tuple[Any, Deaf]:
    room = Deaf()
    spec = replace(TINY, detail=room.detail)
    engine = bench.engine("dev", catalogue=Catalogue((spec,)), open_room=room.opened())
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    return engine, room


def test_the_end_of_the_engine_answers_what_is_open(bench: Bench) -> None:
    engine, room = _deaf(bench)
    future = engine.detail(KEY)
    assert room.waiting.wait(PATIENCE_SECONDS)
    engine.stop()
    (failure,) = future.result(0).failures
    assert failure.code in {"Interrupted", "EngineStopped"}
    assert room.ended.is_set()
    assert [one.code for one in engine.detail(KEY).result(0).failures] == ["EngineStopped"]
    assert bench.defects == []


def test_an_engine_that_hangs_leaves_no_future_open(bench: Bench) -> None:
    engine, room = _deaf(bench)
    future = engine.detail(KEY)
    assert room.waiting.wait(PATIENCE_SECONDS)
    goes_on = threading.Event()
    engine._thread.call(lambda: goes_on.wait(PATIENCE_SECONDS))
    engine.stop()
    assert [one.code for one in future.result(0).failures] == ["EngineStopped"]
    goes_on.set()


def test_when_aws_is_let_go_of_what_is_being_asked_is_answered(bench: Bench) -> None:
    room, asked, leave = bench.room, threading.Event(), threading.Event()

    class Hanging(Asking):
        def inquiries(self, *_: Any, **__: Any) -> Inquiries:
            return super().inquiries(replace(TINY, logs=lambda _: "group"))

    async def main() -> None:
        room.holds[DEV] = asyncio.Event()
        async with desk.answering(Hanging(room, bench.clock).inquiries()):
            asked.set()
            await asyncio.to_thread(leave.wait, PATIENCE_SECONDS)
        await asyncio.sleep(PATIENCE_SECONDS)

    thread = LoopThread("asking", main)
    desk = Desk(thread, find=lambda _: thing(DEV, "one"), clock=bench.clock, on_defect=lambda *_: None)
    thread.start()
    asked.wait(PATIENCE_SECONDS)
    future = desk.logs(KEY, LogQuery(NOW))
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not room.asked and time.monotonic() < give_up_at:
        time.sleep(0.002)
    leave.set()
    failure = future.result(1.0).failure
    assert failure is not None
    assert failure.code == "Interrupted"
    thread.stop(PATIENCE_SECONDS)


def test_who_gives_up_ends_his_waiting_and_the_engine_goes_on(bench: Bench) -> None:
    engine, room = _deaf(bench)
    future = engine.detail(KEY)
    assert room.waiting.wait(PATIENCE_SECONDS)
    assert future.cancel()
    assert engine.course(KEY, DAY).result(PATIENCE_SECONDS).series
    assert bench.defects == []


def test_a_defect_costs_one_answer(bench: Bench) -> None:
    async def broken(*_: Any) -> Any:
        raise KeyError("token=very-secret")

    engine = bench.engine("dev", catalogue=Catalogue((replace(TINY, detail=broken),)))
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    (failure,) = engine.detail(KEY).result(PATIENCE_SECONDS).failures
    assert failure.message == "A defect in cockpit: KeyError."
    assert [where for where, _ in bench.defects] == ["inquiry"]
    assert engine.course(KEY, DAY).result(PATIENCE_SECONDS).series
