"""The keys of every account: resolved once for each source, renewed before they expire, never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from cockpit.aws.failed import CallFailed
from cockpit.aws.keys import Keys
from cockpit.model.verdict import Failure

Fetch = Callable[[bool], Awaitable[Keys]]
"""`(fresh) → keys`; `fresh` passes over caches because AWS has refused what they held. Raises CallFailed."""

_RENEW_BEFORE_SECONDS = 600.0
_USABLE_SECONDS = 60.0
_FAILURE_HOLDS_SECONDS = 10.0
_NEXT_TRY_SECONDS = 60.0


class Holder:
    """Keys that renew themselves. Lives on one event loop.

    Ten minutes before the end (or at half of a short life) new keys are fetched while the old ones still serve. A
    failure is held for some seconds, so that a hundred calls of an account that is logged out ask once.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Keys | None = None
        self._renew_at = float("-inf")
        self._fresh = False
        self._flight: asyncio.Task[Keys] | None = None
        self._failed: tuple[float, Failure] | None = None

    async def current(self) -> Keys:
        """Keys that are good now. Raises CallFailed."""
        now = self._clock()
        if self._keys is not None and now < self._renew_at:
            return self._keys
        usable = self._keys is not None and (self._keys.expires_at or float("inf")) > now + _USABLE_SECONDS
        # Never below zero, but where the clock was set back.
        if not usable and self._failed and 0 <= now - self._failed[0] < _FAILURE_HOLDS_SECONDS:
            raise CallFailed(self._failed[1])
        flight = self._take_off()
        if usable and self._keys is not None:
            return self._keys
        return await asyncio.shield(flight)

    def drop(self, used: Keys) -> None:
        """Forget keys that AWS has refused, unless newer ones are here already."""
        if used is self._keys:
            self._keys, self._fresh, self._renew_at = None, True, float("-inf")

    def forget(self) -> None:
        """Somebody has logged in: neither what is held nor what has failed counts any more, and no cache is asked."""
        self._keys, self._failed, self._fresh, self._renew_at = None, None, True, float("-inf")

    async def close(self) -> None:
        """End a renewal that is under way."""
        if self._flight:
            self._flight.cancel()
            with suppress(asyncio.CancelledError, CallFailed):
                await self._flight

    def _take_off(self) -> asyncio.Task[Keys]:
        if self._flight is None:
            self._flight = asyncio.create_task(self._renew())
            self._flight.add_done_callback(self._land)
        return self._flight

    async def _renew(self) -> Keys:
        keys = await self._fetch(self._fresh)
        self._keys, self._fresh, self._failed = keys, False, None
        self._renew_at = self._next_renewal(keys)
        return keys

    def _next_renewal(self, keys: Keys) -> float:
        if keys.expires_at is None:
            return float("inf")
        now = self._clock()
        life = keys.expires_at - now
        # Keys that are short of life on arrival are not fetched again and again.
        return max(now + min(life / 2, _NEXT_TRY_SECONDS), keys.expires_at - min(_RENEW_BEFORE_SECONDS, life / 2))

    def _land(self, flight: asyncio.Task[Keys]) -> None:
        self._flight = None
        if flight.cancelled():
            return
        error = flight.exception()
        if isinstance(error, CallFailed):
            self._failed = (self._clock(), error.failure)
            self._renew_at = self._clock() + _FAILURE_HOLDS_SECONDS


class Credentials:
    """The keys of every account, by configured name."""

    def __init__(self, holders: Mapping[str, Holder]) -> None:
        self._holders = holders

    async def current(self, account: str) -> Keys:
        """Keys of an account that are good now. Raises CallFailed, in the name of this account."""
        try:
            return await self._holders[account].current()
        except CallFailed as failed:
            failure = replace(failed.failure, account=account)
        raise CallFailed(failure)

    async def renewed(self, account: str, used: Keys) -> Keys:
        """Keys after AWS has refused `used`; the same again if the source knows no others."""
        self.drop(account, used)
        return await self.current(account)

    def drop(self, account: str, used: Keys) -> None:
        """Forget keys that are of no use; the next look resolves anew."""
        self._holders[account].drop(used)

    def forget(self, account: str) -> None:
        """Resolve an account anew at the next look."""
        self._holders[account].forget()

    async def close(self) -> None:
        """End renewals that are under way."""
        for holder in self._holders.values():
            await holder.close()
