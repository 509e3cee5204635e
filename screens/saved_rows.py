"""Rows of screens as plain tables, to be saved. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cockpit.model.finding import Finding
from cockpit.model.resource import Fact
from cockpit.model.snapshot import EnvironmentState
from cockpit.model.units import Unit
from screens.view_table import ViewColumn, ViewTable
from widgets.glyphs import WORD
from widgets.table_rows import TableColumn, TableRow

_SUFFIX: Mapping[Unit, str] = {
    Unit.SECONDS: "_seconds",
    Unit.BYTES: "_bytes",
    Unit.PERCENT: "_percent",
    Unit.USD: "_usd",
    Unit.DAYS: "_days",
    Unit.PER_SECOND: "_per_second",
}
_LEAD = ("state", "name", "environment", "account", "region", "kind")
"""In every table of resources, also where the screen has no room or no need for them."""


_SAID = (ViewColumn("said"), ViewColumn("said_by"), ViewColumn("note"), ViewColumn("said_until", moment=True))
"""What somebody said about a finding."""


def resource_table(columns: Sequence[TableColumn], rows: Iterable[TableRow]) -> ViewTable:
    """Resources with the columns of their table; why they are not ok; their ARN or URL."""
    shown = [column for column in columns if column.key not in _LEAD]
    heads = [ViewColumn(key) for key in _LEAD]
    heads += [ViewColumn(_key(column), moment=column.age) for column in shown]
    heads += [ViewColumn("reason"), ViewColumn("stale"), ViewColumn("id")]
    return ViewTable(
        tuple(heads),
        tuple(
            (
                *(row.values.get(key) for key in _LEAD),
                *(row.value(column.key) for column in shown),
                row.reason or None,
                row.stale,
                row.resource.key,
            )
            for row in rows
        ),
    )


def _key(column: TableColumn) -> str:
    """The name of a figure tells its unit."""
    suffix = _SUFFIX.get(column.unit, "") if column.unit else ""
    if column.age:
        suffix = "_at"
    return column.key if column.key.endswith(suffix) else f"{column.key}{suffix}"


def fleet_table(states: Iterable[EnvironmentState], services: Sequence[str]) -> ViewTable:
    """A row an environment; for each service its state and its headline."""
    heads = [ViewColumn("system"), ViewColumn("environment"), ViewColumn("state"), ViewColumn("muted_findings")]
    heads += [ViewColumn(f"{service}_{part}") for service in services for part in ("state", "headline")]
    rows = []
    for state in states:
        values: list[Fact] = [state.id.system, state.id.environment, WORD[state.health], state.muted]
        for service in services:
            cell = state.cells.get(service)
            values.append(WORD[cell.health] if cell else None)
            values.append(cell.headline.text if cell and cell.headline else None)
        rows.append(tuple(values))
    return ViewTable(tuple(heads), tuple(rows))


def finding_table(findings: Iterable[Finding]) -> ViewTable:
    """A row a finding, worst first."""
    keys = ("state", "environment", "service", "account", "region", "subject", "rule", "reason")
    heads = (*(ViewColumn(key) for key in keys), ViewColumn("since", moment=True), ViewColumn("id"), *_SAID)
    rows = tuple(
        (
            WORD[one.health],
            str(one.environment),
            one.slot.service,
            one.slot.account,
            one.slot.region,
            one.subject,
            one.rule,
            one.reason,
            one.since,
            one.resource,
            *((one.mute.kind.value, one.mute.by, one.mute.note, one.mute.until) if one.mute else (None,) * len(_SAID)),
        )
        for one in findings
    )
    return ViewTable(heads, rows)
