"""What a configuration will cost to watch: calls and dollars a day, from one discovery and the cadences. Pure.

Quiet is a day without incidents: every cadence as it is while nothing suggests that something is wrong. Worst is a day
on which everything stays at its close cadence. What is discovered is counted; nothing is guessed but this: that each
discovery needs as many calls as the one that was metered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cockpit.aws.meter import STATISTICS_PER_METRIC, USD_PER_METRIC, price
from cockpit.aws.metrics import MAX_QUERIES
from cockpit.config.settings import Settings
from cockpit.engine.cadence import Intervals, intervals_of
from cockpit.engine.sight import sight_of
from cockpit.engine.slots import slots_of
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue, ServiceSpec
from cockpit.model.snapshot import MeterReading
from cockpit.model.units import Unit, format_figure

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls and dollars in a day."""

    calls: float = 0.0
    usd: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.calls + other.calls, self.usd + other.usd)


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """One service in one account, all regions together."""

    account: str
    service: str
    resources: int
    metrics: int
    """Metrics that are billed when everything is read once; statistics of one metric are one."""
    discovery: Usage
    """Lists and descriptions, which go on whatever happens."""
    quiet: Usage
    """Metrics while nothing is wrong."""
    worst: Usage
    """Metrics while everything stays at its close cadence."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a day of watching will cost."""

    lines: tuple[EstimateLine, ...]
    """By account and service, in configured order."""
    ceiling_usd_per_day: float
    not_counted: tuple[str, ...]
    """Slots that could not be discovered, with the reason: what is there is not in the figures."""

    @property
    def quiet(self) -> Usage:
        """A day without incidents."""
        return sum((line.discovery + line.quiet for line in self.lines), Usage())

    @property
    def worst(self) -> Usage:
        """A day with everything at its close cadence, had it no ceiling."""
        return sum((line.discovery + line.worst for line in self.lines), Usage())


def estimate(
    settings: Settings,
    catalogue: Catalogue,
    observations: Mapping[SlotId, Observation],
    now: float,
    *,
    meter: MeterReading,
) -> Estimate:
    """Reckon a day from one discovery: `observations` as a sweep that only discovers left them, `meter` its calls."""
    slots = slots_of(settings, catalogue)
    groups = dict.fromkeys((slot.account, slot.service) for slot in slots)
    lines: list[EstimateLine] = []
    not_counted: list[str] = []
    for account, service in groups:
        spec = catalogue.service(service)
        mine = [slot for slot in slots if (slot.account, slot.service) == (account, service)]
        if spec is None:
            continue
        sights = {slot: sight_of(observations.get(slot), spec, settings.polling, now) for slot in mine}
        not_counted += [f"{slot}: {sight.reason}" for slot, sight in sights.items() if sight.reason]
        seen = [observations[slot] for slot in mine if slot in observations and observations[slot].observed_at]
        if seen:
            line = _line(account, spec, seen, settings, _calls_of(account, spec, catalogue, meter))
            lines.append(_unpriced(line) if settings.accounts[account].emulator else line)
    return Estimate(tuple(lines), settings.polling.ceiling_usd_per_day, tuple(not_counted))


def _line(
    account: str,
    spec: ServiceSpec,
    seen: Sequence[Observation],
    settings: Settings,
    calls: Mapping[tuple[str, str], int],
) -> EstimateLine:
    kinds = {kind for cadence in spec.cadences for kind in cadence.kinds}
    quiet = intervals_of(spec, settings.polling)
    close = intervals_of(spec, settings.polling, close=kinds)
    if spec.shared_between_processes and not calls:
        # The store answered; the next look will have to ask.
        calls = {(call.client, call.operation): 1 for call in spec.calls}
    looks = DAY_SECONDS / quiet.discover
    return EstimateLine(
        account=account,
        service=spec.key,
        resources=sum(len(observation.resources) for observation in seen),
        metrics=sum(_billed(spec, observation.resources) for observation in seen),
        discovery=Usage(
            calls=looks * sum(calls.values()),
            usd=looks * sum(count * price(*call, spec.dollars_per_call) for call, count in calls.items()),
        ),
        quiet=_reading(spec, seen, quiet),
        worst=_reading(spec, seen, close),
    )


