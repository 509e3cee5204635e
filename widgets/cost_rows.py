"""What the list of costs shows: rows of a tree, their order, and which of them match. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.model.resource import Fact
from cockpit.model.series import Series
from cockpit.model.spending import Change, Sum, budget_a_day
from cockpit.model.spending import utc_day as day_of
from cockpit.model.units import DOLLARS, Unit, format_money
from widgets.filter import Field, Filter
from widgets.line import Run

FIELDS = (
    Field("name", "name"),
    Field("month", "this month", Unit.USD),
    Field("yesterday", "yesterday", Unit.USD),
    Field("forecast", "forecast", Unit.USD),
    Field("budget", "budget", Unit.USD),
    Field("used", "% of budget", Unit.PERCENT),
    Field("change", "change", Unit.USD),
    Field("percent", "% more", Unit.PERCENT),
)
"""What a filter may name."""


NOTHING = Sum()
NO_RUN = Run("")


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the tree. Amounts are in `currency`."""

    key: str
    label: str
    depth: int = 0
    parent: str | None = None
    """Key of the row above it in the tree."""
    mark: Run = NO_RUN
    """Glyph of its verdict, where it has one."""
    month: Sum = NOTHING
    yesterday: Sum = NOTHING
    today: Sum = NOTHING
    forecast: Sum = NOTHING
    budget: float | None = None
    """Dollars a month; of several, of those that have one."""
    budgeted: Sum = NOTHING
    """What those that have a budget spent this month."""
    expected: Sum = NOTHING
    """What those that have a budget will have spent."""
    fixed: float = 0.0
    """Dollars a month that are in no AWS bill, and are contained in month and forecast."""
    days: Series | None = None
    """What each day cost in AWS, through yesterday."""
    change: Change | None = None
    """The newest seven whole days, and the seven before."""
    month_change: Change | None = None
    """The whole days of this month, and the same days of last month."""
    currency: str = DOLLARS
    why: str = ""
    """What is not known, and why."""
    note: str = ""
    """What else there is to say."""
    tag: Run = NO_RUN
    """That it is protected."""
    fixed_only: bool = False
    """It is a fixed line: nothing of it is measured."""
    text: str = field(default="", compare=False)
    """Everything by which it is found, in lower case."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.label

    @property
    def used_percent(self) -> float | None:
        """How much of the budget is spent."""
        spent = self.budgeted.whole
        return 100 * spent / self.budget if spent is not None and self.budget else None

    @property
    def over(self) -> float | None:
        """By how much the forecast is over the budget; negative where it is within."""
        forecast = self.expected.whole
        return forecast - self.budget if forecast is not None and self.budget is not None else None

    @property
    def role(self) -> str:
        """Colour of what is told against the budget."""
        spent, forecast = self.budgeted.known, self.expected.known
        if self.budget is None:
            return ""
        return "critical" if spent > self.budget else "warning" if forecast > self.budget else ""

    def daily_budget(self, now: float) -> float | None:
        """What a day of the month may cost in AWS."""
        return budget_a_day(self.budget, self.fixed, day_of(now))

    def value(self, column: str) -> Fact:
        """The value of a column, to sort and to filter by; None where it is not known."""
        values: Mapping[str, Fact] = {
            "name": self.label,
            "month": None if self.month.nothing_known or not self.month.parts else self.month.known,
            "yesterday": self.yesterday.whole if self.yesterday.parts else None,
            "forecast": self.forecast.whole if self.forecast.parts else None,
            "budget": self.budget,
            "used": self.used_percent,
            "change": self.change.usd if self.change else None,
            "percent": self.change.percent if self.change else None,
        }
        return values.get(column)


def sum_text(amount: Sum, currency: str = DOLLARS) -> str:
    """`$310`; `$310 + ?` where part of it is not known; `?` where nothing is; `–` where there is nothing to know."""
    if not amount.parts:
        return "–"
    if amount.nothing_known:
        return "?"
    text = format_money(amount.known, currency)
    return f"{text} + ?" if amount.unknown else text


def percent_text(percent: float | None) -> str:
    """`+45 %`, `-3.1 %`; `new` where there was nothing before."""
    if percent is None:
        return "new"
    if not round(percent, 1):
        return "0.0 %"
    if abs(percent) >= 1000:
        return f"{'+' if percent > 0 else '-'}>999 %"
    shown = f"{percent:+.0f}" if abs(percent) >= 10 else f"{percent:+.1f}"
    return f"{shown} %"


def arranged(
    rows: Sequence[CostRow], *, column: str, descending: bool, query: Filter, folded: frozenset[str], now: float
) -> list[CostRow]:
    """The rows that are shown, in order: children below their parents, siblings by a column.

    A row that matches a filter brings those above it along, and everything below it. What is folded hides what is below
    it, unless a filter looks there.
    """
    children: dict[str | None, list[CostRow]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    wanted = _matching(rows, query, now) if query else None
    shown: list[CostRow] = []

    def walk(parent: str | None) -> None:
        for row in _sorted(children.get(parent, ()), column, descending=descending):
            if wanted is None or row.key in wanted:
                shown.append(row)
            if wanted is not None or row.key not in folded:
                walk(row.key)

    walk(None)
    return shown


def _matching(rows: Iterable[CostRow], query: Filter, now: float) -> set[str]:
    known = {row.key: row for row in rows}
    found: set[str] = set()
    for row in known.values():
        above = _above(row, known)
        if query.matches(row, now):
            found.update((row.key, *(one.key for one in above)))
        elif any(one.depth > 0 and query.matches(one, now) for one in above):
            found.add(row.key)
    return found


def _above(row: CostRow, known: Mapping[str, CostRow]) -> list[CostRow]:
    found: list[CostRow] = []
    while row.parent is not None and row.parent in known:
        row = known[row.parent]
        found.append(row)
    return found


def _sorted(rows: Sequence[CostRow], column: str, *, descending: bool) -> list[CostRow]:
    """Siblings by a column, equals by name. What has no value, and fixed lines, come last either way."""
    named = sorted(rows, key=lambda row: row.label.lower())
    if column == "name":
        return sorted(named, key=lambda row: row.label.lower(), reverse=descending)
    values = {row.key: row.value(column) for row in named}
    known = [row for row in named if isinstance(values[row.key], (int, float)) and not row.fixed_only]
    known.sort(key=lambda row: float(values[row.key] or 0.0), reverse=descending)
    held = {row.key for row in known}
    return known + [row for row in named if row.key not in held]
