"""Rules as data: what is measured, against what, for how long, and what a missing point means."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cockpit.model.units import Unit


class Missing(enum.Enum):
    """What a missing data point of a metric means. Never a global choice."""

    ZERO = "zero"
    """Nothing happened (Lambda errors, SQS sent)."""
    UNKNOWN = "unknown"
    """It should be there; without it nothing may be concluded (RDS CPU of a running instance)."""
    NOT_APPLICABLE = "not_applicable"
    """The metric does not exist for this resource (cache hit rate without a subscription); the rule is silent."""


class Direction(enum.Enum):
    """Which side of a threshold is bad."""

    ABOVE = ">"
    BELOW = "<"

    def breaches(self, value: float, limit: float) -> bool:
        """Whether `value` is on the bad side of `limit`; the limit itself is good."""
        return value > limit if self is Direction.ABOVE else value < limit


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the resource, point by point."""

    id: str


@dataclass(frozen=True, slots=True)
class FactValue:
    """A number read with the resource (queue depth now, days of backup kept): a single point, now."""

    name: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """`100 * numerator / denominator`, point by point. 0/0 is no value: neither 0 % nor 100 %."""

    numerator: Metric
    denominator: Metric | FactValue


Value = Metric | FactValue | Ratio


@dataclass(frozen=True, slots=True)
class Threshold:
    """Limits of a rule, in the rule's unit. None means that this severity is never given."""

    warning: float | None
    critical: float | None
    for_seconds: int = 0
    """The whole of this window must breach. 0 for what is judged at a single look."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """An account-wide metric that can prove, cheaply, that no resource breaches the rule.

    A sustained breach needs every point of the window to be bad in one resource. If the account-wide metric
    (of the resource of kind `account`) does not exceed its floor in even one of those points, no resource can
    be in breach: no errors in the whole account in one minute, or no invocation longer than the limit.
    """

    metric: str
    floor: float | None
    """A fixed floor (0), or None to take the rule's own lowest limit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One judgement, in a service's file, as data."""

    key: str
    """`service.name`, as written in the configuration (`lambda.error_rate`)."""
    kinds: tuple[str, ...]
    """Resource kinds that it judges."""
    label: str
    """Subject of the sentence: `error rate`, `messages`."""
    value: Value
    unit: Unit
    threshold: Threshold
    direction: Direction = Direction.ABOVE
    missing: Missing = Missing.UNKNOWN
    samples: str | None = None
    """Metric that counts samples; a point with fewer than `minimum_samples` is not judged."""
    minimum_samples: int = 0
    fallback: FactValue | None = None
    """What to look at when the window has no point at all (an idle queue stops publishing)."""
    since_fact: str | None = None
    """Fact that holds the epoch second since when it has been so (an alarm's StateUpdatedTimestamp)."""
    reason_fact: str | None = None
    """Fact with AWS's own words, appended to the reason."""
    cleared_by: Clearance | None = None
