"""Resources with series, made by hand, to judge and to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cockpit.health import Judgement, judge
from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.series import Series, aligned_window
from cockpit.model.service import ServiceSpec
from tests.services.recorded import ACCOUNT, NOW, REGION


def sample(
    spec: ServiceSpec,
    kind: str,
    name: str = "sample",
    facts: Mapping[str, Fact] | None = None,
    *,
    related: Mapping[str, str] | None = None,
    **metrics: Sequence[float | None],
) -> Resource:
    """A resource of `spec`. Each metric's points end with its newest complete one."""
    series = {metric: series_of(spec, metric, values) for metric, values in metrics.items()}
    slot = SlotId(ACCOUNT, REGION, spec.key)
    return Resource(f"{kind}/{name}", slot, kind, name, facts or {}, related=related or {}, series=series)


def series_of(spec: ServiceSpec, metric_id: str, values: Sequence[float | None]) -> Series:
    metric = spec.metric(metric_id)
    assert metric is not None, metric_id
    start, _ = aligned_window(
        NOW,
        length_seconds=len(values) * metric.period_seconds,
        period_seconds=metric.period_seconds,
        delay_seconds=metric.delay_seconds,
    )
    return Series(start, metric.period_seconds, tuple(values))


def verdict(spec: ServiceSpec, rule_key: str, resource: Resource, clearing: Resource | None = None) -> Judgement | None:
    """What a rule, as it is by default, says about a resource at `NOW`."""
    (rule,) = [rule for rule in spec.rules if rule.key == rule_key]
    return judge(rule, resource, rule.threshold, specs=spec, clearing=clearing, now=NOW)


def later(resource: Resource, seconds: int) -> Resource:
    """The same, read `seconds` later; negative for a resource that was read before."""
    moved = {key: replace(series, start=series.start + seconds) for key, series in resource.series.items()}
    return replace(resource, series=moved)
