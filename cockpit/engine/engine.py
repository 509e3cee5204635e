"""The engine: a thread with an event loop of its own. The interface holds only this and receives finished snapshots."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import partial

from cockpit.aws.meter import Meter
from cockpit.config.settings import Settings
from cockpit.engine.accounts import account_states
from cockpit.engine.defects import OnDefect, log_defect
from cockpit.engine.desk import Desk
from cockpit.engine.door import OpenRoom, aws_room, entered
from cockpit.engine.front_page import FrontPages, nothing_yet
from cockpit.engine.garbage import settle
from cockpit.engine.inquiries import Inquiries
from cockpit.engine.logins import begin
from cockpit.engine.loop import LoopThread
from cockpit.engine.material import Material, SnapshotMaker, notices_of
from cockpit.engine.muting import Muting
from cockpit.engine.painter import Painter
from cockpit.engine.poller import Room
from cockpit.engine.recorder import Recorder
from cockpit.engine.session import Session
from cockpit.engine.slots import slots_of
from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import Course, Detail, LoginStep, LogPage, LogQuery
from cockpit.model.mute import Mute
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.store.history import History
from cockpit.store.memory import LatestSnapshot

_READY_SECONDS = 1.5
"""How long `start` waits for what was stored."""
_FIRST_FRAME_SECONDS = 0.4
"""Where there is a front page, everything else begins this much later: reading what is stored, judging it and loading
boto would keep the first frame waiting."""
_REOPEN_SECONDS = 10.0
_THREAD_END_SECONDS = 1.2
_FLUSH_SECONDS = 0.4
"""Together with the end of the thread less than two seconds, which is what leaving may take."""


class Engine:
    """Polls the fleet. Every method may be called from any thread and returns at once."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        *,
        history: History | None,
        clock: Callable[[], float] = time.time,
        open_room: OpenRoom | None = None,
        on_defect: OnDefect = log_defect,
    ) -> None:
        """Make an engine; `start` starts it, once.

        Args:
            settings: What is configured.
            catalogue: The services.
            history: The store; the caller closes it after `stop`. None: nothing is restored or saved.
            clock: Epoch seconds.
            open_room: Opens the AWS room; another one in tests.
            on_defect: Hears of defects that were survived.
        """
        self._settings = settings
        self._catalogue = catalogue
        self._slots = slots_of(settings, catalogue)
        self._history = history
        self._clock = clock
        self._open_room = open_room or aws_room(settings, catalogue, clock)
        self._on_defect = on_defect
        self._meter = Meter(settings.polling.ceiling_usd_per_day, since=clock())
        self._maker = SnapshotMaker(settings, catalogue, history)
        record = history.record if history else lambda _: None
        self._muting = Muting(self._maker.mutes, clock=clock, read_only=settings.read_only, record=record)
        self._restored: Mapping[SlotId, Observation] = {}
        self._session: Session | None = None
        self._painter: Painter[Material] | None = None
        self._paused = False
        self._looked_at: Collection[SlotId] = ()
        self._trouble: tuple[str, ...] = ()
        self._version = 0
        self._ready = threading.Event()
        self._thread = LoopThread("cockpit-engine", self._main)
        self._front_pages = FrontPages(history, settings, catalogue)
        nothing = nothing_yet(settings, self._meter.reading(clock()), clock())
        first = self._front_pages.first(nothing.meter, nothing.at)
        self._has_front_page = first is not None
        self._latest = LatestSnapshot(first or nothing, on_error=lambda error: on_defect("subscriber", error))
        wake = partial(self._thread.call, self._touch)
        self._recorder = Recorder(history, catalogue, started_at=clock(), on_record=wake, on_defect=on_defect)
        self._latest.subscribe(self._recorder.see)
        self._desk = Desk(self._thread, find=self._find, clock=clock, on_defect=on_defect)

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot; after `start` that is what was stored, until something newer is seen."""
        return self._latest.snapshot

    @property
    def longest_stall_seconds(self) -> float:
        """The longest time since polling began that the engine's loop could not look after its tasks."""
        return self._thread.longest_stall_seconds

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` with every snapshot to come, on the engine's thread. Returns the way to end it."""
        return self._latest.subscribe(callback)

    def start(self) -> None:
        """Start. Where there is no front page to begin with, this waits a moment for what is stored."""
        self._thread.start()
        if self._thread.alive and not self._has_front_page:
            self._ready.wait(_READY_SECONDS)

    def stop(self) -> None:
        """End the thread within two seconds, whatever is in flight, and have everything written."""
        self._thread.stop(_THREAD_END_SECONDS)
        self._desk.close()
        self._recorder.close()
        if self._history is not None:
            self._front_pages.keep(self.snapshot)
            self._share_spending()
            self._history.flush(_FLUSH_SECONDS)

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Poll now (None: everything). A look that costs money is not repeated before its time."""

        def apply() -> None:
            if self._session is not None:
                self._session.refresh(slots)

        self._thread.call(apply)

    def pause(self, paused: bool) -> None:  # noqa: FBT001 - the verb says what it means
        """Start no poll by itself, or go on. `refresh` works meanwhile."""
        self._paused = paused
        self._thread.call(self._apply_wishes)

    def look_at(self, slots: Collection[SlotId]) -> None:
        """These slots, and only these, are on screen: their metrics are read more often."""
        self._looked_at = tuple(slots)
        self._thread.call(self._apply_wishes)

    def log_in(self, login: str, told: Callable[[LoginStep], None]) -> Callable[[], None]:
        """Begin a login (as `AccountState.login`); `told` hears each step. What it returns gives the login up."""
        return begin(
            login,
            told,
            thread=self._thread,
            logins=lambda: self._session.logins if self._session else None,
            read_only=self._settings.read_only,
            on_defect=self._on_defect,
        )

    def course(self, resource: str, span_seconds: int) -> Future[Course]:
        """The metrics of a resource (key) over the newest span. Never fails: failures are in the answer."""
        return self._desk.course(resource, span_seconds)

    def logs(self, resource: str, query: LogQuery) -> Future[LogPage]:
        """Log lines of a resource (key). Never fails: the failure is in the answer."""
        return self._desk.logs(resource, query)

    def detail(self, resource: str) -> Future[Detail]:
        """What is read of a resource (key) only when asked for. Never fails: failures are in the answer."""
        return self._desk.detail(resource)

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """Entries of the timeline, newest first."""
        return self._recorder.events(query)

    def mute(self, mute: Mute) -> None:
        """Acknowledge or mute a finding; a new snapshot follows. Nothing happens where the settings are read-only."""
        self._muting.mute(mute, self.snapshot)
        self._thread.call(self._touch)

    def unmute(self, finding: str, by: str) -> None:
        """Take back what was said about a finding (key)."""
        self._muting.unmute(finding, by, self.snapshot)
        self._thread.call(self._touch)

    async def _main(self) -> None:
        self._painter = painter = Painter(
            self._material, self._maker.make, self._latest.swap, on_defect=self._on_defect
        )
        try:
            if self._has_front_page:
                await asyncio.sleep(_FIRST_FRAME_SECONDS)
            await self._restore()
            await painter.paint()
            self._ready.set()
            await asyncio.gather(
                painter.run(),
                self._poll_forever(),
                self._muting.watch(lambda: self.snapshot, painter.touch),
                self._front_pages.keep_on(lambda: self.snapshot),
            )
        finally:
            painter.close()

    async def _restore(self) -> None:
        if self._history is None:
            return
        ids = {name: account.id for name, account in self._settings.accounts.items()}
        stored = await asyncio.to_thread(self._history.load, ids)
        self._restored = {slot: stored[slot] for slot in self._slots if slot in stored}

    async def _poll_forever(self) -> None:
        """Open the room and poll in it; open it anew if that fails, because nothing else could tell."""
        while True:
            try:
                async with entered(self._open_room(self._meter)) as room:
                    await self._poll_in(room)
            except Exception as error:  # noqa: BLE001 - the interface lives on and shows why nothing is polled
                self._ready.set()
                self._on_defect("engine", error)
                self._trouble = (f"Polling could not start ({type(error).__name__}); it is tried again.",)
            self._touch()
            await asyncio.sleep(_REOPEN_SECONDS)

    async def _poll_in(self, room: Room) -> None:
        await room.warm(self._slots)
        await asyncio.to_thread(self._share_spending)
        settle()
        self._thread.longest_stall_seconds = 0.0
        self._ready.set()
        self._session = Session(
            room,
            self._settings,
            self._catalogue,
            self._slots,
            meter=self._meter,
            history=self._history,
            restored=self._observations,
            clock=self._clock,
            share_spending=self._share_spending,
            on_change=self._touch,
            on_defect=self._on_defect,
        )
        # The session has them now; kept here too, they would be in memory twice for weeks.
        self._restored, self._trouble = {}, ()
        self._apply_wishes()
        inquiries = Inquiries(room, self._settings, self._catalogue, find=self._find, clock=self._clock)
        async with self._desk.answering(inquiries):
            await self._session.run()

    def _find(self, key: str) -> Resource | None:
        return self.snapshot.resource(key)

    def _share_spending(self) -> None:
        """The ceiling is one for all processes: tell what this one has spent, and learn what the others have."""
        if self._history is not None:
            self._meter.share(self._history.spend, self._clock())

    @property
    def _observations(self) -> Mapping[SlotId, Observation]:
        return self._session.fleet.observations if self._session else self._restored

    def _apply_wishes(self) -> None:
        if self._session is not None:
            self._session.pause(paused=self._paused)
            self._session.look_at(self._looked_at)
        self._touch()

    def _touch(self) -> None:
        if self._painter is not None:
            self._painter.touch()

    def _material(self) -> Material:
        now = self._clock()
        fleet = self._session.fleet if self._session else None
        reading = self._meter.reading(now)
        self._version += 1
        return Material(
            observations=dict(self._observations),
            accounts=account_states(
                self._settings.accounts, fleet.poller.identities if fleet else {}, fleet.sources if fleet else {}
            ),
            meter=reading,
            notices=(*notices_of(self._history, reading), *self._trouble),
            polling=not self._paused,
            version=self._version,
            now=now,
        )
