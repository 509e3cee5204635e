"""An account of hundreds of things that is lost and found again is a handful of entries, not hundreds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cockpit.engine.happenings import Stood
from cockpit.engine.recorder import Differ
from cockpit.model.event import Event, EventKind
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.verdict import Outcome
from tests.engine.house import CATALOGUE, NOW, PROD, failure, seen, slot, snapshot, thing

MANY = 300
MINUTE = 60.0


class Story:
    """Looks at one account, one after the other."""

    def __init__(self) -> None:
        self._differ = Differ(CATALOGUE, NOW - 5000.0)
        self._standing: dict[str, Stood] = {}
        self._since: dict[str, float] = {}

    def shows(self, observations: Mapping[SlotId, Observation], later: float) -> list[Event]:
        """The entries of a look that is made `later` seconds after the first."""
        moved = {where: _later(one, later) for where, one in observations.items()}
        shot = snapshot(PROD, moved, now=NOW + later, first_seen=self._since)
        self._since |= {one.key: NOW + later for one in shot.findings if one.key not in self._since}
        shot = snapshot(PROD, moved, now=NOW + later, first_seen=self._since)
        events, self._standing = self._differ.events(self._standing, shot)
        return events


def _later(one: Observation, later: float) -> Observation:
    def moved(moment: float | None) -> float | None:
        return None if moment is None else moment + later

    return replace(
        one,
        attempted_at=one.attempted_at + later,
        observed_at=moved(one.observed_at),
        discovered_at=moved(one.discovered_at),
    )


def things(load: float, later: float = 0.0) -> Sequence[Resource]:
    """Hundreds, with figures as new as a moment."""
    shift = int(later // 60) * 60
    found = [thing(f"t{number}", [load] * 5) for number in range(MANY)]
    return [
        replace(one, series={name: replace(each, start=each.start + shift) for name, each in one.series.items()})
        for one in found
    ]


def lost(known: Sequence[Resource], since: float) -> dict[SlotId, Observation]:
    """Denied, `since` seconds after it was last seen."""
    return seen(*known, at=slot(), outcome=Outcome.DENIED, failures=[failure()], age=30.0 + since)


def told(events: Sequence[Event]) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.subject) for event in events]


UNSEEN = "shop eu-west-1"
BEGAN, ENDED = EventKind.BEGAN, EventKind.ENDED


def test_what_is_well_is_lost_and_found_in_two_entries() -> None:
    story = Story()
    known = things(10.0)
    assert story.shows(seen(*known), 0.0) == []
    told_of = [event for minute in range(1, 60) for event in story.shows(lost(known, minute * MINUTE), minute * MINUTE)]
    assert told(told_of) == [(BEGAN, UNSEEN)]
    hour = 60 * MINUTE
    # Listed again, and not measured yet; then measured.
    found = story.shows(seen(*known), hour)
    found += story.shows(seen(*things(10.0, hour)), hour + 30)
    assert told(found) == [(ENDED, UNSEEN)]


def test_what_stands_stands_when_it_is_found_again() -> None:
    story = Story()
    known = things(90.0)
    assert len(story.shows(seen(*known), 0.0)) == MANY
    told_of = [event for minute in range(1, 60) for event in story.shows(lost(known, minute * MINUTE), minute * MINUTE)]
    assert told(told_of) == [(BEGAN, UNSEEN)]
    hour = 60 * MINUTE
    found = story.shows(seen(*known), hour)
    found += story.shows(seen(*things(90.0, hour)), hour + 30)
    assert told(found) == [(ENDED, UNSEEN)]


def test_what_could_not_be_listed_before_has_not_appeared() -> None:
    story = Story()
    other = thing("account", None, kind="account", shared=True)
    part = seen(other, at=slot(), outcome=Outcome.PARTIAL, failures=[failure()])
    assert story.shows(part, 0.0) == []
    found = story.shows(seen(other, *things(10.0, MINUTE)), MINUTE)
    assert not [event for event in found if event.kind is EventKind.CHANGED]
    newer = story.shows(seen(other, *things(10.0, 2 * MINUTE), thing("new")), 2 * MINUTE)
    assert [(event.subject, event.words) for event in newer if event.kind is EventKind.CHANGED] == [("new", "appeared")]
