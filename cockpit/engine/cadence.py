"""How often the parts of a slot are due, and how long to wait after a failure. Pure."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cockpit.config.settings import Polling
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Cadence, ServiceSpec
from cockpit.model.verdict import Outcome

LOOKED_AT_SECONDS = 60.0
"""Longest time between two reads of metrics that somebody is looking at."""

CEILING_FACTOR = 2.0
"""Stretch of metric cadences while the spending ceiling is near."""

CLOCK_SKEW_SECONDS = 60.0
"""A moment further in the future than this was noted under another clock, which was set back since: nothing follows
from it, neither freshness nor a due time."""

PARTIAL_LOOK_SECONDS = 900.0
"""How long a paid look serves of which a part was throttled or not answered."""

_PASSING = frozenset({Outcome.THROTTLED, Outcome.UNREACHABLE})
_PHASE_SECONDS = 3600.0
_SHORTEST_SHARE = 0.25

_BACKOFF: Mapping[Outcome, tuple[float, float]] = {
    Outcome.UNREACHABLE: (15.0, 300.0),
    Outcome.THROTTLED: (30.0, 600.0),
    Outcome.DENIED: (60.0, 900.0),
    Outcome.INVALID: (60.0, 900.0),
    # A login does not come back by itself; the engine revives the account as soon as it does.
    Outcome.EXPIRED: (300.0, 300.0),
    Outcome.REGION_DISABLED: (3600.0, 3600.0),
}
"""Outcome → (wait after the first failure, ceiling), seconds."""

_SEVERITY = (
    Outcome.EXPIRED,
    Outcome.DENIED,
    Outcome.INVALID,
    Outcome.UNREACHABLE,
    Outcome.THROTTLED,
    Outcome.REGION_DISABLED,
    Outcome.PARTIAL,
    Outcome.OK,
)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between two looks at a slot."""

    discover: float
    kinds: Mapping[str, float]
    """Resource kind → seconds between two reads of its metrics."""
    drifting: bool = False
    """True for looks that cost money: counted from the last one, not laid on the grid."""


def intervals_of(
    spec: ServiceSpec, polling: Polling, *, close: Collection[str] = (), looked_at: bool = False, slowed: bool = False
) -> Intervals:
    """How often a slot of `spec` is looked at now.

    Args:
        spec: The service.
        polling: What is configured; `pace` stretches everything but paid looks, which have a setting of their own.
        close: Resource kinds that need a close look.
        looked_at: Whether the slot is on screen.
        slowed: Whether the spending ceiling is near.
    """
    if spec.shared_between_processes:
        seconds = polling.cost_every_seconds
        kinds = {kind: seconds for cadence in spec.cadences for kind in cadence.kinds}
        return Intervals(seconds, kinds, drifting=True)
    stretch = polling.pace * (CEILING_FACTOR if slowed else 1.0)
    kinds = {
        kind: stretch * _seconds(cadence, close=kind in close, looked_at=looked_at)
        for cadence in spec.cadences
        for kind in cadence.kinds
    }
    return Intervals(polling.pace * spec.discover_seconds, kinds)


def _seconds(cadence: Cadence, *, close: bool, looked_at: bool) -> float:
    if looked_at:
        return min(cadence.close_seconds, LOOKED_AT_SECONDS)
    return cadence.close_seconds if close else cadence.every_seconds


def share_of(text: str) -> float:
    """A number in [0, 1) that depends on `text` only: the same in every process and after every restart."""
    return zlib.crc32(text.encode()) / 2**32


def next_look(slot: SlotId, last: float, every: float, *, drifting: bool = False) -> float:
    """When a look that happened at `last` (epoch seconds) is due again.

    Looks lie on a grid of `every` seconds whose phase is a fact of account and region. So accounts are spread out,
    while the slots of one account and region stay together, and their metric queries share requests. The first
    interval is between a quarter and five quarters of `every`; the following ones are exact.
    """
    if drifting:
        return last + every * (1 + 0.05 * share_of(str(slot)))
    phase = _PHASE_SECONDS * share_of(f"{slot.account}/{slot.region}")
    earliest = last + _SHORTEST_SHARE * every
    return phase + math.ceil((earliest - phase) / every) * every


def paid_look_lasts_seconds(observation: Observation, every: float) -> float:
    """How long a look that cost money serves.

    One of which a part failed for a reason that passes by itself is repeated soon; what somebody must mend is not
    worth paying for again before its time.
    """
    passing = observation.outcome is Outcome.PARTIAL and worst_outcome(observation) in _PASSING
    return min(every, PARTIAL_LOOK_SECONDS) if passing else every


def worst_outcome(observation: Observation) -> Outcome:
    """The outcome that says most about what to do; of a partial look, the worst of its failures."""
    if observation.outcome is not Outcome.PARTIAL or not observation.failures:
        return observation.outcome
    return gravest(failure.outcome for failure in observation.failures)


def gravest(outcomes: Iterable[Outcome]) -> Outcome:
    """The gravest of `outcomes`: what a person must mend comes before what mends itself. `OK` for none."""
    return min(outcomes, key=gravity, default=Outcome.OK)


def gravity(outcome: Outcome) -> int:
    """Place of an outcome among its like, the gravest first."""
    return _SEVERITY.index(outcome)


def backoff_seconds(slot: SlotId, outcome: Outcome, failures_in_row: int) -> float:
    """How long to wait after the `failures_in_row`-th failure: doubled each time, with a ceiling and some jitter."""
    first, ceiling = _BACKOFF.get(outcome, _BACKOFF[Outcome.UNREACHABLE])
    # The exponent is bounded too: a slot may fail for weeks.
    waited = min(ceiling, first * 2.0 ** min(max(failures_in_row, 1) - 1, 16))
    return waited * (1 + 0.2 * share_of(str(slot)))
