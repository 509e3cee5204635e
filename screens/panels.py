"""From a cell of the snapshot to what its panel shows; and charts of findings. Pure."""

from __future__ import annotations

from cockpit.model.finding import Finding
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, Snapshot
from cockpit.model.verdict import Health
from screens.context import Context
from screens.telemetry import HOUR, closeness, rule_plot, threshold_of
from widgets.glyphs import cell_is_waiting
from widgets.matrix_cells import age_mark
from widgets.panel import PanelFacts, Standout
from widgets.plot import Plot
from widgets.table_rows import TableColumn

STANDOUTS = 40


def plural(kind: str, count: int) -> str:
    """`1 function`, `3 aliases`, `2 metric alarms`."""
    word = {"dlq": "dead-letter queue"}.get(kind, kind.replace("_", " "))
    if count == 1:
        return f"1 {word}"
    if word.endswith("y"):
        return f"{count} {word[:-1]}ies"
    return f"{count} {word}{'es' if word.endswith('s') else 's'}"


def _rule(spec: ServiceSpec, key: str) -> Rule | None:
    return next((rule for rule in spec.rules if rule.key == key), None)


def finding_plot(finding: Finding, snapshot: Snapshot, context: Context, now: float) -> Plot | None:
    """The last hour of what a finding is about, or None where it has no course."""
    spec = context.catalogue.service(finding.slot.service)
    resource = snapshot.resource(finding.resource) if finding.resource else None
    rule = _rule(spec, finding.rule) if spec else None
    if spec is None or resource is None or rule is None:
        return None
    threshold = threshold_of(context.settings, finding.environment, rule, resource.name)
    return rule_plot(rule, resource, spec, threshold, now, length=HOUR)


def finding_plots(snapshot: Snapshot, context: Context, now: float, *, limit: int) -> list[Plot]:
    """Charts of the worst findings that have a course, each named by where it is."""
    plots: list[Plot] = []
    for finding in snapshot.findings:
        plot = finding_plot(finding, snapshot, context, now)
        if plot is not None and plot.present:
            plots.append(_titled(plot, f"{finding.environment} {finding.subject} {plot.title}"))
        if len(plots) == limit:
            break
    return plots


def _titled(plot: Plot, title: str) -> Plot:
    return Plot(title, plot.unit, plot.start, plot.end, plot.values, plot.limits, plot.direction)


def _resources(cell: Cell, snapshot: Snapshot) -> list[Resource]:
    found = (snapshot.resource(key) for key in cell.resources)
    return [resource for resource in found if resource is not None]


def ranked(
    cell: Cell, spec: ServiceSpec, snapshot: Snapshot, context: Context
) -> list[tuple[Resource, Rule | None, float]]:
    """The cell's resources, nearest to a limit first, each with the rule that it is nearest to."""
    rows = []
    for resource in _resources(cell, snapshot):
        nearest: tuple[float, Rule | None] = (0.0, None)
        for rule in spec.rules:
            threshold = threshold_of(context.settings, cell.environment, rule, resource.name)
            near = closeness(rule, resource, spec, threshold)
            if near > nearest[0]:
                nearest = (near, rule)
        rows.append((resource, nearest[1], nearest[0]))
    return sorted(rows, key=lambda row: (-row[2], row[0].shared, row[0].name))


def _figure(resource: Resource, spec: ServiceSpec, now: float) -> str:
    shown = []
    for column in spec.columns[:2]:
        value = column.value(resource)
        if value is not None:
            shown.append(f"{column.title.lower()} {TableColumn.of(column).show(value, now)}")
    return " · ".join(shown)


def _standouts(
    cell: Cell, spec: ServiceSpec, nearest: list[tuple[Resource, Rule | None, float]], now: float
) -> tuple[Standout, ...]:
    """What is wrong, in words; then what is nearest to a limit."""
    found = [Standout(finding.health, finding.subject, finding.reason) for finding in cell.findings]
    wrong = {finding.resource for finding in cell.findings}
    calm = Health.UNKNOWN if cell.health is Health.UNKNOWN else Health.OK
    rest = [
        Standout(calm, resource.name, _figure(resource, spec, now))
        for resource, _, _ in nearest[:STANDOUTS]
        if resource.key not in wrong
    ]
    return (*found, *rest)


def _lead_plot(
    cell: Cell,
    spec: ServiceSpec,
    nearest: list[tuple[Resource, Rule | None, float]],
    snapshot: Snapshot,
    context: Context,
    now: float,
) -> Plot | None:
    """The chart of the worst finding that has one; else of the resource that is nearest to a limit."""
    for finding in cell.findings:
        plot = finding_plot(finding, snapshot, context, now)
        if plot is not None and plot.present:
            return _titled(plot, f"{finding.subject} {plot.title}")
    for resource, rule, _ in nearest[:8]:
        for candidate in (rule,) if rule else spec.rules:
            if candidate is None or resource.kind not in candidate.kinds:
                continue
            threshold = threshold_of(context.settings, cell.environment, candidate, resource.name)
            plot = rule_plot(candidate, resource, spec, threshold, now, length=HOUR)
            if plot is not None and plot.present:
                return _titled(plot, f"{resource.name} {plot.title}")
    return None


def panel_facts(cell: Cell, spec: ServiceSpec, number: int, snapshot: Snapshot, context: Context, now: float) -> PanelFacts:
    """What the panel of a cell shows."""
    nearest = ranked(cell, spec, snapshot, context)
    kinds: dict[str, int] = {}
    for resource, _, _ in nearest:
        if not resource.shared:
            kinds[resource.kind] = kinds.get(resource.kind, 0) + 1
    waiting = cell_is_waiting(cell)
    return PanelFacts(
        service=spec.key,
        number=number,
        title=spec.column,
        health=None if waiting else cell.health,
        headline=cell.headline.text if cell.headline else "",
        note=cell.note if cell.health is Health.UNKNOWN and not waiting else "",
        age=age_mark(cell, spec, now),
        count=" · ".join(plural(kind, count) for kind, count in kinds.items()),
        plot=_lead_plot(cell, spec, nearest, snapshot, context, now),
        standouts=_standouts(cell, spec, nearest, now),
    )

