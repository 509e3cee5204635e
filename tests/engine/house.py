"""A small fleet, written out: accounts, environments, and what was seen of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.engine.board import build_snapshot
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import FactValue, Metric, Missing, Rule, Threshold
from cockpit.model.series import Series
from cockpit.model.service import (
    Cadence,
    Catalogue,
    Dated,
    Discovery,
    Headline,
    MetricSpec,
    Money,
    Reach,
    ServiceSpec,
    Watched,
)
from cockpit.model.snapshot import Cell, MeterReading, Snapshot
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Outcome
from cockpit.services import catalogue as real_catalogue

NOW = 1_760_000_040.0
END = int((NOW - 120) // 60) * 60
REGION = "eu-west-1"
IDS = {"shop": "111122223333", "prod": "222233334444", "dev": "333344445555", "media": "444455556666"}


async def _nothing(*_: Any) -> Discovery:
    return Discovery(())


def _summarise(bills: Sequence[Resource], money: Money, now: float) -> Resource:
    spent = sum(bill.number("month_to_date_usd") or 0.0 for bill in bills) + sum(usd for _, usd in money.fixed_lines)
    percent = 100 * spent / money.monthly_budget_usd if money.monthly_budget_usd else None
    facts: dict[str, Fact] = {"month_to_date_usd": spent, "budget_used_percent": percent, "at": now}
    slot = bills[0].slot if bills else SlotId("", "us-east-1", "cost")
    return Resource(f"bill:{money.environment}", slot, "environment", str(money.environment), facts)


THINGS = ServiceSpec(
    key="things",
    title="Things",
    column="THINGS",
    order=1,
    reach=Reach.REGIONAL,
    calls=(),
    discover=_nothing,
    discover_seconds=300,
    stale_seconds=900,
    metrics=(
        MetricSpec(
            "load",
            "AWS/Thing",
            "Load",
            "Average",
            Unit.PERCENT,
            ("thing",),
            lambda one: {"Name": one.name},
            Missing.UNKNOWN,
        ),
    ),
    cadences=(Cadence(("thing",), 300, 60),),
    rules=(Rule("things.load", ("thing",), "load", Metric("load"), Unit.PERCENT, Threshold(60.0, 80.0, 300)),),
    columns=(),
    headline=lambda resources: Headline(f"{len(resources)} things"),
    selects=("thing",),
    owner="thing",
    watched=(Watched("version", "version", ("thing",)), Watched("size", "size", ("thing",))),
    dated=(
        Dated("published_at", lambda one: f"version {one.facts.get('version')}, published", ("thing", "alias")),
        Dated("last_modified", lambda _: "changed", ("thing",), whole=True),
    ),
)
EDGE = ServiceSpec(
    key="edge",
    title="Edge",
    column="EDGE",
    order=2,
    reach=Reach.GLOBAL,
    calls=(),
    discover=_nothing,
    discover_seconds=300,
    stale_seconds=900,
    metrics=(),
    cadences=(),
    rules=(),
    columns=(),
    headline=lambda resources: Headline(f"{len(resources)} edges"),
)
BILLS = ServiceSpec(
    key="cost",
    title="Cost",
    column="COST",
    order=9,
    reach=Reach.GLOBAL,
    calls=(),
    discover=_nothing,
    discover_seconds=6 * 3600,
    stale_seconds=26 * 3600,
    metrics=(),
    cadences=(),
    rules=(
        Rule(
            "cost.over_budget",
            ("environment",),
            "of the budget",
            FactValue("budget_used_percent"),
            Unit.PERCENT,
            Threshold(None, 100.0),
            missing=Missing.NOT_APPLICABLE,
        ),
    ),
    columns=(),
    headline=lambda resources: Headline(f"{resources[0].number('month_to_date_usd'):.0f} USD"),
    shared_between_processes=True,
    summarise=_summarise,
    selects=("bill",),
)
ALARMS = next(spec for spec in real_catalogue().services if spec.key == "alarms")
CATALOGUE = Catalogue((THINGS, EDGE, ALARMS, BILLS))


def account(name: str, **changes: Any) -> Account:
    return Account(name, IDS[name], (REGION,), **changes)


def target(
    account_name: str = "shop",
    services: Sequence[str] = ("things",),
    regions: Sequence[str] = (REGION,),
    **selectors: Any,
) -> Target:
    return Target(account_name, tuple(regions), tuple(services), **selectors)


def environment(name: str, *targets: Target, system: str = "shop", **changes: Any) -> Environment:
    return Environment(EnvironmentId(system, name), f"{system} {name}", targets, **changes)


def settings(
    *environments: Environment,
    templates: Iterable[Environment] = (),
    accounts: Iterable[Account] = (),
    polling: Polling | None = None,
) -> Settings:
    listed = {name: account(name) for name in IDS} | {one.name: one for one in accounts}
    systems: dict[str, tuple[list[Environment], list[Environment]]] = {}
    for one in environments:
        systems.setdefault(one.id.system, ([], []))[0].append(one)
    for one in templates:
        systems.setdefault(one.id.system, ([], []))[1].append(one)
    made = tuple(System(name, name, tuple(plain), tuple(found)) for name, (plain, found) in systems.items())
    return Settings(listed, made, polling or Polling())


def slot(service: str = "things", account_name: str = "shop", region: str = REGION) -> SlotId:
    return SlotId(account_name, region, service)


def thing(
    name: str,
    load: Sequence[float | None] | None = (10.0,) * 5,
    *,
    where: SlotId | None = None,
    kind: str = "thing",
    facts: Mapping[str, Fact] | None = None,
    **changes: Any,
) -> Resource:
    """A thing whose newest load is the last of `load`; None: never read."""
    series = {} if load is None else {"load": Series(END - 60 * len(load), 60, tuple(load))}
    at = where or slot()
    return Resource(f"arn:{at}:{name}", at, kind, name, facts or {}, series=series, **changes)


def seen(
    *resources: Resource,
    at: SlotId | None = None,
    outcome: Outcome = Outcome.OK,
    failures: Sequence[Failure] = (),
    age: float | None = 30.0,
    **changes: Any,
) -> dict[SlotId, Observation]:
    """An observation of one slot, `age` seconds old; None: nothing was ever seen."""
    where = at or (resources[0].slot if resources else slot())
    observed_at = None if age is None else NOW - age
    observation = Observation(
        where, IDS[where.account], outcome, NOW - 5, observed_at, resources, tuple(failures), observed_at, **changes
    )
    return {where: observation}


def failure(outcome: Outcome = Outcome.DENIED, operation: str = "ListThings", **changes: Any) -> Failure:
    given = {
        "account": "shop",
        "region": REGION,
        "service": "things",
        "code": "AccessDeniedException" if outcome is Outcome.DENIED else "Failed",
        "message": "It did not work.",
        "at": NOW - 5,
        "iam_action": f"things:{operation}" if outcome is Outcome.DENIED else None,
        **changes,
    }
    return Failure(outcome=outcome, operation=operation, **given)


def snapshot(
    configured: Settings,
    observations: Mapping[SlotId, Observation],
    *,
    catalogue: Catalogue = CATALOGUE,
    now: float = NOW,
    **given: Any,
) -> Snapshot:
    return build_snapshot(
        configured,
        catalogue,
        observations,
        given.pop("accounts", ()),
        given.pop("meter", MeterReading(NOW)),
        now,
        **given,
    )


def cell(shot: Snapshot, service: str = "things", name: str = "prod") -> Cell:
    """A cell of the environment called `name`."""
    state = next(one for one in shot.environments if one.id.environment == name)
    return state.cells[service]


def only_finding(shot: Snapshot) -> Finding:
    """The one finding that there is."""
    (finding,) = shot.findings
    return finding


PROD = settings(environment("prod", target()))
"""One environment, of all things of one account."""
