"""The five systems as hand-made snapshots: a bad release, a growing queue, a database near its limit, an account that
may not read Lambda, an expired session, stale data, cells that nobody has looked at yet, and a preview."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cockpit.config.settings import Account, Environment, Settings, System
from cockpit.model.finding import Evidence, Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import Direction
from cockpit.model.series import Series
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import (
    AccountState,
    Cell,
    EnvironmentState,
    Link,
    MeterLine,
    MeterReading,
    Snapshot,
)
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Health, Outcome
from tests.ui.specs import CATALOGUE

NOW = 1_772_461_920.0
"""2026-03-02 14:32 UTC."""

ACCOUNTS = {
    "timeclout": "111111111111",
    "sched-local": "000000000000",
    "sched-dev": "222222222201",
    "sched-staging": "222222222202",
    "sched-prod": "222222222203",
    "combo-dev": "333333333301",
    "combo-sandbox": "333333333302",
    "combo-media": "333333333303",
    "trinity-nonprod": "444444444401",
    "trinity-prod": "444444444402",
}

ENVIRONMENTS: tuple[tuple[str, str, bool, bool, tuple[str, ...], str], ...] = (
    # system, environment, protected, discovered, accounts, services
    ("timeclout", "production", True, False, ("timeclout",), "lambda cloudfront alarms cost"),
    ("timeclout", "pr123", False, True, ("timeclout",), "lambda cloudfront"),
    ("timeclout", "pr131", False, True, ("timeclout",), "lambda cloudfront"),
    ("scheduler", "local", False, False, ("sched-local",), "lambda sqs"),
    ("scheduler", "dev", False, False, ("sched-dev",), "lambda rds sqs alarms cost"),
    ("scheduler", "staging", False, False, ("sched-staging",), "lambda rds sqs alarms cost"),
    ("scheduler", "production", True, False, ("sched-prod",), "lambda rds sqs alarms cost"),
    ("tim-combo", "dev", False, False, ("combo-dev", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "test", False, False, ("combo-dev", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "stage", False, False, ("combo-sandbox", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "prod", True, False, ("combo-sandbox", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("trinity", "development", False, False, ("trinity-nonprod",), "lambda cloudfront alarms cost"),
    ("trinity", "staging", False, False, ("trinity-nonprod",), "lambda cloudfront alarms cost"),
    ("trinity", "production", True, False, ("trinity-prod",), "lambda cloudfront alarms cost"),
    ("daywatch", "staging", False, False, (), "cost"),
    ("daywatch", "production", True, False, (), "cost"),
)

NAMES = ("checkout", "payments", "events", "users", "search", "mailer", "import", "export", "webhook", "report")


def wave(seed: int, length: int, low: float, high: float) -> tuple[float | None, ...]:
    """Something that looks like traffic."""
    return tuple(
        low + (high - low) * (0.5 + 0.35 * math.sin(seed + i / 7) + 0.15 * math.sin(seed * 3 + i / 2))
        for i in range(length)
    )


def series(values: Sequence[float | None], *, now: float, period: int = 60, delay: int = 120) -> Series:
    """Values that end `delay` seconds ago."""
    end = int((now - delay) // period) * period
    return Series(end - period * len(values), period, tuple(values))


@dataclass
class Fleet:
    """Makes snapshots. Change a field and make another."""

    now: float = NOW
    functions: int = 12
    """Functions of each environment."""
    bad_release: bool = True
    queue: bool = True
    denied: bool = True
    expired: bool = True
    stale: bool = True
    pending: bool = True
    database: bool = True
    version: int = 1
    _resources: dict[SlotId, list[Resource]] = field(default_factory=dict, init=False)

    def snapshot(self) -> Snapshot:
        """The fleet now."""
        self._resources = {}
        environments = tuple(self._environment(*row) for row in ENVIRONMENTS)
        slots = dict.fromkeys(s for e in environments for cell in e.cells.values() for s in cell.slots)
        observations = {slot: self._observation(slot) for slot in slots}
        return Snapshot(
            version=self.version,
            at=self.now,
            environments=environments,
            accounts=tuple(self._account(name) for name in ACCOUNTS),
            observations={slot: one for slot, one in observations.items() if one is not None},
            meter=self._meter(),
        )

    # Parts.

    def _environment(
        self, system: str, name: str, protected: bool, discovered: bool, accounts: tuple[str, ...], services: str
    ) -> EnvironmentState:
        wanted = EnvironmentId(system, name)
        cells: dict[str, Cell] = {}
        for key in services.split():
            spec = CATALOGUE.service(key)
            assert spec is not None
            cells[key] = self._cell(wanted, spec, accounts)
        findings = tuple(
            sorted(
                (f for cell in cells.values() for f in cell.findings), key=lambda f: (-f.health.rank, f.since or 9e99)
            )
        )
        return EnvironmentState(
            id=wanted,
            title=f"{system} {name}",
            protected=protected,
            health=Health.worst(cell.health for cell in cells.values()),
            cells=cells,
            findings=findings,
            links=(Link("runbook", f"https://wiki.example/{system}"),),
            discovered=discovered,
            accounts=accounts,
        )

    def _slot(self, spec: ServiceSpec, accounts: tuple[str, ...]) -> SlotId:
        account = (
            accounts[-1] if spec.key == "cloudfront" and len(accounts) > 1 else accounts[0] if accounts else "none"
        )
        return SlotId(account, "us-east-1" if spec.key in {"cloudfront", "cost"} else "eu-west-1", spec.key)

    def failure(self, slot: SlotId) -> Failure | None:
        """Why nothing is seen of a slot, if so."""
        if self.denied and (slot.account, slot.service) == ("trinity-prod", "lambda"):
            return Failure(
                Outcome.DENIED, slot.account, slot.region, "lambda", "ListFunctions", "AccessDeniedException",
                "The role may not list functions.", self.now - 240, iam_action="lambda:ListFunctions",
                remedy="Allow lambda:ListFunctions for arn:aws:iam::444444444402:role/cockpit-read.",
            )  # fmt: skip
        if self.expired and slot.account == "combo-dev":
            return Failure(
                Outcome.EXPIRED, slot.account, slot.region, "sts", "credentials", "TokenExpired",
                "The session of combo-sso has run out.", self.now - 1500,
                remedy="aws sso login --sso-session combo-sso",
            )  # fmt: skip
        return None

    def _is_stale(self, wanted: EnvironmentId, spec: ServiceSpec) -> bool:
        return self.stale and str(wanted) == "trinity/development" and spec.key == "alarms"

    def _is_pending(self, wanted: EnvironmentId) -> bool:
        return self.pending and str(wanted) == "scheduler/dev"

    def _cell(self, wanted: EnvironmentId, spec: ServiceSpec, accounts: tuple[str, ...]) -> Cell:
        slot = self._slot(spec, accounts)
        if self._is_pending(wanted):
            return Cell(wanted, spec.key, Health.UNKNOWN, None, (slot,), (), (), None, "waiting", pending=True)
        resources = self._made(wanted, spec, slot)
        self._resources.setdefault(slot, []).extend(resources)
        failure = self.failure(slot)
        findings = tuple(self._findings(wanted, spec, slot, resources, failure))
        health = Health.worst([*(finding.health for finding in findings), Health.OK])
        observed, note = self.now - 35.0, ""
        if failure is not None:
            observed, note = self.now - 1500.0, failure.summary
        if self._is_stale(wanted, spec):
            observed, note, health = self.now - 760.0, "stale 12 min", Health.UNKNOWN
        return Cell(
            environment=wanted,
            service=spec.key,
            health=health,
            headline=spec.headline(resources) if resources and not (failure and spec.key == "lambda") else None,
            slots=(slot,),
            resources=tuple(one.key for one in resources),
            findings=findings,
            observed_at=observed,
            note=note,
        )

    def _made(self, wanted: EnvironmentId, spec: ServiceSpec, slot: SlotId) -> list[Resource]:
        makers: Mapping[str, Callable[[EnvironmentId, SlotId], list[Resource]]] = {
            "lambda": self._lambdas,
            "rds": self._databases,
            "sqs": self._queues,
            "cloudfront": self._distributions,
            "alarms": self._alarms,
            "cost": self._bills,
        }
        return makers[spec.key](wanted, slot)

    def _resource(
        self, wanted: EnvironmentId, slot: SlotId, kind: str, name: str, facts: Mapping[str, Fact], **more: object
    ) -> Resource:
        key = (
            f"arn:aws:{slot.service}:{slot.region}:{ACCOUNTS.get(slot.account, '')}:{kind}/{wanted.environment}-{name}"
        )
        return Resource(key, slot, kind, name, facts, **more)  # type: ignore[arg-type]

    def is_bad(self, wanted: EnvironmentId, name: str) -> bool:
        """Whether this is the bad release."""
        return self.bad_release and str(wanted) == "tim-combo/prod" and name == "checkout:live"

    def _lambdas(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        made = []
        for index in range(self.functions):
            alias = index == 0
            name = "checkout:live" if alias else f"{NAMES[index % len(NAMES)]}-{index}"
            seed = index + len(str(wanted))
            calls = wave(seed, 180, 80, 240)
            errors: list[float | None] = [0.0 if (i + seed) % 37 else 1.0 for i in range(180)]
            if self.is_bad(wanted, name):
                errors = [0.072 * (calls[i] or 0) if i >= 172 else 0.0 for i in range(180)]
            if index == 3:
                errors = [None if 100 < i < 120 else value for i, value in enumerate(errors)]
                calls = tuple(None if 100 < i < 120 else value for i, value in enumerate(calls))
            facts: dict[str, Fact] = {
                "runtime": "python3.12" if index % 3 else "nodejs20.x",
                "memory_mb": 512 if index % 2 else 1024,
                "timeout_seconds": 30,
                "version": str(40 + index % 5) if alias else "$LATEST",
                "last_modified": self.now - 480 - index * 36_000,
                "code_sha256": "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2j3k4l5z6x7c=",
            }
            made.append(
                self._resource(
                    wanted, slot, "alias" if alias else "function", name, facts,
                    tags={"team": "shop" if index % 2 else "core", "stack": f"{wanted.system}-{wanted.environment}"},
                    related={"function": f"{NAMES[1]}-1"} if alias else {},
                    series={
                        "invocations": series(calls, now=self.now),
                        "errors": series(errors, now=self.now),
                        "duration_p99": series(wave(seed + 2, 180, 0.12, 0.9), now=self.now),
                    },
                )
            )  # fmt: skip
        return made

    def _databases(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        high = self.database and str(wanted) == "scheduler/production"
        cpu = wave(len(str(wanted)), 180, 20, 45)
        if high:
            cpu = tuple(min(93.0, 40 + i * 0.33) for i in range(180))
        free = tuple(40 * 2.0**30 - i * 2.0**24 for i in range(180))
        return [
            self._resource(
                wanted, slot, "instance", f"{wanted.system}-db",
                {"status": "available", "engine": "postgres 16.3", "class": "db.t4g.large", "backup_retention_days": 7},
                series={"cpu": series(cpu, now=self.now, delay=180), "free_storage": series(free, now=self.now, delay=180)},
            )
        ]  # fmt: skip

    def _queues(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        growing = self.queue and str(wanted) == "scheduler/staging"
        depth = tuple(float(max(3, (i - 150) * 41)) for i in range(180)) if growing else wave(3, 180, 0, 12)
        depth = tuple(float(round(value or 0)) for value in depth)
        return [
            self._resource(
                wanted, slot, "queue", "events", {"depth": depth[-1], "in_flight": 14, "delayed": 0},
                related={"dead_letter_queue": "events-dlq"}, series={"visible": series(depth, now=self.now)},
            ),
            self._resource(wanted, slot, "dlq", "events-dlq", {"depth": 0.0, "in_flight": 0}),
        ]  # fmt: skip

    def _distributions(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        return [
            self._resource(
                wanted, slot, "distribution", f"{wanted.environment}-web",
                {"status": "Deployed", "domain": f"{wanted.environment}.{wanted.system}.example", "enabled": True},
                series={"cache_hit": series(wave(len(str(wanted)), 180, 86, 97), now=self.now, delay=300)},
            )
        ]  # fmt: skip

    def _alarms(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        return [
            self._resource(
                wanted, slot, "metric_alarm", f"{wanted.system}-{NAMES[index]}",
                {
                    "state": "ALARM" if self.queue and str(wanted) == "scheduler/staging" and index == 0 else "OK",
                    "state_since": self.now - 660,
                },
            )
            for index in range(5)
        ]  # fmt: skip

    def _bills(self, wanted: EnvironmentId, slot: SlotId) -> list[Resource]:
        spent = 40.0 + 11 * len(str(wanted))
        return [
            self._resource(
                wanted, slot, "environment", str(wanted),
                {"month_to_date_usd": spent, "budget_usd": 500.0, "budget_used_percent": spent / 5},
                series={"daily_usd": series(wave(2, 30, 6, 14), now=self.now, period=86_400, delay=0)},
            )
        ]  # fmt: skip

    def _findings(
        self,
        wanted: EnvironmentId,
        spec: ServiceSpec,
        slot: SlotId,
        resources: list[Resource],
        failure: Failure | None,
    ) -> list[Finding]:
        if failure is not None:
            reason = failure.summary if failure.outcome is Outcome.DENIED else "session of combo-sso expired"
            return [
                Finding(
                    wanted, slot, "observation", Health.UNKNOWN, slot.region, reason, failure.at, failure=failure,
                )
            ]  # fmt: skip
        first = resources[0]
        place = str(wanted)
        if self.is_bad(wanted, first.name) and spec.key == "lambda":
            evidence = Evidence(7.2, 5.0, Unit.PERCENT, Direction.ABOVE, 300, (7.2,) * 5)
            return [
                Finding(
                    wanted, slot, "lambda.error_rate", Health.CRITICAL, first.name, "error rate 7.2 % > 5.0 % for 6 min",
                    self.now - 360, first.key, evidence, changed="version 42, published 14:24",
                )
            ]  # fmt: skip
        if self.queue and place == "scheduler/staging" and spec.key == "sqs":
            return [
                Finding(
                    wanted, slot, "sqs.depth", Health.WARNING, first.name, "1\u202f204 messages > 1\u202f000 for 11 min",
                    self.now - 660, first.key,
                )
            ]  # fmt: skip
        if self.queue and place == "scheduler/staging" and spec.key == "alarms":
            return [
                Finding(
                    wanted, slot, "alarms.state", Health.CRITICAL, first.name, "in ALARM for 11 min: Threshold Crossed",
                    self.now - 660, first.key,
                )
            ]  # fmt: skip
        if self.database and place == "scheduler/production" and spec.key == "rds":
            return [
                Finding(
                    wanted, slot, "rds.cpu", Health.WARNING, first.name, "CPU 93 % > 80 % for 18 min", self.now - 1080,
                    first.key,
                )
            ]  # fmt: skip
        if self._is_stale(wanted, spec):
            return [
                Finding(wanted, slot, "observation", Health.UNKNOWN, slot.region, "not seen for 12 min", self.now - 760)
            ]
        return []

    def _observation(self, slot: SlotId) -> Observation | None:
        if slot.account == "none" or (self.pending and slot.account == "sched-dev"):
            return None
        failure = self.failure(slot)
        stale = self.stale and slot.account == "trinity-nonprod" and slot.service == "alarms"
        return Observation(
            slot=slot,
            account_id=ACCOUNTS[slot.account],
            outcome=failure.outcome if failure else Outcome.OK,
            attempted_at=self.now - 12,
            observed_at=self.now - (1500 if failure else 760 if stale else 35),
            resources=tuple(self._resources.get(slot, ())),
            failures=(failure,) if failure else (),
        )

    def _account(self, name: str) -> AccountState:
        expired = self.expired and name == "combo-dev"
        pending = self.pending and name == "sched-dev"
        probe = [SlotId(name, "eu-west-1", "lambda")]
        failures = tuple(failure for slot in probe if (failure := self.failure(slot)))
        sso = name.startswith("combo")
        return AccountState(
            name=name,
            account_id=ACCOUNTS[name],
            regions=("eu-west-1",),
            outcome=None if pending else Outcome.EXPIRED if expired else Outcome.OK,
            identity_arn=None
            if pending or expired
            else f"arn:aws:sts::{ACCOUNTS[name]}:assumed-role/cockpit-read/cockpit",
            expires_at=None if not sso or expired else self.now + 11_520,
            last_poll_at=None if pending else self.now - 12,
            failures=failures,
            source=f"profile {name}",
            login=("combo-sso" if expired else "media-sso") if sso else None,
            remedy="aws sso login --sso-session combo-sso" if expired else None,
        )

    def _meter(self) -> MeterReading:
        lines = tuple(
            MeterLine(
                name, "cloudwatch", "GetMetricData", calls=18 + i, attempts=19 + i, billed_metrics=400, cost_usd=0.004
            )
            for i, name in enumerate(ACCOUNTS)
        )
        return MeterReading(self.now - 600, lines, ceiling_usd_per_day=2.0, usd_per_hour=0.0041, usd_today=0.05)


def settings(**more: object) -> Settings:
    """Settings of the same fleet."""
    grouped = itertools.groupby(ENVIRONMENTS, key=lambda row: row[0])
    systems = tuple(
        System(
            system,
            system,
            tuple(
                Environment(EnvironmentId(system, row[1]), f"{system} {row[1]}", (), protected=row[2])
                for row in rows
                if not row[3]
            ),
        )
        for system, rows in grouped
    )
    accounts = {name: Account(name, number, ("eu-west-1",)) for name, number in ACCOUNTS.items()}
    return replace(Settings(accounts, systems), **more)  # type: ignore[arg-type]


class FakeEngine:
    """Serves hand-made snapshots, and remembers what it was asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.refreshed: list[Collection[SlotId] | None] = []
        self.paused: list[bool] = []
        self.looked_at: list[Collection[SlotId]] = []
        self.callbacks: list[Callable[[Snapshot], None]] = []

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """As the engine does."""
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def publish(self, snapshot: Snapshot) -> None:
        """A newer snapshot."""
        self.snapshot = snapshot
        for callback in self.callbacks:
            callback(snapshot)

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Remember."""
        self.refreshed.append(slots)

    def pause(self, paused: bool) -> None:
        """Pause, visibly."""
        self.paused.append(paused)
        self.publish(replace(self.snapshot, polling=not paused))

    def look_at(self, slots: Collection[SlotId]) -> None:
        """Remember."""
        self.looked_at.append(slots)
