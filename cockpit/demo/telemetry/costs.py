"""What everything costs, day by day: computed from a rate, the weekday, slow growth and a little noise.

Days are UTC, as in Cost Explorer, which is about a day behind: of today it knows little, of yesterday not quite all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cockpit.demo.fleet.parts import Spend
from cockpit.demo.telemetry.noise import seed, swing

_MONTH_DAYS = 30.4
_WEEKEND = 0.88
_YESTERDAY_KNOWN, _TODAY_KNOWN = 0.97, 0.4
_BUSY_DAYS = 9
# What is paid by the hour costs the same on a Sunday.
_STEADY = frozenset({"Amazon Relational Database Service", "EC2 - Other", "Amazon Route 53"})


class Line(NamedTuple):
    """One line of a bill."""

    account: str
    environment: str
    service: str
    usd: float


def lines(spends: Sequence[Spend], day: date, today: date, elapsed: float = 0.5) -> Iterator[Line]:
    """The bill of a day as it is known on `today`, of which the share `elapsed` is over. A day to come has none."""
    known = _known(day, today, elapsed)
    if known <= 0:
        return
    for spend in spends:
        for service, usd in spend.daily.items():
            yield Line(spend.account, spend.environment, service, usd * _factor(spend, service, day, today) * known)


def expected(spends: Sequence[Spend], day: date, today: date) -> float:
    """What a day is expected to cost in all."""
    return sum(usd * _factor(spend, service, day, today) for spend in spends for service, usd in spend.daily.items())


def _factor(spend: Spend, service: str, day: date, today: date) -> float:
    months = (day - today).days / _MONTH_DAYS
    weekend = _WEEKEND if day.weekday() >= 5 and service not in _STEADY else 1.0
    jump = 1 + spend.jump_percent / 100 if day >= today.replace(day=1) else 1.0
    noise = 1 + 0.06 * swing(seed(spend.account, spend.environment, service), day.toordinal())
    growth: float = (1 + spend.grows_percent / 100) ** months
    busy = 1 + spend.busy.get(service, 0.0) / 100 if day.toordinal() // _BUSY_DAYS % 2 else 1.0
    return growth * weekend * jump * busy * noise


def _known(day: date, today: date, elapsed: float) -> float:
    if day > today:
        return 0.0
    if day == today:
        return elapsed * _TODAY_KNOWN
    return _YESTERDAY_KNOWN if (today - day).days == 1 else 1.0
