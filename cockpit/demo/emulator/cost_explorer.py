"""Cost Explorer, computed. moto answers only what was queued for it beforehand, and knows no forecast.

The payer sees every account that it pays for, any other account itself. Shapes: botocore's model of Cost Explorer
2017-10-25. Rules: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from moto.ce import urls
from moto.ce.responses import CostExplorerResponse

from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.accounts import ACCOUNTS, HUB, PAID_BY_HUB
from cockpit.demo.fleet.catalogue import spends
from cockpit.demo.fleet.parts import Spend
from cockpit.demo.telemetry.costs import Line, expected, lines

TAG = "environment"
"""The one cost-allocation tag that is switched on."""
_METRICS = frozenset(
    {"AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost", "UsageQuantity"}
)
_HISTORY = timedelta(days=14 * 31)
_UNCERTAIN = 0.07
"""Half the width of a forecast's interval."""

Parameters = Mapping[str, Any]


class CostExplorer(CostExplorerResponse):
    """moto's answers, mended."""

    world: World

    def get_cost_and_usage(self) -> str:
        """Answer for any period, grouping and filter."""
        sent = json.loads(self.body)
        start, end = _period(sent)
        now = datetime.fromtimestamp(self.world.clock(), UTC)
        groups, metrics = sent.get("GroupBy") or [], sent["Metrics"]
        self._validate(sent, start, now.date())
        wanted = _filter(sent.get("Filter"))
        elapsed = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 86_400
        own = self._spends()
        results = []
        for first, after in _steps(start, end, sent["Granularity"]):
            days = (first + timedelta(days=offset) for offset in range((after - first).days))
            found = [line for day in days for line in lines(own, day, now.date(), elapsed) if wanted(line)]
            rows = _totals(found, metrics) if not groups else _grouped(found, groups, metrics)
            # The bill of a month is closed some days into the next.
            estimated = after > now.date().replace(day=1)
            results.append({"TimePeriod": _dates(first, after), **rows, "Estimated": estimated})
        return json.dumps({"GroupDefinitions": groups, "ResultsByTime": results, "DimensionValueAttributes": []})

    def get_cost_forecast(self) -> str:
        """Answer with what the days to come are expected to cost."""
        sent = json.loads(self.body)
        start, end = _period(sent)
        today = datetime.fromtimestamp(self.world.clock(), UTC).date()
        if start < today:
            raise fail("ValidationException", "Start date can't be before the current date.")
        wanted = _filter(sent.get("Filter"))
        own = [spend for spend in self._spends() if wanted(Line(spend.account, spend.environment, "", 0.0))]
        rows, total = [], 0.0
        for first, after in _steps(start, end, sent["Granularity"]):
            usd = sum(expected(own, first + timedelta(days=offset), today) for offset in range((after - first).days))
            total += usd
            rows.append(
                {
                    "TimePeriod": _dates(first, after),
                    "MeanValue": _amount(usd),
                    "PredictionIntervalLowerBound": _amount(usd * (1 - _UNCERTAIN)),
                    "PredictionIntervalUpperBound": _amount(usd * (1 + _UNCERTAIN)),
                }
            )
        return json.dumps({"Total": {"Amount": _amount(total), "Unit": "USD"}, "ForecastResultsByTime": rows})

    def _spends(self) -> tuple[Spend, ...]:
        """What the caller's account may see."""
        own = next((name for name, account in ACCOUNTS.items() if account.id == self.current_account), None)
        seen = PAID_BY_HUB if own == HUB.name else {own}
        return tuple(spend for spend in spends() if spend.account in seen)

    @staticmethod
    def _validate(sent: Parameters, start: date, today: date) -> None:
        if sent["Granularity"] == "HOURLY":
            raise fail("ValidationException", "Hourly data granularity is not enabled for this account.")
        if start < today - _HISTORY:
            raise fail("ValidationException", "You haven't enabled historical data beyond 14 months")
        if len(sent.get("GroupBy") or ()) > 2:
            raise fail("ValidationException", "Only 2 group definitions are allowed.")
        unknown = [metric for metric in sent["Metrics"] if metric not in _METRICS]
        if unknown:
            raise fail("ValidationException", f"Invalid metric: {unknown[0]}")


def install(world: World) -> None:
    """Answer for Cost Explorer as AWS does."""
    CostExplorer.world = world
    serve(urls, CostExplorer)


def _period(sent: Parameters) -> tuple[date, date]:
    try:
        start, end = (date.fromisoformat(sent["TimePeriod"][key]) for key in ("Start", "End"))
    except ValueError:
        raise fail("ValidationException", "Start time and end time must be in YYYY-MM-DD format.") from None
    if start >= end:
        raise fail("ValidationException", "Start date (and hour) should be before end date (and hour)")
    return start, end


def _steps(start: date, end: date, granularity: str) -> Iterator[tuple[date, date]]:
    """`(first, after)` of each day or month of a period."""
    while start < end:
        if granularity == "MONTHLY":
            after = min(end, (start.replace(day=28) + timedelta(days=4)).replace(day=1))
        else:
            after = start + timedelta(days=1)
        yield start, after
        start = after


def _dates(first: date, after: date) -> dict[str, str]:
    return {"Start": first.isoformat(), "End": after.isoformat()}


def _totals(found: Sequence[Line], metrics: Sequence[str]) -> dict[str, Any]:
    return {"Total": _metrics(sum(line.usd for line in found), metrics), "Groups": []}


def _grouped(found: Sequence[Line], groups: Sequence[Parameters], metrics: Sequence[str]) -> dict[str, Any]:
    sums: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for line in found:
        sums[tuple(_key(line, group) for group in groups)] += line.usd
    rows = [{"Keys": list(keys), "Metrics": _metrics(usd, metrics)} for keys, usd in sorted(sums.items())]
    return {"Total": {}, "Groups": rows}


def _key(line: Line, group: Parameters) -> str:
    if group["Type"] == "TAG":
        # Cost Explorer writes `tag$value`, and `tag$` for what is not tagged.
        return f"{group['Key']}${line.environment if group['Key'] == TAG else ''}"
    return _dimension(line, group["Key"])


def _dimension(line: Line, key: str) -> str:
    if key == "LINKED_ACCOUNT":
        return ACCOUNTS[line.account].id
    if key == "SERVICE":
        return line.service
    if key == "REGION":
        return ACCOUNTS[line.account].region
    raise fail("ValidationException", f"The embedded fleet does not know the dimension {key}.")


def _metrics(usd: float, metrics: Sequence[str]) -> dict[str, dict[str, str]]:
    return {
        metric: {"Amount": _amount(usd), "Unit": "N/A" if metric == "UsageQuantity" else "USD"} for metric in metrics
    }


def _amount(usd: float) -> str:
    return f"{usd:.10f}"


def _filter(expression: Parameters | None) -> Callable[[Line], bool]:
    """Whether a line passes a Filter."""
    if not expression:
        return lambda _line: True
    if "And" in expression or "Or" in expression:
        parts = [_filter(part) for part in expression.get("And") or expression["Or"]]
        every = all if "And" in expression else any
        return lambda line: every(part(line) for part in parts)
    if "Not" in expression:
        inner = _filter(expression["Not"])
        return lambda line: not inner(line)
    if "Dimensions" in expression:
        wanted = expression["Dimensions"]
        return lambda line: _dimension(line, wanted["Key"]) in wanted["Values"]
    tags = expression.get("Tags") or {}
    return lambda line: (line.environment if tags.get("Key") == TAG else "") in tags.get("Values", ())
