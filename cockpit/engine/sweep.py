"""One look at every slot, with a deadline: for scripts. The same looks, rules and snapshots as the live engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cockpit.aws.meter import Meter
from cockpit.config.settings import Settings
from cockpit.engine.accounts import account_states
from cockpit.engine.board import build_snapshot
from cockpit.engine.cadence import CLOCK_SKEW_SECONDS
from cockpit.engine.defects import OnDefect, log_defect
from cockpit.engine.door import OpenRoom, aws_room, entered
from cockpit.engine.fleet import Fleet
from cockpit.engine.material import Material, SnapshotMaker, notices_of
from cockpit.engine.poller import Room
from cockpit.engine.scheduler import Run
from cockpit.engine.slots import slots_of
from cockpit.health.window import metric_ids
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue, ServiceSpec
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.store.history import History

_LEASE_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep has come."""

    done: int
    total: int
    failed: int
    """Of the slots that are done, those that were not wholly observed."""
    slot: SlotId
    """The slot that is done now."""
    outcome: Outcome


async def sweep(
    settings: Settings,
    catalogue: Catalogue,
    *,
    slots: Collection[SlotId] | None = None,
    history: History | None,
    clock: Callable[[], float] = time.time,
    deadline: float,
    max_age: float | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    discover_only: bool = False,
    open_room: OpenRoom | None = None,
    on_defect: OnDefect = log_defect,
) -> Snapshot:
    """Look once at every slot and judge what was seen.

    Args:
        settings: What is configured.
        catalogue: The services.
        slots: What to look at; None: everything that is configured.
        history: The store; None for none. What is seen is saved there.
        clock: Epoch seconds.
        deadline: Seconds that it may take. What is not done by then was not observed, and the snapshot says so.
        max_age: Stored looks up to this age, in seconds, are used as they are where they still conclude by the rules;
            None: none is.
        progress: Called on this loop whenever a slot is done.
        discover_only: List resources and read no metrics.
        open_room: Opens the AWS room; another one in tests.
        on_defect: Hears of defects that were survived.

    Returns:
        A snapshot in which slots that were not observed are absent, and so unknown.
    """
    one = _Sweep(
        settings,
        catalogue,
        history=history,
        clock=clock,
        progress=progress,
        on_defect=on_defect,
        discover_only=discover_only,
    )
    wanted = tuple(slots_of(settings, catalogue) if slots is None else slots)
    try:
        async with asyncio.timeout(deadline):
            await one.recall(wanted, max_age)
            await asyncio.to_thread(one.share_spending)
            async with entered((open_room or aws_room(settings, catalogue, clock))(one.meter)) as room:
                await one.look_at_all(room, wanted)
    except TimeoutError:
        one.notice(f"The time of {deadline:.0f} s was up: {one.missing(wanted)} of {len(wanted)} slots were not seen.")
    except Exception as error:  # noqa: BLE001 - a script gets its answer, which is that nothing is known
        on_defect("sweep", error)
        one.notice(f"Nothing could be looked at ({type(error).__name__}).")
    await asyncio.to_thread(one.share_spending)
    return await asyncio.to_thread(one.snapshot)


