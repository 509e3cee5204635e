"""Gathers the metric queries of many slots into full requests, and hands each slot its own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.aws.answers import Answer, Unanswered, read_pages, scaled
from cockpit.aws.failed import CallFailed
from cockpit.aws.metrics import Batch, MetricAnswer, MetricQuery, Statistic, pack
from cockpit.aws.policy import METRICS
from cockpit.model.ids import SlotId
from cockpit.model.series import Series
from cockpit.model.verdict import Failure, Outcome

Fetch = Callable[[str, str, Batch], Awaitable[Sequence[Mapping[str, Any]]]]
"""`(account, region, batch) → every page of the answer`. Raises CallFailed."""

GATHER_SECONDS = 0.1
_MAX_SPLITS = 24
_BROKEN_QUERY = frozenset(
    {
        "InvalidParameterCombination",
        "InvalidParameterCombinationException",
        "InvalidParameterValue",
        "InvalidParameterValueException",
        "ParamValidationError",
        "ValidationError",
    }
)


@dataclass(slots=True)
class _Outcome:
    """What one request brought."""

    answers: dict[Statistic, Answer | Failure] = field(default_factory=dict)
    remarks: tuple[Unanswered, ...] = ()


@dataclass(slots=True)
class _Gathering:
    """Queries of one account and region that wait to be sent together."""

    queries: list[MetricQuery] = field(default_factory=list)
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: dict[Statistic, asyncio.Task[_Outcome]] = field(default_factory=dict)


class MetricLoader:
    """Coalesces `load` calls. Lives on one event loop."""

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float], gather_seconds: float = GATHER_SECONDS) -> None:
        self._fetch = fetch
        self._clock = clock
        self._gather_seconds = gather_seconds
        self._gatherings: dict[tuple[str, str], _Gathering] = {}
        self._running: set[asyncio.Task[_Outcome]] = set()

    async def load(self, slot: SlotId, queries: Sequence[MetricQuery]) -> MetricAnswer:
        """Answers to `queries`, sent together with those that other slots of the account and region ask now."""
        usable = [query for query in queries if _is_complete(query)]
        broken = [query for query in queries if not _is_complete(query)]
        outcomes = await self._send(slot, usable) if usable else {}
        series: dict[tuple[str, str], Series] = {}
        failures = [self._failure(slot, _INCOMPLETE, query.resource) for query in broken]
        for query in usable:
            answer = outcomes[query.statistic_key].answers[query.statistic_key]
            if isinstance(answer, Series):
                series[query.resource, query.metric] = scaled(answer, query.scale)
            elif isinstance(answer, Unanswered):
                failures.append(self._failure(slot, answer, query.resource))
            else:
                failures.append(_in_the_name_of(slot, answer))
        for outcome in {id(outcome): outcome for outcome in outcomes.values()}.values():
            failures.extend(self._failure(slot, remark, None) for remark in outcome.remarks)
        return MetricAnswer(series, tuple(dict.fromkeys(failures)))

    async def close(self) -> None:
        """End what is still being asked."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _send(self, slot: SlotId, queries: Sequence[MetricQuery]) -> Mapping[Statistic, _Outcome]:
        """Join the gathering of this account and region, and wait for the requests that hold these queries."""
        gathering = self._gathering(slot)
        gathering.queries.extend(queries)
        await gathering.sent.wait()
        wanted = {query.statistic_key: gathering.tasks[query.statistic_key] for query in queries}
        await asyncio.wait(set(wanted.values()))
        return {statistic: task.result() for statistic, task in wanted.items()}

    def _gathering(self, slot: SlotId) -> _Gathering:
        key = (slot.account, slot.region)
        if key not in self._gatherings:
            self._gatherings[key] = _Gathering()
            asyncio.get_running_loop().call_later(self._gather_seconds, self._depart, key)
        return self._gatherings[key]

    def _depart(self, key: tuple[str, str]) -> None:
        """Send what has gathered."""
        gathering = self._gatherings.pop(key)
        for batch in pack(gathering.queries):
            task = asyncio.get_running_loop().create_task(self._ask(*key, batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            gathering.tasks.update(dict.fromkeys(batch.statistics, task))
        gathering.sent.set()

    async def _ask(self, account: str, region: str, batch: Batch) -> _Outcome:
        """Send a batch. One that CloudWatch finds invalid is halved until the broken query stands alone."""
        outcome = _Outcome()
        rest, splits = [batch], 0
        while rest:
            part = rest.pop()
            try:
                pages = await self._fetch(account, region, part)
            except CallFailed as failed:
                if failed.failure.code in _BROKEN_QUERY and len(part.statistics) > 1 and splits < _MAX_SPLITS:
                    rest.extend(part.halves())
                    splits += 1
                else:
                    outcome.answers.update(dict.fromkeys(part.statistics, failed.failure))
            else:
                answers, remarks = read_pages(part, pages)
                outcome.answers.update(answers)
                outcome.remarks += remarks
        return outcome

    def _failure(self, slot: SlotId, reason: Unanswered, resource: str | None) -> Failure:
        return Failure(
            outcome=reason.outcome,
            account=slot.account,
            region=slot.region,
            service=slot.service,
            operation=METRICS.operation,
            code=reason.code,
            message=reason.message,
            at=self._clock(),
            iam_action=METRICS.iam if reason.outcome is Outcome.DENIED else None,
            resource=resource,
        )


_INCOMPLETE = Unanswered(
    Outcome.INVALID, "IncompleteQuery", "A metric was asked for without a whole window or dimension."
)


def _in_the_name_of(slot: SlotId, failure: Failure) -> Failure:
    """A failed request is a failure of each slot that it was made for; one of the credentials stays one of them."""
    return replace(failure, service=slot.service) if failure.operation == METRICS.operation else failure


def _is_complete(query: MetricQuery) -> bool:
    """One query that CloudWatch would refuse makes it refuse the 499 others too."""
    return query.end > query.start and all(name and value for name, value in query.dimensions)
