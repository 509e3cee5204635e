"""The error log: everything that could not be seen, with what is missing and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from cockpit.model.snapshot import Snapshot
from screens.account_rows import failure_rows
from screens.base import CockpitScreen
from screens.context import Context
from widgets.facts import FactList, FactRow, section


class ErrorsScreen(CockpitScreen):
    """Open failures by account, and notices."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._list = FactList(id="errors")

    def compose_body(self) -> ComposeResult:
        """One list."""
        yield self._list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.set_focus(self._list)

    def trail(self) -> tuple[str, ...]:
        """Errors."""
        return ("errors",)

    def panels(self) -> Iterable[Widget]:
        """The list."""
        return (self._list,)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New state; the cursor stays."""
        self._list.show(error_rows(snapshot, now))

    def text_to_copy(self) -> str | None:
        """The line under the cursor."""
        row = self._list.chosen
        return row.text or row.label if row else None


def error_rows(snapshot: Snapshot, now: float) -> Sequence[FactRow]:
    """Notices first, then the failures of each account."""
    notices = [FactRow(f"notice|{text}", "", text, role="warning") for text in snapshot.notices]
    rows = [*section("NOTICES", notices)]
    for account in snapshot.accounts:
        failures = [
            FactRow(f"{account.name}|{row.key}", row.label, row.text, role=row.role)
            for index, failure in enumerate(account.failures)
            for row in failure_rows(failure, index, now)
        ]
        rows += section(account.name.upper(), failures)
    if rows:
        return rows
    if any(account.last_poll_at is None for account in snapshot.accounts):
        return [FactRow("none", "", "Nothing has failed so far; some accounts have not been looked at yet.")]
    return [FactRow("none", "", "Nothing has failed: everything that was asked for could be seen.")]
