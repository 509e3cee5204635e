"""What a panel of one service says: its figures, the last hour, and what stands out, in lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.model.rule import Direction
from cockpit.model.units import Unit, format_figure
from cockpit.model.verdict import Health
from widgets.board_layout import PanelNeed
from widgets.glyphs import RULE, glyph, role, state_word
from widgets.line import Line, Run, apart, fit, pad, wrap
from widgets.plot import Plot, plot_lines
from widgets.reasons import brief, fitting
from widgets.spark import trend_runs

CHART_ROWS = 5
"""Fewer lines than this make no chart."""
CHART_GOOD, CHART_MOST = 8, 16
TREND_MIN, TREND_MAX = 6, 30
NAMED_ROWS = 3
"""Lines kept for resources before the chart grows."""
NAMED_GOOD, NAMED_MOST = 5, 20
BLIND_MOST = 4
NARROW = 46
"""Below this width a panel tells figures instead of sentences."""
FIGURE_MOST = 12


@dataclass(frozen=True, slots=True)
class Standout:
    """A resource worth naming in a panel."""

    health: Health
    name: str
    figure: str
    """Its figures, or why it is not ok."""
    brief: str = ""
    """The one figure that tells it, where there is no room for more."""
    quiet: bool = False
    """Somebody has acknowledged or muted it."""


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """What a panel shows."""

    service: str
    number: int
    """The digit that jumps to it."""
    title: str
    health: Health | None
    """None while it waits for its first look."""
    headline: str
    note: str
    age: str
    """Age of the data, where it is old."""
    count: str
    """`311 functions`."""
    plots: tuple[Plot, ...]
    """Charts, the one that leads first; as many are drawn as there is room for."""
    standouts: tuple[Standout, ...]
    muted: int = 0
    """How many findings do not count."""

    @property
    def plot(self) -> Plot | None:
        """The chart that leads, if it has anything to show."""
        return next((plot for plot in self.plots if plot.present), None)


def title_line(facts: PanelFacts, width: int, *, focused: bool) -> Line:
    """`1 LAMBDA ─────────── ✖ critical`."""
    ink = role(facts.health, facts.muted)
    right: Line = (Run(f" {glyph(facts.health, facts.muted)} {state_word(facts.health, facts.muted)}", ink),)
    left: Line = (Run(f"{facts.number} ", "dim"), Run(facts.title, "chosen" if focused else "strong"), Run(" "))
    room = width - sum(len(run.text) for run in (*left, *right))
    return apart((*left, Run(RULE * max(0, room), "dim")), right, width)


def figure_line(facts: PanelFacts, width: int, *, trend: bool = False) -> Line:
    """The headline figure, why it is not known if so, and how many things there are; a trend where no chart fits."""
    runs: list[Run] = []
    if facts.health is None:
        runs.append(Run("waiting for the first look", "waiting"))
    else:
        ink = "dim" if facts.health is Health.UNKNOWN else role(facts.health) if facts.health is not Health.OK else ""
        if facts.headline:
            runs.append(Run(facts.headline, ink or "strong"))
        if facts.note:
            runs.append(Run(("  " if runs else "") + facts.note, role(facts.health)))
    if facts.age:
        runs.append(Run(f"  {facts.age} old", "dim"))
    count = facts.count
    room = width - sum(len(run.text) for run in runs) - 4
    if trend and facts.plot is not None and room >= TREND_MIN:
        # The course says more than the number of things, where only one of them fits.
        count = count if room - len(count) >= TREND_MIN else ""
        ink = role(facts.health) if facts.health in {Health.WARNING, Health.CRITICAL} else "trend"
        limits = [limit.value for limit in facts.plot.limits] if facts.plot.direction is Direction.ABOVE else []
        cells = min(room - len(count), TREND_MAX)
        runs += [Run("  "), *trend_runs(facts.plot.values, cells, min(limits, default=0.0), ink)]
    told = sum(len(run.text) for run in runs)
    return apart(tuple(runs), (Run(count if told + 2 + len(count) <= width else "", "dim"),), width)


def standout_lines(standouts: Sequence[Standout], width: int, rows: int) -> list[Line]:
    """As many resources as there is room for; the last line counts the rest. Reasons are whole if all have room."""
    if rows < 1 or not standouts:
        return []
    shown = standouts if len(standouts) <= rows else standouts[: max(0, rows - 1)]
    names = _name_cells(shown, width)
    whole = [line for one in shown for line in _standout(one, names, width, whole=True)]
    if len(shown) == len(standouts) and len(whole) <= rows:
        return whole
    lines = [line for one in shown for line in _standout(one, names, width, whole=False)]
    rest = len(standouts) - len(shown)
    if rest:
        lines.append(fit((Run(f"  and {rest} more", "dim"),), width))
    return lines


def _name_cells(shown: Sequence[Standout], width: int) -> int:
    """Names of what is wrong are read first; the others may be cut, so that the reasons have room.

    In a narrow panel names are worth more than sentences, of which only the figure is kept.
    """
    wrong = [one for one in shown if one.health is not Health.OK]
    longest = max((len(one.name) for one in wrong or shown), default=0)
    figures = max((len(_short(one)) for one in shown), default=0)
    return min(longest, max(width // 2, width - 4 - min(figures, FIGURE_MOST)) if width < NARROW else width // 2)


def _short(one: Standout) -> str:
    return one.brief or one.figure.split(" · ", 1)[0]


def _standout(one: Standout, names: int, width: int, *, whole: bool) -> list[Line]:
    """One resource: its name, and its figure or reason, on one line or, as a whole, on as many as it takes."""
    room = width - names - 4
    texts = [_figures(one, room)]
    if whole and width >= NARROW and one.health is not Health.OK and room > 0:
        texts = wrap(brief(one.figure), room)
    # What is only remembered is quieter than the reason why it is.
    remembered = one.health is Health.UNKNOWN and not one.brief
    ink = "dim" if one.health is Health.OK or one.quiet or remembered else role(one.health)
    mark = Run(glyph(one.health), "dim" if one.quiet else role(one.health))
    first = (mark, Run(" "), Run(pad(one.name, names), "dim" if one.quiet else ""), Run("  "))
    lines = [fit((*first, Run(texts[0], ink)), width)]
    return lines + [fit((Run(" " * (names + 4)), Run(text, ink)), width) for text in texts[1:]]


def _figures(one: Standout, room: int) -> str:
    """Reason or figures, whole: the sentence, a shorter one, the first figures, or the one that tells it."""
    told = fitting(one.figure, "", room)[0]
    if len(told) <= room:
        return told
    if one.brief:
        return one.brief
    parts = one.figure.split(" · ")
    while len(parts) > 1 and len(" · ".join(parts)) > room:
        parts.pop()
    shown = " · ".join(parts)
    # `status available` without its label is understood; cut in the middle it is not.
    return shown if len(shown) <= room else shown.split(" ", 1)[-1]


def is_blind(facts: PanelFacts) -> bool:
    """Whether nothing of a service can be seen, or was ever: then why is all there is to say."""
    unseen = all(one.health is Health.UNKNOWN for one in facts.standouts)
    return facts.health is Health.UNKNOWN and not facts.headline and facts.plot is None and unseen


def blind_lines(facts: PanelFacts, width: int) -> list[Line]:
    """Why nothing is seen, and what would help: each reason once."""
    reasons = list(dict.fromkeys(one.figure for one in facts.standouts)) or [facts.note or "unknown"]
    return [fit((Run(text, "unknown"),), width) for reason in reasons for text in wrap(reason, width)]


def need_of(facts: PanelFacts, width: int) -> PanelNeed:
    """Lines that a panel needs, at a width."""
    if facts.health is None:
        return PanelNeed(2, 2, 2)
    if is_blind(facts):
        lines = 1 + min(BLIND_MOST, len(blind_lines(facts, width)))
        return PanelNeed(lines, lines, lines)
    count, charts = len(facts.standouts), sum(bool(plot.present) for plot in facts.plots)
    if facts.health is Health.UNKNOWN:
        # What is not known now is told in few lines: its last figures, why, and some names.
        return PanelNeed(2 + min(count, 1), 2 + min(count, NAMED_ROWS), 2 + min(count, NAMED_GOOD))
    least = 2 + min(count, NAMED_ROWS)
    return PanelNeed(
        least,
        max(least, 2 + (1 + CHART_GOOD if charts else 0) + min(count, NAMED_GOOD)),
        2 + (1 + CHART_MOST) * charts + min(count, NAMED_MOST),
    )


def panel_lines(facts: PanelFacts, width: int, height: int, *, focused: bool) -> list[Line]:
    """The whole panel in at most `height` lines of `width` cells."""
    if is_blind(facts):
        return [title_line(facts, width, focused=focused), *blind_lines(facts, width)][:height]
    charts = chart_lines(facts, width, height - 2)
    lines = [title_line(facts, width, focused=focused), figure_line(facts, width, trend=not charts), *charts]
    lines += standout_lines(facts.standouts, width, height - len(lines))
    return lines[:height]


def chart_lines(facts: PanelFacts, width: int, room: int) -> list[Line]:
    """As many charts as `room` lines hold, each below its title; what stands out keeps half of a high panel."""
    named = min(len(facts.standouts), NAMED_ROWS if room < 2 * CHART_ROWS else max(NAMED_ROWS, room // 2))
    plots = [plot for plot in facts.plots if plot.present]
    while plots:
        # A second chart must be a good one; the first may be low.
        least = CHART_ROWS - 1 if len(plots) == 1 else CHART_GOOD
        height = min((room - named) // len(plots) - 1, CHART_MOST)
        if height >= least:
            return [line for one in plots for line in (_plot_title(one, width), *plot_lines(one, width, height))]
        plots.pop()
    return []


def _plot_title(plot: Plot, width: int) -> Line:
    limit = f" · limit {plot.direction.value} {format_figure(plot.limits[0].value, plot.unit)}" if plot.limits else ""
    newest = "" if plot.unit is Unit.COUNT and plot.latest is None else f"  {format_figure(plot.latest, plot.unit)}"
    return fit((Run(plot.title, "dim"), Run(newest), Run(limit, "dim")), width)
