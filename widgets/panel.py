"""A panel: one service of one environment, with its figures, the last hour, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from cockpit.model.rule import Direction
from cockpit.model.units import Unit, format_figure
from cockpit.model.verdict import Health
from widgets.glyphs import RULE, WORD, glyph, role
from widgets.line import Line, Run, apart, fit, pad, wrap
from widgets.painted import Painted
from widgets.plot import Plot, plot_lines
from widgets.reasons import brief, fitting
from widgets.spark import sparkline

CHART_ROWS = 5
"""Fewer lines than this make no chart."""
CHART_MOST = 20
TREND_MIN, TREND_MAX = 6, 30
NAMED_ROWS = 3
"""Lines kept for resources before the chart grows."""


@dataclass(frozen=True, slots=True)
class Standout:
    """A resource worth naming in a panel."""

    health: Health
    name: str
    figure: str
    """Its figure, or why it is not ok."""


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
    plot: Plot | None
    standouts: tuple[Standout, ...]


def title_line(facts: PanelFacts, width: int, *, focused: bool) -> Line:
    """`1 LAMBDA ─────────── ✖ critical`."""
    ink = role(facts.health)
    word = WORD[facts.health] if facts.health else "waiting"
    right: Line = (Run(f" {glyph(facts.health)} {word}", ink),)
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
        ink = "trend" if facts.health in {Health.OK, None} else role(facts.health)
        limits = [limit.value for limit in facts.plot.limits] if facts.plot.direction is Direction.ABOVE else []
        cells = min(room - len(count), TREND_MAX)
        runs.append(Run("  " + sparkline(facts.plot.values, cells, min(limits, default=0.0)), ink))
    told = sum(len(run.text) for run in runs)
    return apart(tuple(runs), (Run(count if told + 2 + len(count) <= width else "", "dim"),), width)


def standout_lines(standouts: Sequence[Standout], width: int, rows: int) -> list[Line]:
    """As many resources as there is room for; the last line counts the rest. Reasons are whole if all have room."""
    if rows < 1 or not standouts:
        return []
    shown = standouts if len(standouts) <= rows else standouts[: max(0, rows - 1)]
    # Names of what is wrong are read first; the others may be cut, so that the reasons have room.
    wrong = [one for one in shown if one.health is not Health.OK]
    names = min(max((len(one.name) for one in wrong or shown), default=0), width // 2)
    whole = [line for one in shown for line in _standout(one, names, width, whole=True)]
    if len(shown) == len(standouts) and len(whole) <= rows:
        return whole
    lines = [line for one in shown for line in _standout(one, names, width, whole=False)]
    rest = len(standouts) - len(shown)
    if rest:
        lines.append(fit((Run(f"  and {rest} more", "dim"),), width))
    return lines


def _standout(one: Standout, names: int, width: int, *, whole: bool) -> list[Line]:
    """One resource: its name, and its figure or reason, on one line or, as a whole, on as many as it takes."""
    room = width - names - 4
    texts = [fitting(one.figure, "", room)[0]]
    if whole and one.health is not Health.OK and room > 0:
        texts = wrap(brief(one.figure), room)
    ink = role(one.health) if one.health is not Health.OK else "dim"
    first = (Run(glyph(one.health), role(one.health)), Run(" "), Run(pad(one.name, names)), Run("  "))
    lines = [fit((*first, Run(texts[0], ink)), width)]
    return lines + [fit((Run(" " * (names + 4)), Run(text, ink)), width) for text in texts[1:]]


def panel_lines(facts: PanelFacts, width: int, height: int, *, focused: bool) -> list[Line]:
    """The whole panel in at most `height` lines of `width` cells."""
    room = height - 2
    # What stands out has half of a high panel; a chart and its title have the rest.
    named = min(len(facts.standouts), NAMED_ROWS if room < 2 * CHART_ROWS else max(NAMED_ROWS, room // 2))
    chart = min(room - named - 1, CHART_MOST)
    charted = facts.plot is not None and bool(facts.plot.present) and chart >= CHART_ROWS - 1
    lines = [title_line(facts, width, focused=focused), figure_line(facts, width, trend=not charted)]
    if charted and facts.plot is not None:
        lines += [_plot_title(facts.plot, width), *plot_lines(facts.plot, width, chart)]
    lines += standout_lines(facts.standouts, width, height - len(lines))
    return lines[:height]


def lines_wanted(facts: PanelFacts) -> int | None:
    """Lines that show all of a panel without a chart; None where a chart takes whatever there is."""
    return None if facts.plot is not None and facts.plot.present else 3 + len(facts.standouts)


def _plot_title(plot: Plot, width: int) -> Line:
    limit = f" · limit {plot.direction.value} {format_figure(plot.limits[0].value, plot.unit)}" if plot.limits else ""
    newest = "" if plot.unit is Unit.COUNT and plot.latest is None else f"  {format_figure(plot.latest, plot.unit)}"
    return fit((Run(plot.title, "dim"), Run(newest), Run(limit, "dim")), width)


class ServicePanel(Painted, can_focus=True):
    """A panel. Enter, or a second click, opens the service."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,d", "choose", "Open", id="panel.open")]

    DEFAULT_CSS = """
    ServicePanel { height: 1fr; min-height: 5; padding: 0 1; }
    """

    facts: reactive[PanelFacts | None] = reactive(None)

    class Chosen(Message):
        """The service of a panel was opened."""

        def __init__(self, service: str) -> None:
            super().__init__()
            self.service = service

    def __init__(self, facts: PanelFacts, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(ServicePanel.facts, facts)
        self._drawn: list[Line] = []
        self._drawn_for: object = None

    def action_choose(self) -> None:
        """Open the service."""
        if self.facts is not None:
            self.post_message(self.Chosen(self.facts.service))

    def on_click(self, event: events.Click) -> None:
        """The first click gives the focus; a double click opens."""
        if event.chain > 1:
            self.action_choose()

    def on_focus(self) -> None:
        """Mark the title."""
        self.refresh()

    def on_blur(self) -> None:
        """Unmark the title."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line; drawn anew when something has changed."""
        width, height = self.content_size
        wanted = (self.facts, width, height, self.has_focus)
        if self._drawn_for != wanted:
            self._drawn = panel_lines(self.facts, width, height, focused=self.has_focus) if self.facts else []
            self._drawn_for = wanted
        over = self.backdrop("cursor") if self.has_focus and y == 0 else None
        return self.strip(self._drawn[y] if y < len(self._drawn) else (), width, over)
