"""What is asked only when somebody wants to know: the course of a resource, its logs, its versions.

Lives on the engine's loop while the AWS room is open. Answers never fail: what could not be had is said in them.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from cockpit.aws.failed import CallFailed
from cockpit.aws.metrics import MetricAnswer, MetricQuery
from cockpit.config.settings import Settings
from cockpit.engine import courses, logs
from cockpit.engine.poller import Room
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Course, Detail, LogPage, LogQuery
from cockpit.model.resource import Resource
from cockpit.model.series import Coverage, Series
from cockpit.model.service import Catalogue, Reader, ServiceSpec
from cockpit.model.verdict import Failure, Outcome

DEADLINE_SECONDS = 60.0
"""Nobody waits longer than this for an answer."""
_KEPT_SERIES = 1000

T = TypeVar("T")


class Inquiries:
    """Answers questions about resources that are known by their keys."""

    def __init__(
        self,
        room: Room,
        settings: Settings,
        catalogue: Catalogue,
        *,
        find: Callable[[str], Resource | None],
        clock: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """Make the answering end.

        Args:
            room: The AWS room, open.
            settings: What is configured.
            catalogue: The services.
            find: The resource with a key, as last seen.
            clock: Epoch seconds.
            monotonic: Seconds that only grow, for the time that an answer may take.
            deadline_seconds: Longest time for one answer.
        """
        self._room = room
        self._settings = settings
        self._services = {spec.key: spec for spec in catalogue.services}
        self._find = find
        self._clock = clock
        self._monotonic = monotonic
        self._deadline_seconds = deadline_seconds
        self._series: OrderedDict[tuple[str, str, int], Series] = OrderedDict()
        self._under_way: dict[tuple[object, ...], asyncio.Task[Any]] = {}

    async def course(self, key: str, span_seconds: int) -> Course:
        """The metrics of a resource over the newest span. What is known already is not paid for again."""
        return await self._once(("course", key, span_seconds), lambda: self._course(key, span_seconds))

    async def detail(self, key: str) -> Detail:
        """What its service reads of a resource only when asked."""
        return await self._once(("detail", key), lambda: self._detail(key))

    async def logs(self, key: str, query: LogQuery) -> LogPage:
        """Log lines of a resource. None on a shared screen: they may hold anything."""
        if self._settings.read_only:
            return LogPage((), failure=self.refusal(key, "logs", "ReadOnly", "Not on a shared screen."))
        resource, spec = self._known(key)
        if resource is None or spec is None:
            return LogPage((), failure=self._gone(key, "FilterLogEvents"))
        group = spec.logs(resource) if spec.logs else None
        if group is None:
            message = f"{spec.title} keeps no log that could be read here."
            return LogPage((), failure=self.refusal(key, "FilterLogEvents", "NoLogGroup", message))
        reader = self._reader(resource, spec)
        found = await self._within(
            key, "FilterLogEvents", logs.read_logs(reader, group, query, monotonic=self._monotonic)
        )
        return LogPage((), query.token, found, group) if isinstance(found, Failure) else found

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def refusal(self, key: str, operation: str, code: str, message: str, outcome: Outcome = Outcome.INVALID) -> Failure:
        """A question that is not answered, in the name of its resource."""
        resource = self._find(key)
        return failure_of(resource, code, message, operation=operation, now=self._clock(), outcome=outcome)

    async def _course(self, key: str, span_seconds: int) -> Course:
        now = self._clock()
        resource, spec = self._known(key)
        if resource is None or spec is None:
            return Course(key, span_seconds, {}, (self._gone(key, "GetMetricData"),), now)
        series: dict[str, Series] = {}
        queries: list[MetricQuery] = []
        for wanted in courses.wanted_of(spec, resource, span_seconds, now):
            there = self._there(spec, resource, span_seconds, wanted)
            if there is None:
                queries.append(wanted.query(resource))
            else:
                series[wanted.metric.id] = there
        if not queries:
            return Course(key, span_seconds, series, asked_at=now)
        answer = await self._within(key, "GetMetricData", self._room.load(resource.slot, queries, now))
        if isinstance(answer, Failure):
            return Course(key, span_seconds, series, (answer,), now)
        brought = {metric: one for (_, metric), one in answer.series.items()}
        self._keep(key, span_seconds, brought)
        cost = self._cost(resource.slot, queries, answer)
        return Course(key, span_seconds, {**series, **brought}, answer.failures, now, cost)

    def _there(self, spec: ServiceSpec, resource: Resource, span_seconds: int, wanted: courses.Wanted) -> Series | None:
        """The series of a metric where it need not be asked for."""
        kept = self._series.get((resource.key, wanted.metric.id, span_seconds))
        return courses.known(kept, wanted) or courses.polled(spec, resource, wanted)

    def _keep(self, key: str, span_seconds: int, series: dict[str, Series]) -> None:
        for metric, one in series.items():
            if one.coverage is Coverage.COMPLETE:
                self._series[key, metric, span_seconds] = one
                self._series.move_to_end((key, metric, span_seconds))
        while len(self._series) > _KEPT_SERIES:
            self._series.popitem(last=False)

    def _cost(self, slot: SlotId, queries: Sequence[MetricQuery], answer: MetricAnswer) -> float:
        """What was answered is billed, unless an emulator answered."""
        if self._settings.accounts[slot.account].emulator:
            return 0.0
        return courses.price_of([query for query in queries if (query.resource, query.metric) in answer.series])

    async def _detail(self, key: str) -> Detail:
        now = self._clock()
        resource, spec = self._known(key)
        if resource is None or spec is None:
            return Detail(key, failures=(self._gone(key, "detail"),), asked_at=now)
        if spec.detail is None:
            return Detail(key, asked_at=now)
        found = await self._within(key, "detail", spec.detail(self._reader(resource, spec), resource))
        if isinstance(found, Failure):
            return Detail(key, failures=(found,), asked_at=now)
        return replace(found, asked_at=now)

    def _reader(self, resource: Resource, spec: ServiceSpec) -> Reader:
        return self._room.reader(resource.slot, spec, self._clock())

    def _known(self, key: str) -> tuple[Resource | None, ServiceSpec | None]:
        """A resource and its service; a bill that was summed up belongs to no account that could be asked."""
        resource = self._find(key)
        if resource is None or resource.slot.account not in self._settings.accounts:
            return None, None
        return resource, self._services.get(resource.slot.service)

    def _gone(self, key: str, operation: str) -> Failure:
        return self.refusal(key, operation, "NotKnown", "It is not there any more, or belongs to no single account.")

    async def _within(self, key: str, operation: str, work: Awaitable[T]) -> T | Failure:
        """The result of `work`, or why there is none."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await work
        except CallFailed as failed:
            return failed.failure
        except TimeoutError:
            message = f"No answer within {self._deadline_seconds:.0f} s."
            return self.refusal(key, operation, "DeadlineExceeded", message, Outcome.UNREACHABLE)

    async def _once(self, name: tuple[object, ...], make: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question that may be under way already; who stops waiting does not end it for others."""
        task = self._under_way.get(name)
        if task is None:
            task = asyncio.ensure_future(make())
            self._under_way[name] = task
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        answer: T = await asyncio.shield(task)
        return answer


def failure_of(
    resource: Resource | None, code: str, message: str, *, operation: str, now: float, outcome: Outcome
) -> Failure:
    """A failure in the name of a resource, as far as it is known."""
    slot = resource.slot if resource else SlotId("", "", "")
    return Failure(
        outcome=outcome,
        account=slot.account,
        region=slot.region,
        service=slot.service,
        operation=operation,
        code=code,
        message=message,
        at=now,
        resource=resource.name if resource else None,
    )
