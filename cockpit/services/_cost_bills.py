"""Cost Explorer's rows as bills: one an account, or one a value of its cost tag. Pure arithmetic over days.

Cost Explorer is about a day late, so the newest two days (today and yesterday) are never taken for a whole day's worth.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.series import Series

HISTORY_DAYS = 35
"""Days that are asked for: the whole of this month, and two weeks to tell a trend at its beginning."""

METRIC = "UnblendedCost"
SERVICE_FACT = "service:"
"""Prefix of the facts that tell a service's dollars this month."""

_WEEK = 7
_SERVICES_SHOWN = 20
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Payee:
    """Whose bill it is."""

    account: str
    """Configured name."""
    account_id: str
    tag: str | None = None
    """Cost tag, where the bill is of one of its values."""
    value: str | None = None
    """That value; empty for what is not tagged."""

    @property
    def key(self) -> str:
        """Unique in the fleet."""
        own = f"bill:{self.account_id}"
        return own if self.tag is None else f"{own}:{self.tag}={self.value}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self.account if self.tag is None else f"{self.account} {self.value or 'untagged'}"


Spending = Mapping[date, Mapping[str, float]]
"""Day → service → dollars."""


def today(now: float) -> date:
    """The day of Cost Explorer, which keeps UTC."""
    return datetime.fromtimestamp(now, UTC).date()


def first_of_next_month(day: date) -> date:
    """The day after the last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def days_in_month(day: date) -> int:
    """How many days the month of `day` has."""
    return calendar.monthrange(day.year, day.month)[1]


def spending_of(
    results: Iterable[Mapping[str, Any]], group_keys: Sequence[str], accounts: Mapping[str, str], tag: str | None
) -> dict[Payee, dict[date, dict[str, float]]]:
    """Days of spending by payee.

    Args:
        results: ResultsByTime of every page.
        group_keys: What was grouped by, in order: `LINKED_ACCOUNT`, `SERVICE`, or the tag's name.
        accounts: Name → 12-digit id of the accounts that were asked about. Each has a bill, also an empty one.
        tag: The tag that was grouped by. A tagged account has its whole bill too.
    """
    names = {account_id: name for name, account_id in accounts.items()}
    spent: dict[Payee, dict[date, dict[str, float]]] = {
        Payee(name, account_id): defaultdict(lambda: defaultdict(float)) for name, account_id in accounts.items()
    }
    only = next(iter(accounts.values()))
    for result in results:
        day = date.fromisoformat(result["TimePeriod"]["Start"])
        for group in result.get("Groups") or ():
            keys = dict(zip(group_keys, group["Keys"], strict=True))
            account_id = keys.get("LINKED_ACCOUNT", only)
            if account_id not in names:
                continue
            usd = float(group["Metrics"][METRIC]["Amount"])
            payees = [Payee(names[account_id], account_id)]
            if tag is not None:
                # Keys of a tag group are written `stage$production`.
                payees.append(Payee(names[account_id], account_id, tag, keys[tag].partition("$")[2]))
            for payee in payees:
                spent.setdefault(payee, defaultdict(lambda: defaultdict(float)))[day][keys["SERVICE"]] += usd
    return spent


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the month will have cost at its end."""

    usd: float | None
    source: str | None
    at: float | None


def bill(slot: SlotId, payee: Payee, spent: Spending, now: float, forecast: Forecast | None) -> Resource:
    """A bill; without a forecast of Cost Explorer's own it is reckoned from the average of a week."""
    day = today(now)
    totals = {when: sum(services.values()) for when, services in spent.items()}
    recent, before = _average(totals, day, weeks_back=0), _average(totals, day, weeks_back=1)
    told = forecast or Forecast(_reckoned(totals, day, recent), "average of 7 days", now)
    facts: dict[str, Fact] = {
        "month_to_date_usd": sum(usd for when, usd in totals.items() if when >= day.replace(day=1)),
        "yesterday_usd": totals.get(day - timedelta(days=1), 0.0),
        "forecast_usd": told.usd,
        "average_7d_usd": recent,
        "average_7d_before_usd": before,
        "trend_percent": trend_percent(recent, before),
        "account": payee.account,
        "account_id": payee.account_id,
        "month": f"{day:%Y-%m}",
        "forecast_from": told.source,
        "forecast_at": told.at,
        **_service_facts(spent, day),
    }
    if payee.tag is not None:
        facts |= {"cost_tag": payee.tag, "tag_value": payee.value}
    tags = {payee.tag: payee.value} if payee.tag and payee.value else {}
    return Resource(
        payee.key,
        slot,
        "bill",
        payee.name,
        facts,
        tags,
        {"account": payee.account},
        {"daily_usd": _daily(totals, day)},
    )


def trend_percent(recent: float, before: float) -> float | None:
    """How much more a day costs than a week ago; None where nothing was spent then."""
    return 100 * (recent / before - 1) if before > 0 else None


def spent_before(spent: Spending, day: date) -> float:
    """Dollars of this month before `day`."""
    first = day.replace(day=1)
    return sum(sum(services.values()) for when, services in spent.items() if first <= when < day)


def _average(totals: Mapping[date, float], day: date, *, weeks_back: int) -> float:
    """Mean of seven whole days; the newest of them is the day before yesterday."""
    newest = day - timedelta(days=2 + _WEEK * weeks_back)
    return sum(totals.get(newest - timedelta(days=back), 0.0) for back in range(_WEEK)) / _WEEK


def _reckoned(totals: Mapping[date, float], day: date, average: float) -> float:
    """Whole days of this month as they were, the others as the average day."""
    first, last_whole = day.replace(day=1), day - timedelta(days=2)
    whole = [usd for when, usd in totals.items() if first <= when <= last_whole]
    days = max(0, (last_whole - first).days + 1)
    return sum(whole) + average * (days_in_month(day) - days)


def _service_facts(spent: Spending, day: date) -> dict[str, Fact]:
    services: dict[str, float] = defaultdict(float)
    for when, amounts in spent.items():
        if when >= day.replace(day=1):
            for service, usd in amounts.items():
                services[service] += usd
    costly = sorted((pair for pair in services.items() if pair[1] >= 0.005), key=lambda pair: -pair[1])
    shown = {f"{SERVICE_FACT}{name}": usd for name, usd in costly[:_SERVICES_SHOWN]}
    rest = sum(usd for _, usd in costly[_SERVICES_SHOWN:])
    return {**shown, **({f"{SERVICE_FACT}all others": rest} if rest else {})}


def _daily(totals: Mapping[date, float], day: date) -> Series:
    """Dollars a day, through yesterday."""
    first = day - timedelta(days=HISTORY_DAYS)
    start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    values = tuple(totals.get(first + timedelta(days=offset), 0.0) for offset in range(HISTORY_DAYS))
    return Series(start, _DAY_SECONDS, values)
