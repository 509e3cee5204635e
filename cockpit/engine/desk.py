"""Questions from other threads: each gets a future, and every future gets an answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, InvalidStateError
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from cockpit.engine.defects import OnDefect
from cockpit.engine.inquiries import Inquiries, failure_of
from cockpit.engine.loop import LoopThread
from cockpit.model.inquiry import Course, Detail, LogPage, LogQuery
from cockpit.model.resource import Resource
from cockpit.model.verdict import Failure, Outcome

OPENING_SECONDS = 10.0
"""How long a question waits for AWS to be reachable at all: a screen may be opened before polling has begun."""

T = TypeVar("T")


class Desk:
    """Takes questions on any thread and has them answered on the engine's loop.

    A future that its asker cancels ends the work behind it. One that cannot be answered, because the engine has ended
    or was never started, gets a failure in words; none is left open.
    """

    def __init__(
        self,
        thread: LoopThread,
        *,
        find: Callable[[str], Resource | None],
        clock: Callable[[], float],
        on_defect: OnDefect,
        opening_seconds: float = OPENING_SECONDS,
    ) -> None:
        self._thread = thread
        self._find = find
        self._clock = clock
        self._on_defect = on_defect
        self._opening_seconds = opening_seconds
        self._lock = threading.Lock()
        self._open: dict[Future[Any], Callable[[], None]] = {}
        """Futures without an answer, and what gives them one that says why there is none."""
        self._ended = False
        self._inquiries: Inquiries | None = None
        self._opened: asyncio.Event | None = None
        self._asking: set[asyncio.Task[Any]] = set()
        """Questions that AWS is being asked."""

    def course(self, key: str, span_seconds: int) -> Future[Course]:
        """`Inquiries.course`."""

        def instead(failure: Failure) -> Course:
            return Course(key, span_seconds, {}, (failure,), failure.at)

        return self._ask(lambda at: at.course(key, span_seconds), partial(self._instead, key, instead))

    def logs(self, key: str, query: LogQuery) -> Future[LogPage]:
        """`Inquiries.logs`."""

        def instead(failure: Failure) -> LogPage:
            return LogPage((), query.token, failure)

        return self._ask(lambda at: at.logs(key, query), partial(self._instead, key, instead))

    def detail(self, key: str) -> Future[Detail]:
        """`Inquiries.detail`."""

        def instead(failure: Failure) -> Detail:
            return Detail(key, failures=(failure,), asked_at=failure.at)

        return self._ask(lambda at: at.detail(key), partial(self._instead, key, instead))

    @asynccontextmanager
    async def answering(self, inquiries: Inquiries) -> AsyncIterator[None]:
        """Questions are answered by `inquiries` meanwhile. On the engine's loop."""
        self._inquiries = inquiries
        self._door().set()
        try:
            yield
        finally:
            self._inquiries = None
            self._door().clear()
            for task in self._asking:
                task.cancel()
            await inquiries.close()

    def close(self) -> None:
        """Whatever is still open is answered with a failure, and so is everything that is asked from now on."""
        with self._lock:
            self._ended = True
            left = list(self._open.values())
            self._open.clear()
        for give_up in left:
            give_up()

    def _ask(self, make: Callable[[Inquiries], Coroutine[Any, Any, T]], instead: Callable[[str, str], T]) -> Future[T]:
        future: Future[T] = Future()

        def give_up() -> None:
            _answer(future, instead("EngineStopped", "The cockpit is ending, or has not begun to poll."))

        with self._lock:
            ended = self._ended or not self._thread.alive
            if not ended:
                self._open[future] = give_up
        if ended:
            give_up()
        else:
            future.add_done_callback(self._forget)
            self._thread.call(lambda: self._begin(future, make, instead))
        return future

    def _forget(self, future: Future[Any]) -> None:
        with self._lock:
            self._open.pop(future, None)

    def _begin(
        self, future: Future[T], make: Callable[[Inquiries], Coroutine[Any, Any, T]], instead: Callable[[str, str], T]
    ) -> None:
        """On the loop: work in a task, which ends with the future."""
        if future.done():
            return
        task = asyncio.get_running_loop().create_task(self._work(future, make, instead), name="inquiry")

        def end(done: Future[T]) -> None:
            if done.cancelled():
                self._thread.call(task.cancel)

        future.add_done_callback(end)

    async def _work(
        self, future: Future[T], make: Callable[[Inquiries], Coroutine[Any, Any, T]], instead: Callable[[str, str], T]
    ) -> None:
        try:
            inquiries = await self._reachable()
            if inquiries is None:
                _answer(future, instead("NotConnected", "AWS cannot be asked at the moment: polling has not begun."))
            else:
                task = asyncio.ensure_future(make(inquiries))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)
                _answer(future, await task)
        except asyncio.CancelledError:
            _answer(future, instead("Interrupted", "The question was interrupted; ask again."))
        except Exception as error:  # noqa: BLE001 - a defect costs one answer, never the loop its life
            self._on_defect("inquiry", error)
            # The text of a foreign exception may hold anything, so only its kind is shown.
            name = type(error).__name__
            _answer(future, instead(name, f"A defect in cockpit: {name}."))

    async def _reachable(self) -> Inquiries | None:
        """Who answers, as soon as there is somebody."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._opening_seconds):
                await self._door().wait()
        return self._inquiries

    def _door(self) -> asyncio.Event:
        if self._opened is None:
            self._opened = asyncio.Event()
        return self._opened

    def _instead(self, key: str, make: Callable[[Failure], T], code: str, message: str) -> T:
        failure = failure_of(
            self._find(key), code, message, operation="inquiry", now=self._clock(), outcome=Outcome.UNREACHABLE
        )
        return make(failure)


def _answer(future: Future[T], answer: T) -> None:
    """Answer, unless somebody was quicker."""
    if not future.done():
        with suppress(InvalidStateError):
            future.set_result(answer)
