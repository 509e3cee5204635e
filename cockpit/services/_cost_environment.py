"""The bill of an environment: its accounts' bills and its fixed monthly lines, against its budget. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.series import Series
from cockpit.model.service import Headline, Money
from cockpit.model.units import Unit, format_figure
from cockpit.services._cost_bills import SERVICE_FACT, days_in_month, today, trend_percent


def summarise(resources: Sequence[Resource], money: Money, now: float) -> Resource:
    """The bill of an environment: its accounts' bills and its fixed lines together, against its budget.

    A fixed line of n dollars a month counts by the day: on the 10th of 30 days a third of it is spent, and the
    forecast holds it whole. A bill that is still of last month tells nothing about this one.
    """
    day = today(now)
    current = all(one.facts.get("month") == f"{day:%Y-%m}" for one in resources)
    fixed = sum(usd for _, usd in money.fixed_lines)

    def total(fact: str) -> float | None:
        figures = [one.number(fact) for one in resources]
        present = [figure for figure in figures if figure is not None]
        return sum(present) if current and len(present) == len(figures) else None

    spent, forecast = total("month_to_date_usd"), total("forecast_usd")
    spent = None if spent is None else spent + fixed * day.day / days_in_month(day)
    forecast = None if forecast is None else forecast + fixed
    budget = money.monthly_budget_usd
    recent, before = total("average_7d_usd"), total("average_7d_before_usd")
    facts: dict[str, Fact] = {
        "month_to_date_usd": spent,
        "budget_usd": budget,
        "budget_used_percent": _percent(spent, budget),
        "forecast_usd": forecast,
        "forecast_percent": _percent(forecast, budget),
        "against_budget": _against(spent, budget),
        "forecast_against_budget": _against(forecast, budget),
        "yesterday_usd": total("yesterday_usd"),
        "average_7d_usd": recent,
        "trend_percent": None if recent is None or before is None else trend_percent(recent, before),
        "month": f"{day:%Y-%m}",
        **_services(resources if current else ()),
        **{f"fixed:{name}": usd for name, usd in money.fixed_lines},
    }
    slot = resources[0].slot if resources else SlotId("", GLOBAL_REGION, "cost")
    series = _added([one.series["daily_usd"] for one in resources if "daily_usd" in one.series])
    key, name = f"bill:{money.environment}", str(money.environment)
    return Resource(key, slot, "environment", name, facts, series={"daily_usd": series} if series else {})


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
            if fact.startswith(SERVICE_FACT):
                sums[fact] = sums.get(fact, 0.0) + (resource.number(fact) or 0.0)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def _added(series: Sequence[Series]) -> Series | None:
    if not series:
        return None
    newest = max(series, key=lambda one: one.end)
    columns = zip(*(one.between(newest.start, newest.end) for one in series), strict=True)
    return Series(newest.start, newest.period_seconds, tuple(sum(filter(None, column)) for column in columns))


def headline(resources: Sequence[Resource]) -> Headline:
    """Dollars this month against the budget, `$312/500`; without a budget, `$312`."""
    whole = next((one for one in resources if one.kind == "environment"), None)
    ours = [whole] if whole else resources
    figures = [one.number("month_to_date_usd") for one in ours]
    spent = None if None in figures else sum(figure or 0.0 for figure in figures)
    budget = whole.number("budget_usd") if whole else None
    course = _added([one.series["daily_usd"] for one in ours if "daily_usd" in one.series])
    if not budget:
        text = format_figure(spent, Unit.USD)
    else:
        text = f"–/${budget:.0f}" if spent is None else f"${spent:.0f}/{budget:.0f}"
    return Headline(text, course.values if course else ())


def costliest(resource: Resource) -> Fact:
    """The service that costs most."""
    services = {fact: resource.number(fact) or 0.0 for fact in resource.facts if fact.startswith(SERVICE_FACT)}
    top = max(services, key=lambda fact: services[fact], default=None)
    return None if top is None else f"{top.removeprefix(SERVICE_FACT)} {format_figure(services[top], Unit.USD)}"
