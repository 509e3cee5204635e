"""What the applications of the fleet have to say about one invocation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cockpit.demo.fleet.tim import BAD_FUNCTION, BAD_VERSION
from cockpit.demo.telemetry.invocations import Invocation


class Story(NamedTuple):
    """The application's lines of one invocation."""

    lines: tuple[tuple[float, str, str], ...]
    """(share of the invocation's time that had passed, level, message)."""
    error: Mapping[str, Any] | None = None
    """What the handler threw, as Lambda's Node.js runtime logs it."""


def story_of(function: str, call: Invocation) -> Story:
    """The lines of an invocation: calm ones, now and then a warning, and an error where it failed."""
    tell = _BY_LAST_WORD.get(function.rpartition("-")[2], _served)
    lines = tell(function, call)
    if call.failed:
        if function == BAD_FUNCTION and call.version == str(BAD_VERSION):
            return Story(lines[:1], _no_currency(call))
        return Story(lines[:1], _refused(call))
    if call.throw > 0.985:
        lines = (*lines, (0.7, "WARN", f"slow answer from the database: {call.duration_ms * 0.6:.0f} ms"))
    return Story(lines)


def _order(_: str, call: Invocation) -> tuple[tuple[float, str, str], ...]:
    number, items = _number(call), 1 + int(call.throw * 5)
    return (
        (0.1, "INFO", f"checkout of order {number}: {items} items"),
        (0.9, "INFO", f"order {number} paid in {call.duration_ms * 0.5:.0f} ms"),
    )


def _session(_: str, call: Invocation) -> tuple[tuple[float, str, str], ...]:
    return ((0.8, "INFO", f"session {call.request_id[:8]} issued"),)


def _searched(_: str, call: Invocation) -> tuple[tuple[float, str, str], ...]:
    return ((0.9, "INFO", f"search: {int(call.throw * 140)} hits in {call.duration_ms * 0.8:.0f} ms"),)


def _served(function: str, call: Invocation) -> tuple[tuple[float, str, str], ...]:
    subject = " ".join(function.split("-")[-2:])
    return ((0.9, "INFO", f"{subject}: done, id {_number(call)}"),)


_BY_LAST_WORD: Mapping[str, Callable[[str, Invocation], tuple[tuple[float, str, str], ...]]] = {
    "checkout": _order,
    "login": _session,
    "refresh": _session,
    "search": _searched,
}


def _number(call: Invocation) -> str:
    return f"{int(call.request_id[:6], 16) % 900_000 + 100_000}"


def _no_currency(call: Invocation) -> Mapping[str, Any]:
    """The bad release: it reads a price list that is not there without `PRICE_LIST_URL`."""
    message = "Cannot read properties of undefined (reading 'currency')"
    return {
        "errorType": "TypeError",
        "errorMessage": message,
        "stack": [
            f"TypeError: {message}",
            "    at priceOf (/var/task/src/pricing/price.js:88:31)",
            "    at Array.map (<anonymous>)",
            f"    at totalOf (/var/task/src/pricing/total.js:{41 + int(call.throw * 2)}:22)",
            "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
            "    at async checkout (/var/task/src/checkout.js:57:19)",
            "    at async Runtime.handler (/var/task/index.js:14:18)",
        ],
    }


def _refused(call: Invocation) -> Mapping[str, Any]:
    message = "Connection terminated due to connection timeout" if call.throw < 0.5 else "Conditional request failed"
    return {
        "errorType": "Error",
        "errorMessage": message,
        "stack": [
            f"Error: {message}",
            "    at query (/var/task/src/store/query.js:31:11)",
            "    at async Runtime.handler (/var/task/index.js:14:18)",
        ],
    }
