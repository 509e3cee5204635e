"""What one rule concludes about one resource."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.model.finding import Evidence
from cockpit.model.verdict import Health


@dataclass(frozen=True, slots=True)
class Judgement:
    """The conclusion, with its reason."""

    health: Health
    reason: str
    """A sentence without a full stop: `error rate 7.2 % > 5.0 % for 6 min`, `no CPU data for 15 min`."""
    since: float | None = None
    """Epoch second of the first breaching point, or what AWS says; None where it is not known."""
    evidence: Evidence | None = None
    since_at_least: bool = False
    """True where the breach is older than the points that are kept: `since` is then the oldest of them."""
