"""What people say about a finding: that they know of it, or that it does not count for a while."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cockpit.model.verdict import Health


class MuteKind(enum.Enum):
    """How far it goes."""

    ACKNOWLEDGED = "acknowledged"
    """Somebody is at it. It counts as before, and is listed after what nobody has seen yet."""
    MUTED = "muted"
    """It does not count: not in health, not in the exit code of a check. It is shown all the same.

    What could not be seen stays unknown on screen even so: a mute never makes anything green that nobody saw."""


@dataclass(frozen=True, slots=True)
class Mute:
    """A note on one finding, with its end. Kept in the store; every process on the machine honours it."""

    finding: str
    """Finding key."""
    kind: MuteKind
    note: str
    by: str
    """Who: the user name on this machine."""
    at: float
    """Epoch seconds."""
    until: float | None
    """Epoch seconds. None, for an acknowledgement only: until the finding is gone."""
    subject: str = ""
    """What the finding was about, in words, for lists: `tim-combo/prod lambda checkout:live error rate`."""
    up_to: Health | None = None
    """Severity of the finding when it was said. One that has become worse since counts again; None: it never does."""

    def covers(self, health: Health) -> bool:
        """Whether it still speaks of a finding of this severity."""
        return self.up_to is None or health.rank <= self.up_to.rank
