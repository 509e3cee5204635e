"""The time axis of a chart: marks at round local times, as many as there is room for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from widgets.glyphs import CHANGE, RULE, TICK
from widgets.line import Line, Run
from widgets.times import local

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (
    *(minutes * _MINUTE for minutes in (1, 2, 5, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 4, 6, 12)),
    *(days * _DAY for days in (1, 2, 4, 7, 14, 28, 56, 182, 364)),
)
"""Round distances between two marks, in seconds."""
_GAP = 4
"""Blanks between two labels, at least."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at which something was changed."""

    at: float
    """Epoch seconds."""
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A round time on the axis."""

    column: int
    label: str


def column_of(moment: float, start: float, end: float, columns: int) -> int | None:
    """The column in which a moment is, or None where it is not on the axis."""
    if columns < 1 or not start <= moment < end:
        return None
    return min(columns - 1, int((moment - start) / (end - start) * columns))


def ticks(start: float, end: float, columns: int) -> tuple[Tick, ...]:
    """Round times in `[start, end]` as far as their labels have room in `columns` cells."""
    span = end - start
    if span <= 0 or columns < 1:
        return ()
    for step in _STEPS:
        label = len(_label(start, span, step))
        if (label + _GAP) * span <= step * columns or step == _STEPS[-1]:
            return tuple(_placed(start, end, columns, step))
    return ()


def _placed(start: float, end: float, columns: int, step: int) -> Iterator[Tick]:
    for moment in _round_times(start, end, step):
        yield Tick(min(columns - 1, int((moment - start) / (end - start) * columns)), _label(moment, end - start, step))


def _round_times(start: float, end: float, step: int) -> Iterator[float]:
    """Multiples of `step` from local midnight on, so that they are round where one is; days keep their length."""
    first, last = local(start), local(end)
    if step < _DAY:
        midnight = datetime(first.year, first.month, first.day).astimezone().timestamp()
        moment = midnight - (midnight - start) // step * step
        while moment <= end:
            if moment >= start:
                yield moment
            moment += step
        return
    # Counted back from today: the newest day is the one that is known by its date.
    day = last.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    found = []
    while (moment := day.astimezone().timestamp()) >= start:
        found.append(moment)
        day -= timedelta(days=step // _DAY)
    yield from reversed(found)


def _label(moment: float, span: float, step: int) -> str:
    """`14:30`; at midnight, or where marks are days apart, `Mon 2`; on an axis of weeks `2 Mar`."""
    then = local(moment)
    if span > 10 * _DAY:
        return f"{then.day} {then:%b}"
    if step >= _DAY or (span > 12 * _HOUR and (then.hour, then.minute) == (0, 0)):
        return f"{then:%a} {then.day}"
    return f"{then:%H:%M}"


def axis_lines(start: float, end: float, columns: int, marks: Sequence[Mark], *, lines: int) -> list[Line]:
    """The axis in `columns` cells: with two lines, one for ticks and changes and one for labels; else labels alone."""
    shown = ticks(start, end, columns)
    labels = _label_line(shown, columns)
    if lines < 2:
        return [(Run(labels, "dim"),)]
    rule = [RULE] * columns
    for tick in shown:
        rule[tick.column] = TICK
    changed = {column_of(mark.at, start, end, columns) for mark in marks}
    runs: list[Run] = []
    for column, text in enumerate(rule):
        run = Run(CHANGE, "mark") if column in changed else Run(text, "dim")
        if runs and runs[-1].role == run.role:
            run = Run(runs.pop().text + run.text, run.role)
        runs.append(run)
    return [tuple(runs), (Run(labels, "dim"),)]


def _label_line(shown: Sequence[Tick], columns: int) -> str:
    """Labels below their ticks, kept within the axis; one that would touch the one before is left out."""
    text = ""
    for tick in shown:
        at = max(0, min(tick.column - len(tick.label) // 2, columns - len(tick.label)))
        if at >= len(text) + (2 if text else 0) and at + len(tick.label) <= columns:
            text = text.ljust(at) + tick.label
    return text.ljust(columns)
