"""What is nearest to a limit while all is well: for a screen that has room and nothing to complain about."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import EnvironmentState
from screens.base import CockpitScreen
from screens.sight import View
from screens.telemetry import HOUR, closeness, rule_plot
from widgets.names import environment_text
from widgets.plot import Plot

AGAIN_SECONDS = 60.0
"""What is nearest is found out once in so long: data is no younger, and thousands of things are compared."""
_FOUND = 60
"""So many of the nearest are tried for a chart; most of them are the same thing in another environment."""


@dataclass(frozen=True, slots=True)
class Near:
    """A resource, and the rule whose limit it is near to."""

    nearness: float
    """1 is at the limit."""
    environment: EnvironmentId
    spec: ServiceSpec
    rule: Rule
    resource: Resource


def nearest(view: View, environments: Collection[EnvironmentState]) -> list[Near]:
    """The things nearest to a limit, nearest first. What is beyond one is not near it: it is a finding."""
    return heapq.nlargest(
        _FOUND, (one for state in environments for one in _near(view, state)), key=lambda one: one.nearness
    )


def _near(view: View, state: EnvironmentState) -> Iterator[Near]:
    for spec in view.context.specs:
        cell = state.cells.get(spec.key)
        unseen = view.unseen_slots(cell, spec) if cell is not None else frozenset()
        for resource in view.resources(cell) if cell is not None else ():
            for rule in spec.rules:
                if resource.kind in rule.kinds and resource.slot not in unseen:
                    near = closeness(rule, resource, spec, view.threshold(state.id, rule, resource))
                    if 0 < near < 1 and math.isfinite(near):
                        yield Near(near, state.id, spec, rule, resource)


def nearest_plots(view: View, environments: Collection[EnvironmentState], *, limit: int) -> list[Plot]:
    """Their last hours: first one of each rule, so that not every chart tells the same."""
    found = nearest(view, environments)
    told: set[tuple[str, str]] = set()
    first: list[Near] = []
    others: list[Near] = []
    for one in found:
        name = (one.spec.key, one.rule.key)
        (others if name in told else first).append(one)
        told.add(name)
    plots: list[Plot] = []
    for one in (*first, *others):
        if len(plots) == limit:
            break
        threshold = view.threshold(one.environment, one.rule, one.resource)
        plot = rule_plot(one.rule, one.resource, one.spec, threshold, view.now, length=HOUR)
        if plot is not None and any(plot.present) and all(plot.values != other.values for other in plots):
            title = f"{one.resource.name} {plot.title} · {environment_text(one.environment)}"
            plots.append(replace(plot, title=title))
    return plots


class NearestFeed:
    """Finds out what is nearest on another thread, and tells it. Only one look is under way at a time."""

    def __init__(self, screen: CockpitScreen, tell: Callable[[], None], *, limit: int) -> None:
        self.plots: tuple[Plot, ...] = ()
        self._screen = screen
        self._tell = tell
        self._limit = limit
        self._asked: tuple[float, frozenset[EnvironmentId]] | None = None

    def show(self, view: View, environments: Collection[EnvironmentState]) -> None:
        """Look again if it is time, or if other environments are in view. To be called with every snapshot."""
        names = frozenset(state.id for state in environments)
        before = self._asked
        if before is not None and before[1] == names and 0 <= view.now - before[0] < AGAIN_SECONDS:
            return
        self._asked = (view.now, names)
        self._screen.run_worker(self._find(view, tuple(environments)), group="nearest", exclusive=True)

    async def _find(self, view: View, environments: tuple[EnvironmentState, ...]) -> None:
        plots = tuple(await asyncio.to_thread(nearest_plots, replace(view), environments, limit=self._limit))
        if plots != self.plots and self._screen.stands:
            self.plots = plots
            self._tell()
