"""Takes a picture of a running app: press keys, wait until everything is there and nothing moves, and draw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docs.picturing.shots import Picture

if TYPE_CHECKING:
    from textual.app import App
    from textual.pilot import Pilot

_PATIENCE_SECONDS = 20.0
"""So long it may take until everything is there."""
_STILL_SECONDS = 0.4
_LOOKS = 6
"""So often it is looked whether something moves still; ages do so always."""


class NotSeen(Exception):  # noqa: N818 - a circumstance, not a fault
    """What was waited for did not come; the text says what."""


async def until(condition: Callable[[], bool], missing: Callable[[], str], *, seconds: float) -> None:
    """Wait until something is so, but not for ever. Raises NotSeen with what is `missing`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotSeen(missing())
        await asyncio.sleep(0.1)


def text_of(app: App[Any]) -> str:
    """What stands on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())  # noqa: SLF001 - as Textual does it


async def taken(app: App[Any], pilot: Pilot[Any], picture: Picture) -> str:
    """The picture as SVG. The app is left where the keys have led. Raises NotSeen."""
    from screens.svg import picture as drawn

    await pilot.press(*picture.keys)

    def missing() -> str:
        lacking = [words for words in picture.shows if words not in text_of(app)]
        return f"{picture.name}.svg would lack {lacking}:\n{text_of(app)}"

    await until(lambda: all(words in text_of(app) for words in picture.shows), missing, seconds=_PATIENCE_SECONDS)
    await _still(app, pilot)
    return drawn(app.screen._compositor.render_strips(), app.size.width, picture.title)  # noqa: SLF001 - as Textual does it


async def _still(app: App[Any], pilot: Pilot[Any]) -> None:
    """Until nothing moves, or only what always does; no cursor blinks away."""
    from textual.widgets import Input

    before = ""
    for _ in range(_LOOKS):
        for box in app.screen.query(Input):
            box.cursor_blink = False
        await pilot.pause(_STILL_SECONDS)
        now = text_of(app)
        if now == before:
            return
        before = now
