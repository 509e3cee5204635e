"""Polling while the AWS room is open: schedule, driver, and a watch over the accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import partial

from cockpit.aws.meter import Meter
from cockpit.config.settings import Settings
from cockpit.engine.cadence import worst_outcome
from cockpit.engine.defects import OnDefect
from cockpit.engine.driver import Driver
from cockpit.engine.fleet import Fleet
from cockpit.engine.logins import Logins
from cockpit.engine.poller import Room
from cockpit.engine.scheduler import Run, Schedule
from cockpit.engine.sight import pace_of
from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.verdict import Failure, Outcome
from cockpit.store.history import History

ACCOUNT_CHECK_SECONDS = 15.0
"""How often the identity of an account is checked: a login should show soon. The room asks AWS only when credentials
have changed."""
_CEILING_SECONDS = 10.0
_AFTER_DEFECT_SECONDS = 1.0


class Session:
    """Everything that polls, on one event loop."""

    def __init__(
        self,
        room: Room,
        settings: Settings,
        catalogue: Catalogue,
        slots: Iterable[SlotId],
        *,
        meter: Meter,
        history: History | None,
        restored: Mapping[SlotId, Observation],
        clock: Callable[[], float],
        share_spending: Callable[[], None],
        on_change: Callable[[], None],
        on_defect: OnDefect,
    ) -> None:
        """Make a session.

        Args:
            room: The AWS room, open.
            settings: What is configured.
            catalogue: The services.
            slots: What is polled.
            meter: What the room counts on.
            history: Where observations are saved; None for nowhere.
            restored: What an earlier process saw.
            clock: Epoch seconds.
            share_spending: Tells other processes what was spent, and the meter what they spent; called in a thread.
            on_change: Called on the loop when something worth showing has changed.
            on_defect: Hears of defects.
        """
        self.fleet = Fleet(
            room, settings, catalogue, history=history, clock=clock, on_defect=on_defect, restored=restored
        )
        self.logins = Logins(room, self.fleet.poller.identities, self._check_account)
        self._settings = settings
        self._meter = meter
        self._share_spending = share_spending
        self._clock = clock
        self._on_change = on_change
        self._on_defect = on_defect
        self._schedule = Schedule([(slot, self.fleet.spec(slot)) for slot in slots], settings.polling)
        for observation in restored.values():
            self._schedule.restore(observation)
        self._driver = Driver(self._schedule, self._poll, clock=clock)
        self._pace = settings.polling.pace
        self._failing: set[str] = set()
        """Accounts whose identity check failed."""
        self._suspected: set[str] = set()
        """Accounts whose session ran out in the middle of a poll, before any check has seen it."""

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            await asyncio.gather(
                self._forever("scheduler", self._driver.run),
                self._forever("spending ceiling", self._mind_the_ceiling),
                self._forever("logins", self.logins.watch),
                *(self._forever(name, partial(self._watch_account, name)) for name in self._settings.accounts),
            )
        finally:
            await self._driver.close()

    def refresh(self, slots: Collection[SlotId] | None) -> None:
        """Everything of these slots is due now (None: of all)."""
        self._schedule.refresh(slots)
        self._driver.wake()

    def look_at(self, slots: Collection[SlotId]) -> None:
        """These slots, and only these, are on screen."""
        self._schedule.look_at(slots)
        self._driver.wake()

    def pause(self, *, paused: bool) -> None:
        """Start nothing by itself, or go on."""
        self._schedule.pause(paused=paused)
        self._driver.wake()

    async def _poll(self, run: Run) -> None:
        observation: Observation | None = None
        try:
            observation = await self.fleet.look(run)
        except Exception as error:  # noqa: BLE001 - whatever it is, the slot must be polled again
            self._on_defect(str(run.slot), error)
        close = self.fleet.close_kinds(run.slot, self._pace)
        self._schedule.finished(run, observation, self._clock(), close=close)
        self._account_checked(run.slot.account)
        if observation is not None and worst_outcome(observation) is Outcome.EXPIRED:
            self._suspected.add(run.slot.account)
        self._on_change()

    async def _forever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin `work` anew whenever it ends by a defect."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - polling never dies
                self._on_defect(name, error)
            await asyncio.sleep(_AFTER_DEFECT_SECONDS)

    async def _watch_account(self, name: str) -> None:
        """Check who we are in an account, again and again; each account by itself, so that none waits for another."""
        while True:
            await self._check_account(name)
            await asyncio.sleep(ACCOUNT_CHECK_SECONDS)

    async def _check_account(self, name: str) -> None:
        before = self.fleet.poller.identities.get(name)
        regions = self._settings.accounts[name].regions
        found = await self.fleet.poller.check_identity(SlotId(name, regions[0] if regions else GLOBAL_REGION, "sts"))
        self.fleet.describe(name)
        if name in self._suspected:
            # Only here, so that an account that is refused in spite of a good identity is not tried in a circle.
            self._suspected.discard(name)
            self._failing.add(name)
        self._account_checked(name)
        if found != before:
            self._on_change()

    def _account_checked(self, name: str) -> None:
        """An account that works again is polled at once."""
        if isinstance(self.fleet.poller.identities.get(name), Failure):
            self._failing.add(name)
        elif name in self._failing:
            self._failing.discard(name)
            self._schedule.revive(name)
            self._driver.wake()

    async def _mind_the_ceiling(self) -> None:
        """Slow down while the spending ceiling is near."""
        while True:
            await asyncio.to_thread(self._share_spending)
            reading = self._meter.reading(self._clock())
            self._pace = pace_of(self._settings.polling, reading)
            self._schedule.slow_down(slowed=reading.throttled_by_ceiling)
            self._driver.wake()
            await asyncio.sleep(_CEILING_SECONDS)
