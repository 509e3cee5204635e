"""Everything that is acknowledged or muted: who said what, why and until when; to be changed or taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.mute import Mute
from cockpit.model.snapshot import Snapshot
from screens.base import CockpitScreen
from screens.context import Context
from screens.mute import MuteScreen, Remark, user_name
from screens.view_table import ViewColumn, ViewTable
from widgets.line import Run, wrap
from widgets.listing import Listing
from widgets.mutes_list import MuteList

_BOX = 66


class MutesScreen(CockpitScreen):
    """One list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mute", "Change", tooltip="Change it, or take it back", id="finding.mute"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._list = MuteList(id="mutes")

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield self._list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.set_focus(self._list)

    def trail(self) -> tuple[str, ...]:
        """Acknowledged and muted."""
        return ("acknowledged and muted",)

    def panels(self) -> Iterable[Widget]:
        """The list."""
        return (self._list,)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New state; the cursor stays."""
        self._list.show(snapshot.mutes, (finding.key for finding in snapshot.findings), now)

    def text_to_copy(self) -> str | None:
        """The entry in words."""
        mute = self._list.chosen
        return f"{mute.subject} · {mute.kind.value} by {mute.by}: {mute.note}" if mute else None

    def table(self) -> ViewTable | None:
        """The entries."""
        columns = tuple(ViewColumn(key, moment=key in {"at", "until"}) for key in _COLUMNS)
        rows = (
            (one.kind.value, one.subject, one.by, one.at, one.until, one.note, one.finding)
            for one in self._list.mutes.values()
        )
        return ViewTable(columns, tuple(rows))

    @on(Listing.Chosen, "#mutes")
    def _opened(self, event: Listing.Chosen) -> None:
        event.stop()
        self.action_mute()

    def action_mute(self) -> None:
        """Say something else, or take it back."""
        mute = self._list.chosen
        if mute is not None:
            about = [(Run(text, "strong"),) for text in wrap(mute.subject or mute.finding, _BOX)]
            self.app.push_screen(MuteScreen(about, mute, self.context.clock()), partial(self._said, mute))

    def _said(self, mute: Mute, remark: Remark | None) -> None:
        if remark is None:
            return
        if remark.kind is None:
            self.context.source.unmute(mute.finding, user_name())
            return
        now = self.context.clock()
        until = now + remark.seconds if remark.seconds is not None else None
        self.context.source.mute(replace(mute, kind=remark.kind, note=remark.note, by=user_name(), at=now, until=until))


_COLUMNS = ("kind", "subject", "by", "at", "until", "note", "finding")
