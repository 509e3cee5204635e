"""Where there is nothing, it is said why, and what can be done. Nothing is called good that nobody saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.snapshot import EnvironmentState, Snapshot
from cockpit.model.verdict import Health
from screens.places import ErrorsPlace, ServicePlace
from tests.ui.driving import drive
from tests.ui.fleet import fleet

CALM = fleet(
    bad_release=False, queue=False, database=False, denied=False, expired=False, stale=False, pending=False, functions=2
)
SIZES = ((80, 24), (200, 60))


def emptied(snapshot: Snapshot, service: str, *, seen: bool = True) -> Snapshot:
    """Nothing of a service anywhere."""

    def without(state: EnvironmentState) -> EnvironmentState:
        cells = {
            key: replace(cell, resources=(), observed_at=cell.observed_at if seen else None) if key == service else cell
            for key, cell in state.cells.items()
        }
        return replace(state, cells=cells)

    return replace(snapshot, environments=tuple(without(state) for state in snapshot.environments))


@pytest.mark.parametrize("size", SIZES)
async def test_good_news_says_how_old_it_is(size: tuple[int, int]) -> None:
    calm = replace(CALM, environments=tuple(replace(one, health=Health.OK, findings=()) for one in CALM.environments))
    async with drive(calm, size=size) as on:
        assert on.line("Nothing needs attention. The oldest data is 35 s old.")


async def test_no_environment_at_all_is_no_good_news() -> None:
    async with drive(replace(CALM, environments=(), observations={})) as on:
        assert "No environments yet" in on.text()
        assert "Nothing needs attention" not in on.text()


async def test_a_service_without_resources_says_what_chooses_them() -> None:
    async with drive(emptied(CALM, "sqs")) as on:
        on.app.visit(ServicePlace("sqs"))
        await on.settle()
        assert on.line("resource here.")
        assert on.line("the targets in profiles.toml choose by name, tag or stack")


async def test_a_service_that_nobody_has_seen_is_not_called_empty() -> None:
    async with drive(emptied(CALM, "sqs", seen=False)) as on:
        on.app.visit(ServicePlace("sqs"))
        await on.settle()
        assert on.line("Nothing has been seen here yet")


async def test_a_service_that_is_not_watched_is_said_to_be_so() -> None:
    state = next(one for one in CALM.environments if "rds" not in one.cells)
    async with drive(CALM) as on:
        on.app.visit(ServicePlace("rds", state.id))
        await on.settle()
        assert on.line("is not watched here")


async def test_no_error_is_not_claimed_before_everything_was_looked_at() -> None:
    young = replace(CALM, accounts=tuple(replace(one, last_poll_at=None) for one in CALM.accounts))
    for snapshot, words in ((CALM, "everything that was asked for could be seen"), (young, "not been looked at yet")):
        async with drive(snapshot) as on:
            on.app.visit(ErrorsPlace())
            await on.settle()
            assert on.line("Nothing has failed", words)
