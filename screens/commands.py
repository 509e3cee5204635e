"""The command palette: one list of commands and places, for ctrl+p and for `:`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from cockpit.model.snapshot import Snapshot
from screens.context import Context
from screens.places import AccountsPlace, EnvironmentPlace, Place, ServicePlace
from widgets.glyphs import WORD, verdict


class Cockpit(Protocol):
    """What the palette needs of the app."""

    context: Context
    snapshot: Snapshot | None

    def visit(self, place: Place) -> None:
        """Go to a place."""

    async def run_action(self, action: str) -> bool:
        """Run an action by name."""


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of the palette."""

    title: str
    help: str
    run: Callable[[], object]


def commands(app: Cockpit) -> Iterator[Command]:
    """Everything that can be done and everywhere one can go."""
    for title, text, action in (
        ("Refresh", "Poll everything on this screen now", "refresh"),
        ("Pause or resume polling", "While paused, nothing is asked of AWS", "pause"),
        ("Accounts", "Identity, sessions, failures, calls and dollars", "accounts"),
        ("Accounts in view…", "Show only some accounts; all are polled still", "pick_accounts"),
        ("Regions in view…", "Show only some regions; all are polled still", "pick_regions"),
        ("Everything in view", "All accounts and all regions", "see_everything"),
        ("Errors", "Everything that could not be seen", "errors"),
        ("Help", "Keys of this view", "help"),
        ("Home", "The whole fleet", "home"),
        ("Theme", "Choose a theme", "change_theme"),
        ("Compact", "Hide or show header details and footer", "compact"),
        ("Quit", "Leave the cockpit", "quit"),
    ):
        yield Command(title, text, partial(app.run_action, action))
    yield from _places(app)


def _places(app: Cockpit) -> Iterator[Command]:
    for spec in app.context.specs:
        text = f"Every {spec.title} resource of the fleet"
        yield Command(f"{spec.key} – whole fleet", text, partial(app.visit, ServicePlace(spec.key)))
    if app.snapshot is None:
        return
    for account in app.snapshot.accounts:
        text = f"Account {account.account_id}"
        yield Command(f"account {account.name}", text, partial(app.visit, AccountsPlace(account.name)))
    for environment in app.snapshot.environments:
        state = verdict(environment)
        word = WORD[state] if state else "waiting"
        name = f"{environment.id.system} {environment.id.environment}"
        yield Command(name, f"Environment, {word}", partial(app.visit, EnvironmentPlace(environment.id)))
        for spec in app.context.specs:
            if spec.key in environment.cells:
                place = ServicePlace(spec.key, environment.id)
                yield Command(f"{name} {spec.key}", f"{spec.title} of {environment.id}", partial(app.visit, place))


class FleetCommands(Provider):
    """Feeds the palette."""

    @property
    def _cockpit(self) -> Cockpit:
        return cast("Cockpit", self.app)

    async def discover(self) -> Hits:
        """Everything but the services of each environment, which are found by typing."""
        for command in commands(self._cockpit):
            yield DiscoveryHit(command.title, command.run, help=command.help)

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """What matches, best first."""
        matcher = self.matcher(query)
        for command in commands(self._cockpit):
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), command.run, help=command.help)
