"""What can be seen now, and what is only remembered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from cockpit.config.settings import Environment, Settings
from cockpit.engine.findings import OBSERVATION
from cockpit.engine.share import threshold_for
from cockpit.engine.sight import pace_of, stale_after_seconds
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule, Threshold
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, Snapshot
from cockpit.model.verdict import Health, Outcome
from screens.context import Context
from widgets.matrix_cells import trend_limit

_SEEN = frozenset({Outcome.OK, Outcome.PARTIAL, Outcome.REGION_DISABLED})


@dataclass(frozen=True)
class View:
    """What is looked at, with which settings, and when."""

    snapshot: Snapshot
    context: Context
    now: float

    @cached_property
    def _configured(self) -> dict[EnvironmentId, Environment | None]:
        return {}

    def threshold(self, environment: EnvironmentId | None, rule: Rule, resource: Resource) -> Threshold:
        """The threshold of a rule for a resource: as the engine judges it."""
        known = self._settings_of(environment) if environment is not None else None
        return threshold_for(known, rule, resource) if known else rule.threshold

    def trend_limits(self) -> dict[tuple[EnvironmentId, str], float]:
        """What the course in each cell is measured against, where the environment is judged by limits of its own."""
        limits: dict[tuple[EnvironmentId, str], float] = {}
        for state in self.snapshot.environments:
            own = self._settings_of(state.id)
            if own is None or not (own.thresholds or own.overrides):
                continue
            for spec in self.context.specs:
                cell = state.cells.get(spec.key)
                if cell is not None and cell.headline is not None:
                    limits[state.id, spec.key] = trend_limit(spec, self._held(own, cell))
        return limits

    def _held(self, own: Environment, cell: Cell) -> Callable[[Rule], Threshold]:
        """The thresholds by which the resource is judged that a cell's headline is about."""
        named = cell.headline.label if cell.headline else ""
        resource = next((one for one in self.resources(cell) if one.name == named), None) if own.overrides else None

        def held(rule: Rule) -> Threshold:
            if resource is not None:
                return threshold_for(own, rule, resource)
            return own.thresholds.get(rule.key, rule.threshold)

        return held

    def _settings_of(self, environment: EnvironmentId) -> Environment | None:
        if environment not in self._configured:
            self._configured[environment] = configured(self.context.settings, environment)
        return self._configured[environment]

    def stale_seconds(self, spec: ServiceSpec) -> float:
        """Age from which data of a service conclude nothing, as the engine has it."""
        polling = self.context.settings.polling
        return stale_after_seconds(spec, polling, pace_of(polling, self.snapshot.meter))

    def resources(self, cell: Cell) -> list[Resource]:
        """The resources of a cell that are known."""
        found = (self.snapshot.resource(key) for key in cell.resources)
        return [resource for resource in found if resource is not None]

    def unseen_slots(self, cell: Cell, spec: ServiceSpec) -> frozenset[SlotId]:
        """Slots of which nothing may be concluded now: the newest attempt failed, or the data is too old."""
        unseen: set[SlotId] = set()
        stale_seconds = self.stale_seconds(spec)
        for slot in cell.slots:
            observation = self.snapshot.observations.get(slot)
            if observation is None:
                continue
            age = observation.age_seconds(self.snapshot.at)
            if observation.outcome not in _SEEN or age is None or age > stale_seconds:
                unseen.add(slot)
        return frozenset(unseen)

    def muted_of(self, resource: Resource) -> int:
        """How many findings about it do not count, because somebody muted them."""
        return sum(one.resource == resource.key and not one.counts for one in self.snapshot.findings)

    def health_of(self, resource: Resource) -> Health:
        """What is known of one resource: its worst finding that counts; unknown where its slot cannot be seen now."""
        about = (finding for finding in self.snapshot.findings if finding.resource == resource.key)
        found = [finding.health for finding in about if finding.counts]
        spec = self.context.catalogue.service(resource.slot.service)
        observation = self.snapshot.observations.get(resource.slot)
        age = observation.age_seconds(self.snapshot.at) if observation else None
        if not found and spec is not None and observation is not None and age is not None:
            seen = observation.outcome in _SEEN and age <= self.stale_seconds(spec)
            return Health.OK if seen else Health.UNKNOWN
        return Health.worst(found)

    def looked_at(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings without those that only say that a slot has not been looked at yet.

        A slot without an account is none: it stands for an environment of which nothing is polled.
        """
        seen = self.snapshot.observations
        return [
            one
            for one in findings
            if one.rule != OBSERVATION or one.failure or one.slot in seen or not one.slot.account
        ]


def configured(settings: Settings, environment: EnvironmentId) -> Environment | None:
    """The configuration of an environment; for a discovered one, that of the template of its system."""
    own = next((known for known in settings.environments if known.id == environment), None)
    return own or next((known for known in settings.templates if known.id.system == environment.system), None)