def _unpriced(line: EstimateLine) -> EstimateLine:
    """The same calls of an emulator, which sends no bill."""
    free = [replace(usage, usd=0.0) for usage in (line.discovery, line.quiet, line.worst)]
    return replace(line, discovery=free[0], quiet=free[1], worst=free[2])


def _reading(spec: ServiceSpec, seen: Iterable[Observation], intervals: Intervals) -> Usage:
    """A day of metrics. Requests are shared by the slots of a region, so the calls are an upper bound."""
    total = Usage()
    for observation in seen:
        for kind, seconds in intervals.kinds.items():
            resources = [resource for resource in observation.resources if resource.kind == kind]
            queries, reads = len(list(_queries(spec, resources))), DAY_SECONDS / seconds
            calls = reads * -(-queries // MAX_QUERIES)
            total += Usage(calls, reads * _billed(spec, resources) * USD_PER_METRIC)
    return total


def _queries(
    spec: ServiceSpec, resources: Iterable[Resource]
) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """The metric behind each query: namespace, name, dimensions."""
    for resource in resources:
        for metric in spec.metrics:
            dimensions = metric.dimensions(resource) if resource.kind in metric.kinds else None
            if dimensions is not None:
                yield metric.namespace, metric.name, tuple(sorted(dimensions.items()))


def _billed(spec: ServiceSpec, resources: Iterable[Resource]) -> int:
    statistics: dict[object, int] = {}
    for metric in _queries(spec, resources):
        statistics[metric] = statistics.get(metric, 0) + 1
    return sum(-(-count // STATISTICS_PER_METRIC) for count in statistics.values())


def _calls_of(account: str, spec: ServiceSpec, catalogue: Catalogue, meter: MeterReading) -> dict[tuple[str, str], int]:
    """(client, operation) → calls of one discovery. A call that two services declare is counted for the first."""
    owners: dict[tuple[str, str], str] = {}
    for one in catalogue.services:
        for call in one.calls:
            owners.setdefault((call.client, call.operation), one.key)
    calls = ((line, (line.client, line.operation)) for line in meter.of_account(account))
    return {call: line.calls for line, call in calls if owners.get(call) == spec.key}


def render(result: Estimate) -> str:
    """The estimate as a table for people: one service of one account a row, the dearest first; totals and verdict."""
    rows = sorted(
        result.lines, key=lambda line: (-(line.discovery + line.quiet).usd, -(line.discovery + line.worst).usd)
    )
    table: list[tuple[str, ...]] = [
        ("ACCOUNT", "SERVICE", "THINGS", "METRICS", "CALLS A DAY", "$ A DAY QUIET", "$ A DAY WORST")
    ]
    table += [_row(line) for line in rows]
    quiet, worst = result.quiet, result.worst
    things, metrics = sum(line.resources for line in rows), sum(line.metrics for line in rows)
    table.append(("total", "", _count(things), _count(metrics), _count(quiet.calls), _usd(quiet.usd), _usd(worst.usd)))
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    written = [
        "  ".join(_cell(text, width, column) for column, (text, width) in enumerate(zip(row, widths, strict=True)))
        for row in table
    ]
    notes = [f"Not counted: {reason}" for reason in result.not_counted]
    return "\n".join([*(line.rstrip() for line in written), "", _verdict(result), *notes]) + "\n"


def _row(line: EstimateLine) -> tuple[str, ...]:
    quiet, worst = line.discovery + line.quiet, line.discovery + line.worst
    return (
        line.account,
        line.service,
        _count(line.resources),
        _count(line.metrics),
        _count(quiet.calls),
        _usd(quiet.usd),
        _usd(worst.usd),
    )


def _verdict(result: Estimate) -> str:
    if not result.lines:
        return "Nothing could be counted."
    ceiling = f"The ceiling is ${result.ceiling_usd_per_day:.2f} a day"
    if result.quiet.usd > result.ceiling_usd_per_day:
        return f"{ceiling}: even a quiet day is over it, so polling will be slowed. Raise the ceiling or the pace."
    if result.worst.usd > result.ceiling_usd_per_day:
        return f"{ceiling}: a quiet day is under it; on a bad day polling is slowed to stay under it."
    return f"{ceiling}: even the worst day is under it."


def _cell(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column < 2 else text.rjust(width)


def _count(value: float) -> str:
    return format_figure(round(value), Unit.COUNT)


def _usd(value: float) -> str:
    return f"{value:.2f}"
