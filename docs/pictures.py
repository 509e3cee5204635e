"""The pictures of the documentation: the real program, headless, on the embedded fleet. `make pictures` runs this.

Each picture is an SVG that refers to nothing outside itself: the web fonts that the export names are taken out, and the
reader's own monospaced font is used.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.demo import adopt, embedded_fleet

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from cockpit.config.settings import Settings
    from cockpit.engine.engine import Engine
    from cockpit.model.service import Catalogue
    from cockpit.model.snapshot import Snapshot
    from screens.app import CockpitApp

FOLDER = Path(__file__).parent
SIZE = (120, 40)
DEADLINE_SECONDS = 90.0
PICTURES: dict[str, tuple[str, ...]] = {
    "home": (),
    "environment": ("enter",),
    "service": ("right", "enter"),
    "resource": ("tab", "enter"),
    "accounts": ("A",),
    "help": ("question_mark",),
}
"""File name → the keys that lead there from home."""
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_REMOTE = re.compile(r"url\(\s*[\"']?https?:", re.IGNORECASE)


def without_remote_fonts(svg: str) -> str:
    """The picture without its web fonts; monospace is what remains of the family. Blanks stay where they are."""
    plain = _COMMENT.sub("", _FONT_FACE.sub("", svg)).replace("Fira Code,", "DejaVu Sans Mono, Menlo, Consolas,")
    # Some viewers swallow the blanks at the start of a text, and with them its place.
    plain = plain.replace("<svg ", '<svg xml:space="preserve" ', 1)
    if _REMOTE.search(plain):
        raise ValueError("the picture still refers to something outside itself")
    return plain


def is_whole(snapshot: Snapshot) -> bool:
    """Whether everything has been looked at, and the close look at what fails has ended in a finding."""
    waiting = any(cell.pending for environment in snapshot.environments for cell in environment.cells.values())
    told = any(finding.rule == "lambda.error_rate" for finding in snapshot.findings)
    return bool(snapshot.environments) and not waiting and told


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, but not for ever."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the embedded fleet was not seen whole in time")
        await asyncio.sleep(0.2)


@asynccontextmanager
async def opened(
    engine: Engine, settings: Settings, catalogue: Catalogue, size: tuple[int, int]
) -> AsyncIterator[tuple[CockpitApp, Pilot[None]]]:
    """The running app, showing everything that was seen."""
    from screens.app import CockpitApp

    app = CockpitApp(engine, settings, catalogue, demo=True)
    async with app.run_test(size=size) as pilot:
        await until(lambda: is_whole(engine.snapshot))
        await pilot.pause(1.5)
        yield app, pilot


async def picture(app: CockpitApp, pilot: Pilot[None], keys: tuple[str, ...]) -> str:
    """What stands on the screen after some keys, as SVG; then home again."""
    await pilot.press(*keys)
    # A screen that opens asks for a closer look, which takes a moment.
    await pilot.pause(2.0 if keys else 0.2)
    svg = app.export_screenshot(title="cockpit --demo")
    await pilot.press("escape")
    app.action_home()
    await pilot.press("escape", "g")
    return without_remote_fonts(svg)


async def pictures(
    engine: Engine, settings: Settings, catalogue: Catalogue, *, size: tuple[int, int] = SIZE
) -> dict[str, str]:
    """Every picture by file name, and home in light colours."""
    drawn: dict[str, str] = {}
    async with opened(engine, settings, catalogue, size) as (app, pilot):
        for name, keys in PICTURES.items():
            drawn[name] = await picture(app, pilot, keys)
        app.theme = "cockpit-light"
        await pilot.pause(0.5)
        drawn["home-light"] = await picture(app, pilot, ())
    return drawn


def main() -> int:
    """Start the fleet, draw, and write the files beside this one."""
    with embedded_fleet() as fleet, tempfile.TemporaryDirectory() as state:
        # First of all: botocore fixes paths when it is imported.
        adopt(fleet.environ)
        from cockpit.config.loader import load
        from cockpit.engine.engine import Engine
        from cockpit.services import catalogue

        known = catalogue()
        settings = load(known, path=fleet.profiles, environ={}, flags={}, cwd=FOLDER)
        settings = replace(settings, state_dir=Path(state), theme="cockpit-dark")
        engine = Engine(settings, known, history=None, clock=time.time)
        engine.start()
        try:
            drawn = asyncio.run(pictures(engine, settings, known))
        finally:
            engine.stop()
    for name, svg in drawn.items():
        path = FOLDER / f"{name}.svg"
        path.write_text(svg, encoding="utf-8")
        sys.stderr.write(f"{path.name}: {len(svg) // 1024} KiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
