"""What the rows of the cost screen are made of: bills, environments, fixed lines, AWS services. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.spending import (
    Sum,
    added,
    before,
    fixed_so_far,
    month_change,
    month_so_far,
    reckoned,
    spent_on,
    sum_of,
    week_change,
)
from cockpit.model.units import DOLLARS
from cockpit.model.verdict import Health
from screens.ledger import Entry, Ledger, amount, currency_of, days_of
from widgets.cost_rows import CostRow
from widgets.glyphs import ROLE, SEVERITY, WAITING, glyph, role
from widgets.line import Run

ALL = "all"
"""Key of the row that stands for everything."""
UNKNOWN = Run(SEVERITY[Health.UNKNOWN], ROLE[Health.UNKNOWN])


def row_of_bills(key: str, label: str, bills: Sequence[Resource], day: date) -> CostRow:
    """A row of some bills, each of them once."""
    days, currency = days_of(bills), currency_of(bills)
    row = CostRow(
        key,
        label,
        month=amount(bills, "month_to_date_usd", day),
        yesterday=amount(bills, "yesterday_usd", day),
        today=amount(bills, "today_usd", day),
        forecast=amount(bills, "forecast_usd", day),
        days=days,
        change=week_change(days, day),
        month_change=month_change(days, day),
        currency=currency or DOLLARS,
    )
    return row if currency else replace(row, why="bills in several currencies are not added up")


def row_of_several(key: str, label: str, entries: Sequence[Entry], bills: Sequence[Resource], day: date) -> CostRow:
    """A row of several environments and their bills: every bill once, every budget once."""
    row = row_of_bills(key, label, bills, day)
    fixed = sum(sum(one.fixed.values()) for one in entries)
    unseen = len({slot for one in entries for slot in one.unseen})
    missing = Sum(0.0, unseen, unseen)
    lines = Sum.of(fixed_so_far(fixed, day)) if fixed else Sum()
    if fixed and row.currency != DOLLARS:
        missing, lines = missing + Sum.of(None), Sum()
    own = [row_of_environment(one, day) for one in entries]
    budgets = [one for one in own if one.budget is not None]
    whys = list(dict.fromkeys(one.why for one in own if one.why))
    return replace(
        row,
        month=row.month + missing + lines,
        yesterday=row.yesterday + missing,
        today=row.today + missing,
        forecast=row.forecast + missing + (Sum.of(fixed) if lines.parts else Sum()),
        budget=sum(one.budget or 0.0 for one in budgets) if budgets else None,
        budgeted=sum_of(one.budgeted for one in budgets),
        expected=sum_of(one.expected for one in budgets),
        fixed=sum(one.fixed for one in budgets),
        # A part that is not known may have changed by any amount.
        change=None if unseen else row.change,
        month_change=None if unseen else row.month_change,
        why=row.why or "; ".join(whys[:2]) + (f"; and {len(whys) - 2} more" if len(whys) > 2 else ""),
        mark=_mark(one.cell.health for one in entries) if entries else Run(""),
    )


def row_of_everything(ledger: Ledger) -> CostRow:
    """The row of all that is in view."""
    row = row_of_several(ALL, "everything", ledger.entries, ledger.bills, ledger.day)
    some = sum(1 for one in ledger.entries if one.state.monthly_budget_usd is not None)
    note = f"budgets of {some} of {len(ledger.entries)} environments" if some < len(ledger.entries) and some else ""
    return replace(row, note=note)


def row_of_environment(entry: Entry, day: date) -> CostRow:
    """As the environment's own bill tells it, so that this and every other screen agree."""
    whole, unseen = entry.whole, Sum.of(None) if entry.unseen else Sum()
    current = whole is not None and whole.facts.get("month") == f"{day:%Y-%m}"

    def told(fact: str) -> Sum:
        if not entry.cell.slots and not fact.startswith(("month", "forecast")):
            # Nothing is measured by the day: there are fixed lines only.
            return Sum()
        value = whole.number(fact) if whole is not None and current else None
        # What is fixed alone says nothing about the bills that were not seen.
        return unseen if entry.unseen and not entry.bills else Sum.of(value) + unseen

    days = whole.series.get("daily_usd") if whole is not None and not entry.unseen else None
    budget = whole.number("budget_usd") if whole is not None else entry.state.monthly_budget_usd
    currency = str(whole.facts.get("currency") or DOLLARS) if whole is not None else DOLLARS
    comparable = currency == DOLLARS
    month, forecast = told("month_to_date_usd"), told("forecast_usd")
    return CostRow(
        f"environment|{entry.state.id}",
        entry.state.id.environment,
        month=month,
        yesterday=told("yesterday_usd"),
        today=told("today_usd"),
        forecast=forecast,
        budget=budget,
        budgeted=month if comparable else Sum.of(None),
        expected=forecast if comparable else Sum.of(None),
        fixed=sum(entry.fixed.values()),
        days=days,
        change=week_change(days, day),
        month_change=month_change(days, day),
        currency=currency if currency != "several" else DOLLARS,
        why=entry.why
        or ("" if comparable or budget is None else f"the budget is in {DOLLARS}, the bill in {currency}"),
        mark=_mark([entry.cell.health], waiting=entry.cell.pending),
    )


def _mark(healths: Iterable[Health], *, waiting: bool = False) -> Run:
    worst = Health.worst(healths)
    if waiting and worst in {Health.OK, Health.UNKNOWN}:
        return Run(WAITING, "waiting")
    return Run(glyph(worst), role(worst))


def row_of_fixed(key: str, name: str, usd: float, day: date, *, depth: int, parent: str | None) -> CostRow:
    """The row of a fixed line of `usd` a month."""
    return CostRow(
        key,
        f"{name} (fixed)",
        depth=depth,
        parent=parent,
        month=Sum.of(fixed_so_far(usd, day)),
        forecast=Sum.of(usd),
        fixed=usd,
        fixed_only=True,
        note="a fixed monthly cost from the configuration, counted evenly by the day",
    )


def row_of_service(key: str, name: str, series: Sequence[Series], day: date) -> CostRow:
    """A row of one AWS service; its forecast is reckoned from the average of a week."""
    together = added(series)
    return CostRow(
        key,
        name,
        depth=1,
        parent=ALL,
        month=Sum.of(month_so_far(together, day)),
        yesterday=Sum.of(spent_on(together, day - timedelta(days=1))),
        today=Sum.of(spent_on(together, day)),
        forecast=Sum.of(reckoned(together, day)),
        days=before(together, day),
        change=week_change(together, day),
        month_change=month_change(together, day),
        note="forecast: this month's whole days, and the average of seven for the others",
    )
