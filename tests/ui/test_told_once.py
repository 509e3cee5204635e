"""A finding is told once, a login that has run out is one key away, and what is masked is not hinted at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.engine.muted import with_mutes
from cockpit.model.ids import EnvironmentId
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from screens.login import LoginScreen
from screens.places import EnvironmentPlace, ResourcePlace
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.test_logs import ALIAS
from widgets.attention import AttentionList

PROD = EnvironmentId("tim-combo", "prod")
LONG = "error rate 7.2 % > 5.0 % for 6 min, which is told at such length that no line of this list has room for it"


def worded(reason: str) -> Snapshot:
    """The fleet, with its bad release in other words."""

    def other(state: object) -> object:
        found = tuple(
            replace(one, reason=reason) if one.rule == "lambda.error_rate" else one
            for one in state.findings  # type: ignore[attr-defined]
        )
        return replace(state, findings=found)  # type: ignore[type-var]

    return replace(fleet(), environments=tuple(other(one) for one in fleet().environments))  # type: ignore[misc]


async def opened(on: Drive) -> None:
    on.app.visit(ResourcePlace(ALIAS.key, PROD))
    await on.settle()


@pytest.mark.parametrize("size", [(120, 40), (120, 24), (200, 60)])
@pytest.mark.parametrize("reason", ["error rate 7.2 % > 5.0 % for 6 min", LONG])
async def test_a_resource_tells_its_finding_once(size: tuple[int, int], reason: str) -> None:
    async with drive(worded(reason), size=size) as on:
        await opened(on)
        above = "\n".join(on.lines()[:7])
        assert above.count("error rate 7.2 %") == 1
        assert above.count("version 42, published 14:24") >= (1 if size[1] > 36 or reason != LONG else 0)


async def test_a_long_finding_is_told_whole_where_there_is_room() -> None:
    async with drive(worded(LONG), size=(120, 40)) as on:
        await opened(on)
        assert LONG.rsplit(maxsplit=1)[-1] in " ".join(on.lines()[2:6])
        await on.press("m")
        assert on.line("Acknowledge or mute")


async def test_a_related_thing_that_is_muted_does_not_look_well() -> None:
    key = next(one.key for one in fleet().findings if one.rule == "lambda.error_rate")
    muted = with_mutes(fleet(), {key: Mute(key, MuteKind.MUTED, "known", "bob", NOW - 60, None, "release")})
    async with drive(muted) as on:
        beside = fleet().observations[ALIAS.slot].resources
        function = next(one for one in beside if one.name == "payments-1")
        on.app.visit(ResourcePlace(function.key, PROD))
        await on.settle()
        assert on.line("alias", "⊘ checkout:live")


async def test_where_a_session_has_run_out_one_key_logs_in() -> None:
    async with drive() as on:
        assert "L Log in" not in on.lines()[-1]
        await on.press("2")
        found = on.app.screen.query_one(AttentionList)
        while found.chosen is None or "expired" not in found.chosen.reason:
            before = found.cursor_index
            await on.press("j")
            assert found.cursor_index > before
        await on.resize(200, 40)
        assert "L Log in" in on.lines()[-1]
        await on.press("L")
        assert isinstance(on.app.screen, LoginScreen)
        assert on.line("Log in to combo-sso")


async def test_nobody_logs_in_on_a_shared_screen() -> None:
    async with drive(size=(200, 40), read_only=True) as on:
        await on.press("2")
        for _ in range(8):
            assert "Log in" not in on.lines()[-1]
            await on.press("L", "j")
            assert not isinstance(on.app.screen, LoginScreen)


async def test_a_shared_screen_has_no_line_of_links_that_are_masked() -> None:
    for shared in (False, True):
        async with drive(size=(120, 40), read_only=shared) as on:
            state = on.app.screen.snapshot.environments[0]  # type: ignore[attr-defined]
            on.app.visit(EnvironmentPlace(state.id))
            await on.settle()
            assert ("runbook" in on.text()) is not shared
            assert "***" not in on.text()
