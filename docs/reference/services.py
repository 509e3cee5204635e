"""The watched services, from the catalogue: calls, metrics, rules, cadences and prices."""

from __future__ import annotations

import inspect
import re
import sys

from cockpit.aws.meter import USD_PER_METRIC, price
from cockpit.model.rule import FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.service import Reach, ServiceSpec
from cockpit.model.units import Unit, format_figure
from cockpit.services import catalogue
from docs.reference.tables import code, seconds, table

_MISSING = {
    Missing.ZERO: "nothing happened",
    Missing.UNKNOWN: "unknown",
    Missing.NOT_APPLICABLE: "no such metric there",
}
_MISSING_IN_RULE = {**_MISSING, Missing.NOT_APPLICABLE: "not judged"}
_PRIVATE_MODULE = re.compile(r"\s*\(`_\w+`\)")


def default_rules() -> str:
    """Every rule with its default limits."""
    rows = [
        (code(rule.key), rule.label, *_limits(rule), _window(rule.threshold))
        for spec in catalogue().services
        for rule in spec.rules
    ]
    return table(("rule", "of", "warning", "critical", "for"), rows)


def every_service() -> str:
    """A section a service."""
    return "\n\n".join(_service(spec) for spec in catalogue().services)


def _service(spec: ServiceSpec) -> str:
    parts = [f"## {spec.title}", f"Key {code(spec.key)}, column {spec.column}. {_about(spec)}", _looks(spec)]
    parts += ["### Calls", _calls(spec)]
    if spec.metrics:
        parts += ["### Metrics", _metrics(spec)]
    return "\n\n".join([*parts, "### Rules", _rules(spec)])


def _about(spec: ServiceSpec) -> str:
    """The description of the module that the service is written in."""
    text = inspect.cleandoc(sys.modules[spec.discover.__module__].__doc__ or "")
    return _PRIVATE_MODULE.sub("", text)


def _looks(spec: ServiceSpec) -> str:
    where = "once an account, in us-east-1" if spec.reach is Reach.GLOBAL else "in each region of the account"
    shared = " One look by any process on the machine serves them all." if spec.shared_between_processes else ""
    lines = [
        f"- Looked for {where}, every {seconds(spec.discover_seconds)}.{shared}",
        f"- Older than {seconds(spec.stale_seconds)} it is stale, and unknown.",
    ]
    for cadence in spec.cadences:
        every, close = seconds(cadence.every_seconds), seconds(cadence.close_seconds)
        often = f"every {every}" if every == close else f"every {every}; while it may be in trouble, every {close}"
        lines.append(f"- Metrics of {code(*cadence.kinds)}: {often}.")
    if spec.selects:
        lines.append(f"- Selectors (`name`, `tag`, `stack`) choose {code(*spec.selects)}.")
    return "\n".join(lines)


def _calls(spec: ServiceSpec) -> str:
    def cost(client: str, operation: str) -> str:
        return _price(price(client, operation, spec.dollars_per_call))

    rows = [(code(c.operation), code(c.iam, *c.also_iam), cost(c.client, c.operation)) for c in spec.calls]
    if spec.metrics:
        per_thousand = f"${USD_PER_METRIC * 1000:.2f} a thousand metrics"
        rows.append((code("GetMetricData"), code("cloudwatch:GetMetricData"), per_thousand))
    return table(("call", "IAM action", "price"), rows)


def _price(usd: float) -> str:
    if not usd:
        return "free"
    for count, word in ((1, "each"), (1_000, "a thousand"), (1_000_000, "a million")):
        if usd * count >= 0.01:
            return f"${usd * count:.2f} {word}"
    return f"${usd:g} each"


def _metrics(spec: ServiceSpec) -> str:
    rows = [
        (
            code(metric.id),
            f"{metric.namespace} {metric.name}, {metric.statistic}",
            code(*metric.kinds),
            seconds(metric.period_seconds),
            seconds(metric.delay_seconds),
            _MISSING[metric.missing],
        )
        for metric in spec.metrics
    ]
    return table(("metric", "CloudWatch", "of", "period", "left out", "a missing point means"), rows)


def _rules(spec: ServiceSpec) -> str:
    rows = [
        (
            code(rule.key),
            code(*rule.kinds),
            _measured(rule),
            *_limits(rule),
            _window(rule.threshold),
            _without_data(rule),
        )
        for rule in spec.rules
    ]
    return table(("rule", "of", "measured", "warning", "critical", "for", "without data"), rows)


def _without_data(rule: Rule) -> str:
    of_nothing = "; 0 of 0 is no value" if isinstance(rule.value, Ratio) and rule.missing is Missing.ZERO else ""
    return f"{_MISSING_IN_RULE[rule.missing]}{of_nothing}"


def _measured(rule: Rule) -> str:
    value = rule.value
    text = f"{_value(value.numerator)} / {_value(value.denominator)}" if isinstance(value, Ratio) else _value(value)
    if rule.minimum_samples:
        text += f", where {code(rule.samples or '')} ≥ {rule.minimum_samples} a point"
    if rule.fallback:
        text += f"; if the window is empty, {_value(rule.fallback)}"
    if rule.cleared_by:
        text += f"; ruled out by {code(rule.cleared_by.metric)} of the whole account"
    return text


def _value(value: Metric | FactValue) -> str:
    return code(value.id if isinstance(value, Metric) else value.name)


def _limits(rule: Rule) -> tuple[str, str]:
    return _limit(rule, rule.threshold.warning), _limit(rule, rule.threshold.critical)


def _limit(rule: Rule, limit: float | None) -> str:
    if limit is None:
        return "–"
    if limit == 0 and rule.unit is Unit.COUNT:
        return "any"
    return f"{rule.direction.value} {format_figure(limit, rule.unit)}".replace("\u202f", " ")


def _window(threshold: Threshold) -> str:
    return seconds(threshold.for_seconds) if threshold.for_seconds else "one look"
