"""What is wrong, in words, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.rule import Direction
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Health


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures behind a finding."""

    value: float | None
    limit: float | None
    unit: Unit
    direction: Direction
    window_seconds: int
    points: tuple[float | None, ...]
    """The points that were judged, oldest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about when it began. Each reader words the moment in its own time zone."""

    words: str
    """`version 42, published`."""
    at: float
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why an environment is not ok. `Health.OK` findings do not exist."""

    environment: EnvironmentId
    slot: SlotId
    rule: str
    """Rule key, or `observation` where nothing could be seen."""
    health: Health
    subject: str
    """What it is about: `checkout:live`, `eu-west-1`."""
    reason: str
    """The sentence: `error rate 7.2 % > 5.0 % for 6 min`."""
    since: float | None
    """Epoch seconds; None where it is not known."""
    resource: str | None = None
    """Resource key; None where a whole slot is meant."""
    evidence: Evidence | None = None
    failure: Failure | None = None
    changed: Change | None = None
    """What changed about then, at most half an hour before `since`."""
    mute: Mute | None = None
    """What somebody said about it, while that holds."""

    @property
    def counts(self) -> bool:
        """Whether it counts in health and exit codes: it is not muted."""
        return self.mute is None or self.mute.kind is not MuteKind.MUTED

    @property
    def key(self) -> str:
        """Identity of the finding from one look to the next."""
        return f"{self.environment}|{self.slot}|{self.resource or self.subject}|{self.rule}"
