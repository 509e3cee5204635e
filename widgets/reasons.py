"""Reasons in fewer words: what a list has room for. The whole text belongs to the detail. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IN_ALARM = re.compile(r"^(in alarm(?: for [^:]+)?): (.+)$", re.DOTALL)
_CROSSED = re.compile(
    r"(?:was|were) (?P<way>(?:greater|less) than(?: or equal to)?) the threshold \((?P<limit>[^)]*)\)"
)
_POINTS = re.compile(r"datapoints?[^\[]*\[([^\]]+)\]|threshold: \[([^\]]+)\]")
_POINT = re.compile(r"(?:^|,\s*)(-?[\d.]+(?:E-?\d+)?)")
_CHILD = re.compile(r"^(?:arn:\S+:alarm:)?(?P<name>\S+) transitioned to ALARM")
_NO_DATA = re.compile(r"no datapoints were received", re.IGNORECASE)
_LASTING = re.compile(r" for (?:more than )?\d[\w ]*$")
_SIGN = {"greater than": ">", "greater than or equal to": "≥", "less than": "<", "less than or equal to": "≤"}
_SHORTER = (("the session has expired", "session expired"), ("; never seen", ""))


def brief(reason: str) -> str:
    """A reason without AWS's long sentences: `in alarm for 4 min: 17 … 21 > 5`. Other reasons stay as they are."""
    found = _IN_ALARM.match(reason)
    return f"{found[1]}: {_said(found[2])}" if found else reason


def _said(words: str) -> str:
    """AWS's reason for the state of an alarm in a few words."""
    crossed = _CROSSED.search(words)
    if crossed is not None:
        listed = _POINTS.search(words)
        values = [float(text) for text in _POINT.findall(listed[1] or listed[2])] if listed else []
        # AWS does not promise an order of the points, so the range is told and not the newest.
        span = _number(min(values)) if values else ""
        if values and max(values) > min(values):
            span += f" … {_number(max(values))}"
        return f"{span} {_SIGN[crossed['way']]} {_limit(crossed['limit'])}".strip()
    child = _CHILD.match(words)
    if child is not None:
        return f"{child['name']} rings"
    return "no data points" if _NO_DATA.search(words) else words


def _limit(text: str) -> str:
    try:
        return _number(float(text))
    except ValueError:
        return text


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}".replace(",", "\u202f")


def fitting(reason: str, more: str, room: int) -> tuple[str, str]:
    """The reason and what else there is to say, as much as `room` cells hold; three of them stand between the two.

    What has changed is worth more than how long it has been so, which the list tells in a column of its own.
    """
    for told in _shorter(brief(reason)):
        for rest in (more, more.split(", ", 1)[0]):
            if rest and len(told) + 3 + len(rest) <= room:
                return told, rest
    forms = list(_shorter(brief(reason)))
    return next((told for told in forms if len(told) <= room), forms[-1]), ""


def _shorter(reason: str) -> Iterator[str]:
    """The reason, then shorter and shorter forms of it."""
    yield reason
    for long, short in _SHORTER:
        reason = reason.replace(long, short)
    yield reason
    head, colon, tail = reason.partition(": ")
    yield _LASTING.sub("", head) + colon + tail


def without_duration(reason: str) -> str:
    """A reason in brief, without how long it has been so: for lists that tell when it began."""
    head, colon, tail = brief(reason).partition(": ")
    return _LASTING.sub("", head) + colon + tail
