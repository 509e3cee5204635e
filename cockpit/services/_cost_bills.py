"""Cost Explorer's rows as bills: one an account, or one a value of its cost tag. Pure arithmetic over days.

Cost Explorer is about a day late, so the newest two days (today and yesterday) are never taken for a whole day's worth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.spending import WEEK, reckoned, utc_day, week
from cockpit.services._cost_days import DAILY, OTHERS, SERVICE, Spending, series_of

METRIC = "UnblendedCost"
_SERVICES_SHOWN = 20


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


def spending_of(
    results: Sequence[Mapping[str, Any]],
    group_keys: Sequence[str],
    accounts: Mapping[str, str],
    tag: str | None,
    day: date,
) -> dict[Payee, Spending]:
    """Days of spending by payee.

    Args:
        results: ResultsByTime of every page.
        group_keys: What was grouped by, in order: `LINKED_ACCOUNT`, `SERVICE`, or the tag's name.
        accounts: Name → 12-digit id of the accounts that were asked about. Each has a bill, also an empty one.
        tag: The tag that was grouped by. A tagged account has its whole bill too.
        day: Today.
    """
    names = {account_id: name for name, account_id in accounts.items()}
    told = _told_days(results, day)
    spent: dict[Payee, dict[date, dict[str, float]]] = {
        Payee(name, account_id): {} for name, account_id in accounts.items()
    }
    currency = "USD"
    only = next(iter(accounts.values()))
    for result in results:
        when = date.fromisoformat(result["TimePeriod"]["Start"])
        for group in result.get("Groups") or ():
            keys = dict(zip(group_keys, group["Keys"], strict=True))
            account_id = keys.get("LINKED_ACCOUNT", only)
            if account_id not in names:
                continue
            amount = group["Metrics"][METRIC]
            currency = amount.get("Unit") or currency
            payees = [Payee(names[account_id], account_id)]
            if tag is not None:
                # Keys of a tag group are written `stage$production`.
                payees.append(Payee(names[account_id], account_id, tag, keys[tag].partition("$")[2]))
            for payee in payees:
                services = spent.setdefault(payee, {}).setdefault(when, defaultdict(float))
                services[keys["SERVICE"]] += float(amount["Amount"])
    return {
        payee: Spending({when: dict(days.get(when, {})) for when in told}, currency) for payee, days in spent.items()
    }


def _told_days(results: Iterable[Mapping[str, Any]], day: date) -> list[date]:
    """The days that the answer tells something about.

    A day without any group cost nothing; of the newest two it says that Cost Explorer does not know them yet.
    """
    filled: dict[date, bool] = {}
    for one in results:
        # A day may go on on the next page.
        when = date.fromisoformat(one["TimePeriod"]["Start"])
        filled[when] = filled.get(when, False) or bool(one.get("Groups"))
    spends = any(filled.values())
    return [when for when, some in filled.items() if some or not spends or when < day - timedelta(days=1)]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the month will have cost at its end."""

    usd: float | None
    source: str | None
    at: float | None


def bill(slot: SlotId, payee: Payee, spent: Spending, now: float, forecast: Forecast | None) -> Resource:
    """A bill; without a forecast of Cost Explorer's own it is reckoned from the average of a week.

    Every amount is in dollars, or in the currency that the fact `currency` names.
    """
    day = utc_day(now)
    totals, series = spent.totals, series_of(spent, day)
    recent, before = _average(week(series[DAILY], day)), _average(week(series[DAILY], day, back=1))
    told = forecast or Forecast(reckoned(series[DAILY], day), "average of 7 days", now)
    facts: dict[str, Fact] = {
        "month_to_date_usd": _month_to_date(totals, day),
        "yesterday_usd": totals.get(day - timedelta(days=1)),
        "today_usd": totals.get(day),
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
    if spent.currency != "USD":
        facts["currency"] = spent.currency
    if payee.tag is not None:
        facts |= {"cost_tag": payee.tag, "tag_value": payee.value}
    tags = {payee.tag: payee.value} if payee.tag and payee.value else {}
    related = {"account": payee.account}
    return Resource(payee.key, slot, "bill", payee.name, facts, tags, related, series)


def trend_percent(recent: float | None, before: float | None) -> float | None:
    """How much more a day costs than a week ago; None where nothing was spent then, or nothing is known."""
    return 100 * (recent / before - 1) if recent is not None and before is not None and before > 0 else None


def spent_before(spent: Spending, day: date) -> float:
    """Dollars of this month before `day`, as far as they are known."""
    first = day.replace(day=1)
    return sum(usd for when, usd in spent.totals.items() if first <= when < day)


def _month_to_date(totals: Mapping[date, float], day: date) -> float | None:
    """This month so far. A day that should be known by now and is not leaves the month unknown."""
    first = day.replace(day=1)
    due = (first + timedelta(days=offset) for offset in range(max(0, day.day - 2)))
    known = [usd for when, usd in totals.items() if first <= when <= day]
    return sum(known) if known and all(when in totals for when in due) else None


def _average(week_usd: float | None) -> float | None:
    return None if week_usd is None else week_usd / WEEK


def _service_facts(spent: Spending, day: date) -> dict[str, Fact]:
    services: dict[str, float] = defaultdict(float)
    for when, amounts in spent.days.items():
        if when >= day.replace(day=1):
            for service, usd in amounts.items():
                services[service] += usd
    rest = services.pop(OTHERS, 0.0)
    costly = sorted((pair for pair in services.items() if pair[1] >= 0.005), key=lambda pair: -pair[1])
    shown = {f"{SERVICE}{name}": usd for name, usd in costly[:_SERVICES_SHOWN]}
    rest += sum(usd for _, usd in costly[_SERVICES_SHOWN:])
    return {**shown, **({f"{SERVICE}{OTHERS}": rest} if rest else {})}
