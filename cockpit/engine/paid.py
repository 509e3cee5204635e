"""Looks that cost money: one look by any process on this machine serves them all."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from cockpit.engine.cadence import CLOCK_SKEW_SECONDS, next_look, paid_look_lasts_seconds
from cockpit.engine.poller import LOOK_DEADLINE_SECONDS
from cockpit.engine.scheduler import Run
from cockpit.model.observation import Observation
from cockpit.model.verdict import Outcome
from cockpit.store.history import History

_LEASE_SECONDS = LOOK_DEADLINE_SECONDS * 1.2
"""Longer than any look takes; it is given back as soon as the look has ended."""

Poll = Callable[[Run, Observation | None], Awaitable[Observation]]


class PaidLooks:
    """Stands before the poller for services with `shared_between_processes`."""

    def __init__(self, history: History, *, every_seconds: float, clock: Callable[[], float]) -> None:
        """Make a gate.

        Args:
            history: The store that the processes share.
            every_seconds: How old a look may be before another is paid for.
            clock: Epoch seconds.
        """
        self._history = history
        self._every_seconds = every_seconds
        self._clock = clock
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"

    async def look(self, run: Run, account_id: str, previous: Observation | None, poll: Poll) -> Observation | None:
        """A stored look if one is young enough, else one of our own; to ask again sooner costs nothing.

        None while another process is asking.
        """
        known = await self._newest(run, account_id, previous)
        if known is not None and self._serves(known):
            return replace(known, restored=False)
        if not await asyncio.to_thread(self._claim, run):
            return None
        try:
            # Another process may have finished between our reading and our claim.
            known = await self._newest(run, account_id, known)
            if known is not None and self._serves(known):
                return replace(known, restored=False)
            observation = await poll(run, known)
            self._history.save((observation,))
            # Written before anybody is told, so that the next process finds it and does not pay again.
            await asyncio.to_thread(self._history.flush)
            return observation
        finally:
            # Also when cancelled.
            self._history.release(run.slot, owner=self._owner)

    def _claim(self, run: Run) -> bool:
        return self._history.claim(run.slot, for_seconds=_LEASE_SECONDS, owner=self._owner)

    async def _newest(self, run: Run, account_id: str, known: Observation | None) -> Observation | None:
        stored = await asyncio.to_thread(self._history.load_slot, run.slot, account_id)
        if stored is None or known is None:
            return stored or known
        return stored if (stored.discovered_at or 0.0) > (known.discovered_at or 0.0) else known

    def _serves(self, observation: Observation) -> bool:
        if observation.discovered_at is None or observation.outcome not in {Outcome.OK, Outcome.PARTIAL}:
            return False
        now = self._clock()
        if observation.discovered_at > now + CLOCK_SKEW_SECONDS:
            return False
        lasts = paid_look_lasts_seconds(observation, self._every_seconds)
        return next_look(observation.slot, observation.discovered_at, lasts, drifting=True) > now
