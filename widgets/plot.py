"""Charts as lines of text: an area on a time axis, with the limits drawn across and holes left empty. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cockpit.model.rule import Direction
from cockpit.model.series import Series
from cockpit.model.units import Unit, format_figure
from widgets.glyphs import CHANGE_LINE, EIGHTHS, LIMIT
from widgets.line import OVER, Line, Run, cut, fit, pad
from widgets.plot_axis import Mark, axis_lines, column_of

_FAR = 6.0
"""A limit further than this above everything measured would flatten the chart; it is named instead of drawn."""
_NEXT = 2.0
"""The same for a second limit: the first one gives the measure already."""
_HIGH = 0.6
"""Where everything is above this part of the axis, the axis begins higher: what counts is the way to the limit."""
_TALL = 8
"""Lines from which on the edge of an area is drawn apart from what is below it; in a low chart that is only noise."""
_NEAR = 2
"""The edge of an area is as deep as the lowest of so many neighbours on each side: no tooth has a colour of its own."""
_DEEP = 2
"""Lines below the highest of a column that are its edge at most."""
_NOTHING = 1e-9
_LATE_SECONDS = 600
"""Data that ends up to so long ago is only late; beyond, the chart shows the hole."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold."""

    value: float
    role: str
    """`warning` or `critical`."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What a chart shows: values evenly spaced over `[start, end)`, epoch seconds; None where there is no point."""

    title: str
    unit: Unit
    start: float
    end: float
    values: tuple[float | None, ...]
    limits: tuple[Limit, ...] = ()
    direction: Direction = Direction.ABOVE
    marks: tuple[Mark, ...] = ()
    """Moments at which something was changed; those within `[start, end)` are drawn."""
    note: str = ""
    """Why there is no point, or not every one: `loading`, `denied cloudwatch:GetMetricData`."""

    @property
    def latest(self) -> float | None:
        """The newest value that is present."""
        return next((value for value in reversed(self.values) if value is not None), None)

    @property
    def present(self) -> list[float]:
        """Values that are present."""
        return [value for value in self.values if value is not None]

    def changed_at(self, marks: Sequence[Mark]) -> Plot:
        """The same, with those of `marks` that are on its axis."""
        return replace(self, marks=tuple(mark for mark in marks if self.start <= mark.at < self.end))

    def role_of(self, value: float) -> str:
        """Colour of a value: that of the worst limit that it breaches."""
        breached = [limit.role for limit in self.limits if self.direction.breaches(value, limit.value)]
        return "critical" if "critical" in breached else breached[0] if breached else "trend"


def plot_of(
    series: Series,
    *,
    title: str,
    unit: Unit,
    limits: Sequence[Limit] = (),
    direction: Direction = Direction.ABOVE,
    now: float,
    length_seconds: int | None = None,
) -> Plot:
    """The newest part of a series. Where data is overdue, the axis goes on to the present and shows the hole."""
    period = series.period_seconds
    overdue = int(now - _LATE_SECONDS - series.end) // period
    end = series.end + period * overdue if overdue > 0 else series.end
    start = series.start if length_seconds is None else max(series.start, end - length_seconds)
    start = min(start, end)
    return Plot(title, unit, start, end, series.between(int(start), int(end)), tuple(limits), direction)


def nice_ceiling(value: float, unit: Unit) -> float:
    """A round figure at or above `value`, for the top of an axis."""
    if value < _NOTHING:
        return 1.0
    scale = 1.0
    if unit is Unit.BYTES:
        scale = 1024.0 ** max(0, int(math.log(value, 1024)))
    size: float = 10.0 ** math.floor(math.log10(value / scale))
    top = next(step * size * scale for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * size * scale >= value * 0.9999)
    return min(top, 100.0) if unit is Unit.PERCENT and value <= 100 else top


def drawn_limits(plot: Plot) -> tuple[Limit, ...]:
    """The limits that are near enough to be drawn: the nearest first, and a second that does not flatten the chart."""
    highest = max(plot.present, default=0.0)
    ordered = sorted(plot.limits, key=lambda limit: limit.value, reverse=plot.direction is Direction.BELOW)
    reach = [highest * (_FAR if index == 0 else _NEXT) for index in range(len(ordered))]
    return tuple(limit for limit, most in zip(ordered, reach, strict=True) if highest <= 0 or limit.value <= most)


