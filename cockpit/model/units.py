"""Units of figures: how people write them, and how they are shown.

Figures are kept in base units everywhere: seconds, bytes, percent (0-100), US dollars, plain counts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping


class Unit(enum.Enum):
    """Unit of a figure."""

    COUNT = "count"
    PERCENT = "percent"
    SECONDS = "seconds"
    BYTES = "bytes"
    USD = "usd"
    PER_SECOND = "per_second"
    DAYS = "days"


DOLLARS = "USD"
"""What amounts are in unless AWS says otherwise."""

DURATION_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
"""Suffixes of durations, as in `5m`."""

SIZE_BYTES = {
    "B": 1.0,
    "KB": 1e3,
    "MB": 1e6,
    "GB": 1e9,
    "TB": 1e12,
    "KiB": 2.0**10,
    "MiB": 2.0**20,
    "GiB": 2.0**30,
    "TiB": 2.0**40,
}
"""Suffixes of sizes, as in `5GiB`."""


def format_figure(value: float | None, unit: Unit) -> str:
    """A figure for a narrow cell: `7.2 %`, `310 ms`, `1 204`, `2.1 GiB`, `$4.10`. None is `–`."""
    if value is None:
        return "–"
    return _FORMATTERS[unit](value)


def format_money(value: float | None, currency: str = DOLLARS, *, signed: bool = False) -> str:
    """An amount: `$4.10`, `-$12.50`, `$1,204`; in another currency `CNY 1,204`. `signed` writes a plus too. None: `–`.

    `currency` is the ISO 4217 code that AWS gives.
    """
    if value is None:
        return "–"
    text = _format_usd(abs(value))
    # What would be written as zero has no sign.
    sign = "" if not text.strip("$0.") else "-" if value < 0 else "+" if signed else ""
    return f"{sign}{text}" if currency == DOLLARS else f"{sign}{currency} {text.removeprefix('$')}"


def format_counted(count: int, noun: str) -> str:
    """A count of things: `0 errors`, `1 account`, `1 204 functions`, `2 aliases`."""
    plural = noun if count == 1 else f"{noun}{'es' if noun.endswith('s') else 's'}"
    return f"{_format_count(count)} {plural}"


def format_age(seconds: float) -> str:
    """A rough age or duration in one or two parts: `41 s`, `6 min`, `3 h 12 m`, `2 d 4 h`."""
    seconds = max(0.0, seconds)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    hours, rest = divmod(int(seconds), 3600)
    if hours < 48:
        minutes = rest // 60
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _format_count(value: float) -> str:
    magnitude = abs(value)
    if magnitude >= 1e6:
        return f"{value / 1e6:.1f} M"
    if magnitude >= 1e5:
        return f"{value / 1e3:.0f} k"
    if value != int(value):
        return f"{value:.1f}"
    # Thin grouping: a narrow no-break space never wraps and is read the same in every locale.
    return f"{int(value):,}".replace(",", "\u202f")


def _format_seconds(value: float) -> str:
    if abs(value) < 1:
        return f"{value * 1000:.0f} ms"
    if abs(value) < 10:
        return f"{value:.1f} s"
    return format_age(value)


def _format_bytes(value: float) -> str:
    for suffix in ("TiB", "GiB", "MiB", "KiB"):
        if abs(value) >= SIZE_BYTES[suffix]:
            return f"{value / SIZE_BYTES[suffix]:.1f} {suffix}"
    return f"{value:.0f} B"


def _format_percent(value: float) -> str:
    return f"{value:.0f} %" if abs(value) >= 10 else f"{value:.1f} %"


def _format_usd(value: float) -> str:
    if value < 0:
        return f"-{_format_usd(-value)}"
    if round(value, 2) >= 100:
        return f"${value:,.0f}"
    return f"${value:.2f}" if abs(value) >= 0.01 or value == 0 else f"${value:.4f}"


_FORMATTERS: Mapping[Unit, Callable[[float], str]] = {
    Unit.COUNT: _format_count,
    Unit.PERCENT: _format_percent,
    Unit.SECONDS: _format_seconds,
    Unit.BYTES: _format_bytes,
    Unit.USD: _format_usd,
    Unit.PER_SECOND: lambda value: f"{value:.1f}/s",
    Unit.DAYS: lambda value: f"{value:.0f} d",
}
