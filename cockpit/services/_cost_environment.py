"""The bill of an environment: its accounts' bills and its fixed monthly lines, against its budget. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Headline, Money
from cockpit.model.spending import added, fixed_so_far, utc_day
from cockpit.model.units import DOLLARS, Unit, format_figure, format_money
from cockpit.services._cost_bills import trend_percent
from cockpit.services._cost_days import SERVICE


def summarise(resources: Sequence[Resource], money: Money, now: float) -> Resource:
    """The bill of an environment: its accounts' bills and its fixed lines together, against its budget.

    A fixed line of n dollars a month counts by the day: on the 10th of 30 days a third of it is spent, and the
    forecast holds it whole. A bill that is still of last month tells nothing about this one.
    """
    day = utc_day(now)
    ours = _Bills(tuple(resources), f"{day:%Y-%m}", fixed := sum(usd for _, usd in money.fixed_lines))
    spent, forecast = ours.total("month_to_date_usd"), ours.total("forecast_usd")
    spent = None if spent is None else spent + fixed_so_far(fixed, day)
    forecast = None if forecast is None else forecast + fixed
    budget = money.monthly_budget_usd
    allowed = budget if ours.currency == DOLLARS else None
    recent, before = ours.total("average_7d_usd"), ours.total("average_7d_before_usd")
    facts: dict[str, Fact] = {
        "month_to_date_usd": spent,
        "budget_usd": budget,
        "budget_used_percent": _percent(spent, allowed),
        "forecast_usd": forecast,
        "forecast_percent": _percent(forecast, allowed),
        "against_budget": _against(spent, allowed),
        "forecast_against_budget": _against(forecast, allowed),
        "yesterday_usd": ours.total("yesterday_usd"),
        "today_usd": ours.total("today_usd"),
        "average_7d_usd": recent,
        "trend_percent": trend_percent(recent, before),
        "month": f"{day:%Y-%m}",
        **(_foreign(ours.currency or "several", budget) if ours.currency != DOLLARS else {}),
        **(_services(resources) if ours.can_be_added else {}),
        **{f"fixed:{name}": usd for name, usd in money.fixed_lines},
    }
    slot = resources[0].slot if resources else SlotId("", GLOBAL_REGION, "cost")
    series = added([one.series["daily_usd"] for one in resources if "daily_usd" in one.series])
    key, name = f"bill:{money.environment}", str(money.environment)
    known = {"daily_usd": series} if series and ours.currency else {}
    return Resource(key, slot, "environment", name, facts, series=known)


def _foreign(currency: str, budget: float | None) -> dict[str, Fact]:
    """What is told of a bill that is not in dollars. Nobody can say whether it is within a budget that is."""
    return {"currency": currency, **({"budget_not_comparable": True, "billed_in": currency} if budget else {})}


@dataclass(frozen=True, slots=True)
class _Bills:
    """The bills of an environment, as far as they can be added up."""

    bills: tuple[Resource, ...]
    month: str
    fixed_usd: float

    @property
    def currency(self) -> str:
        """What all of them are in; empty where they are in several. Budgets and fixed lines are in dollars."""
        currencies = {str(one.facts.get("currency") or DOLLARS) for one in self.bills}
        if self.fixed_usd or not currencies:
            currencies.add(DOLLARS)
        return next(iter(currencies)) if len(currencies) == 1 else ""

    @property
    def can_be_added(self) -> bool:
        """Whether they are of one currency, and all of this month."""
        return bool(self.currency) and all(one.facts.get("month") == self.month for one in self.bills)

    def total(self, fact: str) -> float | None:
        """The sum of a fact; None where one of them does not tell it."""
        figures = [one.number(fact) for one in self.bills]
        present = [figure for figure in figures if figure is not None]
        return sum(present) if self.can_be_added and len(present) == len(figures) else None


def _percent(usd: float | None, budget: float | None) -> float | None:
    return 100 * usd / budget if usd is not None and budget else None


def _against(usd: float | None, budget: float | None) -> str | None:
    if usd is None or not budget:
        return None
    return f"{format_figure(usd, Unit.USD)} of {format_figure(budget, Unit.USD)}"


def _services(resources: Sequence[Resource]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for resource in resources:
        for fact in resource.facts:
            if fact.startswith(SERVICE):
                sums[fact] = sums.get(fact, 0.0) + (resource.number(fact) or 0.0)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def headline(resources: Sequence[Resource]) -> Headline:
    """Dollars this month against the budget, `$312/500`; without a budget, `$312`."""
    whole = next((one for one in resources if one.kind == "environment"), None)
    ours = [whole] if whole else resources
    figures = [one.number("month_to_date_usd") for one in ours]
    spent = None if None in figures else sum(figure or 0.0 for figure in figures)
    budget = whole.number("budget_usd") if whole else None
    course = added([one.series["daily_usd"] for one in ours if "daily_usd" in one.series])
    currency = str((ours[0].facts.get("currency") if ours else None) or DOLLARS)
    if not budget or currency != DOLLARS:
        text = format_money(spent, currency)
    else:
        text = f"–/${budget:.0f}" if spent is None else f"${spent:.0f}/{budget:.0f}"
    return Headline(text, course.values if course else ())


def costliest(resource: Resource) -> Fact:
    """The service that costs most."""
    services = {fact: resource.number(fact) or 0.0 for fact in resource.facts if fact.startswith(SERVICE)}
    top = max(services, key=lambda fact: services[fact], default=None)
    return None if top is None else f"{top.removeprefix(SERVICE)} {format_figure(services[top], Unit.USD)}"
