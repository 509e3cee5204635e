"""The log streams of a function: one for each execution environment that it lately had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from cockpit.demo.telemetry.functions import FunctionLoad
from cockpit.demo.telemetry.invocations import STREAM_SECONDS, invocations, stream_name

_DAYS = 3
"""As far back as streams are named; DescribeLogStreams of a year would be of no use here."""


class Stream(NamedTuple):
    """A log stream and the time of its events, epoch milliseconds."""

    name: str
    first_ms: int
    last_ms: int


def streams_of(load: FunctionLoad, now: float) -> list[Stream]:
    """Streams with events, the oldest first. Of an era only its first and its newest minutes are looked at."""
    found: dict[str, Stream] = {}
    era = now // STREAM_SECONDS - _DAYS * 86_400 // STREAM_SECONDS
    while era * STREAM_SECONDS < now:
        start = era * STREAM_SECONDS
        for minute in _sampled(start, min(now, start + STREAM_SECONDS)):
            for call in invocations(load, minute):
                if call.at > now:
                    continue
                day = datetime.fromtimestamp(start, UTC).strftime("%Y/%m/%d")
                name, at = stream_name(load.name, call.version, call.at, call.environment, day), int(call.at * 1000)
                known = found.get(name, Stream(name, at, at))
                found[name] = Stream(name, min(known.first_ms, at), max(known.last_ms, at))
        era += 1
    return list(found.values())


def _sampled(start: float, end: float) -> Iterator[int]:
    """Every seventh minute, and the last ones."""
    first, last = int(start // 60), int((end - 0.001) // 60)
    yield from range(first, max(first, last - 2), 7)
    yield from range(max(first, last - 2), last + 1)
