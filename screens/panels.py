"""From a cell of the snapshot to what its panel shows; and charts of findings. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cockpit.model.finding import Finding
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell
from cockpit.model.units import format_counted, format_figure
from cockpit.model.verdict import Health
from screens.service_rows import shared_findings, told_elsewhere
from screens.sight import View
from screens.telemetry import HOUR, closeness, metric_plot, rule_plot
from widgets.glyphs import cell_is_waiting
from widgets.matrix_cells import age_mark
from widgets.names import environment_text
from widgets.panel import PanelFacts, Standout
from widgets.plot import Plot
from widgets.said import said_text
from widgets.table_rows import TableColumn

STANDOUTS = 40
"""Resources that a panel names at most."""
CHARTS = 3
"""Charts of a panel at most."""
_TRIED = 8
"""Resources that are tried for a chart; beyond them nothing is near a limit."""


@dataclass(frozen=True)
class Ranked:
    """A resource, and the rule whose limit it is nearest to."""

    resource: Resource
    rule: Rule | None
    nearness: float


def counted_kind(kind: str, count: int) -> str:
    """`1 function`, `3 aliases`, `2 metric alarms`."""
    return format_counted(count, {"dlq": "dead-letter queue"}.get(kind, kind.replace("_", " ")))


def finding_plot(finding: Finding, view: View) -> Plot | None:
    """The last hour of what a finding is about, or None where it has no course."""
    spec = view.context.catalogue.service(finding.slot.service)
    resource = view.snapshot.resource(finding.resource) if finding.resource else None
    rule = next((rule for rule in spec.rules if rule.key == finding.rule), None) if spec else None
    if spec is None or resource is None or rule is None:
        return None
    threshold = view.threshold(finding.environment, rule, resource)
    plot = rule_plot(rule, resource, spec, threshold, view.now, length=HOUR)
    return plot if plot is not None and plot.present else None


def finding_plots(view: View, findings: Iterable[Finding], *, limit: int) -> list[Plot]:
    """Charts of the worst findings that have a course, each named by what it is about and where that is."""
    plots: list[Plot] = []
    for finding in findings:
        if len(plots) == limit:
            break
        plot = finding_plot(finding, view)
        # An alias and its function go the same way: one chart tells it.
        if plot is not None and all(plot.values != other.values for other in plots):
            plots.append(
                replace(plot, title=f"{finding.subject} {plot.title} · {environment_text(finding.environment)}")
            )
    return plots


def ranked(cell: Cell, spec: ServiceSpec, view: View) -> list[Ranked]:
    """The cell's resources, nearest to a limit first."""
    rows = []
    for resource in view.resources(cell):
        nearest = Ranked(resource, None, 0.0)
        for rule in spec.rules:
            near = closeness(rule, resource, spec, view.threshold(cell.environment, rule, resource))
            if near > nearest.nearness:
                nearest = Ranked(resource, rule, near)
        rows.append(nearest)
    return sorted(rows, key=lambda row: (-row.nearness, row.resource.shared, row.resource.name))


def _figure(resource: Resource, spec: ServiceSpec, now: float) -> str:
    shown = []
    for column in spec.columns[:2]:
        value = column.value(resource)
        if value is not None:
            shown.append(f"{column.title.lower()} {TableColumn.of(column).show(value, now)}")
    return " · ".join(shown)


def _reason(finding: Finding) -> str:
    """Why, and what would help where the reason does not say it."""
    remedy = finding.failure.remedy if finding.failure else None
    return f"{finding.reason} · {remedy}" if remedy and remedy not in finding.reason else finding.reason


def _brief(finding: Finding) -> str:
    """The figure that a finding is about; without one, how its reason begins."""
    evidence = finding.evidence
    if evidence is not None and evidence.value is not None and evidence.window_seconds:
        return format_figure(evidence.value, evidence.unit)
    return finding.reason.split(":", 1)[0].split(" for ", 1)[0]


def _finding(finding: Finding, now: float) -> Standout:
    """A finding; of one that somebody has seen, first what they said."""
    if finding.mute is None:
        return Standout(finding.health, finding.subject, _reason(finding), _brief(finding))
    told = f"{said_text(finding.mute, now)} · {finding.reason}"
    return Standout(finding.health, finding.subject, told, _brief(finding), quiet=True)


