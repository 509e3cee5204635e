"""A catalogue made by hand: rules of every unit, and no service whose own changes these tests would mind."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Metric, Rule, Threshold
from cockpit.model.service import (
    Call,
    Catalogue,
    Discovery,
    Headline,
    Money,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
)
from cockpit.model.units import Unit


async def _discover(reader: Reader, previous: object, settled: Settled) -> Discovery:
    return Discovery(())


def _headline(resources: Sequence[Resource]) -> Headline:
    return Headline("")


def _summarise(resources: Sequence[Resource], money: Money, now: float) -> Resource:
    return resources[0]


def _rule(
    key: str, unit: Unit, threshold: Threshold, *, direction: Direction = Direction.ABOVE, fact: bool = False
) -> Rule:
    name = key.partition(".")[2]
    value = FactValue(name) if fact else Metric(name)
    return Rule(key, ("thing",), name.replace("_", " "), value, unit, threshold, direction)


def _service(key: str, *rules: Rule, order: int, reach: Reach = Reach.REGIONAL, bill: bool = False) -> ServiceSpec:
    return ServiceSpec(
        key=key,
        title=key,
        column=key.upper(),
        order=order,
        reach=reach,
        calls=(Call("ce" if bill else key, "ListThings", f"{key}:ListThings"),),
        discover=_discover,
        discover_seconds=600,
        stale_seconds=900,
        metrics=(),
        cadences=(),
        rules=rules,
        columns=(),
        headline=_headline,
        summarise=_summarise if bill else None,
        selects=() if bill else ("thing",),
    )


SMALL = Catalogue(
    services=(
        _service(
            "lambda",
            _rule("lambda.error_rate", Unit.PERCENT, Threshold(2, 5, 300)),
            _rule("lambda.duration_p99", Unit.SECONDS, Threshold(2, None, 300)),
            _rule("lambda.throttles", Unit.COUNT, Threshold(0, None)),
            order=1,
        ),
        _service(
            "rds",
            _rule("rds.cpu", Unit.PERCENT, Threshold(80, 95, 900)),
            _rule("rds.free_storage", Unit.BYTES, Threshold(10e9, 5e9, 300), direction=Direction.BELOW),
            _rule("rds.backups", Unit.DAYS, Threshold(7, 1), direction=Direction.BELOW, fact=True),
            order=2,
        ),
        _service(
            "sqs",
            _rule("sqs.depth", Unit.COUNT, Threshold(1000, None, 600)),
            _rule("sqs.age", Unit.SECONDS, Threshold(None, None)),
            _rule("sqs.dead_letters", Unit.COUNT, Threshold(None, 0), fact=True),
            order=3,
        ),
        _service("cloudfront", order=4, reach=Reach.GLOBAL),
        _service("alarms", order=5),
        _service(
            "cost",
            _rule("cost.over_budget", Unit.PERCENT, Threshold(None, 100), fact=True),
            order=6,
            reach=Reach.GLOBAL,
            bill=True,
        ),
    ),
    actions=("lambda.roll_back", "cloudfront.invalidate"),
)
