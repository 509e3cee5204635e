"""Saves the view: as a picture or text, and what is listed as CSV or JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from cockpit.model.units import format_counted
from screens.dialog import Dialog
from screens.export import Shot, csv_text, json_text, plain_text, svg_text, write
from widgets.listing import Listing
from widgets.offers import Offer, OfferList

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True)
class Format:
    """A way to save."""

    suffix: str
    name: str
    about: str
    render: Callable[[Shot], str]


def formats(shot: Shot) -> tuple[Format, ...]:
    """The formats that make sense for a view."""
    known = [
        Format("svg", "SVG", "a picture of the screen", svg_text),
        Format("txt", "Text", "the screen as it reads", plain_text),
    ]
    table = shot.table
    if table is not None:
        count = len(table.rows)
        rows = f"{format_counted(count, 'row')}, {format_counted(len(table.columns), 'column')}, as filtered and sorted"
        known.append(Format("csv", "CSV", rows, lambda _: csv_text(table)))
        known.append(Format("json", "JSON", f"the same, with raw figures{'' if count else ' (no rows)'}", _json))
    return tuple(known)


def _json(shot: Shot) -> str:
    if shot.table is None:
        raise ValueError("nothing is listed here")
    return json_text(shot, shot.table)


def file_stem(shot: Shot) -> str:
    """`cockpit-tim-combo-prod-lambda-20260304-143205`, in local time."""
    moment = datetime.fromtimestamp(shot.at).astimezone().strftime("%Y%m%d-%H%M%S")
    return f"cockpit-{_NOT_IN_NAMES.sub('-', shot.name).strip('-.').lower() or 'view'}-{moment}"


class SaveScreen(Dialog[Path | None]):
    """Choose a format and a place. Ends with where it was saved, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", id="save.save"),
        Binding("tab", "app.focus_next", "Format or file", id="save.next"),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False, id="save.previous"),
        Binding("escape", "leave", "Do not save", id="save.leave"),
    ]

    def __init__(self, shot: Shot, *, folder: Path) -> None:
        """Make a dialog.

        Args:
            shot: What is saved.
            folder: Where, unless the path says otherwise.
        """
        super().__init__("Save this view")
        self._shot = shot
        self._folder = folder
        self._formats: Sequence[Format] = formats(shot)
        self._list = OfferList()
        self._refused: Path | None = None
        """A file that is there already, and would be replaced by a second enter."""

    def compose_body(self) -> ComposeResult:
        """Formats over a path."""
        yield self._list
        with Horizontal(id="save-line"):
            yield Label("to ")
            yield Input(compact=True)

    def on_mount(self) -> None:
        """A picture, unless there is a table."""
        self._list.show([Offer(one.suffix, one.name, one.about) for one in self._formats])
        if self._shot.table is not None:
            self._list.move_to("csv")
        self.query_one(Input).value = f"{file_stem(self._shot)}.{self._chosen.suffix}"
        self.set_focus(self._list)

    @property
    def _chosen(self) -> Format:
        return self._formats[self._list.cursor_index]

    @on(Listing.Highlighted)
    def _another_format(self, event: Listing.Highlighted) -> None:
        event.stop()
        box = self.query_one(Input)
        known = tuple(f".{one.suffix}" for one in self._formats)
        if box.value.endswith(known):
            box.value = f"{box.value.rpartition('.')[0]}.{self._chosen.suffix}"

    @on(Input.Changed)
    def _another_path(self, event: Input.Changed) -> None:
        event.stop()
        self._refused = None
        self.say("")

    @on(Listing.Chosen)
    @on(Input.Submitted)
    def _entered(self, event: Listing.Chosen | Input.Submitted) -> None:
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save, or say why not."""
        typed = self.query_one(Input).value.strip()
        if not typed:
            self.say("Type a file name.")
            return
        self._save((self._folder / Path(typed).expanduser()).absolute(), self._chosen)

    @work(exclusive=True)
    async def _save(self, path: Path, form: Format) -> None:
        replace = path == self._refused

        def save() -> None:
            write(path, form.render(self._shot), replace=replace)

        try:
            await asyncio.to_thread(save)
        except FileExistsError:
            self._refused = path
            self.say(f"{path.name} is there already. Enter again replaces it.")
        except (OSError, ValueError, RuntimeError) as error:
            self.say(f"It could not be saved: {_why(error)}.")
        else:
            self.dismiss(path)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such folder"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
