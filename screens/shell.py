"""What is the same wherever one is: how the program looks, which keys it has, what part of the fleet is in view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cockpit.model.snapshot import Snapshot
from screens.commands import Command
from screens.context import Context
from screens.login import LoginScreen
from screens.palette import PaletteScreen, recent_titles, remember_recent
from screens.picker import account_picker, region_picker
from screens.places import Place
from screens.scope import EVERYTHING, Scope
from screens.themes import OF_THE_TERMINAL, THEMES, sixteen_colours, with_an_accent_of_its_own
from widgets.glyphs import ASCII_KEYS
from widgets.inks import INK_CLASSES, INK_CSS
from widgets.painted import Painted

_THEME, _COMPACT, _SCOPE = "theme", "compact", "scope"
"""Names of preferences."""


class Shell(App[None], inherit_bindings=False):
    """Looks, keys, palette and scope. What is shown is `CockpitApp`'s."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INK_CLASSES)
    DEFAULT_CSS = INK_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+p,colon",
            "command_palette",
            "Commands",
            key_display="^p",
            tooltip="Every command and every place, found by typing",
            id="app.commands",
        ),
        Binding(
            "P",
            "pick_accounts",
            "Accounts in view",
            show=False,
            tooltip="Choose which accounts are shown",
            id="app.pick_accounts",
        ),
        Binding(
            "R",
            "pick_regions",
            "Regions in view",
            show=False,
            tooltip="Choose which regions are shown",
            id="app.pick_regions",
        ),
        Binding(
            "ctrl+e",
            "compact",
            "Compact",
            show=False,
            tooltip="Fewer lines of header and keys, more of everything else",
            id="app.compact",
        ),
    ]

    context: Context
    snapshot: Snapshot | None
    scope: Scope
    _dressed = False

    def dress(self) -> None:
        """Put on the theme, the keys and the rest, as configured or as chosen last. Called once, before it runs."""
        settings, recall = self.context.settings, self.context.preferences.recall
        for theme in THEMES:
            self.register_theme(theme)
        wanted = settings.theme or recall(_THEME)
        self.theme = wanted if isinstance(wanted, str) and wanted in self.available_themes else THEMES[0].name
        self.set_class(settings.ascii, "-ascii")
        self.set_class(recall(_COMPACT) is True, "-compact")
        self.set_keymap(dict(settings.keys))
        self._dressed = True

    # Looks.

    @property
    def _sixteen(self) -> bool:
        """Whether the terminal has 16 colours. Not known before the console is there."""
        console = getattr(self, "console", None)
        return console is not None and console.color_system == "standard"

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme; where there are 16 colours, those."""
        variables = with_an_accent_of_its_own(super().get_css_variables())
        if self.native_ansi_color:
            variables |= OF_THE_TERMINAL
        elif self._sixteen:
            variables |= sixteen_colours(dark=self.current_theme.dark)
        self.theme_variables = variables
        return variables

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """The inks are the app's: what is painted has other ones also where no style of its own has changed."""
        super().refresh_css(animate=animate)
        for screen in self.screen_stack:
            for painted in screen.query(Painted):
                painted.notify_style_update()
                painted.refresh()

    def watch_theme(self, theme: str) -> None:
        """Few colours or many; what was chosen while it runs is kept for the next time."""
        self.set_class(self._sixteen or self.native_ansi_color, "-few-colours")
        if self._dressed and not self.context.settings.theme:
            self.context.preferences.remember(_THEME, theme)

    def action_compact(self) -> None:
        """Less chrome, more data."""
        self.toggle_class("-compact")
        self.context.preferences.remember(_COMPACT, self.has_class("-compact"))

    # Keys.

    def get_key_display(self, binding: Binding) -> str:
        """Names of keys, in words where only ASCII can be shown."""
        shown = super().get_key_display(binding)
        return shown.translate(ASCII_KEYS) if self.context.settings.ascii else shown

    def key_of(self, binding: str, usual: str) -> str:
        """How the first key of a binding (id) is written in a sentence; `usual` unless it was remapped."""
        mapped = self.context.settings.keys.get(binding, "").partition(",")[0]
        return self.get_key_display(Binding(mapped, "")) if mapped else usual

    # Palette.

    def action_command_palette(self) -> None:
        """Every command and every place, found by typing."""
        recent = recent_titles(self.context.preferences)
        self.push_screen(PaletteScreen(self, recent), self._run_command)

    async def _run_command(self, command: Command | None) -> None:
        if command is not None:
            remember_recent(self.context.preferences, command.title)
            # Not awaited here: what runs may wait for this very screen.
            self.call_next(command.run)

    def commands_here(self) -> Iterable[Command]:
        """What the screen on top offers."""
        return ()

    def offers(self, action: str) -> bool:
        """Whether an action is there, and may be used on this screen. `screen.save` is the screen's own."""
        where, _, name = action.rpartition(".")
        owner = self.screen if where == "screen" else self
        return hasattr(owner, f"action_{name}") and owner.check_action(name, ()) is True

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 - any
        """None of the framework's: the palette has one list, our own."""
        return ()

    def visit(self, place: Place) -> None:
        """Go to a place."""
        raise NotImplementedError

    def log_in(self, login: str) -> None:
        """Begin a login, in a dialog."""
        self.push_screen(LoginScreen(self.context, login))

    # Scope.

    def action_pick_accounts(self) -> None:
        """Choose the accounts in view."""
        if self.snapshot is not None:
            self.push_screen(account_picker(self.snapshot, self.scope, self.context.specs), self._choose_scope)

    def action_pick_regions(self) -> None:
        """Choose the regions in view."""
        if self.snapshot is not None:
            self.push_screen(region_picker(self.snapshot, self.scope, self.context.specs), self._choose_scope)

    def action_see_everything(self) -> None:
        """All accounts and all regions in view."""
        self._choose_scope(EVERYTHING)

    def _choose_scope(self, scope: Scope | None) -> None:
        if scope is not None:
            self.context.preferences.remember(_SCOPE, scope.plain())
            self.look_only_at(scope)

    def remembered_scope(self, snapshot: Snapshot) -> Scope:
        """What was in view last, as far as it is still there; everything where nothing would be left."""
        return Scope.from_plain(self.context.preferences.recall(_SCOPE), snapshot)

    def look_only_at(self, scope: Scope) -> None:
        """Show only what is in a scope."""
        raise NotImplementedError
