"""A thread with an event loop of its own, which ends when it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context

_PROBE_SECONDS = 0.05
_WIND_UP_SECONDS = 0.3
"""What tasks may take to end after they were cancelled."""


class LoopThread:
    """Runs one coroutine on a loop in a daemon thread. `call` and `stop` may be used from any thread."""

    def __init__(self, name: str, main: Callable[[], Coroutine[None, None, None]]) -> None:
        self._main = main
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._started = False
        self._lock = threading.Lock()
        self.longest_stall_seconds = 0.0
        """The longest time so far that the loop could not look after its tasks."""

    @property
    def alive(self) -> bool:
        """Whether the thread is running."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread. Once; further calls do nothing."""
        with self._lock:
            if self._started:
                return
            self._started = True
            self._loop = asyncio.new_event_loop()
            self._task = self._loop.create_task(self._main(), name=self._thread.name)
            self._thread.start()

    def call(self, function: Callable[[], object]) -> None:
        """Run `function` on the loop, soon. Does nothing before the start and after the end."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # closed meanwhile
                # In a context of its own: tasks keep theirs, and the caller's may hold whole screens.
                loop.call_soon_threadsafe(function, context=Context())

    def stop(self, timeout_seconds: float) -> bool:
        """Cancel everything and wait for the thread to end. False if it does not in time; it is left behind then."""
        with self._lock:
            started, self._started = self._started, True
        if not started or self._task is None:
            return True
        self.call(self._task.cancel)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        assert self._loop is not None  # noqa: S101 - made by `start`
        assert self._task is not None  # noqa: S101 - made by `start`
        loop = self._loop
        asyncio.set_event_loop(loop)
        probe = loop.create_task(self._probe(), name="stall probe")
        try:
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(self._task)
        finally:
            probe.cancel()
            self._wind_up(loop)
            asyncio.set_event_loop(None)
            # Closing does not wait for threads of the loop's executor: one may hang in a system call.
            loop.close()

    @staticmethod
    def _wind_up(loop: asyncio.AbstractEventLoop) -> None:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_WIND_UP_SECONDS))
        loop.run_until_complete(loop.shutdown_asyncgens())

    async def _probe(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            asleep_at = loop.time()
            await asyncio.sleep(_PROBE_SECONDS)
            stalled = loop.time() - asleep_at - _PROBE_SECONDS
            self.longest_stall_seconds = max(self.longest_stall_seconds, stalled)
