"""What every screen is given: the settings, the catalogue, the clock, and the engine as the interface sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from cockpit.config.settings import Settings
from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Course, Detail, LoginStep, LogPage, LogQuery
from cockpit.model.mute import Mute
from cockpit.model.service import Catalogue, ServiceSpec
from cockpit.model.snapshot import Snapshot


class Source(Protocol):
    """The engine, as the interface sees it. Nothing here blocks."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot, at once."""

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` for each new snapshot, on a thread of the source's own; what it returns ends that."""

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Poll now; None is everything."""

    def pause(self, paused: bool) -> None:  # noqa: FBT001 - the engine's signature
        """Stop or resume polling."""

    def look_at(self, slots: Collection[SlotId]) -> None:
        """What is on screen."""

    def course(self, resource: str, span_seconds: int) -> Future[Course]:
        """The metrics of a resource (key) over the newest span. Never fails: failures are in the answer."""

    def logs(self, resource: str, query: LogQuery) -> Future[LogPage]:
        """Log lines of a resource (key). Never fails: the failure is in the answer."""

    def detail(self, resource: str) -> Future[Detail]:
        """What is read of a resource (key) only when asked for. Never fails: failures are in the answer."""

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """Entries of the timeline, newest first."""

    def mute(self, mute: Mute) -> None:
        """Acknowledge or mute a finding; what was said before is replaced. A new snapshot follows."""

    def unmute(self, finding: str, by: str) -> None:
        """Take back what was said about a finding (key)."""

    def log_in(self, login: str, told: Callable[[LoginStep], None]) -> Callable[[], None]:
        """Begin a login (as `AccountState.login`); `told` hears of each step, on a thread of the source's own.

        Returns the way to give it up.
        """


class Preferences(Protocol):
    """What the user chose, kept from one run to the next: columns, sorting, scope, theme, when they last looked."""

    def recall(self, name: str) -> object:
        """What was remembered under this name (plain JSON values), or None. At once."""

    def remember(self, name: str, value: object) -> None:
        """Keep a plain JSON value. Returns at once; it is written later."""


class Forgetful:
    """Preferences that live as long as the program."""

    def __init__(self) -> None:
        self._known: dict[str, object] = {}

    def recall(self, name: str) -> object:
        """What was remembered."""
        return self._known.get(name)

    def remember(self, name: str, value: object) -> None:
        """Keep it for now."""
        self._known[name] = value


@dataclass(frozen=True)
class Context:
    """What every screen is given."""

    settings: Settings
    catalogue: Catalogue
    clock: Callable[[], float]
    source: Source
    demo: bool = False
    preferences: Preferences = field(default_factory=Forgetful)

    @property
    def shared(self) -> bool:
        """Whether anybody may stand in front of the screen: read-only by flag. Nothing private is shown then."""
        return self.settings.read_only

    @property
    def specs(self) -> tuple[ServiceSpec, ...]:
        """Services in the order of their columns."""
        return tuple(sorted(self.catalogue.services, key=lambda spec: spec.order))

    @property
    def no_actions(self) -> bool:
        """Whether there are actions, and the configuration allows none of them anywhere."""
        environments = (*self.settings.environments, *self.settings.templates)
        known = set(self.catalogue.actions)
        return bool(known) and not any(known & set(environment.actions) for environment in environments)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed: the screen is shared, or no environment allows any action that there is."""
        return self.shared or self.no_actions or not self.catalogue.actions

    @property
    def slow_services(self) -> frozenset[str]:
        """Services whose every look costs money, and whose data is hours old by design."""
        return frozenset(spec.key for spec in self.catalogue.services if spec.shared_between_processes)
