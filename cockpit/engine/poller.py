"""One poll of one slot: who are we, what is there, what do its metrics say. It always ends as an observation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from cockpit.aws.failed import CallFailed
from cockpit.aws.logins import CredentialSource
from cockpit.aws.metrics import MetricAnswer, MetricQuery
from cockpit.aws.verified import Identity
from cockpit.config.settings import Settings
from cockpit.engine.logins import LoginRoom
from cockpit.engine.look import Look, OpenFailures, laid_over, reading_of
from cockpit.engine.scheduler import Run
from cockpit.engine.slots import settled_for
from cockpit.engine.windows import metric_queries, reach_of_all
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.service import Catalogue, Discovery, Reader, ServiceSpec
from cockpit.model.verdict import Failure, Outcome

LOOK_DEADLINE_SECONDS = 300.0
"""Longest time for one part of a poll. Each call has a deadline of its own; this one holds against a defect."""

_RESOURCES_AT_A_TIME = 100
"""Resources whose series are merged before other tasks of the loop have their turn."""

T = TypeVar("T")


class Room(LoginRoom, Protocol):
    """What the engine needs of `cockpit.aws.room.AwsRoom`."""

    async def verify(self, account: str) -> Identity:
        """Who we are in an account. Raises `CallFailed`."""

    def describe(self, account: str) -> CredentialSource:
        """Where the credentials of an account come from."""

    def reader(self, slot: SlotId, spec: ServiceSpec, now: float) -> Reader:
        """The read gateway of a slot, after `verify`."""

    async def load(self, slot: SlotId, queries: Sequence[MetricQuery], now: float) -> MetricAnswer:
        """Ask CloudWatch."""

    async def warm(self, slots: Iterable[SlotId]) -> None:
        """Build clients ahead."""


class Poller:
    """Polls slots. Several polls may run side by side, of one slot only one at a time."""

    def __init__(
        self,
        room: Room,
        settings: Settings,
        catalogue: Catalogue,
        *,
        clock: Callable[[], float],
        on_defect: Callable[[SlotId, Exception], None],
        deadline_seconds: float = LOOK_DEADLINE_SECONDS,
    ) -> None:
        """Make a poller.

        Args:
            room: The AWS room, open.
            settings: What is configured.
            catalogue: The services.
            clock: Epoch seconds.
            on_defect: Hears of every exception that is no `CallFailed`; the slot is `INVALID` then.
            deadline_seconds: Longest time for one part of a poll.
        """
        self._room = room
        self._settings = settings
        self._services = {spec.key: spec for spec in catalogue.services}
        self._reach = reach_of_all(catalogue, settings)
        self._clock = clock
        self._on_defect = on_defect
        self._deadline_seconds = deadline_seconds
        self._open: dict[SlotId, OpenFailures] = {}
        self.identities: dict[str, Identity | Failure] = {}
        """Account name → what the newest identity check said."""

    async def poll(self, run: Run, previous: Observation | None) -> Observation:
        """Do what `run` asks. Never raises: what could not be seen is in the observation, and what is known stays."""
        started = self._clock()
        slot, spec = run.slot, self._services[run.slot.service]
        identity = await self.check_identity(slot)
        if isinstance(identity, Failure):
            return self._unseen(slot, previous, identity, started)
        look = Look.after(previous, self._open.get(slot, OpenFailures()))
        if run.discover or look.discovered_at is None:
            look = await self._discover(slot, spec, look, previous)
        if not run.newcomers:
            look = replace(look, new=frozenset())
        if (run.kinds or look.new) and look.discovered_at is not None:
            look = await self._measure(run, spec, look)
        self._open[slot] = look.open
        return self._observed(slot, look, previous, started)

    async def check_identity(self, slot: SlotId) -> Identity | Failure:
        """Who we are in the slot's account; a failure where that is not the configured account."""
        found = await self._attempt(slot, "GetCallerIdentity", self._room.verify(slot.account), service="sts")
        configured = self._settings.accounts[slot.account].id
        if isinstance(found, Identity) and found.account_id != configured:
            message = f"The credentials are of account {found.account_id}, not {configured}."
            found = self._failure(slot, "GetCallerIdentity", "WrongAccount", message, service="sts")
        self.identities[slot.account] = found
        return found

    async def _discover(self, slot: SlotId, spec: ServiceSpec, look: Look, previous: Observation | None) -> Look:
        found = await self._attempt(slot, "discovery", self._listing(slot, spec, previous))
        if isinstance(found, Failure):
            return look.not_listed((found,))
        return look.listed(found, spec, self._clock())

    async def _listing(self, slot: SlotId, spec: ServiceSpec, previous: Observation | None) -> Discovery:
        reader = self._room.reader(slot, spec, self._clock())
        return await spec.discover(reader, previous, settled_for(slot, self._settings))

    async def _measure(self, run: Run, spec: ServiceSpec, look: Look) -> Look:
        slot, reach, now = run.slot, self._reach[spec.key], self._clock()
        answer = await self._attempt(slot, "GetMetricData", self._ask(run, spec, look, now))
        kinds = {resource.key: resource.kind for resource in look.resources}
        if isinstance(answer, Failure):
            return look.measured(
                look.resources, reading_of(run.kinds, _all_of(run.kinds), (), (answer,)), self._clock()
            )
        queries, brought = answer
        asked = [(kinds[query.resource], (query.resource, query.metric)) for query in queries]
        reading = reading_of(run.kinds, asked, brought.series.keys(), brought.failures)
        return look.measured(await _merged(look.resources, brought, spec, reach), reading, self._clock())

    async def _ask(
        self, run: Run, spec: ServiceSpec, look: Look, now: float
    ) -> tuple[Sequence[MetricQuery], MetricAnswer]:
        reach = self._reach[spec.key]
        queries = metric_queries(spec, look.resources, kinds=run.kinds, new=look.new, now=now, reach=reach)
        return queries, await self._room.load(run.slot, queries, now) if queries else MetricAnswer({}, ())

    async def _attempt(
        self, slot: SlotId, operation: str, work: Awaitable[T], *, service: str | None = None
    ) -> T | Failure:
        """The result of `work`, or what went wrong with it."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await work
        except CallFailed as error:
            return error.failure
        except TimeoutError:
            message = f"Not done within {self._deadline_seconds:.0f} s."
            return self._failure(
                slot, operation, "DeadlineExceeded", message, service=service, outcome=Outcome.UNREACHABLE
            )
        except Exception as error:  # noqa: BLE001 - a defect costs one slot its data, never the loop its life
            self._on_defect(slot, error)
            # The text of a foreign exception may hold anything, so only its kind is shown.
            name = type(error).__name__
            return self._failure(slot, operation, name, f"A defect in cockpit: {name}.", service=service)

    def _failure(
        self,
        slot: SlotId,
        operation: str,
        code: str,
        message: str,
        *,
        service: str | None = None,
        outcome: Outcome = Outcome.INVALID,
    ) -> Failure:
        return Failure(
            outcome=outcome,
            account=slot.account,
            region=slot.region,
            service=service or slot.service,
            operation=operation,
            code=code,
            message=message,
            at=self._clock(),
        )

    def _observed(self, slot: SlotId, look: Look, previous: Observation | None, started: float) -> Observation:
        now = self._clock()
        return Observation(
            slot=slot,
            account_id=self._settings.accounts[slot.account].id,
            outcome=look.outcome,
            attempted_at=now,
            observed_at=look.observed_at,
            resources=look.resources,
            failures=look.open.all,
            discovered_at=look.discovered_at,
            metrics_at=look.metrics_at,
            took_seconds=now - started,
            restored=previous is not None and previous.restored and not look.fresh,
        )

    def _unseen(self, slot: SlotId, previous: Observation | None, failure: Failure, started: float) -> Observation:
        """After a poll that could not even begin: what is known stays as it is, with the reason."""
        blocked = OpenFailures(discovery=(failure,), blind=True)
        return self._observed(slot, Look.after(previous, blocked), previous, started)


def _all_of(kinds: frozenset[str]) -> list[tuple[str, tuple[str, str]]]:
    """One unanswered query for each kind: nothing came back."""
    return [(kind, (kind, "")) for kind in kinds]


async def _merged(
    resources: tuple[Resource, ...], answer: MetricAnswer, spec: ServiceSpec, reach: Mapping[str, int]
) -> tuple[Resource, ...]:
    newer: dict[str, dict[str, Series]] = {}
    for (key, metric), series in answer.series.items():
        newer.setdefault(key, {})[metric] = series
    merged: list[Resource] = []
    for index, resource in enumerate(resources, start=1):
        merged.append(laid_over(resource, newer[resource.key], spec, reach) if resource.key in newer else resource)
        if index % _RESOURCES_AT_A_TIME == 0:
            await asyncio.sleep(0)
    return tuple(merged)
