"""Days of spending: which are asked for, what is known of each, and what an earlier look knew. Pure.

A day that Cost Explorer has told nothing about is a hole, never zero dollars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.spending import DAY_SECONDS, first_of_last_month, midnight

HISTORY_DAYS = 35
"""Days that every look asks for: the whole of this month, and two weeks to tell a trend at its beginning."""

DAILY = "daily_usd"
"""Series of a bill: what each day cost, through yesterday."""
SERVICE = "service:"
"""Prefix of the series and of the facts that tell one AWS service of a bill."""
OTHERS = "all others"

_NOTHING_USD = 0.005
"""A service that cost less in all these days is told among the others."""
_DECIMALS = 6
"""Cost Explorer tells ten, which fill the store with noise."""


def first_kept(day: date) -> date:
    """The oldest day that is kept on `day`: last month is kept whole, to be compared with."""
    return min(day - timedelta(days=HISTORY_DAYS), first_of_last_month(day))


@dataclass(frozen=True, slots=True)
class Spending:
    """What somebody spent."""

    days: Mapping[date, Mapping[str, float]]
    """Day → AWS service → amount. A day that nothing is known of is absent; one that cost nothing is empty."""
    currency: str = "USD"
    """As Cost Explorer says."""

    @property
    def totals(self) -> dict[date, float]:
        """Day → amount."""
        return {when: math.fsum(services.values()) for when, services in self.days.items()}


def reaches_back(bill: Resource | None, day: date) -> bool:
    """Whether an earlier look at a bill tells, service by service, all days before those that are asked for on `day`.

    Each page of an answer is paid for, so what is known already is not asked for again.
    """
    series = bill.series.get(DAILY) if bill is not None else None
    if bill is None or series is None:
        return False
    start, end = midnight(first_kept(day)), midnight(day - timedelta(days=HISTORY_DAYS))
    told = any(name.startswith(SERVICE) for name in bill.series) or not any(series.values)
    return told and series.covers(start, end)


def earlier_days(bill: Resource | None, day: date) -> dict[date, dict[str, float]]:
    """The days before those that are asked for on `day`, as far as an earlier look at the same bill knew them."""
    if bill is None or DAILY not in bill.series:
        return {}
    first, count = first_kept(day), (day - timedelta(days=HISTORY_DAYS) - first_kept(day)).days
    start, end = midnight(first), midnight(first) + count * DAY_SECONDS
    totals = bill.series[DAILY].between(start, end)
    services = {
        name.removeprefix(SERVICE): series.between(start, end)
        for name, series in bill.series.items()
        if name.startswith(SERVICE)
    }
    known: dict[date, dict[str, float]] = {}
    for index, total in enumerate(totals):
        if total is None:
            continue
        spent = {name: value for name, values in services.items() if (value := values[index])}
        rest = total - math.fsum(spent.values())
        if abs(rest) >= 10**-_DECIMALS:
            spent[OTHERS] = spent.get(OTHERS, 0.0) + rest
        known[first + timedelta(days=index)] = spent
    return known


def series_of(spending: Spending, day: date) -> dict[str, Series]:
    """`daily_usd` through yesterday, and a series for each service, whose last value is what today has cost so far."""
    totals = spending.totals
    found = {DAILY: _series([totals.get(when) for when in _days(first_kept(day), day)], day)}
    shown, rest = _services(spending)
    known = [spending.days.get(when) for when in _days(first_kept(day), day + timedelta(days=1))]
    for name, parts in {**{one: {one} for one in shown}, **({OTHERS: rest} if rest else {})}.items():
        values = [None if one is None else sum(one.get(part, 0.0) for part in parts) for one in known]
        found[SERVICE + name] = _series(values, day)
    return found


def _services(spending: Spending) -> tuple[list[str], set[str]]:
    """Services that are told apart, dearest first, and those that are told together."""
    sums: dict[str, float] = {}
    for services in spending.days.values():
        for name, usd in services.items():
            sums[name] = sums.get(name, 0.0) + abs(usd)
    shown = [name for name in sorted(sums, key=lambda one: -sums[one]) if sums[name] >= _NOTHING_USD and name != OTHERS]
    return shown, {name for name, usd in sums.items() if usd}.difference(shown)


def _days(first: date, after: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((after - first).days)]


def _series(values: list[float | None], day: date) -> Series:
    rounded = tuple(None if value is None else round(value, _DECIMALS) or 0.0 for value in values)
    return Series(midnight(first_kept(day)), DAY_SECONDS, rounded)
