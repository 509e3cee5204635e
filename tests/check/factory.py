"""Small hand-made fleets: as much of a Snapshot as a report reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cockpit.check.report import Report, build_report
from cockpit.check.request import CheckRequest
from cockpit.model.finding import Change, Evidence, Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.rule import Direction
from cockpit.model.service import Catalogue, Discovery, Headline, Reach, ServiceSpec
from cockpit.model.snapshot import AccountState, Cell, EnvironmentState, MeterLine, MeterReading, Snapshot
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Health, Outcome

NOW = 1_790_000_000.0
"""2026-09-21 14:13:20 UTC."""
RELEASE = Change("version 42, published", NOW - 440)
"""At 14:06 UTC."""
REGION = "eu-west-1"
ACCOUNTS = {"live": "111122223333", "media": "444455556666"}


async def _discover(*_: object) -> Discovery:
    return Discovery(())


def service(key: str, order: int, *, shared: bool = False, judged_whole: bool = False) -> ServiceSpec:
    return ServiceSpec(
        key=key,
        title=key,
        column=key.upper(),
        order=order,
        reach=Reach.REGIONAL,
        calls=(),
        discover=_discover,
        discover_seconds=600,
        stale_seconds=3600,
        metrics=(),
        cadences=(),
        rules=(),
        columns=(),
        headline=lambda resources: Headline(""),
        shared_between_processes=shared,
        summarise=(lambda resources, money, now: resources[0]) if judged_whole else None,
    )


CATALOGUE = Catalogue((service("lambda", 1), service("sqs", 2), service("cost", 9, shared=True, judged_whole=True)))


def slot(account: str = "live", service_key: str = "lambda") -> SlotId:
    return SlotId(account, REGION, service_key)


def failure(at: SlotId, outcome: Outcome = Outcome.DENIED, **changes: object) -> Failure:
    denied = outcome is Outcome.DENIED
    values: dict[str, object] = {
        "outcome": outcome,
        "account": at.account,
        "region": at.region,
        "service": at.service,
        "operation": "ListFunctions",
        "code": "AccessDeniedException" if denied else outcome.value,
        "message": f"{at.account} may not list functions" if denied else f"{at.account}: {outcome.value}",
        "at": NOW - 5,
        "iam_action": "lambda:ListFunctions" if denied else None,
        "remedy": "aws sso login --sso-session dev" if outcome is Outcome.EXPIRED else None,
    }
    return Failure(**(values | changes))  # type: ignore[arg-type]


def observation(
    at: SlotId, outcome: Outcome = Outcome.OK, *, age: float | None = 20.0, **changes: object
) -> Observation:
    good = outcome in {Outcome.OK, Outcome.REGION_DISABLED}
    values: dict[str, object] = {
        "slot": at,
        "account_id": ACCOUNTS.get(at.account, "000000000000"),
        "outcome": outcome,
        "attempted_at": NOW - 5,
        "observed_at": None if age is None else NOW - age,
        "failures": () if good else (failure(at, outcome),),
    }
    return Observation(**(values | changes))  # type: ignore[arg-type]


def finding(
    at: SlotId,
    health: Health = Health.CRITICAL,
    *,
    environment: str = "shop/prod",
    rule: str = "lambda.error_rate",
    subject: str = "checkout:live",
    reason: str = "error rate 7.2 % > 5.0 % for 6 min",
    since: float | None = NOW - 360,
    evidence: Evidence | None = None,
    **changes: object,
) -> Finding:
    values: dict[str, object] = {
        "environment": environment_id(environment),
        "slot": at,
        "rule": rule,
        "health": health,
        "subject": subject,
        "reason": reason,
        "since": since,
        "evidence": evidence,
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def evidence(
    value: float | None = 7.2,
    limit: float | None = 5.0,
    unit: Unit = Unit.PERCENT,
    direction: Direction = Direction.ABOVE,
    points: tuple[float | None, ...] = (6.9, None, 7.2),
) -> Evidence:
    return Evidence(value, limit, unit, direction, 300, points)


def environment_id(text: str) -> EnvironmentId:
    system, _, name = text.partition("/")
    return EnvironmentId(system, name)


@dataclass
class Fleet:
    """Collects environments and observations, and makes the snapshot of them."""

    observations: dict[SlotId, Observation] = field(default_factory=dict)
    environments: list[EnvironmentState] = field(default_factory=list)
    asked: set[SlotId] = field(default_factory=set)
    notices: tuple[str, ...] = ()

    def see(self, *observations: Observation) -> Fleet:
        for seen in observations:
            self.observations[seen.slot] = seen
            self.asked.add(seen.slot)
        return self

    def ask(self, *slots: SlotId) -> Fleet:
        """Slots that the sweep never reached."""
        self.asked.update(slots)
        return self

    def environment(
        self,
        name: str,
        slots: Sequence[SlotId],
        *,
        health: Health = Health.OK,
        findings: Iterable[Finding] = (),
        protected: bool = False,
        headline: str = "err 0.0 %",
    ) -> Fleet:
        found = tuple(findings)
        identity = environment_id(name)
        cells = {}
        for key in dict.fromkeys(each.service for each in slots):
            mine = tuple(each for each in found if each.slot.service == key)
            cells[key] = Cell(
                environment=identity,
                service=key,
                health=Health.worst([each.health for each in mine] or [health]),
                headline=Headline(headline) if headline else None,
                slots=tuple(each for each in slots if each.service == key),
                resources=("arn:one",),
                findings=mine,
                observed_at=NOW - 20,
            )
        overall = Health.worst([health, *(each.health for each in found)])
        state = EnvironmentState(identity, name.replace("/", " "), protected, overall, cells, found)
        self.environments.append(state)
        return self

    def snapshot(self) -> Snapshot:
        accounts = tuple(
            AccountState(
                name=name,
                account_id=number,
                regions=(REGION,),
                outcome=Outcome.OK,
                identity_arn=f"arn:aws:sts::{number}:assumed-role/cockpit/cockpit",
                expires_at=NOW + 3600,
                last_poll_at=NOW - 5,
                source="role cockpit via hub",
            )
            for name, number in ACCOUNTS.items()
        )
        lines = (MeterLine("live", "lambda", "ListFunctions", calls=12, attempts=12, cost_usd=0.004),)
        return Snapshot(
            version=1,
            at=NOW,
            environments=tuple(self.environments),
            accounts=accounts,
            observations=self.observations,
            meter=MeterReading(NOW - 10, lines),
            notices=self.notices,
        )

    def report(self, request: CheckRequest | None = None, *, notices: tuple[str, ...] = ()) -> Report:
        return build_report(
            self.snapshot(),
            request or CheckRequest(),
            CATALOGUE,
            asked=self.asked,
            took_seconds=4.25,
            notices=notices,
        )


def healthy() -> Fleet:
    """One environment, all of it seen, nothing wrong."""
    return Fleet().see(observation(slot())).environment("shop/prod", [slot()])


def troubled() -> Fleet:
    """A critical, a warning, an unknown and an ok environment; one account denied."""
    denied = slot("media")
    queue = slot("live", "sqs")
    fleet = Fleet().see(observation(slot()), observation(queue), observation(denied, Outcome.DENIED, age=None))
    release = finding(slot(), evidence=evidence(), changed=RELEASE)
    backlog = finding(
        queue,
        Health.WARNING,
        environment="events/staging",
        rule="sqs.depth",
        subject="events",
        reason="1 204 messages > 1 000 for 11 min",
        evidence=evidence(1204, 1000, Unit.COUNT),
    )
    blind = finding(
        denied,
        Health.UNKNOWN,
        environment="media/prod",
        rule="observation",
        subject=REGION,
        reason="denied lambda:ListFunctions",
        since=None,
        failure=failure(denied),
    )
    fleet.environment("quiet/dev", [slot()])
    fleet.environment("events/staging", [queue], findings=[backlog])
    fleet.environment("media/prod", [denied], findings=[blind], headline="")
    return fleet.environment("shop/prod", [slot(), queue], findings=[release], protected=True)
