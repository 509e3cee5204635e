"""A room with nothing behind it, at the boundary that the engine knows, and two tiny services to watch through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.aws.logins import CredentialSource
from cockpit.aws.meter import Meter
from cockpit.aws.metrics import MetricAnswer, MetricQuery
from cockpit.aws.portals import LoginFailed
from cockpit.aws.verified import Identity
from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.engine.door import OpenRoom
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import Clearance, Metric, Missing, Rule, Threshold
from cockpit.model.series import from_points
from cockpit.model.service import (
    Cadence,
    Catalogue,
    Discovery,
    Headline,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
)
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Outcome

NOW = 1_760_000_040.0
REGION = "eu-west-2"
IDS = {"dev": "111122223333", "prod": "222233334444"}
DEV = SlotId("dev", REGION, "tiny")
PROD = SlotId("prod", REGION, "tiny")
BILL = SlotId("dev", "us-east-1", "bill")


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def failure(slot: SlotId, outcome: Outcome = Outcome.UNREACHABLE, operation: str = "ListThings") -> Failure:
    return Failure(outcome, slot.account, slot.region, slot.service, operation, "Code", "It failed.", NOW)


def thing(slot: SlotId, name: str, kind: str = "thing", **facts: int) -> Resource:
    return Resource(f"arn:{slot}:{name}", slot, kind, name, facts=facts, shared=kind == "account")


def listing(slot: SlotId, *names: str, failures: tuple[Failure, ...] = ()) -> Discovery:
    """The account itself and things by name."""
    return Discovery((thing(slot, "account", "account"), *(thing(slot, name) for name in names)), failures)


async def _discover(reader: Reader, previous: Observation | None, settled: Settled) -> Discovery:
    found: Discovery = (await reader.call("ListThings"))["found"]
    return found


TINY = ServiceSpec(
    key="tiny",
    title="Tiny",
    column="TINY",
    order=1,
    reach=Reach.REGIONAL,
    calls=(),
    discover=_discover,
    discover_seconds=300,
    stale_seconds=900,
    metrics=(
        MetricSpec(
            "errors",
            "Tiny",
            "Errors",
            "Sum",
            Unit.COUNT,
            ("account", "thing"),
            lambda one: {"Name": one.name},
            Missing.ZERO,
        ),
        MetricSpec(
            "load", "Tiny", "Load", "Average", Unit.PERCENT, ("thing",), lambda one: {"Name": one.name}, Missing.UNKNOWN
        ),
    ),
    cadences=(Cadence(("account",), 60, 60), Cadence(("thing",), 600, 60)),
    rules=(
        Rule(
            "tiny.errors",
            ("thing",),
            "errors",
            Metric("errors"),
            Unit.COUNT,
            Threshold(None, 5, 300),
            missing=Missing.ZERO,
            cleared_by=Clearance("errors", 0),
        ),
    ),
    columns=(),
    headline=lambda resources: Headline(str(len(resources))),
)

PAID = replace(
    TINY,
    key="bill",
    column="BILL",
    order=2,
    reach=Reach.GLOBAL,
    discover_seconds=6 * 3600,
    stale_seconds=86400,
    metrics=(),
    cadences=(),
    rules=(),
    shared_between_processes=True,
)

CATALOGUE = Catalogue((TINY, PAID))


def settings(*accounts: str, services: tuple[str, ...] = ("tiny",), polling: Polling | None = None) -> Settings:
    """One environment for each account."""
    names = accounts or ("dev",)
    environments = tuple(
        Environment(EnvironmentId("shop", name), f"shop {name}", (Target(name, (REGION,), services),)) for name in names
    )
    return Settings(
        accounts={name: Account(name, IDS[name], (REGION,)) for name in names},
        systems=(System("shop", "Shop", environments),),
        polling=polling or Polling(),
    )


@dataclass
class _Reader:
    room: Room
    slot: SlotId
    now: float

    @property
    def account_id(self) -> str:
        return IDS[self.slot.account]

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        return {"found": await self.room.listed(self.slot)}

    async def pages(self, operation: str, items: str, **parameters: Any) -> list[Any]:
        raise NotImplementedError

    async def gather(self, calls: Sequence[Awaitable[Any]]) -> list[Any]:
        raise NotImplementedError


@dataclass
class Room:
    """Answers what it is told to answer, and remembers what it was asked."""

    listings: dict[SlotId, Discovery | Failure | Exception] = field(default_factory=dict)
    identities: dict[str, Identity | Failure] = field(default_factory=dict)
    value: Callable[[MetricQuery], float | Failure | None] = lambda query: 0.0
    holds: dict[SlotId, asyncio.Event] = field(default_factory=dict)
    """A listing waits here until it is let go."""
    verified: list[str] = field(default_factory=list)
    asked: list[SlotId] = field(default_factory=list)
    queries: list[list[MetricQuery]] = field(default_factory=list)
    logins: dict[str, str] = field(default_factory=dict)
    """Account → the login that it hangs on."""
    confirmed: dict[str, asyncio.Future[Callable[[], None] | LoginFailed]] = field(default_factory=dict)
    """Login → what its confirmation does, or how it fails; a login that is not here waits for ever."""
    written_at: dict[str, int] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    async def verify(self, account: str) -> Identity:
        self.verified.append(account)
        found = self.identities.get(account) or Identity(IDS[account], f"arn:aws:sts::{IDS[account]}:me", None)
        if isinstance(found, Failure):
            raise CallFailed(found)
        return found

    def describe(self, account: str) -> CredentialSource:
        return CredentialSource(f"profile {account}", self.logins.get(account), None)

    async def log_in(self, login: str, told: Callable[[LoginStep], None]) -> None:
        told(LoginStep(login, LoginState.WAITING, user_code="ABCD-EFGH"))
        end = await self.confirmed.get(login, asyncio.Future())
        if isinstance(end, LoginFailed):
            raise end
        end()

    def accounts_of(self, login: str) -> tuple[str, ...]:
        return tuple(name for name, own in self.logins.items() if own == login)

    def forget(self, account: str) -> None:
        self.forgotten.append(account)

    async def logins_written_at(self) -> Mapping[str, int | None]:
        return {login: self.written_at.get(login) for login in self.logins.values()}

    def reader(self, slot: SlotId, spec: ServiceSpec, now: float) -> Reader:
        return _Reader(self, slot, now)

    async def load(self, slot: SlotId, queries: Sequence[MetricQuery], now: float) -> MetricAnswer:
        self.queries.append(list(queries))
        answers = {query: self.value(query) for query in queries}
        failures = [answer for answer in answers.values() if isinstance(answer, Failure)]
        return MetricAnswer(
            {
                (query.resource, query.metric): from_points(
                    []
                    if answer is None
                    else [(at, answer) for at in range(query.start, query.end, query.period_seconds)],
                    start=query.start,
                    end=query.end,
                    period_seconds=query.period_seconds,
                )
                for query, answer in answers.items()
                if not isinstance(answer, Failure)
            },
            tuple(dict.fromkeys(failures)),
        )

    async def warm(self, slots: Iterable[SlotId]) -> None:
        return None

    async def listed(self, slot: SlotId) -> Discovery:
        self.asked.append(slot)
        if slot in self.holds:
            await self.holds[slot].wait()
        found = self.listings.get(slot, listing(slot, "one"))
        if isinstance(found, Failure):
            raise CallFailed(found)
        if isinstance(found, Exception):
            raise found
        return found

    def opened(self) -> OpenRoom:
        """How the engine is given this room."""

        @asynccontextmanager
        async def opening(_: Meter) -> AsyncIterator[Room]:
            yield self

        return opening
