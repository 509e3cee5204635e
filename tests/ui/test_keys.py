"""Keys: every one can be remapped, help tells those that are live, and nothing quits by accident."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import screens
import widgets
from cockpit.config.interface import interface
from screens.help import HelpScreen
from screens.home import HomeScreen
from screens.service import ServiceScreen
from tests.ui.driving import drive
from widgets.facts import FactList


def _ours() -> list[type[DOMNode]]:
    """Every screen, widget and app of ours."""
    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    found, known = [], [DOMNode]
    while known:
        kind = known.pop()
        known.extend(kind.__subclasses__())
        if kind.__module__.partition(".")[0] in {"screens", "widgets"}:
            found.append(kind)
    return found


def test_every_binding_of_ours_has_an_id() -> None:
    bindings = [binding for kind in _ours() for binding in vars(kind).get("BINDINGS", ())]
    assert len(bindings) > 30
    assert [binding for binding in bindings if not isinstance(binding, Binding) or not binding.id] == []


async def test_keys_can_be_remapped_by_id() -> None:
    async with drive() as on:
        on.app.set_keymap({"app.accounts": "f4"})
        await on.press("f4")
        assert "accounts" in on.lines()[0]


async def test_configured_keys_are_live_and_told_in_footer_help_and_sentences() -> None:
    keys = {"app.help": "f1", "app.pause": "f7,plus", "table.sort": "less_than_sign", "app.quit": "ctrl+x"}
    async with drive(keys=keys) as on:
        assert "f1 Help" in on.lines()[-1]
        assert "^x Quit" in on.lines()[-1]
        await on.press("question_mark")
        assert not isinstance(on.app.screen, HelpScreen)
        await on.press("f1")
        assert _help(on.app.screen)["f7  +"].startswith("Stop polling")
        await on.press("escape", "f7")
        assert on.engine.paused == [True]
        assert [one.message for one in on.app._notifications] == ["Polling is paused; f7 resumes it"]
        await on.press("p")
        assert on.engine.paused == [True]
        await on.press("+")
        assert on.engine.paused == [True, False]
        await on.command("tim-combo prod lambda")
        await on.press("<")
        assert "< Sort" in on.lines()[-1]
        assert "by name" in on.text()
        await on.press("escape", "q")
        assert on.app.is_running
        await on.press("ctrl+x")
        assert on.app._exit


async def test_sentences_name_the_keys_that_are_live() -> None:
    keys = {"screen.back": "f9", "filter.clear": "f10", "finding.mute": "f8", "picker.all": "f7"}
    async with drive(keys=keys) as on:
        await on.command("tim-combo prod lambda")
        await on.press("slash")
        await on.write("nothing-is-called-so")
        assert on.line("f10 shows all again.")
        await on.press("enter")
        assert on.line("f9 shows all again.")
        await on.press("f9", "f9")
        await on.command("acknowledged and muted")
        assert on.line("f8 on a finding does it.")
        await on.press("P", "n", "enter")
        assert on.line("Nothing is chosen.", "f7 chooses all.")


async def test_no_key_is_named_where_it_does_nothing() -> None:
    async with drive(read_only=True) as on:
        await on.press("A")
        assert "expired" in on.text()
        assert "logs in" not in on.text()


async def test_two_bindings_that_swap_their_keys_do_so() -> None:
    async with drive(keys={"app.pick_accounts": "R", "app.pick_regions": "P"}) as on:
        await on.press("R")
        assert on.line("accounts in view")
        await on.press("escape", "P")
        assert on.line("regions in view")


def test_every_binding_is_known_to_the_configuration() -> None:
    """The file is made by `make docs`."""
    ours = {
        binding.id for kind in _ours() for binding in vars(kind).get("BINDINGS", ()) if isinstance(binding, Binding)
    }
    assert ours == set(interface().bindings)


async def test_help_is_made_from_the_keys_that_are_live() -> None:
    async with drive() as on:
        await on.press("question_mark")
        here = _help(on.app.screen)
        assert here["^r"].startswith("Poll")
        assert here["j  ↓"] == "One row down"
        assert here["1 … 9"] == "Choose a panel"
        assert here["→"] == "Next service"
        assert "/" not in here
        await on.press("escape", "j", "right", "enter", "question_mark")
        there = _help(on.app.screen)
        assert there["/"].startswith("Filter")
        assert there["^z"].startswith("Only what needs attention")
        assert "q" not in there


@pytest.mark.parametrize("keys", [(), ("enter",), ("right", "enter"), ("2", "enter"), ("A",), ("C",), ("T",)])
async def test_every_key_that_is_live_says_what_it_does(keys: tuple[str, ...]) -> None:
    async with drive() as on:
        await on.press(*keys)
        live = [one.binding for one in on.app.screen.active_bindings.values() if one.binding.id]
        assert [one.id for one in live if one.description and not one.tooltip and "panel." not in str(one.id)] == []
        await on.press("question_mark")
        assert on.line("MOVING")
        assert on.app.screen.query_one(FactList).cursor_index == 1, "a heading has no cursor"


def _help(screen: object) -> dict[str, str]:
    assert isinstance(screen, HelpScreen)
    return {row.label: row.text for row in screen.query_one(FactList).rows if row.key.startswith("key|")}


async def test_q_quits_at_the_root_only() -> None:
    async with drive() as on:
        await on.press("j", "enter", "q")
        assert on.app.is_running
        assert not isinstance(on.app.screen, HomeScreen)
        await on.press("escape", "q")
        assert on.app._exit


async def test_esc_never_quits() -> None:
    async with drive() as on:
        await on.press("escape", "escape", "escape")
        on.screen(HomeScreen)
        assert not on.app._exit


async def test_one_ctrl_c_warns_and_a_second_leaves() -> None:
    async with drive() as on:
        await on.press("ctrl+c")
        assert not on.app._exit
        assert [one.message for one in on.app._notifications] == ["Press ctrl+c again to leave"]
        await on.press("ctrl+c")
        assert on.app._exit


async def test_ctrl_q_is_not_bound() -> None:
    async with drive() as on:
        await on.press("ctrl+q")
        assert not on.app._exit


async def test_keys_that_come_in_one_burst_are_not_lost() -> None:
    async with drive() as on:
        await on.press("j", "enter")
        await on.burst("2", "enter")
        on.screen(ServiceScreen)
        assert "tim-combo/prod › RDS" in on.lines()[0]
        await on.burst("slash", *"a", "slash", *"b")
        assert on.line("/ a/b")
