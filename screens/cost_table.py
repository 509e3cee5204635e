"""The rows of the cost screen as a plain table, to be saved. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.resource import Fact
from cockpit.model.spending import Sum
from screens.view_table import ViewColumn, ViewTable
from widgets.cost_rows import CostRow

_COLUMNS = (
    *("group", "below", "name", "currency", "month", "yesterday", "today_so_far", "forecast", "budget_usd"),
    *("budget_used_percent", "fixed_monthly_usd", "last_7_days", "7_days_before", "change_percent"),
    *("last_month_same_days", "unknown_parts", "not_known"),
)


def cost_table(shown: Sequence[CostRow], rows: Sequence[CostRow], group: str) -> ViewTable:
    """A row for each that is shown, with the name of the one above it. An amount that is not known whole is empty."""
    labels = {row.key: row.label for row in rows}
    heads = tuple(ViewColumn(key) for key in _COLUMNS)
    return ViewTable(heads, tuple(_row(row, labels.get(row.parent or ""), group) for row in shown))


def _row(row: CostRow, above: str | None, group: str) -> tuple[Fact, ...]:
    change, month = row.change, row.month_change
    return (
        *(group, above, row.label, row.currency),
        *(_whole(row.month), _whole(row.yesterday), _whole(row.today), _whole(row.forecast)),
        *(row.budget, row.used_percent, row.fixed or None),
        *((change.recent, change.before, change.percent) if change else (None, None, None)),
        month.before if month else None,
        row.month.unknown,
        row.why or None,
    )


def _whole(amount: Sum) -> float | None:
    return amount.whole if amount.parts else None
