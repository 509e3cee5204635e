"""The README is true: what it shows as TOML, as flags and as exit codes is understood by the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cockpit.cli.arguments import parse
from cockpit.config.loader import load
from cockpit.model.verdict import Health
from cockpit.services import catalogue

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_CHECK = re.compile(
    r"^(?:\s*| *command_line +\S*/|\*/5 \* \* \* \* )(?:- run: )?cockpit (--check\b[^\n|]*)", re.MULTILINE
)


def commands() -> list[str]:
    """Every `cockpit --check …` line of the documentation, without comments and shell after it."""
    lines = [line for page in PAGES for line in _CHECK.findall(page.read_text("utf-8"))]
    return [line.split("  #")[0].strip() for line in lines]


def test_there_are_commands_to_try() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("command", commands())
def test_every_command_is_understood(command: str) -> None:
    assert parse(shlex.split(command)).mode.value == "check"


def test_the_smallest_configuration_loads(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert block
    file = tmp_path / "profiles.toml"
    file.write_text(re.sub(r"^   ", "", block[1], flags=re.MULTILINE))

    settings = load(catalogue(), path=file, environ={}, cwd=tmp_path)

    assert [str(environment.id) for environment in settings.environments] == ["shop/dev"]
    assert settings.accounts["dev"].profile == "dev-sso"


def test_configuration_examples_load(tmp_path: Path) -> None:
    """Parts of a file are added to a whole one."""
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert block
    target = 'targets = [{ account = "one", services = ["lambda", "sqs"] }]'
    whole = (
        '[accounts.one]\nid = "111122223333"\nregions = ["eu-west-1"]\n'
        f"[systems.shop.environments.dev]\n{target}\n[systems.shop.environments.production]\n{target}\n"
    )
    file = tmp_path / "profiles.toml"
    file.write_text(whole + block[1])

    dev, _ = load(catalogue(), path=file, environ={}, cwd=tmp_path).environments

    assert dev.thresholds["lambda.error_rate"].warning == 2.0
    assert dev.thresholds["sqs.depth"].critical is None


@pytest.mark.parametrize("page", ["README.md", "docs/check.md"])
def test_exit_codes_are_those_of_the_program(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    told = dict(re.findall(r"^\| (\d) \| (.*?) \|$", text, re.MULTILINE))
    words = {Health.OK: "ok", Health.WARNING: "warning", Health.CRITICAL: "critical", Health.UNKNOWN: "unknown"}
    assert all(word in told[str(health.exit_code)] for health, word in words.items())
