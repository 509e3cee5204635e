"""The log streams of a function: one for each execution environment that it lately had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from cockpit.demo.telemetry.functions import FunctionLoad
from cockpit.demo.telemetry.invocations import STREAM_SECONDS, environments_of, stream_name

_DAYS = 3
"""As far back as streams are named; DescribeLogStreams of a year would be of no use here."""


class Stream(NamedTuple):
    """A log stream and the time of its events, epoch milliseconds."""

    name: str
    first_ms: int
    last_ms: int


def streams_of(load: FunctionLoad, now: float) -> list[Stream]:
    """Streams with events, the oldest first. Their times are right to some minutes, as CloudWatch's are."""
    found: dict[str, Stream] = {}
    era = now // STREAM_SECONDS - _DAYS * 86_400 // STREAM_SECONDS
    while era * STREAM_SECONDS < now:
        start = era * STREAM_SECONDS
        day = datetime.fromtimestamp(start, UTC).strftime("%Y/%m/%d")
        for minute in _sampled(load, start, min(now, start + STREAM_SECONDS)):
            first, last = minute * 60_000, min(minute * 60_000 + 59_999, int(now * 1000))
            for run in load.minute(minute).runs:
                for environment in range(min(run.invocations, environments_of(load, run))):
                    name = stream_name(load.name, run.version, minute * 60, environment, day)
                    known = found.get(name, Stream(name, first, last))
                    found[name] = Stream(name, known.first_ms, last)
        era += 1
    return list(found.values())


def _sampled(load: FunctionLoad, start: float, end: float) -> Iterator[int]:
    """Every seventh minute, and the last ones; every minute of a function that is seldom called."""
    first, last = int(start // 60), int((end - 0.001) // 60)
    if load.per_minute < 1:
        yield from range(first, last + 1)
        return
    yield from range(first, max(first, last - 2), 7)
    yield from range(max(first, last - 2), last + 1)
