"""The environment × service matrix over the whole fleet, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from cockpit.model.ids import EnvironmentId
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import EnvironmentState, Snapshot
from cockpit.model.verdict import Health
from widgets.glyphs import verdict
from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing
from widgets.matrix_cells import cell_line, folded_line, name_line, name_width, name_widths, need_of
from widgets.matrix_layout import FOLDED_WIDTH, GAP, ColumnNeed, MatrixLayout, lay_out

TAG_BESIDE = 100
"""From this width on, the tag of an environment stands beside its name."""


def worst_first(environments: Sequence[EnvironmentState]) -> tuple[EnvironmentState, ...]:
    """Worst first; equals keep their configured order. Those that only wait for a first look come after the unknown."""

    def badness(environment: EnvironmentState) -> float:
        state = verdict(environment)
        if state is Health.OK:
            return 0.25 if environment.muted else 0.0
        return 0.5 if state is None else state.rank

    return tuple(sorted(environments, key=badness, reverse=True))


class FleetMatrix(Listing):
    """Rows are environments, columns are services. Left and right choose a cell; enter opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "column(1)", "Service", tooltip="Next service", id="matrix.right"),
        Binding(
            "left", "column(-1)", "Previous service", show=False, tooltip="To the service on the left", id="matrix.left"
        ),
    ]

    chosen_column: reactive[str | None] = reactive(None)
    """Key of the service under the cursor; None while the whole environment is meant."""

    class CellChosen(Message):
        """An environment was opened, at one of its services if `service` is given."""

        def __init__(self, environment: EnvironmentId, service: str | None) -> None:
            super().__init__()
            self.environment = environment
            self.service = service

    def __init__(self, specs: Sequence[ServiceSpec], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.specs = {spec.key: spec for spec in sorted(specs, key=lambda spec: spec.order)}
        self.header_height = 1
        self.now = 0.0
        self.layout_plan = MatrixLayout(0, ())
        self._rows: Mapping[str, EnvironmentState] = {}
        self._ordered: tuple[EnvironmentState, ...] = ()
        self._widths = (6, 6)
        self._needs: dict[str, ColumnNeed] = {}
        self._stale_seconds: Mapping[str, float] = {}
        self.narrowed = False
        """Whether only part of the fleet is in view."""
        self.limits: Mapping[tuple[EnvironmentId, str], float] = {}
        """(environment, service) → what its course is measured against, where that is not the service's own limit."""

    def show(self, snapshot: Snapshot, now: float, stale_seconds: Mapping[str, float]) -> None:
        """Take a newer snapshot. `stale_seconds` tells for each service from which age on data concludes nothing."""
        self.now = now
        self._stale_seconds = stale_seconds
        self._ordered = worst_first(snapshot.environments)
        self._rows = {str(environment.id): environment for environment in self._ordered}
        self._widths = name_widths(self._ordered)
        self._plan()
        self.set_keys(tuple(self._rows))

    @property
    def chosen_environment(self) -> EnvironmentState | None:
        """The environment under the cursor."""
        return self._rows.get(self.cursor_key) if self.cursor_key else None

    def _plan(self) -> None:
        needs = []
        for key, spec in self.specs.items():
            cells = [row.cells[key] for row in self._ordered if key in row.cells]
            if cells:
                # A column never shrinks again: texts that come and go must not make the others jump.
                need = self._needs[key] = need_of(spec, cells, self._needs.get(key))
                needs.append(need)
        width = max(0, self.size.width - 2)
        name = name_width(self._widths, tagged=self._tagged)
        self.layout_plan = lay_out(width, min(name, width), needs)

    @property
    def _tagged(self) -> bool:
        """Whether the name of a protected environment is its tag, for want of room beside it."""
        return self.size.width < TAG_BESIDE

    def on_resize(self) -> None:
        """Fold the columns anew; the list's own handler runs after this one."""
        self._plan()

    # Choosing.

    def action_column(self, step: int) -> None:
        """Choose the next or previous service; left of the first is the environment itself."""
        plan = self.layout_plan
        choices = [None, *(column.key for column in (*plan.columns, *plan.folded))]
        at = choices.index(self.chosen_column) if self.chosen_column in choices else 0
        self.chosen_column = choices[max(0, min(at + step, len(choices) - 1))]

    def action_choose(self) -> None:
        """Open the environment, or its chosen service where it has one."""
        row = self.chosen_environment
        if row is not None:
            service = self.chosen_column if self.chosen_column in row.cells else None
            self.post_message(self.CellChosen(row.id, service))

    def on_click(self, event: events.Click) -> None:
        """A click chooses the cell under it too."""
        offset = event.get_content_offset(self)
        if offset is not None and self.row_at(offset.y) is not None:
            column = self.layout_plan.column_at(offset.x - 1)
            if column != self.chosen_column:
                self.chosen_column = column
                self._move(self.row_at(offset.y) or 0)
                event.prevent_default()

    # Drawing.

    def draw_header(self, width: int) -> Line:
        """The titles of the columns."""
        plan = self.layout_plan
        runs = [Run(" "), Run(pad("ENVIRONMENT", plan.name), "heading")]
        for column in plan.columns:
            ink = "chosen" if column.key == self.chosen_column else "heading"
            runs += [Run(" " * GAP), Run(column.title, ink), Run(" " * (column.width - len(column.title)))]
        if plan.folded:
            chosen = next((place.title for place in plan.folded if place.key == self.chosen_column), None)
            runs += [Run(" " * GAP), Run(chosen or f"+{len(plan.folded)} more", "chosen" if chosen else "heading")]
        return fit(tuple(runs), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One environment."""
        row, plan = self._ordered[index], self.layout_plan
        runs: list[Run] = [Run(" "), *name_line(row, self._widths, plan.name, tagged=self._tagged)]
        for column in plan.columns:
            place = replace(column, limit=self.limits.get((row.id, column.key), column.limit))
            drawn = cell_line(row.cells.get(column.key), place, self._stale_seconds[column.key], self.now)
            if index == self.cursor_index and column.key == self.chosen_column:
                drawn = tuple(Run(run.text, f"{run.role}" if run.role else "chosen") for run in drawn)
            runs += [Run(" " * GAP), *drawn]
        if plan.folded:
            runs += [Run(" " * GAP), *folded_line(row, plan.folded, self.chosen_column, FOLDED_WIDTH)]
        return (fit(tuple(runs), width),)

    def empty_lines(self) -> Sequence[Line]:
        """No environment is configured, none has been heard of yet, or none is in view."""
        if self.narrowed:
            return ((Run(" No environment draws on the accounts and regions in view.", "dim"),),)
        return (
            (Run(" No environments yet. They are read from profiles.toml; `cockpit --validate` shows it.", "dim"),),
        )
