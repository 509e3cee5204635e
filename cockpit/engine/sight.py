"""How well a slot is seen now, in words. Pure.

Only a whole, fresh look concludes anything; everything else has a reason that an operator can act on.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.config.settings import Polling
from cockpit.engine.cadence import CEILING_FACTOR, CLOCK_SKEW_SECONDS, worst_outcome
from cockpit.model.observation import Observation
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import MeterReading
from cockpit.model.units import format_age
from cockpit.model.verdict import Failure, Outcome

REGION_OFF = "region not enabled"
WAITING = "waiting"
SET_BACK = "last seen at a time that is yet to come: the clock was set back"

_WORDS = {
    Outcome.PARTIAL: "could not be read whole",
    Outcome.DENIED: "denied",
    Outcome.EXPIRED: "the session has expired",
    Outcome.THROTTLED: "throttled",
    Outcome.UNREACHABLE: "no answer",
    Outcome.INVALID: "the answer makes no sense",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """How well one slot is seen."""

    note: str = ""
    """In two or three words, for a cell."""
    reason: str = ""
    """The sentence of the `UNKNOWN` finding; empty where the whole slot was seen lately, or there is nothing to see."""
    failure: Failure | None = None
    usable: bool = True
    """Whether its resources are young enough to be judged."""
    pending: bool = False
    """True until the first attempt has ended."""


def pace_of(polling: Polling, meter: MeterReading) -> float:
    """The factor on every cadence that is in force now."""
    return polling.pace * (CEILING_FACTOR if meter.throttled_by_ceiling else 1.0)


def sight_of(
    observation: Observation | None, spec: ServiceSpec, polling: Polling, now: float, *, pace: float = 1.0
) -> Sight:
    """How well a slot of `spec` is seen at `now`. Failures of single resources are not its business."""
    if observation is None:
        return Sight(WAITING, "not looked at yet", usable=False, pending=True)
    if observation.outcome is Outcome.REGION_DISABLED:
        return Sight(REGION_OFF, usable=False)
    age = observation.age_seconds(now)
    ahead = observation.observed_at is not None and observation.observed_at > now + CLOCK_SKEW_SECONDS
    fresh = age is not None and not ahead and age <= stale_after_seconds(spec, polling, pace)
    if observation.outcome not in {Outcome.OK, Outcome.PARTIAL}:
        failure = _gravest(observation)
        note = failure.summary if failure else observation.outcome.value
        return Sight(note, f"{_why(observation.outcome, failure)}; {_last_good(age)}", failure, usable=fresh)
    if age is None:
        return Sight("nothing seen", "nothing was ever seen", usable=False)
    if not fresh:
        note, reason = f"stale {format_age(age)}", f"no new data for {format_age(age)}"
        return Sight("clock set back" if ahead else note, SET_BACK if ahead else reason, usable=False)
    return Sight()


def stale_after_seconds(spec: ServiceSpec, polling: Polling, pace: float) -> float:
    """Age from which data of a service conclude nothing: stretched like the cadences, never shorter than they are."""
    # What each look costs money for is read as often as the configuration says, whatever the pace.
    paid = 2 * polling.cost_every_seconds if spec.shared_between_processes else 0.0
    return max(spec.stale_seconds * max(pace, 1.0), paid)


def failure_reason(failure: Failure) -> str:
    """A failure as a sentence: `denied: lambda:ListFunctions is missing`, `the session has expired: aws sso login`."""
    return _why(failure.outcome, failure)


def _why(outcome: Outcome, failure: Failure | None) -> str:
    words = _WORDS.get(outcome, outcome.value)
    if failure is None:
        return words
    if outcome is Outcome.DENIED and failure.iam_action:
        return f"{words}: {failure.iam_action} is missing"
    if outcome is Outcome.EXPIRED and failure.remedy:
        return f"{words}: {failure.remedy}"
    if outcome in {Outcome.THROTTLED, Outcome.UNREACHABLE}:
        return f"{words}: {failure.operation}"
    if outcome is Outcome.INVALID and failure.message:
        # A wrong account, a missing profile, a broken answer: they have only their sentence in common.
        return failure.message.rstrip(".")
    return f"{words}: {failure.message}" if failure.message else words


def _last_good(age: float | None) -> str:
    return "never seen" if age is None else f"last good data {format_age(age)} ago"


def _gravest(observation: Observation) -> Failure | None:
    worst = worst_outcome(observation)
    return next((one for one in observation.failures if one.outcome is worst), next(iter(observation.failures), None))
