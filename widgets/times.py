"""Moments as people read them, in local time."""

from __future__ import annotations

from datetime import UTC, datetime

_DAY_SECONDS = 86_400.0


def local(moment: float) -> datetime:
    """A moment in the local time zone."""
    return datetime.fromtimestamp(moment, tz=UTC).astimezone()


def clock(moment: float) -> str:
    """Hours and minutes: `14:26`."""
    return local(moment).strftime("%H:%M")


def moment_text(moment: float, now: float) -> str:
    """A moment as short as it is clear: `14:26` today, `Mon 14:26` within six days of it, else `2026-03-01`."""
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return then.strftime("%H:%M")
    if abs(now - moment) < 6 * _DAY_SECONDS:
        return then.strftime("%a %H:%M")
    return then.strftime("%Y-%m-%d")


def clock_seconds(moment: float) -> str:
    """Hours, minutes and seconds: `14:26:05`."""
    return local(moment).strftime("%H:%M:%S")
