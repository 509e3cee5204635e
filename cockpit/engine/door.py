"""Opening and closing the AWS room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from cockpit.aws.meter import Meter
from cockpit.config.settings import Settings
from cockpit.engine.poller import Room
from cockpit.model.service import Catalogue

OpenRoom = Callable[[Meter], AbstractAsyncContextManager[Room]]

_CLOSE_SECONDS = 0.5


def aws_room(settings: Settings, catalogue: Catalogue, clock: Callable[[], float]) -> OpenRoom:
    """How the real room is opened."""

    def opening(meter: Meter) -> AbstractAsyncContextManager[Room]:
        # Here, because loading boto takes longer than showing what was stored.
        from cockpit.aws.room import AwsRoom

        return AwsRoom(settings.accounts, settings.polling, catalogue, meter=meter, clock=clock)

    return opening


@asynccontextmanager
async def entered(opening: AbstractAsyncContextManager[Room]) -> AsyncIterator[Room]:
    """The room, open. Connections that will not close do not hold up the end."""
    room = await opening.__aenter__()
    try:
        yield room
    finally:
        with suppress(Exception):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await opening.__aexit__(None, None, None)
