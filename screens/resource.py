"""One resource: its course, what it is, what is wrong with it, and everything that was read of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age
from screens.base import CockpitScreen
from screens.context import Context
from screens.places import ResourcePlace, Visit
from screens.sight import View
from screens.telemetry import resource_plots
from widgets.attention import AttentionList
from widgets.charts import ChartStrip
from widgets.facts import FactList, FactRow, empty_facts, fact_rows, section, text_rows
from widgets.listing import Listing

SIDE_BY_SIDE = 100
"""From this width on, facts stand beside the charts."""
CHART_LINES = (8, 18)
"""A chart is no lower and no higher than this; what does not fit is scrolled."""


class ResourceScreen(CockpitScreen):
    """Charts and facts of a resource; `y` shows the raw data."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "raw", "Raw data", id="resource.raw"),
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy", id="screen.copy"),
    ]

    def __init__(self, context: Context, key: str, environment: EnvironmentId | None) -> None:
        super().__init__(context)
        self._key = key
        self._environment = environment
        self._resource: Resource | None = None
        self._name = key.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
        self._facts = FactList(id="facts")
        self._findings = AttentionList(id="findings", with_environment=environment is None)

    def compose_body(self) -> ComposeResult:
        """Findings over charts and facts; the raw data in their place on demand."""
        yield self._findings
        with Horizontal(id="resource-body"):
            with VerticalScroll(id="charts-scroll"):
                yield ChartStrip(id="charts", all_rows=True)
            yield self._facts
        with VerticalScroll(id="raw"):
            yield Static("", id="raw-text", markup=False)

    def on_mount(self) -> None:
        """The facts have the first word: they can be walked."""
        self.set_focus(self._facts)

    def trail(self) -> tuple[str, ...]:
        """Environment, service, name."""
        where = (str(self._environment),) if self._environment else ()
        service = (self._resource.slot.service,) if self._resource else ()
        return (*where, *service, self._name)

    def environment_id(self) -> EnvironmentId | None:
        """The environment that it was opened from."""
        return self._environment

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """Its own slot."""
        resource = snapshot.resource(self._key)
        return frozenset({resource.slot}) if resource else frozenset()

    def panels(self) -> Iterable[Widget]:
        """1 charts, 2 facts, 3 findings."""
        return (self.query_one("#charts-scroll"), self._facts, self._findings)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew."""
        resource = snapshot.resource(self._key)
        findings = self._own_findings(snapshot)
        self._findings.display = bool(findings)
        self._findings.show(findings, now, waiting=False)
        self._findings.styles.height = min(self._findings.lines_wanted, max(2, self.size.height // 5))
        if resource is None:
            self._facts.show((FactRow("gone", "not here", "It is no longer there, or was not found yet."),))
            return
        self._resource, self._name = resource, resource.name
        self._show_charts(resource, View(snapshot, self.context, now))
        self._facts.show(_rows(resource, snapshot, now))
        if self.has_class("-raw"):
            self._show_raw()

    def _own_findings(self, snapshot: Snapshot) -> list[Finding]:
        found = [finding for finding in snapshot.findings if finding.resource == self._key]
        return [one for one in found if self._environment in {None, one.environment}]

    def _show_charts(self, resource: Resource, view: View) -> None:
        spec = self.context.catalogue.service(resource.slot.service)
        threshold = partial(view.threshold, self._environment)
        plots = resource_plots(resource, spec, threshold, view.now) if spec else []
        self.query_one(ChartStrip).show(plots)
        self.query_one("#charts-scroll").display = bool(plots)
        self._arrange()

    def on_resize(self) -> None:
        """Side by side, or below each other."""
        self._arrange()

    def _arrange(self) -> None:
        strip = self.query_one(ChartStrip)
        wide = self.size.width >= SIDE_BY_SIDE
        self.set_class(not wide, "-stacked")
        strip.columns = 2 if self.size.width >= 160 else 1
        body = self.size.height - 4
        room = body if wide else body * 3 // 5
        least, most = CHART_LINES
        strip.chart_height = min(most, max(least, room // max(1, strip.grid_row_count)))

    def action_raw(self) -> None:
        """Everything that was read, as it is kept."""
        self.toggle_class("-raw")
        if self.has_class("-raw"):
            self._show_raw()
            self.set_focus(self.query_one("#raw"))
        else:
            self.set_focus(self._facts)

    def _show_raw(self) -> None:
        if self._resource is not None:
            self.query_one("#raw-text", Static).update(raw_text(self._resource))

    def action_back(self) -> None:
        """From the raw data to the charts; then one step back."""
        if self.has_class("-raw"):
            self.action_raw()
        else:
            super().action_back()

    def text_to_copy(self) -> str | None:
        """The raw data where it is shown; the fact under the cursor; else the ARN or URL."""
        if self.has_class("-raw") and self._resource is not None:
            return raw_text(self._resource)
        row = self._facts.chosen if self.focused is self._facts else None
        return row.text if row is not None and row.text else self._key

    @on(Listing.Chosen, "#facts")
    def _open_related(self, event: Listing.Chosen) -> None:
        event.stop()
        row = self._facts.chosen
        if row is not None and row.target is not None:
            self.post_message(Visit(ResourcePlace(row.target, self._environment)))

    @on(Listing.Chosen, "#findings")
    def _stay(self, event: Listing.Chosen) -> None:
        event.stop()


def _rows(resource: Resource, snapshot: Snapshot, now: float) -> list[FactRow]:
    """Identity, facts, relations, tags."""
    observation = snapshot.observations.get(resource.slot)
    age = observation.age_seconds(now) if observation else None
    account = next((one for one in snapshot.accounts if one.name == resource.slot.account), None)
    seen = f"{format_age(age)} ago" if age is not None else "–"
    about = {
        "kind": resource.kind.replace("_", " "),
        "account": f"{resource.slot.account} ({account.account_id})" if account else resource.slot.account,
        "region": resource.slot.region,
        "seen": seen,
        "stack": resource.stack or "",
    }
    targets = {name: key for name, wanted in resource.related.items() if (key := _find(wanted, resource, snapshot))}
    named = {name: _named(wanted, targets.get(name), snapshot) for name, wanted in resource.related.items()}
    return [
        *section("RESOURCE", text_rows("about", {name: text for name, text in about.items() if text})),
        *section("FACTS", (*fact_rows(resource.facts, now), *empty_facts(resource.facts))),
        *section("RELATED", text_rows("related", named, targets)),
        *section("TAGS", text_rows("tag", resource.tags)),
        *section("ID", [FactRow("id", "", resource.key)]),
    ]


def _find(wanted: str, resource: Resource, snapshot: Snapshot) -> str | None:
    """Key of a related resource, which is known by key or by its name in the same slot."""
    if snapshot.resource(wanted) is not None:
        return wanted
    observation = snapshot.observations.get(resource.slot)
    beside = observation.resources if observation else ()
    return next((one.key for one in beside if one.name == wanted and one.key != resource.key), None)


def _named(wanted: str, key: str | None, snapshot: Snapshot) -> str:
    found = snapshot.resource(key) if key else None
    return found.name if found else wanted


def raw_text(resource: Resource) -> str:
    """The resource as JSON, as it is kept: facts, tags, relations and series."""
    plain: dict[str, Any] = {
        "key": resource.key,
        "slot": asdict(resource.slot),
        "kind": resource.kind,
        "name": resource.name,
        "stack": resource.stack,
        "shared": resource.shared,
        "facts": dict(resource.facts),
        "tags": dict(resource.tags),
        "related": dict(resource.related),
        "series": {
            name: {
                "start": series.start,
                "period_seconds": series.period_seconds,
                "coverage": series.coverage.value,
                "values": list(series.values),
            }
            for name, series in resource.series.items()
        },
    }
    return _one_line_lists(json.dumps(plain, indent=2, ensure_ascii=False, default=str))


def _one_line_lists(text: str) -> str:
    """Lists of figures on one line each: a series is read across, not down."""
    lines: list[str] = []
    held: list[str] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if held is None and line.endswith('"values": ['):
            held = [line]
        elif held is not None:
            held.append(stripped)
            if stripped in {"]", "],"}:
                lines.append(held[0] + " ".join(held[1:-1]) + stripped)
                held = None
        else:
            lines.append(line)
    return "\n".join(lines)
