"""What a function writes to its log: the runtime's own lines, and those of the application, as text or as JSON.

Formats: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html, and for JSON
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cockpit.demo.telemetry.functions import FunctionLoad
from cockpit.demo.telemetry.invocations import STREAM_SECONDS, Invocation, invocations, stream_name
from cockpit.demo.telemetry.stories import Story, story_of


class Event(NamedTuple):
    """One event of a log."""

    timestamp: int
    """Epoch milliseconds."""
    stream: str
    message: str


@dataclass(frozen=True, slots=True)
class Writer:
    """A function as the author of its log."""

    load: FunctionLoad
    runtime: str = "nodejs20.x"
    json_format: bool = False
    memory_mb: Mapping[str, int] = field(default_factory=dict)
    """By version; 128 where it is not known."""

    def minute(self, minute: int) -> list[Event]:
        """Everything that was logged in a minute (epoch minutes), oldest first."""
        found: list[Event] = []
        for call in invocations(self.load, minute):
            stream = self._stream(call)
            story = story_of(self.load.name, call)
            lines = self._json(call, story) if self.json_format else self._text(call, story)
            found.extend(Event(int(at * 1000), stream, message) for at, message in lines)
        # A sort that is stable keeps the order of one invocation's lines.
        found.sort(key=lambda event: event.timestamp)
        return found

    def _stream(self, call: Invocation) -> str:
        began = call.at // STREAM_SECONDS * STREAM_SECONDS
        return stream_name(self.load.name, call.version, call.at, call.environment, _day(began))

    def _text(self, call: Invocation, story: Story) -> Iterator[tuple[float, str]]:
        end = call.at + call.duration_ms / 1000
        if call.cold:
            yield call.at, f"INIT_START Runtime Version: {_runtime(self.runtime)}\n"
        yield call.at, f"START RequestId: {call.request_id} Version: {call.version}\n"
        for share, level, message in story.lines:
            at = call.at + share * call.duration_ms / 1000
            yield at, f"{_iso(at)}\t{call.request_id}\t{level}\t{message}\n"
        if story.error:
            yield end, f"{_iso(end)}\t{call.request_id}\tERROR\tInvoke Error \t{json.dumps(story.error)}\n"
        yield end, f"END RequestId: {call.request_id}\n"
        yield end, _report(call, self.memory_mb.get(call.version, 128)) + "\n"

    def _json(self, call: Invocation, story: Story) -> Iterator[tuple[float, str]]:
        end = call.at + call.duration_ms / 1000
        common = {"requestId": call.request_id}
        if call.cold:
            yield call.at, _platform("initStart", call.at, {"runtimeVersion": _runtime(self.runtime)})
        yield call.at, _platform("start", call.at, {**common, "version": call.version})
        for share, level, message in story.lines:
            at = call.at + share * call.duration_ms / 1000
            yield at, json.dumps({"timestamp": _iso(at), "level": level, **common, "message": message})
        if story.error:
            yield end, json.dumps({"timestamp": _iso(end), "level": "ERROR", **common, "message": story.error})
        metrics = {
            "durationMs": call.duration_ms,
            "billedDurationMs": math.ceil(call.duration_ms),
            "memorySizeMB": self.memory_mb.get(call.version, 128),
            "maxMemoryUsedMB": _used(call, self.memory_mb.get(call.version, 128)),
        }
        status = "error" if call.failed else "success"
        yield end, _platform("report", end, {**common, "metrics": metrics, "status": status})


def _platform(what: str, at: float, record: Mapping[str, Any]) -> str:
    return json.dumps({"time": _iso(at), "type": f"platform.{what}", "record": record})


def _report(call: Invocation, memory: int) -> str:
    parts = [
        f"REPORT RequestId: {call.request_id}",
        f"Duration: {call.duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(call.duration_ms)} ms",
        f"Memory Size: {memory} MB",
        f"Max Memory Used: {_used(call, memory)} MB",
    ]
    if call.cold:
        parts.append(f"Init Duration: {240 + 380 * call.throw:.2f} ms")
    return "\t".join(parts) + "\t"


def _used(call: Invocation, memory: int) -> int:
    return int(min(memory * 0.9, 74 + memory * 0.12 + 14 * call.throw))


def _runtime(runtime: str) -> str:
    name, _, version = runtime.partition("js")
    return f"{name}js:{version.removesuffix('.x')}.v61" if version else f"{runtime}.v41"


def _iso(at: float) -> str:
    return datetime.fromtimestamp(int(at * 1000) / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y/%m/%d")
