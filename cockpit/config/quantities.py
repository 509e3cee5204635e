"""Durations, sizes, percentages and money as people write them (`5m`, `80%`, `5GiB`), in base units."""

from __future__ import annotations

import math
import re

from cockpit.config.problems import printable, quoted
from cockpit.model.units import DURATION_SECONDS, SIZE_BYTES, Unit

_NUMBER = r"\d+(?:_\d+)*(?:\.\d+)?"
_PLAIN = re.compile(rf"[+-]?{_NUMBER}")
_PERCENT = re.compile(rf"([+-]?{_NUMBER})\s*%")
_MONEY = re.compile(rf"([+-])?\$\s*({_NUMBER})|([+-]?{_NUMBER})\s*(?:\$|USD)")
_RATE = re.compile(rf"([+-]?{_NUMBER})\s*/\s*s")
_SUFFIXED = re.compile(rf"({_NUMBER})\s*([A-Za-zµ]+)")
_SIGN = re.compile(r"[+-]")

SECONDS_A_DAY = DURATION_SECONDS["d"]

_ARTICLED = {
    Unit.COUNT: "a plain number",
    Unit.PERCENT: "a percentage",
    Unit.SECONDS: "a duration",
    Unit.BYTES: "a size",
    Unit.USD: "an amount of dollars",
    Unit.PER_SECOND: "a rate",
    Unit.DAYS: "a number of days",
}
_EXAMPLE = {
    Unit.COUNT: "1000",
    Unit.PERCENT: '"5%"',
    Unit.SECONDS: '"2s"',
    Unit.BYTES: '"5GiB"',
    Unit.USD: "100",
    Unit.PER_SECOND: '"5/s"',
    Unit.DAYS: '"7d"',
}


class BadQuantity(ValueError):  # noqa: N818 - a value, told in a sentence, not a failure of the program
    """What is wrong with a quantity: the end of a sentence that begins with its key."""


def duration_seconds(value: object) -> float:
    """Seconds of a duration: `"20s"`, `"500ms"`, `"1h30m"`. Raises `BadQuantity`; zero is allowed, negative is not."""
    return quantity(value, Unit.SECONDS, example='"5m"')


def quantity(value: object, unit: Unit, *, example: str | None = None) -> float:
    """`value` in `unit`'s base unit, finite and not negative. Raises `BadQuantity`.

    Plain numbers stand for themselves where a unit has no suffix (counts, dollars, rates); everything else
    wants its suffix, so that 5 is never taken for 5 % when 0.05 was meant.
    """
    example = example or _EXAMPLE[unit]
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise BadQuantity(f"must be {_ARTICLED[unit]}, as in {example}, not {shown(value)}")
    figure = _from_text(value, unit, example) if isinstance(value, str) else _from_number(value, unit, example)
    if not math.isfinite(figure):
        raise BadQuantity(f"must be a finite figure, as in {example}")
    if figure < 0:
        raise BadQuantity(f"must not be negative; write it as in {example}")
    return figure


def shown(value: object) -> str:
    """A TOML value as a sentence may name it: itself where it is short, else its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return printable(f"{value:g}") if isinstance(value, float) or abs(value) < 1e15 else "a huge number"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _from_number(value: float, unit: Unit, example: str) -> float:
    if unit in {Unit.COUNT, Unit.USD, Unit.PER_SECOND}:
        try:
            return float(value)
        except OverflowError:
            return math.inf
    raise BadQuantity(f"has no unit: {_ARTICLED[unit]} is written as in {example}")


def _from_text(text: str, unit: Unit, example: str) -> float:
    text = text.strip()
    for read, units in _READERS:
        figure = read(text)
        if figure is None:
            continue
        if unit is Unit.DAYS and Unit.SECONDS in units:
            return figure / SECONDS_A_DAY
        if unit in units:
            return figure
        raise BadQuantity(f"{quoted(text)} is {_ARTICLED[units[0]]}, but this is {_ARTICLED[unit]}, as in {example}")
    if _PLAIN.fullmatch(text):
        if unit is Unit.COUNT:
            raise BadQuantity(f"{quoted(text)} is text: {_ARTICLED[unit]} has no quotes, as in {example}")
        return _from_number(float(text), unit, example)
    raise BadQuantity(f"{quoted(text)} is not {_ARTICLED[unit]}{_near_suffix(text, unit)}; write it as in {example}")


def _percent(text: str) -> float | None:
    match = _PERCENT.fullmatch(text)
    return float(match[1]) if match else None


def _money(text: str) -> float | None:
    match = _MONEY.fullmatch(text)
    if not match:
        return None
    return float(match[3]) if match[3] else float(f"{match[1] or ''}{match[2]}")


def _rate(text: str) -> float | None:
    match = _RATE.fullmatch(text)
    return float(match[1]) if match else None


def _size(text: str) -> float | None:
    return _suffixed(text, SIZE_BYTES, parts=1)


def _duration(text: str) -> float | None:
    seconds = _suffixed(text, DURATION_SECONDS, parts=4)
    # Milliseconds are the finest suffix; what is left behind them is the noise of binary fractions.
    return None if seconds is None else round(seconds, 9)


def _suffixed(text: str, table: dict[str, float], *, parts: int) -> float | None:
    """The sum of up to `parts` figures with suffixes of `table`; None if `text` is anything else."""
    sign = -1.0 if text.startswith("-") else 1.0
    body = _SIGN.sub("", text, count=1) if text[:1] in {"+", "-"} else text
    found = _SUFFIXED.findall(body)
    rest = _SUFFIXED.sub("", body).strip()
    if not found or rest or len(found) > parts or any(suffix not in table for _, suffix in found):
        return None
    return sign * sum(float(number) * table[suffix] for number, suffix in found)


def _near_suffix(text: str, unit: Unit) -> str:
    tables = {Unit.SECONDS: DURATION_SECONDS, Unit.DAYS: DURATION_SECONDS, Unit.BYTES: SIZE_BYTES}
    return f": its units are {', '.join(tables[unit])}" if unit in tables and _SUFFIXED.fullmatch(text) else ""


_READERS = (
    (_percent, (Unit.PERCENT,)),
    (_money, (Unit.USD,)),
    (_rate, (Unit.PER_SECOND,)),
    (_duration, (Unit.SECONDS,)),
    (_size, (Unit.BYTES,)),
)
