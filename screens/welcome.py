"""The first screen of whoever has configured nothing yet: what the cockpit is, and what can be done now."""

from __future__ import annotations

import enum
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.themes import THEMES


class Choice(enum.Enum):
    """What can be done without a configuration."""

    DEMO = "demo"
    INIT = "init"
    QUIT = "quit"


_WORDS = {
    Choice.DEMO: "Look at the demo: five systems on this machine, no AWS needed",
    Choice.INIT: "Write a first profiles.toml from my AWS profiles",
    Choice.QUIT: "Quit",
}
_ABOUT = """\
Nothing is configured yet.

The cockpit watches environments in many AWS accounts on one screen. It reads profiles.toml, \
which says which accounts there are and what belongs to which environment."""
_AFTER = "enter or a click chooses, q leaves. No file is ever written over; profiles.example.toml explains every key."


class WelcomeApp(App[Choice], inherit_bindings=False):
    """Three choices, by key or by mouse."""

    TITLE = "cockpit"
    CSS = """
    Screen { align: center middle; background: $background; }
    #welcome { width: 72; max-width: 100%; height: auto; padding: 1 2; background: $surface; }
    #title { width: 72; max-width: 100%; padding: 0 2; background: $primary; color: $background; text-style: bold; }
    #about { margin: 0 0 1 0; }
    #after { margin: 1 0 0 0; color: $text-muted; }
    OptionList, OptionList:focus { height: auto; border: none; padding: 0; background: $surface; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+c", "leave", "Quit", priority=True, id="welcome.quit"),
        Binding("j", "move(1)", "Down", show=False, id="welcome.down"),
        Binding("k", "move(-1)", "Up", show=False, id="welcome.up"),
    ]

    def __init__(self, *, offer_init: bool = True) -> None:
        """Make the app; `offer_init` says whether a file may be written."""
        super().__init__()
        self._choices = [one for one in Choice if offer_init or one is not Choice.INIT]
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        """Words over choices."""
        yield Static("Welcome to the cockpit", id="title", markup=False)
        with Vertical(id="welcome"):
            yield Static(_ABOUT, id="about", markup=False)
            yield OptionList(*(Option(_WORDS[one], id=one.value) for one in self._choices))
            yield Static(_AFTER, id="after", markup=False)

    def on_mount(self) -> None:
        """The choices have the focus."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.exit(Choice(event.option.id))

    def action_move(self, step: int) -> None:
        """Move as in every list of the cockpit."""
        choices = self.query_one(OptionList)
        choices.action_cursor_down() if step > 0 else choices.action_cursor_up()

    def action_leave(self) -> None:
        """Nothing was chosen."""
        self.exit(Choice.QUIT)


def welcome(*, offer_init: bool) -> Choice:
    """Show the screen; what was chosen."""
    return WelcomeApp(offer_init=offer_init).run() or Choice.QUIT
