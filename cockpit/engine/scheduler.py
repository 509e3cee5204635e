"""Which slot is polled when, and for what.

`Schedule` decides and knows no clock; `cockpit.engine.driver` runs what it decides. One run is in flight a slot; a slot
that fails waits longer each time, up to a ceiling, and is never forgotten.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cockpit.config.settings import Polling
from cockpit.engine.cadence import (
    CLOCK_SKEW_SECONDS,
    Intervals,
    backoff_seconds,
    intervals_of,
    next_look,
    paid_look_lasts_seconds,
    worst_outcome,
)
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import ServiceSpec
from cockpit.model.verdict import Outcome

_SOON_SECONDS = 5.0
"""What is due this soon is done along with what is due now."""

DISCOVERY = ""
"""The part of a slot that is its list of resources; the other parts are resource kinds, whose metrics are read."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one poll of a slot is to do."""

    slot: SlotId
    discover: bool
    kinds: frozenset[str]
    """Resource kinds whose metrics are read."""
    newcomers: bool = True
    """Whether the metrics of resources that were never seen before are read too, whatever their kind."""


@dataclass(slots=True)
class _Entry:
    """What the schedule knows of one slot."""

    spec: ServiceSpec
    order: int
    read_at: dict[str, float] = field(default_factory=dict)
    """Part → when it was last looked at with success."""
    failing: frozenset[str] = frozenset()
    """Parts whose last attempt brought nothing."""
    failures_in_row: int = 0
    retry_at: float = 0.0
    close: frozenset[str] = frozenset()
    looked_at: bool = False
    lasts_seconds: float = float("inf")
    """How long the newest look serves at most, where looks cost money."""
    forced: bool = False
    eager: bool = True
    """True until the first run: the list of resources of an earlier process is looked at again at once."""
    running: Run | None = None
    started_at: float = 0.0
    due_at: float = 0.0


