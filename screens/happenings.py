"""What a screen shows of the timeline: asked for when there is something newer, and where an entry leads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import EnvironmentId
from cockpit.model.snapshot import Snapshot
from screens.base import CockpitScreen
from screens.context import Preferences
from screens.places import AccountsPlace, EnvironmentPlace, Place, ResourcePlace, ServicePlace
from widgets.event_items import EventItem

_log = logging.getLogger("cockpit.timeline")

LOOKED_AT = "timeline.looked_at"
"""Preference that holds `{"at": epoch seconds, "number": Event.number}` of the last look at the timeline."""

_SPARE = 4
"""How many times as many entries are asked for as are shown of one environment: some are of what others share."""


class EventFeed:
    """The entries that one screen shows. `tell` is called with them, newest first, whenever they are others."""

    def __init__(
        self, screen: CockpitScreen, query: EventQuery, tell: Callable[[tuple[Event, ...], Snapshot], None]
    ) -> None:
        self._screen = screen
        self._tell = tell
        self._query = query
        self._told_up_to: int | None = None

    def ask(self, query: EventQuery) -> None:
        """Ask for something else from now on."""
        self._query, self._told_up_to = query, None
        if self._screen.snapshot is not None:
            self.show(self._screen.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Ask for the entries if there are newer ones. To be called with every snapshot; returns at once."""
        if self._told_up_to == snapshot.newest_event:
            return
        self._told_up_to = snapshot.newest_event
        self._screen.run_worker(self._load(snapshot, self._query), group="events", exclusive=True)

    async def _load(self, snapshot: Snapshot, query: EventQuery) -> None:
        wanted = query if query.environment is None else replace(query, limit=query.limit * _SPARE)
        try:
            found = await asyncio.wrap_future(self._screen.context.source.events(wanted))
        except Exception as error:  # noqa: BLE001 - a list that cannot be read costs the list, not the program
            _log.error("the timeline cannot be read: %s", type(error).__name__)
            self._told_up_to = None
            return
        mine = found if query.environment is None else of_environment(found, query.environment, snapshot)
        self._tell(mine[: query.limit], snapshot)


def of_environment(events: tuple[Event, ...], environment: EnvironmentId, snapshot: Snapshot) -> tuple[Event, ...]:
    """The entries of one environment, with those of what it shares with others, and of nothing else."""
    state = snapshot.environment(environment)
    cells = state.cells.values() if state else ()
    slots = {slot for cell in cells for slot in cell.slots}
    resources = {key for cell in cells for key in cell.resources}

    def is_mine(event: Event) -> bool:
        if event.environment is not None:
            return event.environment == environment
        gone = event.resource is None or snapshot.resource(event.resource) is None
        return event.slot in slots and (gone or event.resource in resources)

    return tuple(event for event in events if is_mine(event))


def place_of_event(item: EventItem, snapshot: Snapshot) -> Place | None:
    """Where an entry is explained: its resource if that is there still, else its service, else the cause of several."""
    event, environments = item.newest, item.environments
    where = environments[0] if len(environments) == 1 else None
    if len(item.events) == 1 and event.resource is not None and snapshot.resource(event.resource) is not None:
        return ResourcePlace(event.resource, where)
    if len(environments) > 1 and event.slot is not None:
        return AccountsPlace(event.slot.account)
    state = snapshot.environment(where) if where else None
    if (
        event.slot is not None
        and event.slot.service
        and (where is None or (state and event.slot.service in state.cells))
    ):
        return ServicePlace(event.slot.service, where)
    return EnvironmentPlace(where) if state and where else None


def last_look(preferences: Preferences) -> tuple[float, int] | None:
    """(epoch seconds, number of the newest entry then) of the last look at the timeline; None: there was none."""
    kept = preferences.recall(LOOKED_AT)
    if not isinstance(kept, Mapping):
        return None
    at, number = kept.get("at"), kept.get("number")
    if isinstance(at, (int, float)) and isinstance(number, int):
        return float(at), number
    return None


def remember_look(preferences: Preferences, at: float, number: int) -> None:
    """Somebody has looked at the timeline at `at` (epoch seconds), up to entry `number`."""
    preferences.remember(LOOKED_AT, {"at": at, "number": number})


def changes_since(snapshot: Snapshot, preferences: Preferences) -> int:
    """How many entries were written since somebody last looked; 0 where nobody ever has."""
    look = last_look(preferences)
    return max(0, snapshot.newest_event - look[1]) if look else 0
