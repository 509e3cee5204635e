"""The logins, one line each: how long they last, and who hangs on them."""

from __future__ import annotations

from textual import events
from textual.message import Message

from widgets.line import Line, Run
from widgets.logins import LoginSummary, strip_lines
from widgets.text_lines import TextLines


class LoginStrip(TextLines):
    """Lines of logins; a click on one that can be renewed asks for it."""

    class Chosen(Message):
        """Somebody wants to log in."""

        def __init__(self, login: str) -> None:
            super().__init__()
            self.login = login

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.offer = ""
        """Said where somebody must log in (`L logs in`); empty where nobody can."""
        self._logins: tuple[LoginSummary, ...] = ()

    def show(self, logins: tuple[LoginSummary, ...], now: float, width: int, *, most: int) -> None:
        """Take the newest state; of more than `most` lines the last tells how many are left out."""
        shown = logins if len(logins) <= most else logins[: max(1, most - 1)]
        self._logins = shown
        lines: tuple[Line, ...] = strip_lines(shown, now, width, offer=self.offer)
        left = len(logins) - len(shown)
        self.lines = (*lines, (Run(f"   and {left} more that last longer", "dim"),)) if left else lines

    def on_click(self, event: events.Click) -> None:
        """Ask for the login of this line."""
        offset = event.get_content_offset(self)
        if self.offer and offset is not None and offset.y < len(self._logins):
            event.stop()
            self.post_message(self.Chosen(self._logins[offset.y].login))
