"""One watched thing: a function, an alias, a queue, a database, a distribution, an alarm, an account's bill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cockpit.model.ids import SlotId
from cockpit.model.series import Series

Fact = str | int | float | bool | None
"""A plain fact about a resource. Times are epoch seconds, sizes bytes, durations seconds."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as last seen. Frozen through and through; a newer look makes a new object."""

    key: str
    """ARN where there is one, else URL; unique in the fleet."""
    slot: SlotId
    kind: str
    """What it is within its service: `function`, `alias`, `account`, `queue`, `dlq`, `instance`, `cluster` …"""
    name: str
    """What people call it (`checkout`, `checkout:live`)."""
    facts: Mapping[str, Fact] = field(default_factory=_nothing)
    """What was read now, by name. Numbers here can be judged; the rest is configuration and is shown."""
    tags: Mapping[str, str] = field(default_factory=_nothing)
    related: Mapping[str, str] = field(default_factory=_nothing)
    """Relations to other resources by key or name: `dead_letter_queue`, `function`, `watches`."""
    series: Mapping[str, Series] = field(default_factory=_nothing)
    """Metric id (`errors`) → series."""
    shared: bool = False
    """True for what belongs to a whole account (its concurrency limit): every environment of the slot has it."""
    stack: str | None = None
    """CloudFormation stack, where its tags tell."""

    def number(self, name: str) -> float | None:
        """The fact `name` as a number, or None."""
        value = self.facts.get(name)
        return float(value) if isinstance(value, (int, float)) else None

    def latest(self, metric: str) -> float | None:
        """Newest value of a metric, or None."""
        series = self.series.get(metric)
        return series.latest if series else None

    def total(self, metric: str) -> float | None:
        """Sum of a metric over what is kept of it, or None where it was never read."""
        series = self.series.get(metric)
        return series.total if series else None
