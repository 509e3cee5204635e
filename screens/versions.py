"""The versions of one resource, which of them its aliases serve, and what differs between two."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Detail, Version
from cockpit.model.resource import Fact, Resource
from cockpit.model.snapshot import Snapshot
from screens.base import CockpitScreen
from screens.context import Context
from screens.inspected import versioned
from screens.view_table import ViewColumn, ViewTable
from widgets.attention_items import failure_words
from widgets.heading import Heading
from widgets.line import Line, Run
from widgets.listing import Listing
from widgets.text_lines import TextLines
from widgets.version_difference import aliases_text, before_of, served_by, version_difference
from widgets.version_lists import DifferenceList, VersionList

SIDE_BY_SIDE = 150
"""From this width on, the difference stands beside the list."""
AGAIN_SECONDS = 30.0
"""After a failure it is asked again when so long has passed."""
_MOVES = ("version", "routing", "revision_id", "code_sha256")
"""Facts of a function and its aliases that change with its versions."""


class VersionsScreen(CockpitScreen):
    """Versions, newest first. The one under the cursor is compared with the one before, or with a marked one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy", tooltip="Copy what is under the cursor, over ssh too", id="screen.copy"),
    ]

    def __init__(self, context: Context, key: str) -> None:
        super().__init__(context)
        self._key = key
        self._resource: Resource | None = None
        self._owner: Resource | None = None
        self._detail: Detail | None = None
        self._asking = False
        self._asked_for: tuple[Fact, ...] | None = None
        self._list = VersionList(id="versions")
        self._difference = DifferenceList(id="difference")

    def compose_body(self) -> ComposeResult:
        """What could not be read, the versions, and what differs."""
        yield TextLines(id="failures")
        with Horizontal(id="versions-body"):
            yield self._list
            with Vertical(id="difference-panel"):
                yield Heading("DIFFERENCE", id="difference-heading")
                yield self._difference

    def on_mount(self) -> None:
        """The versions have the first word."""
        self.set_focus(self._list)

    def trail(self) -> tuple[str, ...]:
        """Service, name, and that these are its versions."""
        if self._owner is None:
            return (self._key.rsplit(":", 1)[-1], "versions")
        return (self._owner.slot.service, self._owner.name, "versions")

    def panels(self) -> Iterable[Widget]:
        """1 the versions, 2 the difference."""
        return (self._list, self._difference)

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """The slot of its function."""
        resource = snapshot.resource(self._key)
        return frozenset({resource.slot}) if resource else frozenset()

    def show(self, snapshot: Snapshot, now: float) -> None:
        """The versions as last read; they are read again when an alias has moved or the code has changed."""
        resource = snapshot.resource(self._key)
        if resource is not None:
            self._resource, self._owner = resource, versioned(resource, snapshot, self.context)
        if self._owner is not None:
            state = _state(self._owner, snapshot)
            failed = self._detail is not None and bool(self._detail.failures)
            again = failed and self._detail is not None and now - self._detail.asked_at >= AGAIN_SECONDS
            if not self._asking and (state != self._asked_for or again):
                self._asking, self._asked_for = True, state
                self.run_worker(self._load(self._owner.key), group="detail", exclusive=True)
        self._show_versions(now)

    async def _load(self, key: str) -> None:
        detail = await asyncio.wrap_future(self.context.source.detail(key))
        first = self._detail is None or not self._detail.versions
        # What was read before stays where nothing but failures came.
        self._detail = detail if detail.versions or first or self._detail is None else _kept(self._detail, detail)
        self._asking = False
        if not self.stands:
            return
        self._show_versions(self.context.clock())
        if first:
            served = served_by(detail.versions, self._alias())
            if served is not None:
                self._list.move_to(served.name)
            self._compare()

    def _alias(self) -> str:
        """The alias that one came from."""
        return str(self._resource.facts.get("alias") or "") if self._resource is not None else ""

    def _show_versions(self, now: float) -> None:
        detail = self._detail
        failures = detail.failures if detail else ()
        self.query_one("#failures", TextLines).lines = tuple(
            (
                Run(" ? ", "unknown"),
                Run(failure_words(one), "unknown"),
                Run(f" – {one.remedy}" if one.remedy else "", "dim"),
            )
            for one in failures[:3]
        )
        self._list.show(detail.versions if detail else (), now, self._message())
        self._arrange()
        self._compare()

    def _message(self) -> Line:
        """Why there is no version."""
        if self._detail is None:
            gone = self.snapshot is not None and self._owner is None
            return (Run(" It is no longer there." if gone else " Reading the versions …", "dim"),)
        if self._detail.failures:
            return (Run(f" {self._detail.failures[0].message}", "unknown"),)
        return (Run(" No version has been published.", "dim"),)

    # The difference.

    def _compared(self) -> tuple[Version, Version] | None:
        """(older, newer) of the two that are compared."""
        chosen, versions = self._list.chosen, self._list.versions
        if chosen is None:
            return None
        marked = next((one for one in versions if one.name == self._list.marked), None)
        other = marked if marked is not None and marked.name != chosen.name else before_of(versions, chosen)
        if other is None:
            return None
        names = [version.name for version in versions]
        older_first = names.index(other.name) > names.index(chosen.name)
        return (other, chosen) if older_first else (chosen, other)

    @on(Listing.Highlighted, "#versions")
    def _compare(self) -> None:
        pair, chosen = self._compared(), self._list.chosen
        heading = self.query_one("#difference-heading", Heading)
        if pair is None or chosen is None:
            self._list.compared = None
            heading.detail = ""
            words = " The oldest version that is kept; there is none before it." if chosen is not None else ""
            self._difference.show(None, (Run(words, "dim"),))
            return
        before, after = pair
        self._list.compared = before.name if chosen is after else after.name
        self._list.refresh()
        marked = self._list.marked in {before.name, after.name} and self._list.marked != chosen.name
        heading.detail = f"{before.name} to {after.name}" + (", marked" if marked else "")
        self._difference.show(version_difference(before, after, self._list.now))

    # Room.

    def on_resize(self) -> None:
        """Side by side, or below each other."""
        self._arrange()

    def _arrange(self) -> None:
        wide = self.size.width >= SIDE_BY_SIDE
        self.set_class(not wide, "-stacked")
        # Below each other, the list takes what it needs, and no more than half.
        lines = min(self._list.lines_wanted, max(4, (self.size.height - 4) // 2))
        self._list.styles.height = "1fr" if wide else lines

    def text_to_copy(self) -> str | None:
        """The ARN of the version under the cursor."""
        chosen = self._list.chosen
        return f"{self._owner.key}:{chosen.name}" if chosen is not None and self._owner is not None else None

    def table(self) -> ViewTable | None:
        """The versions, to be saved."""
        names = dict.fromkeys(name for version in self._list.versions for name in version.facts)
        columns = (ViewColumn("version"), ViewColumn("published_at", moment=True), ViewColumn("aliases"))
        rows = tuple(
            (version.name, version.at, aliases_text(version), *(version.facts.get(name) for name in names))
            for version in self._list.versions
        )
        return ViewTable((*columns, *map(ViewColumn, names)), rows)


def _state(owner: Resource, snapshot: Snapshot) -> tuple[Fact, ...]:
    """What tells that versions have changed: facts of the function, and of the aliases that belong to it."""
    observation = snapshot.observations.get(owner.slot)
    beside = observation.resources if observation else ()
    parts = [one for one in beside if {owner.key, owner.name} & set(one.related.values())]
    return tuple(one.facts.get(fact) for one in (owner, *parts) for fact in _MOVES)


def _kept(known: Detail, newer: Detail) -> Detail:
    """What was known, with what went wrong since."""
    return Detail(known.resource, known.versions, known.facts, newer.failures, newer.asked_at)
