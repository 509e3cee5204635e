"""What all screens of the cockpit have in common: header, footer, and being told what is new."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_counted
from screens.commands import Command
from screens.context import Context
from screens.export import Shot
from screens.links import LinksScreen, Page, console_pages, go_to
from screens.save import SaveScreen
from screens.scope import EVERYTHING, InView, Scope, narrowed, scope_words
from screens.view_table import ViewTable
from widgets.key_line import KeyLine
from widgets.line import Run
from widgets.matrix_cells import tag_of
from widgets.status import Place as HeaderPlace
from widgets.status import StatusHeader


class CockpitScreen(Screen[None], inherit_bindings=False):
    """A screen. The app calls `present` with the newest snapshot whenever there is one, and once a second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="One step back", id="screen.back"),
        Binding(
            "c", "copy", "Copy", show=False, tooltip="Copy what is under the cursor, over ssh too", id="screen.copy"
        ),
        Binding(
            "o",
            "open_link",
            "Open in console",
            show=False,
            tooltip="Open its page in the AWS console, or copy the link",
            id="screen.open_link",
        ),
        Binding(
            "ctrl+s",
            "save",
            "Save view",
            show=False,
            tooltip="Save this view as a picture, text, CSV or JSON",
            id="screen.save",
        ),
        Binding("tab", "app.focus_next", "Next panel", show=False, tooltip="To the next panel", id="screen.next"),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Previous panel",
            show=False,
            tooltip="To the panel before",
            id="screen.previous",
        ),
        *(Binding(str(n), f"panel({n})", f"Panel {n}", show=False, id=f"panel.{n}") for n in range(1, 10)),
    ]

    class Shown(Message):
        """This screen is on top and wants the newest snapshot."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.snapshot: Snapshot | None = None
        self.in_view = InView.of(EVERYTHING, context.specs)
        self.rotation_words = ""
        """Where a rotation through the environments stands, for the header."""

    @property
    def stands(self) -> bool:
        """Whether its widgets are there: not before it is composed, and not while it is taken down."""
        return self.is_mounted and self.display and bool(self.query(StatusHeader))

    def compose(self) -> ComposeResult:
        """Header, body, footer."""
        yield StatusHeader()
        yield from self.compose_body()
        yield KeyLine()

    def compose_body(self) -> ComposeResult:
        """What is between header and footer."""
        raise NotImplementedError

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Hand the parts of a snapshot to the widgets."""
        raise NotImplementedError

    def trail(self) -> tuple[str, ...]:
        """Where this is, below the root."""
        return ()

    def environment_id(self) -> EnvironmentId | None:
        """The environment that this screen is about."""
        return None

    def counts_itself(self) -> bool:
        """Whether the body counts environments by verdict, so that the header need not."""
        return False

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:  # noqa: ARG002 - others need it
        """What is looked at here, and deserves a closer cadence. Empty for the fleet as a whole."""
        return frozenset()

    def panels(self) -> Iterable[Widget]:
        """What the digits choose, in order."""
        return ()

    def text_to_copy(self) -> str | None:
        """What `c` copies."""
        return None

    def commands(self) -> Iterable[Command]:
        """What the palette offers here, beside what it offers everywhere. Asked for anew whenever it opens."""
        return ()

    def table(self) -> ViewTable | None:
        """What is listed, as filtered and sorted, to be saved as CSV or JSON; None where nothing is listed."""
        return None

    def resource_here(self) -> str | None:
        """Key of the resource under the cursor, where there is one."""
        return None

    def links(self) -> Iterable[Page]:
        """Pages about what is under the cursor: `o` opens the only one, or lets one choose."""
        key = self.resource_here()
        return console_pages(self.context, self.snapshot, key) if key and self.snapshot else ()

    def present(self, snapshot: Snapshot, now: float, scope: Scope = EVERYTHING) -> None:
        """Show the newest state; lists only what is in `scope`."""
        self.snapshot = snapshot
        self.in_view = InView.of(scope, self.context.specs)
        self.show(snapshot, now)
        # After the body: it may have learned what the thing is called.
        self.tick(now)

    def tick(self, now: float) -> None:
        """Time goes on; the header has a clock."""
        self.query_one(StatusHeader).show(self.snapshot, self._header_place(), now)

    def _header_place(self) -> HeaderPlace:
        snapshot, wanted = self.snapshot, self.environment_id()
        environment = snapshot.environment(wanted) if snapshot and wanted else None
        return HeaderPlace(
            trail=self.trail(),
            tag=tag_of(environment, whole=True) if environment else Run(""),
            scope=_scope(snapshot, self.in_view) if snapshot else (),
            narrowed=scope_words(snapshot, self.in_view) if snapshot else "",
            read_only=self.context.shared,
            no_actions=self.context.no_actions,
            rotation=self.rotation_words,
            demo=self.context.demo,
            counted=not self.counts_itself(),
            slow=self.context.slow_services,
        )

    def on_unmount(self) -> None:
        """Gone: Textual remembers the drawn lines of a thousand widgets that are no more, as keys of a cache."""
        StylesCache.get_inner_outer.cache_clear()

    def on_screen_resume(self) -> None:
        """On top again: ask for what is new."""
        self.post_message(self.Shown())

    def action_back(self) -> None:
        """One step back; never out of the program."""
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()

    def action_panel(self, number: int) -> None:
        """Give the focus to a panel."""
        panels = list(self.panels())
        if number <= len(panels) and panels[number - 1].display:
            # At once, unlike `Widget.focus`, which waits its turn: the next key may already be on its way.
            self.set_focus(panels[number - 1])

    def action_copy(self) -> None:
        """Copy what is under the cursor, by OSC 52, so that it works over ssh too."""
        text = self.text_to_copy()
        if text:
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {text}" if len(text) <= 60 else "Copied", timeout=2, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing leaves a shared screen: no links, no files."""
        if action in {"open_link", "save"} and self.context.shared:
            return False
        return super().check_action(action, parameters)

    @work(exclusive=True, group="link")
    async def action_open_link(self) -> None:
        """Open the AWS console or a link of what is under the cursor; where there is no browser, copy the link."""
        pages = list(self.links())
        pages = [page for page in pages if page.url] or pages[:1]
        page = pages[0] if len(pages) == 1 else None
        if len(pages) > 1:
            page = await self.app.push_screen_wait(LinksScreen(pages))
        elif not pages:
            self.notify("Nothing under the cursor has a page elsewhere.", timeout=3)
        if page is not None:
            await go_to(self, page)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Save the view: a picture, its text, or what is listed as CSV or JSON."""
        strips = self._compositor.render_strips()
        name = "-".join(self.trail()) or "fleet"
        shot = Shot(
            name, " ".join(("cockpit", *self.trail())), self.context.clock(), strips, self.size.width, self.table()
        )
        path = await self.app.push_screen_wait(SaveScreen(shot, folder=Path.cwd()))
        if path is not None:
            self.notify(f"Saved {path}", timeout=5, markup=False)


def _scope(snapshot: Snapshot, in_view: InView) -> tuple[str, ...]:
    if not in_view.scope.whole:
        shown = len(narrowed(snapshot, in_view).environments)
        return (f"{shown} of {len(snapshot.environments)} environments",)
    systems = len({environment.id.system for environment in snapshot.environments})
    parts = [(systems, "system"), (len(snapshot.environments), "environment"), (len(snapshot.accounts), "account")]
    return tuple(format_counted(count, noun) for count, noun in parts)
