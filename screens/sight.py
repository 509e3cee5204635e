"""What can be seen now, and what is only remembered. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from cockpit.config.settings import Settings
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule, Threshold
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, Snapshot
from cockpit.model.verdict import Outcome
from screens.context import Context
from screens.telemetry import thresholds_of

_SEEN = frozenset({Outcome.OK, Outcome.PARTIAL, Outcome.REGION_DISABLED})


@dataclass(frozen=True)
class View:
    """What is looked at, with which settings, and when."""

    snapshot: Snapshot
    context: Context
    now: float

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.context.settings

    @cached_property
    def _thresholds(self) -> dict[EnvironmentId | None, Callable[[Rule, str], Threshold]]:
        return {}

    def threshold(self, environment: EnvironmentId | None, rule: Rule, name: str) -> Threshold:
        """The threshold of a rule for a resource called `name`."""
        if environment not in self._thresholds:
            self._thresholds[environment] = thresholds_of(self.settings, environment)
        return self._thresholds[environment](rule, name)

    def resources(self, cell: Cell) -> list[Resource]:
        """The resources of a cell that are known."""
        found = (self.snapshot.resource(key) for key in cell.resources)
        return [resource for resource in found if resource is not None]


def unseen_slots(cell: Cell, spec: ServiceSpec, snapshot: Snapshot) -> frozenset[SlotId]:
    """Slots of which nothing may be concluded now: the newest attempt failed, or the data is too old."""
    unseen: set[SlotId] = set()
    for slot in cell.slots:
        observation = snapshot.observations.get(slot)
        if observation is None:
            continue
        age = observation.age_seconds(snapshot.at)
        if observation.outcome not in _SEEN or age is None or age > spec.stale_seconds:
            unseen.add(slot)
    return frozenset(unseen)
