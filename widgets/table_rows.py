"""Rows of the resource table: built once for each look at a resource, sorted and filtered away from the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Column
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Health
from widgets.filter import Field, Filter
from widgets.glyphs import WORD

STATE = "state"
TAG = "tag:"
"""Beginning of the key of a column that shows a tag."""
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
    quiet: bool = False
    """Somebody has acknowledged or muted what is wrong with it."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.resource.name

    def value(self, field: str) -> Fact:
        """The value of a column; what is no column is looked for among the facts, and as `tag:Name` among the tags."""
        if field in self.values:
            return self.values[field]
        if field.startswith(TAG):
            return self.resource.tags.get(field.removeprefix(TAG))
        return self.resource.facts.get(field)


def build_row(
    resource: Resource,
    columns: Sequence[Column],
    *,
    health: Health,
    environment: str,
    stale: bool = False,
    reason: str = "",
    echo: bool = False,
    quiet: bool = False,
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
        quiet=quiet,
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


@dataclass(frozen=True, slots=True)
class SortKey:
    """One of the columns that rule the order."""

    column: TableColumn
    descending: bool

    @property
    def backwards(self) -> bool:
        """Whether larger values come first. An age column holds moments: the oldest is the largest age."""
        return self.descending != self.column.age


def arrange(
    rows: Iterable[TableRow], *, query: Filter, order: Sequence[SortKey], attention_only: bool, now: float
) -> list[TableRow]:
    """The rows that match, in order; without an order the worst come first.

    The first key rules, the next decides among equals. Rows without a value come last, whichever way it is sorted.
    """
    kept = [
        row
        for row in rows
        if (not attention_only or row.health is not Health.OK) and (not query or query.matches(row, now))
    ]
    kept.sort(key=_worst_first if not order else _by_name)
    for key in reversed(order):
        kept = _sorted_by(kept, key)
    return kept


def _worst_first(row: TableRow) -> tuple[object, ...]:
    """Worst first, echoes after what they echo, what a whole account shares last."""
    return (-row.health.rank / (4 if row.quiet else 1), row.resource.shared, row.echo, row.name.lower(), row.key)


def _by_name(row: TableRow) -> tuple[object, ...]:
    return (row.name.lower(), row.key)


def _sorted_by(rows: Sequence[TableRow], key: SortKey) -> list[TableRow]:
    """Sorted by one column; equals stay as they were."""
    if key.column.key == STATE:
        return sorted(rows, key=lambda row: row.health.rank, reverse=key.backwards)
    present: list[tuple[tuple[int, float, str], TableRow]] = []
    empty: list[TableRow] = []
    for row in rows:
        value = row.value(key.column.key)
        if value is None:
            empty.append(row)
        else:
            present.append((_comparable(value), row))
    present.sort(key=itemgetter(0), reverse=key.backwards)
    return [row for _, row in present] + empty


def _comparable(value: Fact) -> tuple[int, float, str]:
    """Numbers and words never meet in a comparison."""
    if isinstance(value, (bool, int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value).lower())
