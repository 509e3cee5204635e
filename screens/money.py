"""What things cost, in one line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.resource import Resource
from cockpit.model.units import DOLLARS, Unit, format_figure, format_money
from widgets.line import Line, Run, join, width_of

_TELLING_PERCENT = 5.0
"""A week that differs by less from the one before is the same."""


def cost_line(bills: Sequence[Resource], width: int, *, names: bool = False) -> Line:
    """`this month $357 of $700 (51 %) · forecast $540 · yesterday $18.65`, as much as `width` cells hold.

    `bills` are those that `ServiceSpec.summarise` makes, one an environment; empty where none has a figure. What some
    of the bills do not tell is not summed up. `names` tells which environments cost most.
    """
    if any(one.facts.get("currency", DOLLARS) != DOLLARS for one in bills):
        # Only the cost screen has room to tell currencies apart, and no budget is in anything but dollars.
        return _foreign(bills[0], width) if len(bills) == 1 else ()
    spent, budget = _sum(bills, "month_to_date_usd"), _sum(bills, "budget_usd")
    if spent is None:
        return ()
    told = f"this month {_usd(spent)}"
    ink = ""
    if budget:
        told += f" of {_usd(budget)} ({100 * spent / budget:.0f} %)"
        ink = "warning" if spent > budget else ""
    parts: list[Line] = [(Run(told, ink),)]
    forecast = _sum(bills, "forecast_usd")
    if forecast is not None:
        parts.append((Run(f"forecast {_usd(forecast)}", "warning" if budget and forecast > budget else "dim"),))
    parts += _lately(bills)
    if names:
        parts += _costliest(bills)
    return _fitting(parts, width)


def _foreign(bill: Resource, width: int) -> Line:
    """A bill that is not in dollars."""
    currency = str(bill.facts["currency"])
    facts = (("this month", "month_to_date_usd"), ("forecast", "forecast_usd"), ("yesterday", "yesterday_usd"))
    told = ((words, bill.number(fact)) for words, fact in facts)
    return _fitting([(Run(f"{one} {format_money(usd, currency)}"),) for one, usd in told if usd is not None], width)


def _lately(bills: Sequence[Resource]) -> list[Line]:
    """Yesterday, and how this week differs from the one before."""
    parts: list[Line] = []
    yesterday, week = _sum(bills, "yesterday_usd"), _sum(bills, "average_7d_usd")
    if yesterday is not None:
        parts.append((Run(f"yesterday {_usd(yesterday)}", "dim"),))
    trend = bills[0].number("trend_percent") if len(bills) == 1 else None
    if week is not None and trend is not None and abs(trend) >= _TELLING_PERCENT:
        parts.append((Run(f"{trend:+.0f} % on the week before", "dim"),))
    return parts


def _costliest(bills: Iterable[Resource]) -> list[Line]:
    """The environments that cost most, where there are several to choose from."""
    spent = [(one.number("month_to_date_usd") or 0.0, one.name) for one in bills]
    if len(spent) < 2:
        return []
    return [(Run(f"{name} {_usd(usd)}", "dim"),) for usd, name in sorted(spent, reverse=True)[:3] if usd]


def _sum(bills: Iterable[Resource], fact: str) -> float | None:
    figures = [one.number(fact) for one in bills]
    present = [figure for figure in figures if figure is not None]
    return sum(present) if present and len(present) == len(figures) else None


def _usd(value: float) -> str:
    return format_figure(value, Unit.USD)


def _fitting(parts: Sequence[Line], width: int) -> Line:
    """As many of the parts as fit, the first ones first."""
    shown = list(parts)
    while len(shown) > 1 and width_of(join(shown, " · ")) > width:
        shown.pop()
    return join(shown, " · ")