class Schedule:
    """Due times of every slot. No clock, no loop: `now` is passed in."""

    def __init__(self, slots: Iterable[tuple[SlotId, ServiceSpec]], polling: Polling) -> None:
        self._polling = polling
        self._entries = {slot: _Entry(spec, order) for order, (slot, spec) in enumerate(slots)}
        self._heap = [(0.0, entry.order, slot) for slot, entry in self._entries.items()]
        heapq.heapify(self._heap)
        self._slowed = False
        self._paused = False
        self._newest = float("-inf")
        self._restored = False

    def restore(self, observation: Observation) -> None:
        """Take over what an earlier process saw: metrics that are young enough are not paid for again."""
        if entry := self._entries.get(observation.slot):
            entry.read_at = _read_at(observation)
            self._restored = True

    def due(self, now: float) -> list[Run]:
        """What is to be started now; each is then in flight until `finished`."""
        if now < self._newest - CLOCK_SKEW_SECONDS or self._restored:
            self._forget_after(now + CLOCK_SKEW_SECONDS)
        self._newest, self._restored = now, False
        runs: list[Run] = []
        while self._heap and self._heap[0][0] <= now:
            due_at, _, slot = heapq.heappop(self._heap)
            entry = self._entries[slot]
            if entry.running is None and entry.due_at == due_at:
                runs.append(self._start(slot, entry, now))
        return runs

    def next_at(self) -> float | None:
        """When something is due, epoch seconds; None while nothing waits."""
        while self._heap:
            due_at, _, slot = self._heap[0]
            entry = self._entries[slot]
            if entry.running is None and entry.due_at == due_at:
                return due_at
            heapq.heappop(self._heap)
        return None

    def finished(
        self, run: Run, observation: Observation | None, now: float, *, close: frozenset[str] = frozenset()
    ) -> None:
        """A run has ended.

        Args:
            run: What was asked for.
            observation: What is known now; None where nothing was learned.
            now: Epoch seconds.
            close: The resource kinds that need a close look.
        """
        entry = self._entries[run.slot]
        entry.running, entry.eager, entry.close = None, False, close
        entry.read_at = _read_at(observation) if observation else entry.read_at
        if observation is not None and entry.spec.shared_between_processes:
            entry.lasts_seconds = paid_look_lasts_seconds(observation, self._polling.cost_every_seconds)
        asked = {DISCOVERY, *run.kinds} if run.discover else set(run.kinds)
        brought = {part for part in asked if self._was_read(run.slot, entry, part, now)}
        entry.failing = (entry.failing | asked) - brought
        entry.failures_in_row = entry.failures_in_row + 1 if asked - brought else entry.failures_in_row
        if asked - brought:
            outcome = worst_outcome(observation) if observation else Outcome.UNREACHABLE
            entry.retry_at = now + backoff_seconds(run.slot, outcome, entry.failures_in_row)
        elif not entry.failing:
            entry.failures_in_row = 0
        self._push(run.slot, entry)

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Everything of these slots is due now (None: of all). A slot in flight runs once more after it."""
        for slot in self._entries if slots is None else slots:
            if entry := self._entries.get(slot):
                entry.forced = True
                self._push(slot, entry)

    def revive(self, account: str) -> None:
        """The credentials of an account work again: what failed there is due now."""
        for slot, entry in self._entries.items():
            if slot.account == account and entry.failing:
                entry.failures_in_row, entry.retry_at = 0, 0.0
                self._push(slot, entry)

    def look_at(self, slots: Collection[SlotId]) -> None:
        """These slots, and only these, are on screen."""
        wanted = frozenset(slots)
        for slot, entry in self._entries.items():
            if entry.looked_at != (slot in wanted):
                entry.looked_at = slot in wanted
                self._push(slot, entry)

    def pause(self, *, paused: bool) -> None:
        """While paused, only what is asked for by `refresh` is due."""
        self._paused = paused
        self._push_all()

    def slow_down(self, *, slowed: bool) -> None:
        """The spending ceiling is near, or no longer: metrics are read less often."""
        if slowed != self._slowed:
            self._slowed = slowed
            self._push_all()

    def _start(self, slot: SlotId, entry: _Entry, now: float) -> Run:
        due = self._due_parts(slot, entry)
        parts = {part for part, at in due.items() if entry.forced or at <= now + _SOON_SECONDS}
        run = Run(slot, DISCOVERY in parts, frozenset(parts - {DISCOVERY}))
        entry.running, entry.started_at, entry.forced = run, now, False
        return run

    def _due_parts(self, slot: SlotId, entry: _Entry) -> dict[str, float]:
        """Part → when it is due."""
        intervals = self._intervals(entry)
        every = {DISCOVERY: min(intervals.discover, entry.lasts_seconds), **intervals.kinds}
        return {part: self._part_due_at(slot, entry, part, every[part], intervals) for part in every}

    @staticmethod
    def _part_due_at(slot: SlotId, entry: _Entry, part: str, every: float, intervals: Intervals) -> float:
        if part in entry.failing:
            return entry.retry_at
        if part not in entry.read_at or (part == DISCOVERY and entry.eager):
            return 0.0
        return next_look(slot, entry.read_at[part], every, drifting=intervals.drifting)

    def _was_read(self, slot: SlotId, entry: _Entry, part: str, now: float) -> bool:
        at = entry.read_at.get(part)
        if at is None or at >= entry.started_at:
            return at is not None
        # A paid look may be that of another process, and a little older than this run.
        intervals = self._intervals(entry)
        every = intervals.kinds.get(part, intervals.discover)
        return intervals.drifting and next_look(slot, at, every, drifting=True) > now

    def _intervals(self, entry: _Entry) -> Intervals:
        return intervals_of(
            entry.spec, self._polling, close=entry.close, looked_at=entry.looked_at, slowed=self._slowed
        )

    def _forget_after(self, moment: float) -> None:
        """The clock was set back: what was read, or is to be tried, after `moment` is due now."""
        for slot, entry in self._entries.items():
            entry.read_at = {part: at for part, at in entry.read_at.items() if at <= moment}
            entry.retry_at = min(entry.retry_at, moment)
            self._push(slot, entry)

    def _push_all(self) -> None:
        for slot, entry in self._entries.items():
            self._push(slot, entry)

    def _push(self, slot: SlotId, entry: _Entry) -> None:
        """Put the slot's next due time on the heap; what was there before is stale and will be dropped."""
        if entry.running is not None:
            return
        if entry.forced:
            entry.due_at = 0.0
        elif self._paused:
            entry.due_at = float("inf")
        else:
            entry.due_at = min(self._due_parts(slot, entry).values())
        heapq.heappush(self._heap, (entry.due_at, entry.order, slot))


def _read_at(observation: Observation) -> dict[str, float]:
    read_at = dict(observation.metrics_at)
    if observation.discovered_at is not None:
        read_at[DISCOVERY] = observation.discovered_at
    return read_at
