"""What stands in the cells of the matrix, at the width each has. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cockpit.model.rule import Direction, FactValue, Rule, Threshold
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, EnvironmentState
from cockpit.model.units import format_age
from cockpit.model.verdict import Health
from widgets.glyphs import ABSENT, MUTED, ROLE, cell_is_waiting, glyph, role, verdict
from widgets.line import Line, Run, cut, fit, pad
from widgets.matrix_layout import MARK, ColumnNeed, ColumnPlace
from widgets.names import environment_name
from widgets.spark import trend_runs

FIGURE_MAX = 10
WORDS_MAX = 30
TAG = 5


def first_word(note: str) -> str:
    """`denied` of `denied lambda:ListFunctions`."""
    return note.split(" ", 1)[0]


def age_mark(cell: Cell, stale_seconds: float, now: float) -> str:
    """Age of the data where it is old: beyond half of what is still judged. Empty where it is fresh."""
    if cell.observed_at is None:
        return ""
    age = now - cell.observed_at
    return format_age(age) if age > stale_seconds / 2 else ""


def need_of(spec: ServiceSpec, cells: list[Cell], before: ColumnNeed | None) -> ColumnNeed:
    """What the column of a service would like, given its cells: no less than `before`, so that nothing jumps back."""
    figures = [len(cell.headline.text) for cell in cells if cell.headline and cell.health is not Health.UNKNOWN]
    notes = [len(first_word(cell.note)) for cell in cells if cell.health is Health.UNKNOWN]
    words = [len(cell.note) + len(cell.headline.text) + 3 if cell.headline else len(cell.note) for cell in cells]
    return ColumnNeed(
        key=spec.key,
        title=spec.column,
        figure=min(FIGURE_MAX, max([*figures, *notes, before.figure if before else 0], default=0)),
        words=min(WORDS_MAX, max([*words, *figures, before.words if before else 0], default=0)),
        has_trend=any(cell.headline and cell.headline.trend for cell in cells) or bool(before and before.has_trend),
        limit=trend_limit(spec),
        minor=spec.minor,
    )


def trend_limit(spec: ServiceSpec, threshold: Callable[[Rule], Threshold] = lambda rule: rule.threshold) -> float:
    """What courses of a service are measured against: the lowest limit of the first rule that judges a course."""
    for rule in spec.rules:
        held = threshold(rule)
        limits = [limit for limit in (held.warning, held.critical) if limit]
        if limits and not isinstance(rule.value, FactValue) and rule.direction is Direction.ABOVE:
            return min(limits)
    return 0.0


def cell_line(cell: Cell | None, place: ColumnPlace, stale_seconds: float, now: float) -> Line:
    """One cell in exactly `place.width` cells of the terminal. Data older than `stale_seconds` concludes nothing."""
    if cell is None:
        return fit((Run(ABSENT, "dim"),), place.width)
    waiting = cell_is_waiting(cell)
    state = None if waiting else cell.health
    mark = Run(glyph(state, cell.muted), role(state, cell.muted))
    if not place.text:
        return fit((mark,), place.width)
    if waiting:
        return fit((mark, Run(" waiting"[: place.text + 1], "waiting")), place.width)
    room = place.width - MARK
    # Beside what counts: what does not, so that it is not forgotten.
    beside = Run(MUTED if cell.muted and mark.text != MUTED else " ", "dim")
    if cell.health is Health.UNKNOWN:
        return fit((mark, beside, *_unknown(cell, room)), place.width)
    return fit((mark, beside, *_known(cell, place, age_mark(cell, stale_seconds, now), room)), place.width)


def _unknown(cell: Cell, room: int) -> Line:
    note = cell.note or "unknown"
    if len(note) > room:
        note = first_word(note)
    last = f" · {cell.headline.text}" if cell.headline else ""
    # The last good value stays, dimmed: it is what one asks for next.
    return (Run(note, "unknown"), Run(last, "dim")) if len(note) + len(last) <= room else (Run(note, "unknown"),)


def _known(cell: Cell, place: ColumnPlace, age: str, room: int) -> Line:
    text = cell.headline.text if cell.headline else ""
    if len(text) > place.text:
        # `1 936 · 3 dead`: the first figure whole is better than both in part.
        text = text if len(text) <= room else text.split(" · ", 1)[0]
    ink = "" if cell.health is Health.OK else ROLE[cell.health]
    trend = cell.headline.trend if cell.headline else ()
    if age:
        aged = f"{text} {age}"
        # Old news is told instead of the trend: the age matters more than the course.
        return (Run(text, ink), Run(f" {age}", "dim")) if len(aged) <= room else (Run(text, ink),)
    figure = max(place.figure, len(text))
    if not place.trend or not trend or figure + 1 + place.trend > room:
        return (Run(text, ink),)
    return (Run(pad(text, figure), ink), Run(" "), *trend_runs(trend, place.trend, place.limit, ink or "trend"))


def tag_of(environment: EnvironmentState, *, whole: bool = False) -> Run:
    """The environment's tag: `PROD` for a protected one, `LOCK` (`PROTECTED` in `whole`) where it is called otherwise.

    `found` is for one that was discovered; a pattern of which nothing was found yet has none.
    """
    if environment.protected:
        prod = environment.id.environment.lower().startswith("prod")
        return Run("PROD" if prod else "PROTECTED" if whole else "LOCK", "tag")
    found = environment.discovered and environment_name(environment.id.environment) == environment.id.environment
    return Run("found", "found") if found else Run("")


def name_widths(environments: tuple[EnvironmentState, ...]) -> tuple[int, int]:
    """Cells of the longest system name and the longest environment name."""
    systems = max((len(environment.id.system) for environment in environments), default=6)
    return systems, max((len(environment_name(environment.id.environment)) for environment in environments), default=6)


def name_width(widths: tuple[int, int], *, tagged: bool) -> int:
    """Cells of the first column: glyph, system, environment, and a tag unless the name itself is the tag."""
    return MARK + widths[0] + 1 + widths[1] + (0 if tagged else 1 + TAG)


def name_line(environment: EnvironmentState, widths: tuple[int, int], width: int, *, tagged: bool = False) -> Line:
    """Glyph, system, environment and tag in exactly `width` cells.

    `tagged`: where room is short the name of a protected environment is its tag, in capitals, so that it can be told
    without colours too.
    """
    state = verdict(environment)
    room = width - MARK - (0 if tagged else 1 + TAG)
    system, name = min(widths[0], room // 2), widths[1]
    cells = max(1, min(name, room - system - 1))
    shown = cut(environment_name(environment.id.environment), cells)
    tag = tag_of(environment)
    rest: Line
    if tagged:
        shown = shown.upper() if environment.protected else shown
        rest = (Run(shown, tag.role), Run(" " * (cells - len(shown))))
    else:
        rest = (Run(pad(shown, cells)), Run(" "), tag)
    line = (
        Run(glyph(state, environment.muted), role(state, environment.muted)),
        Run(" "),
        Run(pad(environment.id.system, system), "" if state is Health.OK or state is None else "strong"),
        Run(" "),
        *rest,
    )
    return fit(line, width)


def folded_line(environment: EnvironmentState, folded: Sequence[ColumnPlace], chosen: str | None, width: int) -> Line:
    """The columns that have no room, in exactly `width` cells: the chosen one, else the worst, with its name."""
    hidden = [(place, environment.cells[place.key]) for place in folded if place.key in environment.cells]
    one = next(((place, cell) for place, cell in hidden if place.key == chosen), None)
    if chosen in {place.key for place in folded} and one is None:
        return fit((Run(ABSENT, "dim"),), width)
    if one is None:
        one = max(hidden, key=lambda pair: -1 if cell_is_waiting(pair[1]) else pair[1].health.rank, default=None)
    if one is None:
        return fit((Run(ABSENT, "dim"),), width)
    place, cell = one
    state = None if cell_is_waiting(cell) else cell.health
    told = f" {place.title.lower()}" if state not in {None, Health.OK} else ""
    return fit((Run(glyph(state, cell.muted), role(state, cell.muted)), Run(cut(told, width - 1), role(state))), width)
