"""Schedules, and what a run may have brought."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.config.settings import Polling
from cockpit.engine.scheduler import Schedule
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.verdict import Failure, Outcome
from tests.engine.rooms import DEV, IDS, NOW, PAID, TINY, failure

EVERYTHING = frozenset({"account", "thing"})


def seen(
    slot: SlotId = DEV,
    *,
    at: float = NOW,
    discovered_at: float | None = None,
    metrics_at: Mapping[str, float] | None = None,
    outcome: Outcome = Outcome.OK,
    failures: tuple[Failure, ...] = (),
) -> Observation:
    return Observation(
        slot,
        IDS[slot.account],
        outcome,
        at,
        at,
        failures=failures,
        discovered_at=at if discovered_at is None else discovered_at,
        metrics_at=dict.fromkeys(EVERYTHING, at) if metrics_at is None else metrics_at,
    )


def unseen(slot: SlotId = DEV, outcome: Outcome = Outcome.UNREACHABLE) -> Observation:
    return Observation(slot, IDS[slot.account], outcome, NOW, None, failures=(failure(slot, outcome),))


def schedule(*slots: SlotId, polling: Polling | None = None) -> Schedule:
    return Schedule(
        [(slot, PAID if slot.service == "bill" else TINY) for slot in slots or (DEV,)], polling or Polling()
    )


def begun(one: Schedule, at: float = NOW) -> float:
    """Do the first run of every slot; when the next is due."""
    for run in one.due(at):
        one.finished(run, seen(run.slot, at=at), at)
    return due_at(one)


def due_at(one: Schedule) -> float:
    at = one.next_at()
    assert at is not None
    return at
