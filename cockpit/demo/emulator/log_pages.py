"""Pages of log events: minute by minute from either end, as far as one request looks."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from cockpit.demo.emulator.gate import fail
from cockpit.demo.telemetry.log_events import Event, Writer

MOST_EVENTS = 10_000
RETENTION_DAYS = 30
_PAGE_BYTES = 1_000_000
_EVENT_BYTES = 26
"""What an event counts beside its text, as CloudWatch counts it."""
_LOOKED_AT = 30_000
"""Events that one request looks at; then it answers with what it has, and a token."""
_MINUTE_COST = 12
"""An empty minute costs as much as looking at so many events."""
_INGESTED_MS = 900
"""An event can be read this long after it was written."""


@dataclass(frozen=True, slots=True)
class Search:
    """One request."""

    start_ms: int
    """Inclusive, epoch milliseconds."""
    end_ms: int | None
    """Inclusive."""
    test: Callable[[str], bool]
    streams: frozenset[str] = frozenset()
    """Empty: all."""
    prefix: str = ""
    limit: int = MOST_EVENTS
    newest_first: bool = False
    token: str | None = None

    def takes(self, event: Event, last_ms: int) -> bool:
        """Whether an event is asked for."""
        return (
            self.start_ms <= event.timestamp <= last_ms
            and (not self.streams or event.stream in self.streams)
            and event.stream.startswith(self.prefix)
            and self.test(event.message)
        )


def searched(writer: Writer, search: Search, now: float) -> tuple[list[dict[str, Any]], str | None]:
    """A page of events as FilterLogEvents gives them, and the token of the next."""
    known_ms = int(now * 1000) - _INGESTED_MS
    last_ms = known_ms if search.end_ms is None else min(int(search.end_ms), known_ms)
    first_minute = max(search.start_ms, int(now - RETENTION_DAYS * 86_400) * 1000) // 60_000
    last_minute = last_ms // 60_000
    newest_first, step = search.newest_first, 1
    minute, skipped = (last_minute if newest_first else first_minute), 0
    if search.token:
        minute, skipped, newest_first = _position(search.token)
    step = -1 if newest_first else 1
    found: list[dict[str, Any]] = []
    room, looked = _PAGE_BYTES, 0
    while first_minute <= minute <= last_minute:
        events = _of(writer, minute, newest_first=newest_first)
        for index, event in enumerate(events[skipped:], skipped):
            if not search.takes(event, last_ms):
                continue
            size = len(event.message) + _EVENT_BYTES
            if len(found) >= search.limit or size > room:
                return found, _token(minute, index, newest_first=newest_first)
            found.append(_shown(writer, minute, event, index if not newest_first else len(events) - 1 - index))
            room -= size
        looked += _MINUTE_COST + len(events)
        minute, skipped = minute + step, 0
        if looked > _LOOKED_AT and first_minute <= minute <= last_minute:
            return found, _token(minute, 0, newest_first=newest_first)
    return found, None


def _of(writer: Writer, minute: int, *, newest_first: bool) -> Sequence[Event]:
    events = writer.minute(minute)
    return events[::-1] if newest_first else events


def _shown(writer: Writer, minute: int, event: Event, place: int) -> dict[str, Any]:
    # 56 digits that grow with time, as CloudWatch's do; the same event has the same id each time.
    digest = blake2b(f"{writer.load.name} {minute} {place} {event.message}".encode(), digest_size=17).digest()
    return {
        "logStreamName": event.stream,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.timestamp + _INGESTED_MS,
        "eventId": f"{event.timestamp << 144 | int.from_bytes(digest, 'big'):056d}",
    }


def _token(minute: int, skipped: int, *, newest_first: bool) -> str:
    return base64.urlsafe_b64encode(json.dumps([minute, skipped, newest_first]).encode()).decode()


def _position(token: str) -> tuple[int, int, bool]:
    try:
        minute, skipped, newest_first = json.loads(base64.urlsafe_b64decode(token.encode()))
        return int(minute), int(skipped), bool(newest_first)
    except (ValueError, TypeError, binascii.Error):
        raise fail("InvalidParameterException", "The specified nextToken is invalid.") from None
