"""Lists keep lines that they have drawn. Whatever changes, none of them tells what is no longer so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cockpit.model.finding import Finding
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import EnvironmentState, Snapshot
from screens.places import (
    AccountsPlace,
    CostPlace,
    EnvironmentPlace,
    ErrorsPlace,
    MutesPlace,
    Place,
    ResourcePlace,
    ServicePlace,
    TimelinePlace,
    VersionsPlace,
)
from tests.ui.driving import Drive
from tests.ui.frames import frame_text, still
from tests.ui.recorded.app import drive_recorded
from tests.ui.recorded.fleet import recorded, recorded_snapshot
from widgets.listing import Listing
from widgets.offers import FoundList

WHOLE = recorded_snapshot()
WORST = WHOLE.findings[0]
KEY = str(WORST.resource)
PLACES: dict[Place | None, tuple[str, ...]] = {
    None: ("j", "right", "tab", "j", "tab", "j"),
    EnvironmentPlace(WORST.environment): ("tab", "tab", "j"),
    ServicePlace(WORST.slot.service): ("j", "right", "S", "S", "s", "ctrl+z"),
    ResourcePlace(KEY, WORST.environment): ("j", "G", "tab"),
    AccountsPlace(): ("j", "tab"),
    CostPlace(): ("j", "j", "space", "right", "S", "b", "2", "j"),
    TimelinePlace(): ("j", "G", "slash"),
    MutesPlace(): ("j",),
    ErrorsPlace(): ("G",),
    VersionsPlace(KEY): ("j", "space", "j", "tab", "j"),
}
"""Places (None is home), and keys that change what is shown there."""


def _others(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(
        replace(one, reason=f"now {one.reason}", since=WHOLE.at - 60 * number)
        for number, one in enumerate(findings[1:])
    )


def _less(state: EnvironmentState) -> EnvironmentState:
    cells = {
        name: replace(cell, findings=_others(cell.findings), resources=cell.resources[::2], note="otherwise")
        for name, cell in state.cells.items()
    }
    return replace(state, cells=cells, findings=_others(state.findings))


def otherwise() -> Snapshot:
    """Much is gone, what is left is another, and all of it stands in another order."""
    return replace(
        WHOLE,
        environments=tuple(map(_less, reversed(WHOLE.environments))),
        accounts=tuple(replace(one, name=one.name.upper(), failures=one.failures[1:]) for one in WHOLE.accounts[1:]),
        observations={
            slot: replace(one, resources=tuple(replace(held, tags={}) for held in one.resources))
            for slot, one in WHOLE.observations.items()
        },
        mutes=(Mute("gone", MuteKind.MUTED, "a note", "ann", WHOLE.at - 9, WHOLE.at + 900, "a thing"),),
        newest_event=WHOLE.newest_event + 1,
    )


async def stale(on: Drive) -> list[str]:
    """Lines that are not what they would be if everything were drawn now."""
    await still(on)
    shown = frame_text(on.app)
    for listing in on.app.screen.query(Listing):
        listing.refresh()
    await on.settle()
    pairs = zip(shown.splitlines(), frame_text(on.app).splitlines(), strict=False)
    return [f"{before}\n{after}" for before, after in pairs if before != after]


async def test_no_list_shows_what_is_no_longer_so() -> None:
    met: set[type[Listing]] = set()
    async with drive_recorded(size=(120, 40)) as on:
        for place, keys in PLACES.items():
            if place is not None:
                on.app.visit(place)
                await still(on)
            for key in keys:
                await on.press(key)
                assert await stale(on) == [], (place, key)
            met.update(type(one) for one in on.app.screen.query(Listing))
            on.engine.happened = on.engine.happened[::2]
            on.engine.details = {
                name: replace(one, versions=one.versions[1:]) for name, one in on.engine.details.items()
            }
            await on.publish(otherwise())
            assert await stale(on) == [], place
            await on.publish(WHOLE)
            on.engine.happened = list(recorded().events)
            await on.app.run_action("home")
            await on.settle()
    assert met == _kinds(Listing) - {FoundList}


def _kinds(kind: type[Listing]) -> set[type[Listing]]:
    """Those of which there are no others."""
    below = kind.__subclasses__()
    return set().union(*map(_kinds, below)) if below else {kind}
