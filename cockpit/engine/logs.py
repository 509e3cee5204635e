"""Log lines of one resource, through FilterLogEvents: pages put together, within a time that somebody waits.

A page may be empty although there is more (API reference, FilterLogEvents), so pages are asked for until there are
enough lines, nothing is left, or the time is up; then the token leads on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.engine.log_lines import line_of
from cockpit.model.inquiry import LogLine, LogPage, LogQuery
from cockpit.model.service import Reader
from cockpit.model.verdict import Failure

MOST_EVENTS = 10_000
"""Events in one page (API reference)."""
PATIENCE_SECONDS = 8.0
"""After this long no further page is asked for."""
_MOST_PAGES = 20


async def read_logs(reader: Reader, group: str, query: LogQuery, *, monotonic: Callable[[], float]) -> LogPage:
    """Lines of a log group, oldest first. A failure stands beside the lines that came before it."""
    parameters = _parameters(group, query)
    wanted = parameters["limit"]
    lines: dict[str, LogLine] = {}
    token, give_up_at = query.token, monotonic() + PATIENCE_SECONDS
    failure: Failure | None = None
    for _ in range(_MOST_PAGES):
        more = {"nextToken": token} if token else {}
        try:
            page = await reader.call("FilterLogEvents", **parameters | more | {"limit": wanted - len(lines)})
        except CallFailed as failed:
            failure = _in_words(failed.failure, group)
            break
        lines.update((line.id, line) for line in map(line_of, page.get("events") or ()))
        token = page.get("nextToken")
        if not token or len(lines) >= wanted or monotonic() >= give_up_at:
            break
    # Events of one moment keep the order in which they came, newest first or oldest first.
    ordered = reversed(lines.values()) if query.newest else lines.values()
    return LogPage(tuple(sorted(ordered, key=lambda line: line.at)), token, failure, group)


def _parameters(group: str, query: LogQuery) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "logGroupName": group,
        "startTime": max(0, int(query.start * 1000)),
        "limit": min(max(query.limit, 1), MOST_EVENTS),
    }
    if query.end is not None:
        # CloudWatch's end is inclusive.
        parameters["endTime"] = max(0, int(query.end * 1000) - 1)
    if query.pattern.strip():
        parameters["filterPattern"] = query.pattern
    if query.newest:
        parameters["startFromHead"] = False
    return parameters


def _in_words(failure: Failure, group: str) -> Failure:
    if failure.code == "ResourceNotFoundException":
        message = f"There is no log group {group}: nothing has been logged yet, or it is written elsewhere."
        return replace(failure, message=message, resource=group)
    return replace(failure, resource=group)
