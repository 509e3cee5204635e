"""`[keys]`: bindings by id, keys as people write them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.config.interface import interface
from cockpit.config.loader import ConfigurationError
from tests.config.conftest import GOOD, Load, bare, sentences

ROOT = Path(__file__).parents[2]


def test_a_binding_takes_a_key_or_a_list_of_keys_by_either_spelling_of_its_id(load_text: Load) -> None:
    text = '[keys]\n"app.refresh" = "f5"\napp.pause = ["ctrl+x", "f7"]\n'
    assert load_text(text + GOOD).keys == {"app.refresh": "f5", "app.pause": "ctrl+x,f7"}


def test_characters_are_written_as_themselves_and_known_by_the_names_that_keys_have(load_text: Load) -> None:
    text = '[keys]\n"app.refresh" = ";"\n"app.pause" = ["§", "comma"]\n"table.filter" = [",", "+"]\n'
    with pytest.raises(ConfigurationError) as caught:
        load_text(text + GOOD)
    assert [one for one in sentences(caught) if "comma" not in one and '","' not in one] == []
    keys = load_text(text.replace(', "comma"', "") + GOOD).keys
    assert keys == {"app.refresh": "semicolon", "app.pause": "§", "table.filter": "comma,plus"}


def test_two_bindings_may_swap_their_keys(load_text: Load) -> None:
    text = '[keys]\n"app.pick_accounts" = "R"\n"app.pick_regions" = "P"\n'
    assert load_text(text + GOOD).keys == {"app.pick_accounts": "R", "app.pick_regions": "P"}


def test_a_key_may_do_different_things_on_different_screens(load_text: Load) -> None:
    # The service table has S for sorting; help is another screen.
    assert load_text(f'[keys]\n"help.close" = "S"\n{GOOD}').keys == {"help.close": "S"}


@pytest.mark.parametrize("name", sorted(interface().bindings))
def test_every_binding_can_have_a_key_of_its_own(load_text: Load, name: str) -> None:
    assert load_text(f'[keys]\n"{name}" = "f24"\n{GOOD}').keys == {name: "f24"}


def test_no_two_bindings_clash_as_they_come_unless_one_is_meant_to_go_first(load_text: Load) -> None:
    text = "\n".join(f'"{name}" = {list(one.keys)}' for name, one in interface().bindings.items())
    assert len(load_text(f"[keys]\n{text}\n{GOOD}").keys) == len(interface().bindings)


def test_validating_keys_and_theme_loads_no_textual(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(f'theme = "nord"\n[keys]\n"app.refresh" = "f5"\n{GOOD}', encoding="utf-8")
    program = (
        "import sys; from cockpit.cli import run\n"
        "code = run(['--validate'])\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in {'textual', 'screens', 'widgets'}))\n"
        "sys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**bare(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"
