"""What AWS sends is shown, never obeyed."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.snapshot import EnvironmentState
from tests.ui.driving import drive
from tests.ui.fleet import fleet

ATTACK = "\x1b[2J\x1b]0;pwned\x07\x9b31m"


def hostile(state: EnvironmentState) -> EnvironmentState:
    told = [replace(one, reason=f"evil {ATTACK} {one.reason}", subject=f"job{ATTACK}") for one in state.findings]
    return replace(state, findings=tuple(told), title=f"{state.title}{ATTACK}")


async def test_escape_sequences_in_names_and_reasons_do_not_reach_the_terminal() -> None:
    whole = fleet()
    async with drive(replace(whole, environments=tuple(map(hostile, whole.environments)))) as on:
        assert any("evil" in line for line in on.lines())
        assert not any(sign in line for line in on.lines() for sign in "\x1b\x07\x9b")
