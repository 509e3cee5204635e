"""Where the pictures are taken: the real program, headless, over a real engine on the embedded fleet."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.demo import adopt, embedded_fleet
from docs.picturing.camera import NotSeen, taken, until
from docs.picturing.shots import DARK, NORMAL, Picture

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from cockpit.config.settings import Settings
    from cockpit.engine.engine import Engine
    from cockpit.model.service import Catalogue
    from cockpit.model.snapshot import Snapshot
    from screens.app import CockpitApp

_SOMEBODY = "dana"
"""Who acknowledges in the pictures."""
_WHOLE_SECONDS = 90.0


@dataclass(frozen=True)
class Stage:
    """A running engine, and what an app over it needs."""

    engine: Engine
    settings: Settings
    catalogue: Catalogue


@contextmanager
def fleet_on_stage(folder: Path) -> Iterator[Stage]:
    """The embedded fleet with an engine on it, until the block ends. What is kept is kept in `folder`."""
    with embedded_fleet() as fleet:
        # First of all: botocore fixes paths when it is imported, Textual its colours.
        adopt(fleet.environ)
        os.environ |= {"TEXTUAL_COLOR_SYSTEM": "truecolor", "LOGNAME": _SOMEBODY}
        os.environ.pop("NO_COLOR", None)
        from cockpit.config.loader import load
        from cockpit.engine.engine import Engine
        from cockpit.services import catalogue
        from cockpit.store.history import FILE_NAME, History

        known = catalogue()
        settings = load(known, path=fleet.profiles, environ={}, flags={}, cwd=folder)
        # Not `theme`: a theme that is configured could not be changed from picture to picture.
        settings = replace(settings, state_dir=folder)
        history = History.open(folder / FILE_NAME, clock=time.time)
        engine = Engine(settings, known, history=history, clock=time.time)
        engine.start()
        try:
            yield Stage(engine, settings, known)
        finally:
            engine.stop()
            history.close()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether everything has been looked at, and the close look at what fails has ended in a finding."""
    waiting = any(cell.pending for environment in snapshot.environments for cell in environment.cells.values())
    told = any(finding.rule == "lambda.error_rate" for finding in snapshot.findings)
    return bool(snapshot.environments) and not waiting and told


def _not_whole() -> str:
    return "the embedded fleet was not seen whole in time"


@asynccontextmanager
async def opened(stage: Stage, **flags: object) -> AsyncIterator[tuple[CockpitApp, Pilot[None]]]:
    """The running app with some settings of its own, when everything was seen."""
    from screens.app import CockpitApp

    settings = replace(stage.settings, **flags)  # type: ignore[arg-type]  # as a test gives them
    await until(lambda: is_whole(stage.engine.snapshot), _not_whole, seconds=_WHOLE_SECONDS)
    app = CockpitApp(stage.engine, settings, stage.catalogue, demo=True)
    async with app.run_test(size=NORMAL) as pilot:
        yield app, pilot


async def album(app: CockpitApp, pilot: Pilot[None], pictures: Sequence[Picture]) -> dict[str, str]:
    """SVG by name, of pictures that are taken one after the other; each begins at home. One that fails is told."""
    drawn = {}
    for picture in pictures:
        app.theme = picture.theme
        await pilot.resize_terminal(*picture.size)
        try:
            drawn[picture.name] = await taken(app, pilot, picture)
        except NotSeen as lacking:
            sys.stderr.write(f"{lacking}\n")
        await _home(app, pilot)
    app.theme = DARK
    return drawn


async def _home(app: CockpitApp, pilot: Pilot[None]) -> None:
    """Back to the matrix with the cursor on its first row, whatever is open."""
    app.action_home()
    await pilot.press("escape", "escape", "g")
    await pilot.pause()


def with_few_colours(app: CockpitApp) -> None:
    """As a terminal that tells 16 colours."""
    from rich.console import Console

    app.console = Console(color_system="standard", file=StringIO(), force_terminal=True)
    # Colours are worked out anew when another theme is put on.
    app.theme = "cockpit-light"
    app.theme = DARK
