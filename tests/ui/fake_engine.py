"""An engine that polls nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from cockpit.engine.muted import with_mutes
from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Course, Detail, LoginStep, LogPage, LogQuery
from cockpit.model.mute import Mute
from cockpit.model.snapshot import Snapshot
from tests.ui.log_group import LogGroup

T = TypeVar("T")


def _answered(answer: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(answer)
    return future


class FakeEngine:
    """Serves hand-made snapshots, and remembers what it was asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.refreshed: list[Collection[SlotId] | None] = []
        self.paused: list[bool] = []
        self.looked_at: list[Collection[SlotId]] = []
        self.callbacks: list[Callable[[Snapshot], None]] = []
        self.courses: dict[tuple[str, int], Course] = {}
        """What `course` answers; a resource without an answer has no metrics."""
        self.pages: dict[str, list[LogPage]] = {}
        """What `logs` answers, one after the other; then there is nothing new."""
        self.log_groups: dict[str, LogGroup] = {}
        """Log groups that answer as CloudWatch does, instead of prepared pages."""
        self.asked: list[tuple[str, int]] = []
        """Courses that were asked for."""
        self.open_courses: dict[tuple[str, int], Future[Course]] = {}
        """Courses whose answers tests give later."""
        self.details: dict[str, Detail] = {}
        self.happened: list[Event] = []
        """The timeline, in any order."""
        self.mutes: dict[str, Mute] = {}
        self.unmuted: list[str] = []
        self.log_queries: list[LogQuery] = []
        self.logins: dict[str, Callable[[LoginStep], None]] = {}
        """Who is told about a login: tests call it."""
        self.given_up: list[str] = []

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """As the engine does."""
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def publish(self, snapshot: Snapshot) -> None:
        """A newer snapshot."""
        self.snapshot = snapshot
        for callback in self.callbacks:
            callback(snapshot)

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Remember."""
        self.refreshed.append(slots)

    def pause(self, paused: bool) -> None:
        """Pause, visibly."""
        self.paused.append(paused)
        self.publish(replace(self.snapshot, polling=not paused))

    def look_at(self, slots: Collection[SlotId]) -> None:
        """Remember."""
        self.looked_at.append(slots)

    def course(self, resource: str, span_seconds: int) -> Future[Course]:
        """What the test prepared."""
        self.asked.append((resource, span_seconds))
        waiting = self.open_courses.get((resource, span_seconds))
        if waiting is not None:
            return waiting
        return _answered(self.courses.get((resource, span_seconds), Course(resource, span_seconds, {})))

    def logs(self, resource: str, query: LogQuery) -> Future[LogPage]:
        """The next page that the test prepared."""
        self.log_queries.append(query)
        if resource in self.log_groups:
            return self.log_groups[resource].logs(resource, query)
        pages = self.pages.get(resource, [])
        return _answered(pages.pop(0) if pages else LogPage(()))

    def detail(self, resource: str) -> Future[Detail]:
        """What the test prepared."""
        return _answered(self.details.get(resource, Detail(resource)))

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """What happened, as the store would tell it."""
        found = [
            one
            for one in self.happened
            if (query.since is None or one.at >= query.since)
            and (query.environment is None or one.environment in {None, query.environment})
            and (query.resource is None or one.resource == query.resource)
            and (not query.kinds or one.kind in query.kinds)
        ]
        return _answered(tuple(sorted(found, key=lambda one: (-one.at, -one.number))[: query.limit]))

    def mute(self, mute: Mute) -> None:
        """Remember, visibly."""
        self.mutes[mute.finding] = mute
        self._show_mutes()

    def unmute(self, finding: str, by: str) -> None:
        """Forget, visibly."""
        self.mutes.pop(finding, None)
        self.unmuted.append(finding)
        self._show_mutes()

    def _show_mutes(self) -> None:
        """As the engine does: a new snapshot follows."""
        self.publish(with_mutes(self.snapshot, self.mutes))

    def log_in(self, login: str, told: Callable[[LoginStep], None]) -> Callable[[], None]:
        """Remember whom to tell."""
        self.logins[login] = told
        return lambda: self.given_up.append(login)
