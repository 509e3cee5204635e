"""The pictures of the documentation, made by the real program on the embedded fleet: `make pictures`.

Each is an SVG that refers to nothing outside itself. Names given as arguments make only those.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from docs.picturing.shots import ALL, FEW_COLOURS, ON_THE_FLEET, SHARED, WELCOME, Picture
from docs.picturing.stage import Stage, album, fleet_on_stage, opened, with_few_colours

FOLDER = Path(__file__).parent


async def pictures(stage: Stage, wanted: Collection[str]) -> dict[str, str]:
    """SVG by name."""
    drawn: dict[str, str] = {}

    def some(pictures: Sequence[Picture]) -> list[Picture]:
        return [one for one in pictures if one.name in wanted]

    if some(SHARED):
        async with opened(stage, read_only=True, rotate_seconds=20.0) as (app, pilot):
            drawn |= await album(app, pilot, some(SHARED))
    if some(FEW_COLOURS):
        async with opened(stage, ascii=True) as (app, pilot):
            with_few_colours(app)
            drawn |= await album(app, pilot, some(FEW_COLOURS))
    if some(ON_THE_FLEET):
        async with opened(stage) as (app, pilot):
            drawn |= await album(app, pilot, some(ON_THE_FLEET))
    if some([WELCOME]):
        drawn[WELCOME.name] = await welcome()
    return drawn


async def welcome() -> str:
    """What somebody without a configuration sees."""
    from docs.picturing.camera import taken
    from screens.welcome import WelcomeApp

    app = WelcomeApp()
    async with app.run_test(size=WELCOME.size) as pilot:
        return await taken(app, pilot, WELCOME)


def main(arguments: Sequence[str]) -> int:
    """Start the fleet, draw, and write the files beside this one."""
    unknown = set(arguments) - {one.name for one in ALL}
    if unknown:
        sys.stderr.write(f"There is no picture called {', '.join(sorted(unknown))}\n")
        return 2
    wanted = arguments or [one.name for one in ALL]
    with tempfile.TemporaryDirectory() as state, fleet_on_stage(Path(state)) as stage:
        drawn = asyncio.run(pictures(stage, wanted))
    for name, svg in drawn.items():
        path = FOLDER / f"{name}.svg"
        path.write_text(svg, encoding="utf-8")
        sys.stderr.write(f"{path.name}: {len(svg.encode()) // 1024} KiB\n")
    return 0 if len(drawn) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
