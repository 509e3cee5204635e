"""The single invocations behind a minute of a function: when each began, how long it took, whether it failed.

Metrics count them, logs tell of them; both come from the same `FunctionLoad.minute`, so a log holds exactly the errors
that CloudWatch counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from hashlib import blake2b
from statistics import NormalDist
from typing import NamedTuple

from cockpit.demo.telemetry.functions import FunctionLoad, Run
from cockpit.demo.telemetry.noise import seed, uniform

STREAM_SECONDS = 6 * 3600
"""An execution environment lives this long at most; then another takes its place, with a log stream of its own."""
_COLD = 0.004
"""Share of invocations that start a fresh environment."""
_MOST_ENVIRONMENTS = 6
_DEVIATES = tuple(NormalDist().inv_cdf((step + 0.5) / 1024) for step in range(1024))


class Invocation(NamedTuple):
    """One call of a function."""

    request_id: str
    version: str
    at: float
    """Epoch seconds."""
    duration_ms: float
    failed: bool
    cold: bool
    environment: int
    """Which of the execution environments that live at the time."""
    throw: float
    """In [0, 1), for whatever else differs from one to the next."""


def invocations(load: FunctionLoad, minute: int) -> Iterator[Invocation]:
    """Every invocation of a minute (epoch minutes)."""
    happened = load.minute(minute)
    start, span = minute * 60.0, 60.0
    moved = load.routing.at(start) != load.routing.at(start + 59.999)
    whole = sum(run.invocations for run in happened.runs) or 1
    for run in happened.runs:
        if moved:
            # One version after the other, as the alias went over; else they share the minute.
            span = 60.0 * run.invocations / whole
        yield from _of(load, run, minute, start, span)
        if moved:
            start += span


def _of(load: FunctionLoad, run: Run, minute: int, start: float, span: float) -> Iterator[Invocation]:
    series = seed(load.name, run.version, "log")
    failing = {int((index + 0.5) * run.invocations / run.errors) for index in range(run.errors)}
    environments = environments_of(load, run)
    for index in range(run.invocations):
        throw = uniform(series, minute * 613 + index)
        duration = run.median_ms * math.exp(
            run.conduct.sigma * _DEVIATES[int(uniform(series, minute * 389 + index) * 1024)]
        )
        begins = min((index + throw) / run.invocations * span, max(0.0, span - duration / 1000 - 0.005))
        yield Invocation(
            request_id=_request_id(f"{load.name} {run.version} {minute} {index}"),
            version=run.version,
            at=start + begins,
            duration_ms=round(duration, 2),
            failed=index in failing,
            cold=uniform(series, minute * 211 + index) < _COLD,
            environment=index % environments,
            throw=throw,
        )


def environments_of(load: FunctionLoad, run: Run) -> int:
    """How many execution environments take the invocations of a version in turn."""
    return min(_MOST_ENVIRONMENTS, 1 + int(load.per_minute * run.conduct.median_ms / 20_000))


def stream_name(function: str, version: str, moment: float, environment: int, day: str) -> str:
    """`2025/11/20/[42]0f3c…`: the log stream of an execution environment. `day` is the one on which it began."""
    era = int(moment // STREAM_SECONDS)
    digest = blake2b(f"{function} {version} {era} {environment}".encode(), digest_size=16).hexdigest()
    return f"{day}/[{version}]{digest}"


def _request_id(text: str) -> str:
    digest = blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"
