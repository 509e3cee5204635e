"""What Cost Explorer answers in tests, and looks at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from cockpit.model.resource import Resource
from cockpit.model.service import Discovery, Settled
from cockpit.services.cost import SERVICE, discover
from tests.services.recorded import ACCOUNT, NOW, Answer, RecordedReader, named, observed

TODAY = date(2026, 3, 3)

Amounts = Callable[[date], Mapping[tuple[str, ...], float]]


def usage(amounts: Amounts) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """GetCostAndUsage: for each day that is asked for, amounts by group keys."""

    def answer(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        day, end = (date.fromisoformat(parameters["TimePeriod"][key]) for key in ("Start", "End"))
        rows = []
        while day < end:
            groups = [
                {"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": str(usd), "Unit": "USD"}}}
                for keys, usd in amounts(day).items()
            ]
            period = {"Start": day.isoformat(), "End": (day + timedelta(days=1)).isoformat()}
            rows.append({"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": day >= TODAY})
            day += timedelta(days=1)
        return {"ResultsByTime": rows, "GroupDefinitions": parameters["GroupBy"]}

    return answer


def steady(day: date) -> Mapping[tuple[str, ...], float]:
    """8 dollars a whole day, 2 of today so far."""
    return (
        {("AWS Lambda",): 0.5, ("Amazon RDS",): 1.5} if day == TODAY else {("AWS Lambda",): 2.0, ("Amazon RDS",): 6.0}
    )


FORECAST = {"Total": {"Amount": "232.5", "Unit": "USD"}}


def answers(**more: Answer) -> dict[str, Answer]:
    return {"GetCostAndUsage": usage(steady), "GetCostForecast": FORECAST, **more}


async def look(reader: RecordedReader, previous: Discovery | None = None, at: float = NOW, **options: Any) -> Discovery:
    return await discover(reader, observed(SERVICE, previous, at=at) if previous else None, Settled(options))


async def own(**more: Answer) -> Resource:
    return named(await look(RecordedReader(SERVICE, answers(**more))), ACCOUNT)
