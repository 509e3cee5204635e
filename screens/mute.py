"""The dialog in which one says something about a finding: that one knows of it, or that it is to be silent."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from cockpit.model.mute import Mute, MuteKind
from cockpit.model.text import harmless
from screens.dialog import Dialog
from widgets.line import Line, wrap
from widgets.one_of import OneOf
from widgets.said import said_text
from widgets.text_lines import TextLines

HOUR = 3600.0
SPANS: tuple[tuple[str, float], ...] = (
    ("1 h", HOUR),
    ("4 h", 4 * HOUR),
    ("1 day", 24 * HOUR),
    ("1 week", 7 * 24 * HOUR),
)
"""For how long."""
UNTIL_OVER = "until it is over"
NOTE_MOST = 200
"""Characters of a note."""
_LABELS = 8
_MEANS = {
    MuteKind.ACKNOWLEDGED: "It counts as before, and is listed after what nobody has seen yet.",
    MuteKind.MUTED: "It counts no more: not in health, not in exit codes. It is listed last. What is unseen stays ?.",
    None: "As if nothing had been said.",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was said."""

    kind: MuteKind | None
    """None: what was said before is taken back."""
    note: str = ""
    seconds: float | None = None
    """For how long; None: until it is over."""


def user_name() -> str:
    """Who is at the keyboard, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # A process without an entry in the password file, in a container.
        return f"user {os.getuid()}"


class MuteScreen(Dialog[Remark | None]):
    """Acknowledge, mute, or take back. Ends with what was said, or with None if nothing shall change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Apply", priority=True, id="mute.apply"),
        Binding("down,tab", "app.focus_next", "Next line", show=False, priority=True, id="mute.next"),
        Binding("up,shift+tab", "app.focus_previous", "Previous line", show=False, priority=True, id="mute.previous"),
        Binding("escape", "leave", "Leave as it is", id="mute.leave"),
    ]

    def __init__(self, about: Sequence[Line], said: Mute | None, now: float) -> None:
        """Make the dialog.

        Args:
            about: The finding, in words.
            said: What was said about it before.
            now: Epoch seconds.
        """
        super().__init__("Acknowledge or mute")
        self._about = tuple(about)
        self._said = said
        self._now = now
        self._kinds: tuple[MuteKind | None, ...] = (MuteKind.ACKNOWLEDGED, MuteKind.MUTED, *((None,) if said else ()))
        names = ("Acknowledge", "Mute", *(("Take back",) if said else ()))
        index = self._kinds.index(said.kind) if said else 0
        self._kind = OneOf("what", names, index=index, label_width=_LABELS, id="mute-kind")
        self._span = OneOf("how long", self._spans(), label_width=_LABELS, id="mute-span")
        self._note = Input(said.note if said else "", id="mute-note", max_length=NOTE_MOST, compact=True)

    def compose_body(self) -> ComposeResult:
        """The finding, what was said about it, what to say, and what that means."""
        yield TextLines(id="mute-about")
        yield Static(id="mute-said", markup=False)
        yield self._kind
        yield self._span
        with Horizontal(id="mute-note-line"):
            yield Static("note", id="mute-note-label", markup=False)
            yield self._note
        yield Static(id="mute-means", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one("#mute-about", TextLines).lines = self._about
        before = self.query_one("#mute-said", Static)
        before.display = self._said is not None
        if self._said is not None:
            before.update(harmless(f"now: {said_text(self._said, self._now)}"))
        self.set_focus(self._kind)
        self._changed()

    @property
    def kind(self) -> MuteKind | None:
        """What is chosen."""
        return self._kinds[self._kind.index]

    def _spans(self) -> tuple[str, ...]:
        """An acknowledgement may last until it is over; a mute has an end."""
        endless = (UNTIL_OVER,) if self.kind is MuteKind.ACKNOWLEDGED else ()
        return (*endless, *(name for name, _ in SPANS))

    @on(OneOf.Changed, "#mute-kind")
    def _changed(self) -> None:
        self._span.choices = self._spans()
        self._span.display = self.query_one("#mute-note-line").display = self.kind is not None
        needed = "needed" if self.kind is MuteKind.MUTED else "if you like"
        self._note.placeholder = f"{needed}: why, which ticket"
        self._tell(_MEANS[self.kind])

    @on(Input.Changed)
    def _noted(self) -> None:
        self._tell(_MEANS[self.kind])

    def _tell(self, text: str, *, refused: bool = False) -> None:
        told = self.query_one("#mute-means", Static)
        told.set_class(refused, "-refused")
        told.update("\n".join(wrap(text, 68)))

    def action_apply(self) -> None:
        """Say it."""
        note = " ".join(harmless(self._note.value).split())
        if self.kind is MuteKind.MUTED and not note:
            self._tell("A mute needs a note: others must be able to see why it is silent.", refused=True)
            self.set_focus(self._note)
            return
        seconds = dict(SPANS).get(self._span.choices[self._span.index])
        self.dismiss(Remark(self.kind, note, seconds) if self.kind is not None else Remark(None))
