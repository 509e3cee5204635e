"""From the snapshot to the rows of a service's table. Pure but for the rows it remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cockpit.health import judge
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, Snapshot
from cockpit.model.verdict import Failure, Health
from screens.scope import InView, states_by_name
from screens.sight import View
from screens.table_memory import TableChoice
from widgets.arrangement import Arrangement, Criteria, arranged
from widgets.said import said_text
from widgets.table_columns import chosen_columns, extra_columns
from widgets.table_rows import TableColumn, TableRow, build_row


class ServiceRows:
    """Rows of one service, in one environment or in all. A row is built anew only when its resource has changed."""

    def __init__(self, spec: ServiceSpec, environment: EnvironmentId | None) -> None:
        self.spec = spec
        self.environment = environment
        self._kept: dict[str, tuple[Resource, Finding | None, bool, TableRow]] = {}

    def cells(self, snapshot: Snapshot) -> list[Cell]:
        """Cells in scope."""
        states = snapshot.environments
        if self.environment is not None:
            states = tuple(state for state in states if state.id == self.environment)
        return [state.cells[self.spec.key] for state in states if self.spec.key in state.cells]

    def rows(self, view: View) -> list[TableRow]:
        """One row for each resource of each environment in scope."""
        snapshot = view.snapshot
        built: dict[str, tuple[Resource, Finding | None, bool, TableRow]] = {}
        for cell in self.cells(snapshot):
            worst = _worst_by_resource(cell.findings)
            shared = shared_findings(cell.findings, self.spec, view)
            unseen = view.unseen_slots(cell, self.spec)
            for key in cell.resources:
                resource = snapshot.resource(key)
                if resource is None:
                    continue
                finding = worst.get(key) or told_elsewhere(resource, shared, self.spec, view)
                stale = resource.slot in unseen
                # What a whole account shares is one row in the fleet, not one for each environment.
                everywhere = resource.shared and self.environment is None
                name = f"|{key}" if everywhere else f"{cell.environment}|{key}"
                kept = self._kept.get(name)
                if kept is None or kept[0] is not resource or kept[1] != finding or kept[2] != stale:
                    kept = (
                        resource,
                        finding,
                        stale,
                        self._row(name, resource, finding, view.now, stale=stale, echo=key not in worst),
                    )
                built[name] = kept
        self._kept = built
        return [kept[3] for kept in built.values()]

    def _row(
        self, name: str, resource: Resource, finding: Finding | None, now: float, *, stale: bool, echo: bool
    ) -> TableRow:
        said = f"{said_text(finding.mute, now)} · " if finding and finding.mute else ""
        health = finding.health if finding else Health.UNKNOWN if stale else Health.OK
        return build_row(
            resource,
            self.spec.columns,
            health=health,
            environment=name.partition("|")[0],
            stale=stale,
            echo=echo and finding is not None,
            quiet=bool(said),
            reason=f"{said}{finding.reason}" if finding else "not seen now; last known" if stale else "",
        )

    def failures(self, snapshot: Snapshot) -> list[Failure]:
        """What could not be seen in scope."""
        slots = dict.fromkeys(slot for cell in self.cells(snapshot) for slot in cell.slots)
        observations = (snapshot.observations.get(slot) for slot in slots)
        return [failure for observation in observations if observation for failure in observation.failures]

    def columns(self, rows: Iterable[TableRow]) -> tuple[TableColumn, ...]:
        """The service's own columns; environment, account, region and kind only where they tell rows apart."""
        held = list(rows)
        own = {column.key: TableColumn.of(column) for column in self.spec.columns}
        lead = [own.pop("name", TableColumn("name", "NAME"))]
        if self.environment is None:
            lead.append(TableColumn("environment", "ENVIRONMENT"))
        for key, title in (("account", "ACCOUNT"), ("region", "REGION")):
            if key not in own and len({row.values[key] for row in held}) > 1:
                lead.append(TableColumn(key, title, priority=2))
        tail = []
        if "kind" not in own and len({row.values["kind"] for row in held}) > 1:
            tail.append(TableColumn("kind", "KIND", priority=2))
        return (*lead, *own.values(), *tail)


