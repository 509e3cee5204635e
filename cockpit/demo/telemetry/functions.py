"""Lambda: what each function does in a minute, and the account as the sum of its functions.

Metric names, units and dimensions: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
Invocations, Errors and Throttles carry one value an invocation (so Errors' Average is the error rate), durations are
milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cockpit.demo.telemetry.noise import DAY, MINUTES_A_DAY, rounded, seed, swing, uniform
from cockpit.demo.telemetry.samples import Part, Sample, deviate
from cockpit.demo.telemetry.timeline import Timeline

LATEST = "$LATEST"


class Conduct(NamedTuple):
    """How a version behaves."""

    error_percent: float = 0.06
    median_ms: float = 60.0
    sigma: float = 0.42
    """Spread of the durations: p99 is `median * exp(2.33 * sigma)`."""


class Routing(NamedTuple):
    """Where the traffic of a function goes."""

    alias: str | None
    """The alias that callers use; None: they call the function itself."""
    shares: tuple[tuple[str, float], ...]
    """(version, share of the traffic); shares add up to 1."""
    stopped: bool = False
    """Reserved concurrency of 0: every call is throttled."""


class Run(NamedTuple):
    """What one version did in one minute."""

    version: str
    invocations: int
    errors: int
    conduct: Conduct
    median_ms: float


class Minute(NamedTuple):
    """What a function did in one minute."""

    runs: tuple[Run, ...]
    throttles: int


IDLE = Minute((), 0)


@dataclass(eq=False)
class FunctionLoad:
    """A function as its callers see it: how often it is called and how each version copes."""

    name: str
    per_minute: float
    conduct: Conduct
    routing: Timeline[Routing]
    versions: Mapping[str, Conduct] = field(default_factory=dict)
    """Versions that behave in a way of their own."""

    def __post_init__(self) -> None:
        self._load, self._round, self._fail, self._pace = (
            seed(self.name, what) for what in ("load", "round", "fail", "pace")
        )

    def minute(self, minute: int, settled: float = 1.0) -> Minute:
        """What happened in a minute (epoch minutes), of which the share `settled` has been reported so far."""
        expected = self.per_minute * DAY[minute % MINUTES_A_DAY] * (1 + 0.22 * swing(self._load, minute))
        calls = math.floor(rounded(expected, uniform(self._round, minute)) * settled)
        if calls <= 0:
            return IDLE
        start = minute * 60
        routing = self.routing.now
        if self.routing.changed_at <= start and len(routing.shares) == 1 and not routing.stopped:
            return Minute((self._run(routing.shares[0][0], calls, minute),), 0)
        return self._mixed(calls, minute)

    def _mixed(self, calls: int, minute: int) -> Minute:
        """A minute in which the routing changed, or traffic is split."""
        weights: dict[str, float] = {}
        stopped = 0.0
        for share, routing in self.routing.over(minute * 60, minute * 60 + 60):
            if routing.stopped:
                stopped += share
                continue
            for version, weight in routing.shares:
                weights[version] = weights.get(version, 0.0) + share * weight
        throttles = round(calls * stopped)
        left, rest = calls - throttles, sum(weights.values())
        runs = []
        for version, weight in weights.items():
            part = min(left, rounded((calls - throttles) * weight / rest, 0.5)) if rest > weight else left
            left -= part
            if part:
                runs.append(self._run(version, part, minute))
        if left and runs:
            runs[0] = self._run(runs[0].version, runs[0].invocations + left, minute)
        return Minute(tuple(runs), throttles)

    def _run(self, version: str, calls: int, minute: int) -> Run:
        conduct = self.versions.get(version, self.conduct)
        likely = calls * conduct.error_percent / 100 * (1 + 0.12 * swing(self._fail, minute))
        errors = min(calls, rounded(likely, uniform(self._fail, minute * 3 + 1)))
        return Run(version, calls, errors, conduct, conduct.median_ms * (1 + 0.08 * swing(self._pace, minute)))


METRICS = frozenset({"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"})


def sample_of(metric: str, minute: Minute, version: str | None = None) -> Sample | None:
    """A metric of one function over one minute, of all its traffic or of one version's. None: no data point."""
    runs = minute.runs if version is None else tuple(run for run in minute.runs if run.version == version)
    throttles = minute.throttles if version is None else 0
    calls = runs[0].invocations if len(runs) == 1 else sum(run.invocations for run in runs)
    if not calls and not throttles:
        return None
    if metric == "Throttles":
        return _marks(throttles, max(calls, throttles))
    return _ran(metric, runs, calls) if calls else None


def _ran(metric: str, runs: tuple[Run, ...], calls: int) -> Sample:
    if metric == "Invocations":
        return _marks(calls, calls)
    if metric == "Errors":
        return _marks(sum(run.errors for run in runs), calls)
    if metric == "Duration":
        return _durations(runs)
    return _level(_peak_concurrency(runs))


def account_sample(metric: str, minutes: list[Minute]) -> Sample | None:
    """A metric without dimensions: every function of the account and region together, one minute."""
    runs = tuple(run for minute in minutes for run in minute.runs)
    throttles = sum(minute.throttles for minute in minutes)
    if metric != "ConcurrentExecutions":
        return sample_of(metric, Minute(runs, throttles))
    if not runs:
        return None
    together = math.ceil(sum(run.invocations * run.median_ms for run in runs) / 60_000 * 1.6)
    return _level(max(together, *(_peak_concurrency((run,)) for run in runs)))


def _marks(ones: int, of: int) -> Sample:
    # One 1 or 0 for each invocation.
    parts = (Part(of - ones, 0.0, 0.0), Part(ones, 1.0, 0.0)) if 0 < ones < of else (Part(of, float(ones > 0), 0.0),)
    return Sample(of, ones, float(ones == of), float(ones > 0), parts)


def _level(value: float) -> Sample:
    return Sample(1.0, value, value, value, (Part(1.0, value, 0.0),))


def _durations(runs: tuple[Run, ...]) -> Sample:
    count = total = high = 0.0
    low = math.inf
    parts = []
    for run in runs:
        sigma = run.conduct.sigma
        reach = math.exp(sigma * deviate(1.0, run.invocations))
        count += run.invocations
        total += run.invocations * run.median_ms * math.exp(sigma * sigma / 2)
        high = max(high, run.median_ms * reach)
        low = min(low, run.median_ms / reach)
        parts.append(Part(run.invocations, run.median_ms, sigma))
    # The mean of a skewed law may lie beyond what a handful of values reach.
    return Sample(count, min(max(total, low * count), high * count), low, high, tuple(parts))


def _peak_concurrency(runs: tuple[Run, ...]) -> int:
    busy = sum(run.invocations * run.median_ms for run in runs) / 60_000
    return max(1, math.ceil(busy * 2.2))
