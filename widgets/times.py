"""Moments as people read them, in local time."""

from __future__ import annotations

from datetime import UTC, datetime

_DAY_SECONDS = 86_400.0


def _local(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, tz=UTC).astimezone()


def clock(moment: float) -> str:
    """Hours and minutes: `14:26`."""
    return _local(moment).strftime("%H:%M")


def moment_text(moment: float, now: float) -> str:
    """A moment as short as it is clear: `14:26` today, `Mon 14:26` within six days, else `2026-03-01`."""
    then, today = _local(moment), _local(now)
    if then.date() == today.date():
        return then.strftime("%H:%M")
    if 0 <= now - moment < 6 * _DAY_SECONDS:
        return then.strftime("%a %H:%M")
    return then.strftime("%Y-%m-%d")


def axis_text(moment: float, span_seconds: float) -> str:
    """A mark on a time axis: `14:26` on an axis of hours, `3 Mar` on one of days."""
    then = _local(moment)
    return then.strftime("%H:%M") if span_seconds <= 1.5 * _DAY_SECONDS else f"{then.day} {then:%b}"