@dataclass(frozen=True)
class Look:
    """What the rows are made of."""

    view: View
    in_view: InView
    choice: TableChoice
    extras: bool
    """Whether the columns are wanted that facts and tags could be; gathering them takes time."""
    criteria: Criteria
    before: Arrangement
    """What is shown until now."""

    def size(self, source: ServiceRows) -> int:
        """How many resources there are in scope."""
        return sum(len(cell.resources) for cell in source.cells(self.view.snapshot))


@dataclass(frozen=True)
class BuiltRows:
    """Everything that a table shows of one look."""

    look: Look
    arrangement: Arrangement
    hidden: int
    """Resources that are not in view."""
    columns: tuple[TableColumn, ...]
    """The usual ones."""
    extras: tuple[TableColumn, ...]
    waiting: bool
    failures: Sequence[Failure]


def built(source: ServiceRows, look: Look) -> BuiltRows:
    """The rows of a look. Not for two threads at once: `source` remembers rows."""
    snapshot, in_view = look.view.snapshot, look.in_view
    known = source.rows(look.view)
    rows: Sequence[TableRow] = known
    if not in_view.scope.whole:
        states = states_by_name(snapshot)
        rows = [row for row in known if in_view.holds_part(row.resource.slot, states.get(row.key.partition("|")[0]))]
    usual = source.columns(rows)
    extras = extra_columns(rows, usual) if look.extras else ()
    columns = chosen_columns(usual, extras, look.choice.columns)
    criteria = look.criteria
    if not look.before.rows:
        # The order that was chosen in an earlier run, now that its columns are known.
        criteria = replace(criteria, order=look.choice.sort_keys((*usual, *extras)))
    failures = source.failures(snapshot)
    return BuiltRows(
        look,
        arranged(columns, rows, look.view.now, criteria, look.before),
        len(known) - len(rows),
        usual,
        extras,
        any(cell.pending for cell in source.cells(snapshot)),
        [one for one in failures if in_view.holds(SlotId(one.account, one.region, source.spec.key))],
    )


@dataclass(frozen=True)
class SharedFindings:
    """Findings that are told once for several resources, each with its rule."""

    of_parts: Mapping[str, tuple[Finding, Rule]]
    """Key or name of an owner (a function) → what its part (an alias) is found for."""
    of_many: Mapping[tuple[SlotId, str], tuple[Finding, Rule]]
    """Slot and kind → what is told of many at once: `311 functions: error rate not read yet`."""


def shared_findings(findings: Iterable[Finding], spec: ServiceSpec, view: View) -> SharedFindings:
    """What the engine tells once and not for each resource."""
    rules = {rule.key: rule for rule in spec.rules}
    of_parts: dict[str, tuple[Finding, Rule]] = {}
    of_many: dict[tuple[SlotId, str], tuple[Finding, Rule]] = {}
    for finding in findings:
        rule = rules.get(finding.rule)
        if rule is None:
            continue
        part = view.snapshot.resource(finding.resource) if finding.resource else None
        if part is None:
            of_many.update({(finding.slot, kind): (finding, rule) for kind in rule.kinds})
        elif spec.owner and spec.owner in part.related:
            of_parts.setdefault(part.related[spec.owner], (finding, rule))
    return SharedFindings(of_parts, of_many)


def told_elsewhere(resource: Resource, shared: SharedFindings, spec: ServiceSpec, view: View) -> Finding | None:
    """What is wrong with a resource whose finding is told at another place; judged by the same rule, not guessed."""
    for found in (
        shared.of_parts.get(resource.key) or shared.of_parts.get(resource.name),
        shared.of_many.get((resource.slot, resource.kind)),
    ):
        if found is None:
            continue
        finding, rule = found
        threshold = view.threshold(finding.environment, rule, resource)
        judged = judge(rule, resource, threshold, specs=spec, clearing=None, now=view.snapshot.at)
        if judged is not None and judged.health is not Health.OK:
            return replace(finding, health=judged.health, reason=judged.reason, resource=resource.key)
    return None


def _worst_by_resource(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Findings come worst first, so the first of a resource is its worst."""
    worst: dict[str, Finding] = {}
    for finding in findings:
        if finding.resource is not None:
            worst.setdefault(finding.resource, finding)
    return worst
