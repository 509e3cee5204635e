"""The engine as a shared screen sees it: everything that comes out is masked, and nothing can be changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from cockpit.config.settings import Settings
from cockpit.engine.masked_fleet import MaskedFleet
from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Course, Detail, LoginState, LoginStep, LogPage, LogQuery
from cockpit.model.mute import Mute
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Failure, Outcome
from screens.context import Forgetful, Preferences, Source

REFUSED = "Not on a shared screen."

_LOGGER = logging.getLogger("cockpit.shared")

T = TypeVar("T")
U = TypeVar("U")


def as_shown(
    source: Source, settings: Settings, catalogue: Catalogue, preferences: Preferences | None
) -> tuple[Source, Settings, Preferences]:
    """What screens are given. On a shared screen all of it is masked, and what passers-by choose is not kept."""
    if not settings.read_only:
        return source, settings, preferences or Forgetful()
    masked = MaskedSource(source, settings, catalogue)
    return masked, masked.settings, Forgetful()


class MaskedSource:
    """A `Source` over another. There is no way through it to anything unmasked, nor to anything that writes."""

    def __init__(self, source: Source, settings: Settings, catalogue: Catalogue) -> None:
        self._source = source
        self._fleet = MaskedFleet(settings, catalogue)
        self._lock = threading.Lock()
        self._masked_of = source.snapshot
        self._snapshot = self._fleet.masked(self._masked_of)

    @property
    def settings(self) -> Settings:
        """The settings, as far as screens may know them."""
        return self._fleet.settings

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot that is masked, at once."""
        return self._snapshot

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Masks on the thread that brings a snapshot, so that the interface never waits for it."""

        def heard(snapshot: Snapshot) -> None:
            with self._lock:
                if snapshot is not self._masked_of:
                    self._snapshot, self._masked_of = self._fleet.masked(snapshot), snapshot
            callback(self._snapshot)

        # Something may have arrived before anybody listened.
        ended = self._source.subscribe(heard)
        heard(self._source.snapshot)
        return ended

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Poll now."""
        self._source.refresh(None if slots is None else [self._fleet.parts.real_slot(one) for one in slots])

    def pause(self, paused: bool) -> None:  # noqa: ARG002, FBT001 - refused, whatever it is
        """Refused: whoever passes by would stop it for everybody."""
        _LOGGER.warning("A pause was refused: the screen is shared")

    def look_at(self, slots: Collection[SlotId]) -> None:
        """What is on screen."""
        self._source.look_at([self._fleet.parts.real_slot(one) for one in slots])

    def course(self, resource: str, span_seconds: int) -> Future[Course]:
        """The metrics of a resource, by its masked key."""
        asked = self._source.course(self._fleet.parts.keys.original(resource), span_seconds)
        return _then(asked, self._fleet.parts.part)

    def detail(self, resource: str) -> Future[Detail]:
        """What is read of a resource when asked for, by its masked key."""
        return _then(self._source.detail(self._fleet.parts.keys.original(resource)), self._fleet.parts.part)

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """The timeline, masked."""
        parts = self._fleet.parts
        real = replace(
            query,
            environment=None if query.environment is None else parts.real_environment(query.environment),
            resource=None if query.resource is None else parts.keys.original(query.resource),
        )
        return _then(self._source.events(real), parts.part)

    def logs(self, resource: str, query: LogQuery) -> Future[LogPage]:  # noqa: ARG002 - refused, whatever it is
        """Refused: log lines may hold anything."""
        return _answered(LogPage((), failure=_refusal(query.start)))

    def mute(self, mute: Mute) -> None:  # noqa: ARG002 - refused, whatever it is
        """Refused: it would write."""
        _LOGGER.warning("A mute was refused: the screen is shared")

    def unmute(self, finding: str, by: str) -> None:  # noqa: ARG002 - refused, whatever it is
        """Refused: it would write."""
        _LOGGER.warning("An unmute was refused: the screen is shared")

    def log_in(self, login: str, told: Callable[[LoginStep], None]) -> Callable[[], None]:
        """Refused: whoever stands here need not be who runs it."""
        told(LoginStep(login, LoginState.FAILED, message=REFUSED))
        return lambda: None


def _refusal(at: float) -> Failure:
    return Failure(Outcome.DENIED, "", "", "logs", "FilterLogEvents", "Shared", REFUSED, at)


def _answered(answer: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(answer)
    return future


def _then(asked: Future[T], change: Callable[[T], U]) -> Future[U]:
    """The answer, changed; giving it up gives up the question."""
    answer: Future[U] = Future()

    def done(future: Future[T]) -> None:
        if future.cancelled():
            answer.cancel()
        elif answer.set_running_or_notify_cancel():
            try:
                answer.set_result(change(future.result()))
            except Exception as error:  # noqa: BLE001 - whoever asked is told, unless the text might tell more
                answer.set_exception(RuntimeError(type(error).__name__))

    def given_up(future: Future[U]) -> None:
        if future.cancelled():
            asked.cancel()

    answer.add_done_callback(given_up)
    asked.add_done_callback(done)
    return answer
