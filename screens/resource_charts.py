"""The charts of one resource over a span that one chooses. Nothing here waits: what has to be asked for comes later."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message

from cockpit.model.ids import EnvironmentId
from cockpit.model.inquiry import Course
from cockpit.model.resource import Resource
from cockpit.model.units import Unit, format_figure
from screens.context import Source
from screens.courses import SPANS, Courses, has_spans
from screens.sight import View
from screens.telemetry import resource_plots
from widgets.attention_items import failure_words
from widgets.charts import ChartStrip
from widgets.glyphs import CHANGE
from widgets.line import Line, Run, join
from widgets.plot import Plot
from widgets.plot_axis import Mark
from widgets.span_bar import SpanBar
from widgets.times import clock, moment_text

SMALLEST_USD = 0.0001
TWO_COLUMNS = 160
"""From this width of the screen on, charts may stand beside each other."""
ENOUGH_LINES = 10
CHART_LINES = (8, 18)
"""A chart is no lower and no higher than this; what does not fit is scrolled."""


class ResourceCharts(Vertical):
    """The spans, and below them a chart of everything that is measured."""

    DEFAULT_CSS = """
    ResourceCharts #charts-scroll { height: 1fr; scrollbar-size-vertical: 1; }
    """

    class Came(Message):
        """What was asked for is there, or another span was chosen: show it."""

    def __init__(self, key: str, source: Source, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._key = key
        self._source = source
        self._courses = Courses()
        self._bar = SpanBar(SPANS, id="span")
        self._strip = ChartStrip(id="charts", all_rows=True)

    def compose(self) -> ComposeResult:
        """The spans stay where they are; the charts are scrolled."""
        yield self._bar
        with VerticalScroll(id="charts-scroll"):
            yield self._strip

    @property
    def span(self) -> int:
        """Seconds that are shown."""
        return self._bar.span

    def show(self, resource: Resource, view: View, environment: EnvironmentId | None, marks: Sequence[Mark]) -> None:
        """The newest state, by the limits of `environment`; `marks` are the moments at which something was changed."""
        spec = view.context.catalogue.service(resource.slot.service)
        limits = partial(view.threshold, environment)
        spans = spec is not None and has_spans(resource, spec)
        plots: list[Plot] = []
        if spec is not None and spans:
            if self._courses.is_due(self.span, resource, spec, view.now):
                self._ask(self.span, view.now)
            plots = self._courses.plots(resource, spec, limits, view.now, span=self.span, before=self._strip.plots)
        elif spec is not None:
            plots = resource_plots(resource, spec, limits, view.now)
        self._bar.display = spans
        course = self._courses.course(self.span)
        self._bar.told = span_words(plots, marks, course, view.now, asking=self._courses.is_asking(self.span))
        self._strip.show([plot.changed_at(marks) for plot in plots])
        self.display = bool(plots)

    def share_room(self, width: int, height: int) -> None:
        """Charts below each other as long as they are high enough, else beside each other where there is width."""
        least, most = CHART_LINES
        count = max(1, len(self._strip.plots))
        self._strip.columns = 2 if width >= TWO_COLUMNS and height // count < ENOUGH_LINES else 1
        self._strip.chart_height = min(most, max(least, height // max(1, self._strip.grid_row_count)))

    def step(self, step: int) -> None:
        """A longer or shorter span."""
        index = SPANS.index(self.span) + step
        if self._bar.display and 0 <= index < len(SPANS):
            self.choose(SPANS[index])

    def choose(self, span: int) -> None:
        """Show so many seconds."""
        self._bar.span = span
        self.post_message(self.Came())

    @on(SpanBar.Chosen)
    def _chosen(self, event: SpanBar.Chosen) -> None:
        event.stop()
        self.choose(event.span)

    def _ask(self, span: int, now: float) -> None:
        self._courses.asked(span, now)
        self.run_worker(self._load(span), group=f"course {span}", exclusive=True)

    async def _load(self, span: int) -> None:
        self._courses.came(await asyncio.wrap_future(self._source.course(self._key, span)))
        self.post_message(self.Came())


def span_words(
    plots: Sequence[Plot], marks: Sequence[Mark], course: Course | None, now: float, *, asking: bool
) -> Line:
    """Beside the spans: what is being asked, what failed, the newest change on the charts, and what asking cost."""
    drawn = [plot for plot in plots if plot.present]
    shown = [mark for mark in marks if any(plot.start <= mark.at < plot.end for plot in drawn)]
    parts: list[Line] = []
    if asking:
        parts.append((Run("loading …", "strong"),))
    if course is not None and course.failures:
        parts.append((Run(f"? {failure_words(course.failures[0])}", "unknown"),))
    if shown:
        more = f", {len(shown) - 1} before" if len(shown) > 1 else ""
        parts.append((Run(f"{CHANGE} ", "mark"), Run(f"{moment_text(shown[-1].at, now)} {shown[-1].words}{more}")))
    if course is not None:
        parts.append((Run(f"asked {clock(course.asked_at)}{_cost_text(course.cost_usd)}", "dim"),))
    return join(parts, " · ")


def _cost_text(cost_usd: float) -> str:
    """What asking cost, unless it was nothing."""
    if cost_usd <= 0:
        return ""
    return " for less than $0.0001" if cost_usd < SMALLEST_USD else f" for {format_figure(cost_usd, Unit.USD)}"
