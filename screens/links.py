"""Pages elsewhere: the AWS console, runbooks. Opened where there is a browser, copied where there is none."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cockpit.engine.console import console_link
from cockpit.model.snapshot import Snapshot
from screens.browser import open_page
from screens.context import Context
from screens.dialog import Dialog
from widgets.listing import Listing
from widgets.offers import Offer, OfferList


@dataclass(frozen=True, slots=True)
class Page:
    """A page that somebody may want to see."""

    title: str
    url: str
    """Empty where there is none; `note` says why."""
    note: str = ""
    """As whom it opens, or what has to be done first."""


def console_pages(context: Context, snapshot: Snapshot, key: str) -> tuple[Page, ...]:
    """The page of a resource (key) in the AWS console, and where the role is switched if that must come first."""
    resource = snapshot.resource(key)
    if resource is None:
        return ()
    name = resource.slot.account
    link = console_link(
        resource,
        context.catalogue.service(resource.slot.service),
        context.settings.accounts.get(name),
        next((one for one in snapshot.accounts if one.name == name), None),
    )
    page = Page(f"{resource.name} in the AWS console", link.url or "", link.note)
    if link.switch_url:
        return (page, Page(f"Switch the role in {name}", link.switch_url, "First, once for each browser session."))
    return (page,)


def browser_is_likely(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a browser would open where somebody sees it: on this machine's own screen, not at the end of ssh."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return False
    if platform == "darwin":
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"))


async def go_to(screen: Screen[None], page: Page) -> None:
    """Open a page, or copy its link; says which."""
    if not page.url:
        screen.notify(page.note or "There is no page.", severity="warning", timeout=5, markup=False)
        return
    likely = browser_is_likely(os.environ, sys.platform)
    if likely and await asyncio.to_thread(open_page, page.url):
        screen.notify(f"Opened in the browser. {page.note}".rstrip(), timeout=5, markup=False)
        return
    screen.app.copy_to_clipboard(page.url)
    why = "The browser did not open" if likely else "There is no browser here"
    screen.notify(f"{why}: the link is copied. {page.note}".rstrip(), timeout=6, markup=False)


class LinksScreen(Dialog[Page | None]):
    """One of several pages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,o", "go", "Open", id="links.open"),
        Binding("c", "copy", "Copy the link", id="links.copy"),
        Binding("escape", "leave", "Close", id="links.close"),
    ]

    def __init__(self, pages: Sequence[Page]) -> None:
        super().__init__("Links")
        self._pages = {str(place): page for place, page in enumerate(pages)}
        self._list = OfferList()

    def compose_body(self) -> ComposeResult:
        """The pages."""
        yield self._list

    def on_mount(self) -> None:
        """Ready to choose."""
        self._list.show([Offer(key, page.title, page.note or page.url) for key, page in self._pages.items()])
        self.set_focus(self._list)

    @property
    def _chosen(self) -> Page | None:
        offer = self._list.chosen
        return self._pages[offer.key] if offer else None

    @on(Listing.Chosen)
    def _entered(self, event: Listing.Chosen) -> None:
        event.stop()
        self.action_go()

    def action_go(self) -> None:
        """Open the page under the cursor."""
        self.dismiss(self._chosen)

    def action_copy(self) -> None:
        """Copy its link."""
        page = self._chosen
        if page is not None and page.url:
            self.app.copy_to_clipboard(page.url)
            self.notify("Copied the link", timeout=2)
