"""Rows of the resource table: built once for each look at a resource, sorted and filtered away from the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Column
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Health
from widgets.filter import Field, Filter
from widgets.glyphs import WORD

STATE = "state"
FIGURE_WIDTH = 9
"""The widest figure that `format_figure` and `format_age` write, `23 h 59 m`; fixed, so that columns never jump."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table: the service's own, or one that the table adds (state, environment, account, region)."""

    key: str
    title: str
    unit: Unit | None = None
    priority: int = 1
    numeric: bool = False
    age: bool = False

    @classmethod
    def of(cls, column: Column) -> TableColumn:
        """From a service's column."""
        return cls(
            column.key,
            column.title,
            column.unit,
            column.priority,
            column.numeric or column.unit is not None,
            column.age,
        )

    @property
    def fixed(self) -> bool:
        """Whether its width does not depend on its values."""
        return self.numeric or self.age

    def show(self, value: Fact, now: float) -> str:
        """The value as text."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.age and isinstance(value, (int, float)):
            return format_age(now - value)
        if isinstance(value, (int, float)) and (self.unit or self.numeric):
            return format_figure(float(value), self.unit or Unit.COUNT)
        return str(value)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One resource in one environment (or in none)."""

    key: str
    resource: Resource
    health: Health
    values: dict[str, Fact]
    """Column key → value. Never changed after it was built."""
    text: str
    """All that can be read in the row, in lower case."""
    stale: bool = False
    """The data is the last that was seen before looking failed."""
    reason: str = ""
    """Why it is not ok."""
    echo: bool = False
    """It is not ok for a reason that another row tells: a function fails with its alias."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.resource.name

    def value(self, field: str) -> Fact:
        """The value of a column, for the filter."""
        return self.values.get(field)


def build_row(
    resource: Resource,
    columns: Sequence[Column],
    *,
    health: Health,
    environment: str,
    stale: bool = False,
    reason: str = "",
    echo: bool = False,
) -> TableRow:
    """A row from a resource as last seen."""
    values: dict[str, Fact] = {
        STATE: WORD[health],
        "name": resource.name,
        "environment": environment,
        "account": resource.slot.account,
        "region": resource.slot.region,
        "kind": resource.kind,
    }
    values.update({column.key: column.value(resource) for column in columns})
    words = [value for value in values.values() if isinstance(value, str)]
    return TableRow(
        key=f"{environment}|{resource.key}",
        resource=resource,
        health=health,
        values=values,
        text="\n".join((*words, reason)).lower(),
        stale=stale,
        reason=reason,
        echo=echo,
    )


def fields_of(columns: Iterable[TableColumn]) -> tuple[Field, ...]:
    """What a filter over these columns may name."""
    own = (
        Field(STATE, "state"),
        Field("name", "name"),
        Field("environment", "env"),
        Field("account", "account"),
        Field("region", "region"),
        Field("kind", "kind"),
    )
    known = {field.key for field in own}
    return (*own, *(Field(c.key, c.title, c.unit, c.age) for c in columns if c.key not in known))


def sort_key(column: TableColumn | None) -> Callable[[TableRow], tuple[object, ...]]:
    """Order of rows by a column; None: worst first, echoes after what they echo, what a whole account shares last."""
    if column is None or column.key == STATE:
        return lambda row: (-row.health.rank, row.resource.shared, row.echo, row.name.lower(), row.key)
    key = column.key

    def order(row: TableRow) -> tuple[object, ...]:
        value = row.values.get(key)
        # Numbers and words never meet in a comparison.
        if isinstance(value, (bool, int, float)):
            return (0, float(value), row.name, row.key)
        return (1, str(value or "").lower(), row.name, row.key)

    return order


def arrange(
    rows: Iterable[TableRow],
    *,
    query: Filter,
    column: TableColumn | None,
    descending: bool,
    attention_only: bool,
    now: float,
) -> list[TableRow]:
    """The rows that match, in order. Rows without a value come last, whichever way it is sorted."""
    kept = [
        row
        for row in rows
        if (not attention_only or row.health is not Health.OK) and (not query or query.matches(row, now))
    ]
    if column is None or column.key == STATE:
        return sorted(kept, key=sort_key(column), reverse=descending)
    empty = [row for row in kept if row.values.get(column.key) is None]
    present = [row for row in kept if row.values.get(column.key) is not None]
    # An age column holds moments: the oldest is the largest age.
    backwards = descending != column.age
    return sorted(present, key=sort_key(column), reverse=backwards) + sorted(empty, key=sort_key(None))
