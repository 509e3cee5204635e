"""What one poll of a slot brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.verdict import Failure, Outcome


@dataclass(frozen=True)
class Observation:
    """The state of a slot. After a failed poll the last good resources stay, and `observed_at` tells their age."""

    slot: SlotId
    account_id: str
    outcome: Outcome
    """Of the newest attempt."""
    attempted_at: float
    """When the newest attempt ended, epoch seconds."""
    observed_at: float | None
    """When resources were last seen whole or in part; None if never."""
    resources: tuple[Resource, ...] = ()
    failures: tuple[Failure, ...] = ()
    discovered_at: float | None = None
    """When resources were last listed."""
    metrics_at: Mapping[str, float] = field(default_factory=dict)
    """Resource kind → when its metrics were last read."""
    took_seconds: float = 0.0
    restored: bool = False
    """True while it comes from disk and no poll of this process has confirmed it."""

    def age_seconds(self, now: float) -> float | None:
        """Age of the data, or None if there is none."""
        return None if self.observed_at is None else max(0.0, now - self.observed_at)

    @cached_property
    def by_key(self) -> Mapping[str, Resource]:
        """Resources by key."""
        return {resource.key: resource for resource in self.resources}