def _standouts(cell: Cell, spec: ServiceSpec, nearest: Sequence[Ranked], view: View) -> tuple[Standout, ...]:
    """What is wrong, in words; then what is nearest to a limit."""
    found = [_finding(one, view.now) for one in cell.findings]
    wrong = {finding.resource for finding in cell.findings}
    unseen = view.unseen_slots(cell, spec)
    shared = shared_findings(cell.findings, spec, view)
    rest = []
    for row in nearest[:STANDOUTS]:
        resource = row.resource
        if resource.key in wrong:
            continue
        health = Health.UNKNOWN if resource.slot in unseen else Health.OK
        also = told_elsewhere(resource, shared, spec, view)
        rest.append(Standout(also.health if also else health, resource.name, _figure(resource, spec, view.now)))
    return (*found, *rest)


def _plots(cell: Cell, spec: ServiceSpec, nearest: Sequence[Ranked], view: View) -> tuple[Plot, ...]:
    """The chart that leads, then others of the same resource."""
    lead, resource = _lead_plot(cell, spec, nearest, view)
    if lead is None or resource is None:
        return (lead,) if lead else ()
    plots = [lead]
    for rule in spec.rules:
        if len(plots) < CHARTS and resource.kind in rule.kinds:
            threshold = view.threshold(cell.environment, rule, resource)
            plot = rule_plot(rule, resource, spec, threshold, view.now, length=HOUR)
            if plot is not None and any(plot.present) and all(plot.values != other.values for other in plots):
                plots.append(replace(plot, title=f"{resource.name} {plot.title}"))
    return tuple(plots)


def _lead_plot(
    cell: Cell, spec: ServiceSpec, nearest: Sequence[Ranked], view: View
) -> tuple[Plot | None, Resource | None]:
    """The chart of the worst finding that has one, else of the resource nearest to a limit; and that resource."""
    for finding in cell.findings:
        plot = finding_plot(finding, view)
        if plot is not None:
            resource = view.snapshot.resource(finding.resource) if finding.resource else None
            return replace(plot, title=f"{finding.subject} {plot.title}"), resource
    for row in nearest[:_TRIED]:
        resource = row.resource
        for rule in (row.rule,) if row.rule else spec.rules:
            if resource.kind not in rule.kinds:
                continue
            threshold = view.threshold(cell.environment, rule, resource)
            plot = rule_plot(rule, resource, spec, threshold, view.now, length=HOUR)
            if plot is not None and plot.present:
                return replace(plot, title=f"{resource.name} {plot.title}"), resource
    return _metric_plot([row.resource for row in nearest], spec, view.now), None


def _metric_plot(resources: Sequence[Resource], spec: ServiceSpec, now: float) -> Plot | None:
    """For a service whose rules have no course: the first series that was read."""
    for resource in resources:
        for name, series in resource.series.items():
            # Days are shown as they are kept, minutes for the last hour.
            length = HOUR if series.period_seconds < HOUR else None
            plot = metric_plot(name, resource, spec, now, length=length)
            if plot is not None and plot.present:
                return replace(plot, title=f"{resource.name} {plot.title}")
    return None


def panel_facts(cell: Cell, spec: ServiceSpec, number: int, view: View) -> PanelFacts:
    """What the panel of a cell shows."""
    nearest = ranked(cell, spec, view)
    kinds = Counter(row.resource.kind for row in nearest if not row.resource.shared)
    waiting = cell_is_waiting(cell)
    return PanelFacts(
        service=spec.key,
        number=number,
        title=spec.column,
        health=None if waiting else cell.health,
        headline=cell.headline.text if cell.headline else "",
        note=cell.note if cell.health is Health.UNKNOWN and not waiting else "",
        age=age_mark(cell, view.stale_seconds(spec), view.now),
        count=" · ".join(counted_kind(kind, count) for kind, count in kinds.items()),
        plots=_plots(cell, spec, nearest, view),
        standouts=_standouts(cell, spec, nearest, view),
        muted=cell.muted,
    )
