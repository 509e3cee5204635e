"""Everything that can be done and everywhere one can go: one list, for ctrl+p and for `:`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from cockpit.model.ids import EnvironmentId
from cockpit.model.snapshot import Snapshot
from screens.context import Context
from screens.places import AccountsPlace, EnvironmentPlace, Place, ResourcePlace, ServicePlace
from widgets.glyphs import WORD, verdict
from widgets.logins import login_name, logins_of


class Cockpit(Protocol):
    """What the palette needs of the app."""

    context: Context
    snapshot: Snapshot | None

    def visit(self, place: Place) -> None:
        """Go to a place."""

    def log_in(self, login: str) -> None:
        """Begin a login (as `AccountState.login`)."""

    async def run_action(self, action: str) -> bool:
        """Run an action by name."""

    def commands_here(self) -> Iterable[Command]:
        """What the screen on top offers."""

    def offers(self, action: str) -> bool:
        """Whether an action of the app is there, and may be used on this screen."""


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of the palette."""

    title: str
    help: str
    run: Callable[[], object]
    also: str = ""
    """Other words by which it is found: `q exit leave`."""


_OF_THE_APP = (
    ("Refresh", "Poll everything on this screen now", "refresh", "reload poll r"),
    ("Pause or resume polling", "While paused, nothing is asked of AWS", "pause", "stop"),
    ("Accounts", "Identity, sessions, failures, calls and dollars", "accounts", "logins sessions sso"),
    ("Cost", "What everything costs, and what moved", "cost", "bill dollars budget money"),
    ("Timeline", "What happened, and when", "timeline", "events changes history"),
    ("Accounts in view…", "Show only some accounts; all are polled still", "pick_accounts", "scope filter"),
    ("Regions in view…", "Show only some regions; all are polled still", "pick_regions", "scope filter"),
    ("Everything in view", "All accounts and all regions", "see_everything", "scope all reset"),
    ("Acknowledged and muted", "Who said what of which finding, and until when", "mutes", "silence ack acknowledge"),
    ("Errors", "Everything that could not be seen", "errors", "failures denied"),
    ("Save this view…", "As a picture, text, CSV or JSON", "screen.save", "export screenshot csv json svg"),
    ("Open in the console", "The AWS page or the links of what is under the cursor", "screen.open_link", "browser url"),
    ("Help", "Keys of this view", "help", "keys ?"),
    ("Home", "The whole fleet", "home", "fleet root"),
    ("Theme", "Choose a theme", "change_theme", "colours colors dark light contrast"),
    ("Compact", "Hide or show header details and footer", "compact", "chrome zen"),
    ("Quit", "Leave the cockpit", "quit", "q exit leave bye"),
)
"""Title, what it does, action, other words. An action that is not there or not allowed is not listed."""


def commands(app: Cockpit) -> Iterator[Command]:
    """Everything but single resources: what is offered here first, then everywhere, then the places."""
    yield from app.commands_here()
    for title, text, action, also in _OF_THE_APP:
        if app.offers(action):
            yield Command(title, text, partial(app.run_action, action), also)
    yield from _logins(app)
    yield from _places(app)


def _logins(app: Cockpit) -> Iterator[Command]:
    """Every login, what has run out first; none where nobody logs in because anybody may look on."""
    if app.snapshot is None or app.context.shared:
        return
    for one in logins_of(app.snapshot.accounts, app.context.clock()):
        run = partial(app.log_in, one.login)
        yield Command(f"Log in to {login_name(one.login)}", f"For {', '.join(one.accounts)}", run, f"sso {one.login}")


def _places(app: Cockpit) -> Iterator[Command]:
    for spec in app.context.specs:
        text = f"Every {spec.title} resource of the fleet"
        run = partial(app.visit, ServicePlace(spec.key))
        yield Command(f"{spec.key} – whole fleet", text, run, f"{spec.title} {spec.column}")
    if app.snapshot is None:
        return
    for account in app.snapshot.accounts:
        text = f"Account {account.account_id}"
        run = partial(app.visit, AccountsPlace(account.name))
        yield Command(f"account {account.name}", text, run, account.account_id)
    for environment in app.snapshot.environments:
        state = verdict(environment)
        word = WORD[state] if state else "waiting"
        name = f"{environment.id.system} {environment.id.environment}"
        yield Command(name, f"Environment, {word}", partial(app.visit, EnvironmentPlace(environment.id)))
        for spec in app.context.specs:
            if spec.key in environment.cells:
                place = ServicePlace(spec.key, environment.id)
                yield Command(f"{name} {spec.key}", f"{spec.title} of {environment.id}", partial(app.visit, place))


class Found(NamedTuple):
    """A resource that the palette can open."""

    key: str
    name: str
    environment: EnvironmentId
    service: str

    def command(self, app: Cockpit) -> Command:
        """The command that opens it."""
        run = partial(app.visit, ResourcePlace(self.key, self.environment))
        return Command(self.name, f"{self.service} of {self.environment}", run)


def resources(snapshot: Snapshot) -> Iterator[Found]:
    """Each resource of the fleet; what several environments share is listed once."""
    seen: set[str] = set()
    for environment in snapshot.environments:
        for service, cell in environment.cells.items():
            for key in cell.resources:
                resource = None if key in seen else snapshot.resource(key)
                if resource is not None:
                    seen.add(key)
                    yield Found(key, resource.name, environment.id, service)
