"""The engine's thread and its loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextvars import ContextVar

from cockpit.engine.loop import LoopThread

WHOSE = ContextVar("whose", default="nobody's")


async def _for_ever() -> None:
    await asyncio.Event().wait()


def test_what_is_called_from_elsewhere_does_not_carry_the_callers_context() -> None:
    thread = LoopThread("tested", _for_ever)
    thread.start()
    seen: Future[str] = Future()
    WHOSE.set("the interface's")
    thread.call(lambda: seen.set_result(WHOSE.get()))
    assert seen.result(5) == "nobody's"
    assert thread.stop(5)