def top_of(plot: Plot) -> float:
    """Top of the axis: above every value, and above the limits that are drawn."""
    limits = (limit.value * 1.05 for limit in drawn_limits(plot))
    return nice_ceiling(max([max(plot.present, default=0.0), *limits]), plot.unit)


def base_of(plot: Plot, top: float) -> float:
    """Bottom of the axis: zero, unless a limit is drawn and everything is far above zero."""
    limits = [limit.value for limit in drawn_limits(plot)]
    lowest = min([*plot.present, *limits], default=0.0)
    if not limits or lowest <= top * _HIGH:
        return 0.0
    span = max(top - lowest, top / 20)
    step: float = 10.0 ** math.floor(math.log10(span))
    return max(0.0, math.floor((lowest - span / 2) / step) * step)


def spread(values: Sequence[float | None], columns: int, direction: Direction) -> list[float | None]:
    """`values` over exactly `columns` cells: the worst of those that share one; holes stay holes."""
    count = len(values)
    if count == 0:
        return [None] * columns
    if count <= columns:
        return [values[column * count // columns] for column in range(columns)]
    worst = max if direction is Direction.ABOVE else min
    cells: list[float | None] = []
    for first, last in pairwise(column * count // columns for column in range(columns + 1)):
        present = [value for value in values[first:last] if value is not None]
        cells.append(worst(present) if present else None)
    return cells


@dataclass(frozen=True, slots=True)
class _Scale:
    """The value axis: from `base` at the bottom to `top`, over `rows` lines. Row 0 is the lowest."""

    base: float
    top: float
    rows: int

    def part(self, value: float) -> float:
        """Where a value is, from 0 to 1."""
        return max(0.0, min((value - self.base) / (self.top - self.base), 1.0))

    def eighths(self, value: float) -> int:
        """Height of a value in eighths of a line. A value that is there always shows."""
        return max(1, round(self.part(value) * self.rows * 8))

    def row(self, value: float) -> int:
        """The line in which a value is."""
        return min(self.rows - 1, int(self.part(value) * self.rows))

    def holds(self, value: float) -> bool:
        """Whether a value is on the axis."""
        return self.base <= value <= self.top


def _labels(plot: Plot, scale: _Scale) -> dict[int, Run]:
    """Labels of the value axis by row: its top, its bottom, and the limits, which win."""
    labels = {0: Run(format_figure(scale.base, plot.unit), "dim")}
    labels[scale.rows - 1] = Run(format_figure(scale.top, plot.unit), "dim")
    for limit in drawn_limits(plot):
        if scale.holds(limit.value):
            labels[scale.row(limit.value)] = Run(format_figure(limit.value, plot.unit), limit.role)
    return labels


def margin_of(plot: Plot) -> int:
    """Cells that the labels of the value axis take."""
    if not plot.present:
        return 0
    top = top_of(plot)
    values = (top, base_of(plot, top), *(limit.value for limit in drawn_limits(plot) if limit.value <= top))
    return max(len(format_figure(value, plot.unit)) for value in values)


def plot_lines(plot: Plot, width: int, height: int, *, margin: int = 0) -> list[Line]:
    """The chart in `height` lines of `width` cells; below it the time axis, in a high chart with a line of its own.

    Labels take `margin` cells at least, so that charts below each other have their axes in one line.
    """
    beneath = 2 if height > _TALL else 1
    rows = height - beneath
    if rows < 1 or width < 12:
        return [fit((), width) for _ in range(max(0, height))]
    if not plot.present:
        blank = [fit((), width) for _ in range(height)]
        blank[rows // 2] = fit((Run(f" {plot.note or 'no data points'}", "dim"),), width)
        return blank
    top = top_of(plot)
    scale = _Scale(base_of(plot, top), top, rows)
    labels = _labels(plot, scale)
    margin = max(margin, *(len(run.text) for run in labels.values()))
    columns = width - margin - 1
    cells = spread(plot.values, columns, plot.direction)
    limits = {scale.row(limit.value): limit.role for limit in drawn_limits(plot) if scale.holds(limit.value)}
    changed = frozenset(column_of(mark.at, plot.start, plot.end, columns) for mark in plot.marks)
    edges = edge_rows([None if value is None else scale.eighths(value) for value in cells])
    lines: list[Line] = []
    for row in reversed(range(rows)):
        label = labels.get(row, Run("", "dim"))
        runs = [Run(pad(label.text, margin, right=True), label.role), Run("┤" if row in labels else "│", "dim")]
        body = _cells(plot, cells, edges, scale, row=row, limit=limits.get(row), changed=changed)
        lines.append(fit((*runs, *body), width))
    axis = axis_lines(plot.start, plot.end, columns, plot.marks, lines=beneath)
    corner = (Run(" " * margin + "└", "dim"), Run(" " * (margin + 1)))
    return lines + [fit((before, *line), width) for before, line in zip(corner, axis, strict=False)]


def edge_rows(heights: Sequence[int | None]) -> list[int]:
    """For each column the lowest line that is still the edge of the area. Heights are in eighths of a line."""
    tops = [None if height is None else max(0, height - 1) // 8 for height in heights]
    around = (tops[max(0, column - _NEAR) : column + _NEAR + 1] for column in range(len(tops)))
    lowest = [min((top for top in near if top is not None), default=0) for near in around]
    # Beside a jump the lowest neighbour is at its foot: the area would be nothing but edge there.
    return [low if top is None else max(low, top - _DEEP) for low, top in zip(lowest, tops, strict=True)]


def _cells(
    plot: Plot,
    cells: Sequence[float | None],
    edges: Sequence[int],
    scale: _Scale,
    *,
    row: int,
    limit: str | None,
    changed: frozenset[int | None],
) -> list[Run]:
    """One row of the body, neighbours of one colour in one run.

    The edge of the area is what is read; what is below it is quieter, and a limit goes across it.
    """
    runs: list[Run] = []
    for column, value in enumerate(cells):
        eighths = scale.eighths(value) - row * 8 if value is not None else 0
        text = EIGHTHS[max(0, min(8, eighths))]
        below = row < edges[column] and scale.rows >= _TALL
        ink = f"{plot.role_of(value)}-{'area' if below else 'edge'}" if value is not None else ""
        filled = f"{OVER}{ink}" if eighths > 8 else ""
        if limit and (eighths <= 0 or filled):
            text, ink = LIMIT, f"{limit}{filled}"
        if column in changed and (eighths <= 0 or below):
            text, ink = CHANGE_LINE, f"mark{filled}"
        if runs and runs[-1].role == ink:
            runs[-1] = Run(runs[-1].text + text, ink)
        else:
            runs.append(Run(text, ink))
    return runs


def caption(plot: Plot, width: int) -> Line:
    """Title, newest value, and smallest to largest."""
    latest = plot.latest
    figure = Run(format_figure(latest, plot.unit), "dim" if latest is None else _figure_role(plot, latest))
    present = plot.present
    details = []
    if present:
        details.append(f"{format_figure(min(present), plot.unit)} … {format_figure(max(present), plot.unit)}")
    details += [f"limit {plot.direction.value} {format_figure(limit.value, plot.unit)}" for limit in plot.limits[:1]]
    holes = len(plot.values) - len(present)
    if plot.note and present:
        details.insert(0, plot.note)
    if holes and present:
        details.append(f"{holes} of {len(plot.values)} points missing")
    title = cut(plot.title, max(8, width - len(figure.text) - 2))
    left: Line = (Run(title, "strong"), Run("  "), figure)
    used = len(title) + 2 + len(figure.text)
    while details and used + 4 + len(" · ".join(details)) > width:
        details.pop()
    return fit((*left, Run("    " + " · ".join(details), "dim")) if details else left, width)


def _figure_role(plot: Plot, value: float) -> str:
    ink = plot.role_of(value)
    return "" if ink == "trend" else ink
