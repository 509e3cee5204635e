"""What is loaded, and what is not: seen in a process of its own, because static analysis cannot see it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "textual",
    "boto3",
    "botocore",
    "aiobotocore",
    "aiohttp",
    "httpx",
    "pydantic",
    "pydantic_settings",
    "sentry_sdk",
}

# An account that nobody answers for: the check itself runs to its end, and sees nothing.
PROFILES = """
[accounts.nobody]
id = "111122223333"
regions = ["eu-west-1"]
endpoint_url = "http://127.0.0.1:9"

[systems.shop.environments.prod]
targets = [{ account = "nobody", services = ["sqs"] }]
"""


def loaded(program: str, folder: Path, **environ: str) -> tuple[set[str], str]:
    """The top-level packages that `program` leaves loaded, and its standard error."""
    epilogue = "\nimport json, sys\nprint('LOADED', json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"
    ended = subprocess.run(
        [sys.executable, "-c", program + epilogue],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**os.environ, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", **environ},
        check=False,
    )
    line = next((line for line in ended.stdout.splitlines() if line.startswith("LOADED ")), None)
    assert line, ended.stderr
    return set(json.loads(line.removeprefix("LOADED "))), ended.stderr


def run_of(*flags: str) -> str:
    return f"from cockpit.cli import run\nprint('EXIT', run({list(flags)!r}))"


@pytest.mark.parametrize(
    "program",
    [
        "import cockpit.model.snapshot, cockpit.model.service",
        "import cockpit.cli, cockpit.cli.arguments, cockpit.cli.modes",
        run_of("--version"),
        run_of("--help"),
        run_of("--schema"),
        run_of("--check", "--format", "nonsense"),
    ],
)
def test_what_needs_no_fleet_loads_no_library(program: str, tmp_path: Path) -> None:
    assert loaded(program, tmp_path)[0] & HEAVY == set()


@pytest.mark.parametrize(
    "flags",
    [("--check", "--timeout", "2"), ("--validate",), ("--estimate",), ("--policy",)],
    ids=lambda flags: flags[0],
)
def test_no_mode_for_scripts_loads_textual(flags: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILES)
    packages, errors = loaded(run_of(*flags), tmp_path, COCKPIT_STATE_DIR=str(tmp_path / "state"))

    assert packages & {"textual", "screens", "widgets"} == set()
    assert "cockpit" in packages
    assert "Internal error" not in errors
    assert "Traceback" not in errors