class _Sweep:
    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        *,
        history: History | None,
        clock: Callable[[], float],
        progress: Callable[[Progress], None],
        on_defect: OnDefect,
        discover_only: bool,
    ) -> None:
        self.meter = Meter(settings.polling.ceiling_usd_per_day, since=clock())
        self._settings = settings
        self._catalogue = catalogue
        self._history = history
        self._clock = clock
        self._progress = progress
        self._on_defect = on_defect
        self._discover_only = discover_only
        self._stored: Mapping[SlotId, Observation] = {}
        self._seen: dict[SlotId, Observation] = {}
        self._done = 0
        self._failed = 0
        self._total = 0
        self._fleet: Fleet | None = None
        self._notices: tuple[str, ...] = ()

    def share_spending(self) -> None:
        """The ceiling is one for all processes: learn what the others have spent, and tell what this one has."""
        if self._history is not None:
            self.meter.share(self._history.spend, self._clock())

    def notice(self, sentence: str) -> None:
        """Say something in the snapshot."""
        self._notices = (*self._notices, sentence)

    def missing(self, slots: Collection[SlotId]) -> int:
        """How many of `slots` were not seen."""
        return sum(slot not in self._seen for slot in slots)

    async def recall(self, slots: Collection[SlotId], max_age: float | None) -> None:
        """Take what is stored: as it is where it is young enough, else to build upon."""
        if self._history is None:
            return
        ids = {name: account.id for name, account in self._settings.accounts.items()}
        self._stored = await asyncio.to_thread(self._history.load, ids)
        if max_age is not None:
            now = self._clock()
            young = {
                slot: stored for slot in slots if (stored := self._stored.get(slot)) and _serves(stored, now, max_age)
            }
            doubtful = await asyncio.to_thread(self._doubtful, young, now)
            self._seen = {slot: stored for slot, stored in young.items() if slot not in doubtful}

    def _doubtful(self, stored: Mapping[SlotId, Observation], now: float) -> frozenset[SlotId]:
        """Slots whose stored look no longer concludes by the rules, however old the data may be that were asked for."""
        reading = self.meter.reading(now)
        trial = build_snapshot(self._settings, self._catalogue, stored, (), reading, now)
        return frozenset(finding.slot for finding in trial.findings if finding.health is Health.UNKNOWN)

    async def look_at_all(self, room: Room, slots: Collection[SlotId]) -> None:
        """Look at everything that the store could not answer, side by side."""
        self._fleet = fleet = Fleet(
            room,
            self._settings,
            self._catalogue,
            history=self._history,
            clock=self._clock,
            on_defect=self._on_defect,
            restored=self._stored,
        )
        self._total = len(slots)
        for slot in tuple(self._seen):
            self._tell(slot)
        await asyncio.gather(*(self._look_at(fleet, slot) for slot in slots if slot not in self._seen))

    async def _look_at(self, fleet: Fleet, slot: SlotId) -> None:
        spec = fleet.spec(slot)
        later = _ruled_out_by_account(spec)
        kinds = frozenset(kind for cadence in spec.cadences for kind in cadence.kinds)
        kinds = frozenset() if self._discover_only else kinds - later
        try:
            seen = await self._first_look(fleet, Run(slot, discover=True, kinds=kinds, newcomers=False))
            self._seen[slot] = seen
            doubtful = later & fleet.close_kinds(slot, self._settings.polling.pace)
            if doubtful and not self._discover_only:
                again = Run(slot, discover=False, kinds=doubtful, newcomers=False)
                self._seen[slot] = await fleet.look(again) or seen
        except Exception as error:  # noqa: BLE001 - a defect costs one slot its answer, not the others theirs
            self._on_defect(str(slot), error)
            return
        self._tell(slot)

    async def _first_look(self, fleet: Fleet, run: Run) -> Observation:
        while True:
            seen = await fleet.look(run)
            if seen is not None:
                return seen
            # Another process is asking what costs money; its answer will be ours.
            await asyncio.sleep(_LEASE_POLL_SECONDS)

    def _tell(self, slot: SlotId) -> None:
        outcome = self._seen[slot].outcome
        self._done += 1
        self._failed += outcome not in {Outcome.OK, Outcome.REGION_DISABLED}
        self._progress(Progress(self._done, self._total, self._failed, slot, outcome))

    def snapshot(self) -> Snapshot:
        """What was seen, judged."""
        now = self._clock()
        reading = self.meter.reading(now)
        fleet = self._fleet
        material = Material(
            observations=self._seen,
            accounts=account_states(
                self._settings.accounts, fleet.poller.identities if fleet else {}, fleet.sources if fleet else {}
            ),
            meter=reading,
            notices=(*notices_of(self._history, reading), *self._notices),
            polling=True,
            version=1,
            now=now,
        )
        return SnapshotMaker(self._settings, self._catalogue, self._history).make(material)


def _serves(stored: Observation, now: float, max_age: float) -> bool:
    seen_at = stored.observed_at
    return stored.outcome is Outcome.OK and seen_at is not None and now - max_age <= seen_at <= now + CLOCK_SKEW_SECONDS


def _ruled_out_by_account(spec: ServiceSpec) -> frozenset[str]:
    """Resource kinds read only where the account's own metrics leave a doubt: all their rules can be cleared."""
    metric_rules = [rule for rule in spec.rules if metric_ids(rule)]
    clearable = {kind for rule in metric_rules if rule.cleared_by for kind in rule.kinds}
    return frozenset(clearable - {kind for rule in metric_rules if not rule.cleared_by for kind in rule.kinds})
