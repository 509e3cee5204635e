"""What happened, and when: the entries of the timeline."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.verdict import Health


class EventKind(enum.Enum):
    """What sort of thing happened."""

    BEGAN = "began"
    """A finding appeared."""
    WORSENED = "worsened"
    EASED = "eased"
    """A finding became less severe, but stands."""
    ENDED = "ended"
    """A finding is gone, and what it was about was looked at since."""
    CHANGED = "changed"
    """Something was changed in AWS: a version, an alias, a stack, an invalidation, a setting."""
    ACKNOWLEDGED = "acknowledged"
    MUTED = "muted"
    UNMUTED = "unmuted"


CHANGED_SOMEHOW = " changed"
"""How the words of a change end that do not tell to what: the same words may tell of another change."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the timeline."""

    at: float
    """Epoch seconds, when it happened; for a finding since when it has stood, where that is known."""
    kind: EventKind
    environment: EnvironmentId | None
    """None where several environments share what it is about."""
    slot: SlotId | None
    subject: str
    """What it is about: `checkout:live`."""
    words: str
    """`error rate 7.2 % > 5.0 %`, `version 41 → 42`, `muted until 15:00 by ann: known, ticket 12`."""
    before: Health | None = None
    after: Health | None = None
    """Severity of the finding before and after, where there is one."""
    resource: str | None = None
    """Resource key."""
    finding: str | None = None
    """Finding key."""
    fact: str | None = None
    """Name of the fact that was changed; with the resource it tells one change from another."""
    exact: bool = True
    """False for a change that only a look has noticed: it happened before `at`, and after the look before that."""
    number: int = 0
    """Place in the store's order of writing; 0 before it is written."""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which entries of the timeline, newest first."""

    since: float | None = None
    """Epoch seconds; None: as far back as is kept."""
    environment: EnvironmentId | None = None
    """Only of this environment, and of what it shares with others."""
    resource: str | None = None
    kinds: tuple[EventKind, ...] = ()
    """Empty: all."""
    limit: int = 500
