"""Which columns a table could have: the service's own, and any fact or tag that its resources carry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cockpit.model.resource import Fact
from cockpit.model.units import Unit
from widgets.facts import MOMENTS, fact_label, unit_of
from widgets.table_rows import TAG, TableColumn, TableRow

LEAST_PRIORITY = 9
"""Extra columns fold before the service's own."""


def extra_columns(rows: Iterable[TableRow], own: Sequence[TableColumn]) -> tuple[TableColumn, ...]:
    """A column for each fact and each tag that some resource has and no own column shows, by name."""
    facts: dict[str, Fact] = {}
    tags: set[str] = set()
    for row in rows:
        for name, value in row.resource.facts.items():
            if value is not None and facts.get(name) is None:
                facts[name] = value
        tags.update(row.resource.tags)
    known = {column.key for column in own}
    of_facts = (fact_column(name, facts[name]) for name in sorted(facts) if name not in known)
    of_tags = (TableColumn(TAG + name, name, priority=LEAST_PRIORITY) for name in sorted(tags))
    return (*of_facts, *of_tags)


def fact_column(name: str, example: Fact) -> TableColumn:
    """The column of a fact: as its name and one of its values tell."""
    title = fact_label(name).upper()
    if isinstance(example, bool) or not isinstance(example, (int, float)):
        return TableColumn(name, title, priority=LEAST_PRIORITY)
    if name.endswith(MOMENTS):
        return TableColumn(name, title, priority=LEAST_PRIORITY, age=True)
    unit = unit_of(name)
    return TableColumn(name, title, None if unit is Unit.COUNT else unit, LEAST_PRIORITY, numeric=True)


def chosen_columns(
    usual: Sequence[TableColumn], extras: Sequence[TableColumn], chosen: Sequence[str] | None
) -> tuple[TableColumn, ...]:
    """The columns that are shown: as chosen, or the usual ones. The first, the name, always leads.

    What was chosen by hand is of equal weight: where there is no room, the last ones give way.
    """
    if chosen is None or not usual:
        return tuple(usual)
    wanted = set(chosen)
    shown = [replace(column, priority=1) for column in (*usual[1:], *extras) if column.key in wanted]
    return (usual[0], *shown)
