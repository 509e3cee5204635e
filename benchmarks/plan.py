"""The calls of one polling cycle, with what each must wait for: what every contender has to do.

A cycle is recorded from the cockpit itself and replayed by the others, answers thrown away. Within a slot, calls
about single resources wait for the lists that name them; the metric batches of an account and region wait for all of
its lists. Nothing else waits for anything.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOTS = frozenset(
    {
        "ListFunctions",
        "GetAccountSettings",
        "GetResources",
        "ListMetrics",
        "DescribeDBInstances",
        "DescribeDBClusters",
        "DescribePendingMaintenanceActions",
        "ListQueues",
        "ListDistributions",
        "DescribeAlarms",
        "GetCostAndUsage",
        "GetCostForecast",
        "GetCallerIdentity",
    }
)
"""Operations that need no answer of another call."""


@dataclass(frozen=True)
class Recorded:
    """One call."""

    account_id: str
    region: str
    client: str
    operation: str
    parameters: dict[str, Any]


@dataclass
class Place:
    """The calls of one account and region."""

    account_id: str
    region: str
    roots: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    details: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    metrics: list[Recorded] = field(default_factory=list)


def places(calls: list[Recorded]) -> list[Place]:
    """Calls grouped by account and region, and by client within."""
    found: dict[tuple[str, str], Place] = {}
    for call in calls:
        place = found.setdefault((call.account_id, call.region), Place(call.account_id, call.region))
        if call.operation == "GetMetricData":
            place.metrics.append(call)
        elif call.operation in ROOTS:
            place.roots[call.client].append(call)
        else:
            place.details[call.client].append(call)
    return list(found.values())


def save(calls: list[Recorded], path: Path) -> None:
    """Write the calls of a cycle."""
    path.write_text(json.dumps([asdict(call) for call in calls], default=str))


def load(path: Path) -> list[Recorded]:
    """Read the calls of a cycle."""
    return [Recorded(**call) for call in json.loads(path.read_text())]
