"""An environment in large letters: on a wall that is shared or rotates, and nowhere else."""

from __future__ import annotations

import pytest

from cockpit.model.ids import EnvironmentId
from screens.places import EnvironmentPlace
from tests.ui.driving import Drive, drive
from widgets.banner import Banner, banner_lines
from widgets.line import Run, text_of, width_of

PROD = EnvironmentId("tim-combo", "prod")


async def opened(on: Drive) -> Banner:
    on.app.visit(EnvironmentPlace(PROD))
    await on.settle()
    return on.app.screen.query_one(Banner)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("width", [160, 200, 300])
def test_name_and_state_stand_at_the_two_ends(width: int, plain: bool) -> None:
    lines = banner_lines("tim-combo/prod", Run("critical", "critical"), width, plain=plain)
    assert len(lines) == (5 if plain else 3)
    assert {width_of(line) for line in lines} == {width}
    assert {run.role for line in lines for run in line if run.text.strip()} == {"strong", "critical"}
    assert text_of(lines[0]).startswith("  ")
    assert text_of(lines[0]).endswith("  ")


def test_half_a_name_is_no_name() -> None:
    assert banner_lines("scheduler/production-of-everything", Run("critical", "critical"), 200, plain=False) == ()


async def test_it_is_there_on_a_shared_wall() -> None:
    async with drive(size=(200, 60), read_only=True) as on:
        banner = await opened(on)
        assert banner.size.height == 3
        assert on.line("✖ critical", "services")
        await on.resize(120, 40)
        assert not banner.display
        await on.resize(200, 60)
        assert banner.size.height == 3


async def test_at_a_desk_it_takes_no_room() -> None:
    async with drive(size=(200, 60)) as on:
        assert not (await opened(on)).display
