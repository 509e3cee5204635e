"""The rows of a table, chosen, put in order and measured. Pure: thousands of them can be arranged in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.model.verdict import Health
from widgets.filter import Filter
from widgets.table_layout import text_widths
from widgets.table_rows import SortKey, TableColumn, TableRow, arrange


@dataclass(frozen=True)
class Criteria:
    """What decides which rows are shown, and in which order."""

    query: Filter = field(default_factory=Filter)
    order: tuple[SortKey, ...] = ()
    """First key first; empty: worst first."""
    attention_only: bool = False


@dataclass(frozen=True)
class Arrangement:
    """Rows as a table shows them."""

    columns: tuple[TableColumn, ...] = ()
    rows: tuple[TableRow, ...] = ()
    now: float = 0.0
    criteria: Criteria = field(default_factory=Criteria)
    shown: Sequence[TableRow] = ()
    keys: tuple[str, ...] = ()
    """Of what is shown, in order."""
    longest: Mapping[str, int] = field(default_factory=dict)
    """Longest text that each column ever had: columns grow, and never shrink, so that a refresh does not move them."""
    reason: int = 0
    """Length of the longest reason that is shown."""
    troubled: int = 0
    """Rows that are not ok, shown or not."""
    fresh: bool = True
    """Whether any row is another than before; if not, only ages have changed."""


def arranged(
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    now: float,
    criteria: Criteria,
    before: Arrangement,
) -> Arrangement:
    """Rows arranged at `now` (epoch seconds); `before` is what was shown until now."""
    same_columns = before.columns == tuple(columns)
    known = {id(row) for row in before.rows}
    new = [row for row in rows if id(row) not in known]
    fresh = bool(new) or len(rows) != len(before.rows) or not same_columns or criteria != before.criteria
    if not fresh and not criteria.query:
        shown, keys = before.shown, before.keys
    else:
        shown = arrange(
            rows, query=criteria.query, order=criteria.order, attention_only=criteria.attention_only, now=now
        )
        keys = tuple(row.key for row in shown)
    longest = dict(before.longest)
    for key, size in text_widths(columns, new if same_columns else rows).items():
        longest[key] = max(size, longest.get(key, 0))
    return Arrangement(
        columns=tuple(columns),
        rows=tuple(rows),
        now=now,
        criteria=criteria,
        shown=shown,
        keys=keys,
        longest=longest,
        reason=max((len(row.reason) for row in shown if row.reason), default=0),
        troubled=sum(row.health is not Health.OK for row in rows),
        fresh=fresh or keys != before.keys,
    )
