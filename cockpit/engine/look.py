"""What one poll makes of a slot: earlier resources, new lists, new points, and what could not be seen. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cockpit.engine.cadence import gravest
from cockpit.engine.windows import Reach, keep_points
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.service import Discovery, ServiceSpec
from cockpit.model.verdict import Failure, Outcome


@dataclass(frozen=True, slots=True)
class OpenFailures:
    """What the newest attempt at each part of a slot could not see; kept until that part is tried again."""

    discovery: tuple[Failure, ...] = ()
    blind: bool = False
    """True where the newest listing brought nothing at all."""
    metrics: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    """Resource kind → failures."""

    @property
    def all(self) -> tuple[Failure, ...]:
        """Every failure once, however often it was met; that of the list first."""
        failures = (*self.discovery, *(failure for group in self.metrics.values() for failure in group))
        return tuple({replace(failure, at=0.0, request_id=None): failure for failure in failures}.values())


@dataclass(frozen=True, slots=True)
class Look:
    """A slot while it is being polled."""

    resources: tuple[Resource, ...] = ()
    discovered_at: float | None = None
    metrics_at: Mapping[str, float] = field(default_factory=dict)
    observed_at: float | None = None
    open: OpenFailures = field(default_factory=OpenFailures)
    new: frozenset[str] = frozenset()
    """Keys of resources that this poll found for the first time."""
    fresh: bool = False
    """Whether this poll has seen anything itself."""

    @staticmethod
    def after(previous: Observation | None, open_failures: OpenFailures) -> Look:
        """Where a poll begins: with what is known."""
        if previous is None:
            return Look(open=open_failures)
        return Look(
            resources=previous.resources,
            discovered_at=previous.discovered_at,
            metrics_at=previous.metrics_at,
            observed_at=previous.observed_at,
            open=open_failures,
        )

    @property
    def outcome(self) -> Outcome:
        """How it stands with the slot: the newest attempts at all of its parts taken together."""
        if self.open.blind:
            return gravest(failure.outcome for failure in self.open.discovery)
        return Outcome.PARTIAL if self.open.all else Outcome.OK

    def listed(self, found: Discovery, spec: ServiceSpec, at: float) -> Look:
        """After a listing. Series go over to the new objects by key.

        What is not listed any more has vanished, unless its own list may be the one that failed. That brings nothing
        of its kind: a kind that is there was listed to its last page, or kept by its service. Bills are no list; each
        has a request of its own, and one that failed must not look like a saving.
        """
        if found.failures and not found.resources:
            return self.not_listed(found.failures)
        known = {resource.key: resource for resource in self.resources}
        metrics = {metric.id for metric in spec.metrics}
        resources = [_with_kept_series(one, known.get(one.key), metrics) for one in found.resources]
        if found.failures:
            whole = {resource.kind for resource in found.resources} if spec.summarise is None else set()
            there = {resource.key for resource in found.resources}
            resources += [one for one in self.resources if one.kind not in whole and one.key not in there]
        return replace(
            self,
            resources=tuple(resources),
            discovered_at=at,
            observed_at=at,
            fresh=True,
            new=frozenset(one.key for one in resources if one.key not in known),
            open=replace(self.open, discovery=found.failures, blind=False),
        )

    def not_listed(self, failures: tuple[Failure, ...]) -> Look:
        """After a listing that brought nothing: what is known stays."""
        return replace(self, open=replace(self.open, discovery=failures, blind=True))

    def measured(self, resources: tuple[Resource, ...], reading: Reading, at: float) -> Look:
        """After metrics were read."""
        metrics = {kind: kept for kind, kept in self.open.metrics.items() if kind not in reading.kinds}
        # Metrics that are up to date say nothing about the facts of a list that can no longer be read.
        moved = reading.answered and not self.open.blind
        return replace(
            self,
            resources=resources,
            metrics_at={**self.metrics_at, **dict.fromkeys(reading.read, at)},
            observed_at=at if moved else self.observed_at,
            fresh=self.fresh or moved,
            open=replace(self.open, metrics={**metrics, **reading.failures}),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the metrics of some kinds."""

    kinds: frozenset[str]
    """Asked for."""
    read: frozenset[str]
    """Of these, the kinds of which something was answered, or nothing had to be asked."""
    answered: bool
    failures: Mapping[str, tuple[Failure, ...]]
    """Kind → failures, where there are any."""


def reading_of(
    kinds: Collection[str],
    asked: Iterable[tuple[str, tuple[str, str]]],
    answered: Collection[tuple[str, str]],
    failures: tuple[Failure, ...],
) -> Reading:
    """Sum up an answer.

    Args:
        kinds: Resource kinds that were due.
        asked: (kind, (resource key, metric id)) of every query.
        answered: (resource key, metric id) of what was answered.
        failures: What was not, of the whole request.
    """
    missing: set[str] = set()
    there: set[str] = set()
    for kind, query in asked:
        (there if query in answered else missing).add(kind)
    every = frozenset(kinds) | there | missing
    return Reading(
        kinds=every,
        read=frozenset(kind for kind in kinds if kind in there or kind not in missing),
        answered=bool(there),
        failures={kind: failures for kind in missing if failures},
    )


def laid_over(resource: Resource, newer: Mapping[str, Series], spec: ServiceSpec, reach: Reach) -> Resource:
    """The resource with newer points (metric id → series) laid over those that are kept."""
    series = dict(resource.series)
    for metric in spec.metrics:
        if metric.id in newer:
            kept, fresh = series.get(metric.id), newer[metric.id]
            keep = keep_points(metric, reach)
            # Points of a time that is yet to come were read under another clock.
            series[metric.id] = kept.followed_by(fresh, keep) if kept and kept.end <= fresh.end else fresh.tail(keep)
    return replace(resource, series=series)


def _with_kept_series(found: Resource, known: Resource | None, metrics: Collection[str]) -> Resource:
    if known is None or not known.series:
        return found
    kept = {metric: series for metric, series in known.series.items() if metric in metrics}
    return replace(found, series={**kept, **found.series})
