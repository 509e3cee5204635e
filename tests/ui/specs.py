"""A small catalogue for the interface's tests: six services as the matrix has them, without any discovery."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.inquiry import Detail
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.service import (
    Catalogue,
    Column,
    Discovery,
    Headline,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
)
from cockpit.model.units import Unit, format_figure


async def _no_detail(_reader: Reader, resource: Resource) -> Detail:
    return Detail(resource.key)


def _log_group(resource: Resource) -> str | None:
    return f"/aws/lambda/{resource.name}" if resource.kind == "function" else None


async def _discover(_reader: Reader, _previous: Observation | None, _settled: Settled) -> Discovery:
    return Discovery(())


def _metric(metric_id: str, unit: Unit, label: str, kinds: tuple[str, ...]) -> MetricSpec:
    return MetricSpec(metric_id, "Test", metric_id, "Sum", unit, kinds, lambda _one: {}, Missing.ZERO, label=label)


def _worst(resources: Sequence[Resource], metric: str) -> Resource | None:
    return max(
        (one for one in resources if metric in one.series), key=lambda one: one.latest(metric) or 0.0, default=None
    )


def _percent(one: Resource) -> float | None:
    errors, calls = one.latest("errors"), one.latest("invocations")
    return 100 * errors / calls if errors is not None and calls else None


def _lambda_headline(resources: Sequence[Resource]) -> Headline:
    worst = max(resources, key=lambda one: _percent(one) or 0.0)
    course = worst.series["errors"].values[-60:] if "errors" in worst.series else ()
    return Headline(f"err {format_figure(_percent(worst), Unit.PERCENT)}", course, worst.name)


def _metric_headline(metric: str, unit: Unit, prefix: str = "") -> object:
    def headline(resources: Sequence[Resource]) -> Headline:
        worst = _worst(resources, metric)
        if worst is None:
            return Headline("–")
        text = format_figure(worst.latest(metric), unit)
        return Headline(f"{prefix}{text}", worst.series[metric].values[-60:], worst.name)

    return headline


def _alarm_headline(resources: Sequence[Resource]) -> Headline:
    wrong = sum(one.facts.get("state") == "ALARM" for one in resources)
    return Headline(f"{wrong}/{len(resources)}")


def _cost_headline(resources: Sequence[Resource]) -> Headline:
    bill = resources[0]
    text = f"${bill.number('month_to_date_usd') or 0:.0f}/{bill.number('budget_usd') or 0:.0f}"
    return Headline(text, bill.series["daily_usd"].values if "daily_usd" in bill.series else ())


def _spec(key: str, column: str, order: int, **more: object) -> ServiceSpec:
    defaults: dict[str, object] = {
        "title": key.upper() if len(key) < 4 else key.capitalize(),
        "reach": Reach.REGIONAL,
        "calls": (),
        "discover": _discover,
        "discover_seconds": 300.0,
        "stale_seconds": 600.0,
        "metrics": (),
        "cadences": (),
        "rules": (),
        "columns": (),
    }
    return ServiceSpec(key=key, column=column, order=order, **(defaults | more))  # type: ignore[arg-type]


LAMBDA = _spec(
    "lambda",
    "LAMBDA",
    10,
    metrics=(
        _metric("invocations", Unit.COUNT, "invocations", ("function", "alias")),
        _metric("errors", Unit.COUNT, "errors", ("function", "alias")),
        _metric("duration_p99", Unit.SECONDS, "p99 duration", ("function", "alias")),
    ),
    rules=(
        Rule(
            "lambda.error_rate",
            ("function", "alias"),
            "error rate",
            Ratio(Metric("errors"), Metric("invocations")),
            Unit.PERCENT,
            Threshold(None, 5.0, 300),
            missing=Missing.ZERO,
        ),
        Rule(
            "lambda.duration_p99",
            ("function", "alias"),
            "p99 duration",
            Metric("duration_p99"),
            Unit.SECONDS,
            Threshold(None, 2.0, 300),
            missing=Missing.ZERO,
        ),
    ),
    columns=(
        Column("error_percent", "ERRORS", _percent, Unit.PERCENT, 1, numeric=True),
        Column("invocations", "CALLS", lambda one: one.latest("invocations"), Unit.COUNT, 1, numeric=True),
        Column("p99", "P99", lambda one: one.latest("duration_p99"), Unit.SECONDS, 2, numeric=True),
        Column("version", "VERSION", lambda one: one.facts.get("version"), None, 2),
        Column("runtime", "RUNTIME", lambda one: one.facts.get("runtime"), None, 3),
        Column("memory", "MEMORY", lambda one: one.facts.get("memory_mb"), Unit.COUNT, 4, numeric=True),
        Column("modified", "MODIFIED", lambda one: one.facts.get("last_modified"), None, 3, numeric=True, age=True),
    ),
    headline=_lambda_headline,
    owner="function",
    logs=_log_group,
    detail=_no_detail,
)

RDS = _spec(
    "rds",
    "DATABASE",
    20,
    metrics=(
        _metric("cpu", Unit.PERCENT, "CPU", ("instance",)),
        _metric("free_storage", Unit.BYTES, "", ("instance",)),
    ),
    rules=(
        Rule("rds.cpu", ("instance",), "CPU", Metric("cpu"), Unit.PERCENT, Threshold(80.0, 95.0, 900)),
        Rule(
            "rds.free_storage",
            ("instance",),
            "free storage",
            Metric("free_storage"),
            Unit.BYTES,
            Threshold(10 * 2.0**30, 2 * 2.0**30, 300),
            direction=Direction.BELOW,
        ),
    ),
    columns=(
        Column("cpu", "CPU", lambda one: one.latest("cpu"), Unit.PERCENT, 1, numeric=True),
        Column("status", "STATUS", lambda one: one.facts.get("status"), None, 1),
        Column("engine", "ENGINE", lambda one: one.facts.get("engine"), None, 2),
    ),
    headline=_metric_headline("cpu", Unit.PERCENT, "cpu "),
)

SQS = _spec(
    "sqs",
    "QUEUES",
    30,
    metrics=(_metric("visible", Unit.COUNT, "messages", ("queue",)),),
    rules=(
        Rule("sqs.depth", ("queue",), "messages", Metric("visible"), Unit.COUNT, Threshold(1000.0, None, 600)),
        Rule("sqs.dead_letters", ("dlq",), "dead letters", FactValue("depth"), Unit.COUNT, Threshold(0.0, None)),
    ),
    columns=(Column("depth", "MESSAGES", lambda one: one.number("depth"), Unit.COUNT, 1, numeric=True),),
    headline=_metric_headline("visible", Unit.COUNT),
)

CLOUDFRONT = _spec(
    "cloudfront",
    "EDGE",
    40,
    title="CloudFront",
    reach=Reach.GLOBAL,
    metrics=(_metric("cache_hit", Unit.PERCENT, "cache hit rate", ("distribution",)),),
    columns=(
        Column("hit", "HIT RATE", lambda one: one.latest("cache_hit"), Unit.PERCENT, 1, numeric=True),
        Column("domain", "DOMAIN", lambda one: one.facts.get("domain"), None, 2),
    ),
    headline=_metric_headline("cache_hit", Unit.PERCENT, "hit "),
)

ALARMS = _spec(
    "alarms",
    "ALARMS",
    50,
    rules=(Rule("alarms.state", ("metric_alarm",), "alarm", FactValue("in_alarm"), Unit.COUNT, Threshold(None, 0.0)),),
    columns=(
        Column("state", "STATE", lambda one: one.facts.get("state"), None, 1),
        Column("since", "SINCE", lambda one: one.facts.get("state_since"), None, 1, age=True),
    ),
    headline=_alarm_headline,
)

COST = _spec(
    "cost",
    "COST",
    80,
    reach=Reach.GLOBAL,
    stale_seconds=86_400.0,
    shared_between_processes=True,
    metrics=(_metric("daily_usd", Unit.USD, "dollars a day", ("environment",)),),
    columns=(Column("month", "MONTH", lambda one: one.number("month_to_date_usd"), Unit.USD, 1, numeric=True),),
    headline=_cost_headline,
)

CATALOGUE = Catalogue((LAMBDA, RDS, SQS, CLOUDFRONT, ALARMS, COST))
