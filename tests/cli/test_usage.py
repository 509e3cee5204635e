"""Flags: what they mean, and one clear sentence with exit code 3 for each way to get them wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.check.request import CheckRequest
from cockpit.cli import run
from cockpit.cli.arguments import Mode, parse
from cockpit.cli.refusal import UsageError
from cockpit.model.verdict import Health

PROFILES = """
[accounts.live]
id = "111122223333"
regions = ["eu-west-1"]

[systems.shop.environments.prod]
targets = [{ account = "live", services = ["lambda", "sqs"] }]
"""


def cockpit(*flags: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
    home = {"HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd / "config"), "XDG_STATE_HOME": str(cwd / "state")}
    return subprocess.run(
        [sys.executable, "-m", "cockpit", *flags],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**clean, **home, **environ},
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_the_dashboard_is_what_is_opened_without_flags() -> None:
    arguments = parse([])

    assert (arguments.mode, arguments.request, arguments.read_only) == (Mode.DASHBOARD, CheckRequest(), False)


def test_every_flag_of_a_check_is_understood() -> None:
    flags = "--check --env shop/* --env hosted --account live --service sqs --timeout 90 --max-age 5m"
    more = "--fail-on critical --format json --output out.json --config t.toml --read-only"
    arguments = parse([*flags.split(), *more.split()])

    assert arguments.request == CheckRequest(
        environments=("shop/*", "hosted"),
        accounts=("live",),
        services=("sqs",),
        timeout_seconds=90.0,
        max_age_seconds=300.0,
        fail_on=Health.CRITICAL,
        format="json",
        output=Path("out.json"),
    )
    assert (arguments.mode, arguments.config, arguments.read_only) == (Mode.CHECK, Path("t.toml"), True)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--ceck"], "There is no flag --ceck, did you mean --check? cockpit --help lists them."),
        (["--password=secret"], "There is no flag --password; cockpit --help lists them."),
        (["--che"], "There is no flag --che, did you mean --check? cockpit --help lists them."),
        (["shop/prod"], "'shop/prod' is not a flag; to look at one environment, say --env shop/prod."),
        (["--check", "--validate"], "--validate cannot go together with --check."),
        (["--check", "--env"], "--env needs a value."),
        (["--check", "--env", " "], "--env: the pattern is empty."),
        (
            ["--check", "--format", "jsn"],
            "--format: 'jsn' is not one of text, json, nagios, openmetrics, junit, github",
        ),
        (["--check", "--fail-on", "ok"], "--fail-on: 'ok' is not one of warning, unknown, critical"),
        (["--check", "--timeout", "5x"], '--timeout: "5x" is not a duration'),
        (["--check", "--timeout", "0"], "--timeout: must be longer than nothing."),
        (["--check", "--timeout", "-5s"], "--timeout"),
        (["--check", "--max-age", "soon"], '--max-age: "soon" is not a duration'),
        (["--format", "json"], "--format says how a check is made: add --check."),
        (["--validate", "--max-age", "5m"], "--max-age says how a check is made: add --check."),
    ],
)
def test_wrong_usage_is_answered_in_one_sentence(flags: list[str], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(flags)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--check", "--fail-on", "often"), "cockpit: --fail-on: 'often' is not one of warning, unknown, critical."),
        (("--check", "--env", "shop/prd"), "cockpit: No environment matches 'shop/prd'. Did you mean shop/prod?"),
        (("--check", "--account", "other"), "cockpit: No account matches 'other'. There are: live."),
        (("--check", "--service", "lamda"), "cockpit: No service matches 'lamda'. Did you mean lambda?"),
        (("--validate", "--env", "x/y"), "cockpit: No environment matches 'x/y'. There are: shop/prod."),
        (("--check", "--output", "no/such/folder/out"), "cockpit: --output: there is no folder no/such/folder."),
        (("--check", "--output", "."), "cockpit: --output: . is a folder."),
        (("--check", "--config", "missing.toml"), "cockpit: missing.toml: there is no such file"),
        (("--demo", "--check", "--config", "profiles.toml"), "cockpit: --demo has a configuration of its own"),
        ((), "cockpit: The dashboard needs a terminal; for scripts there is --check."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_process_says_it_on_stderr_and_exits_with_3(flags: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILES)
    ended = cockpit(*flags, cwd=tmp_path)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1


def test_each_mistake_in_the_configuration_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILES.replace("regions", "regoins").replace('"sqs"', '"sqz"'))
    ended = cockpit("--validate", cwd=tmp_path)

    assert ended.returncode == 3
    assert len(ended.stderr.splitlines()) >= 2
    assert all(line.startswith("cockpit: profiles.toml:") for line in ended.stderr.splitlines())


def test_without_a_configuration_it_says_where_one_was_looked_for(tmp_path: Path) -> None:
    ended = cockpit("--check", cwd=tmp_path)

    assert ended.returncode == 3
    assert "--demo" in ended.stderr


def test_debugging_does_not_disturb_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILES)
    ended = cockpit("--validate", cwd=tmp_path, COCKPIT_DEBUG="1")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "shop" in ended.stdout


def test_validate_tells_only_what_was_asked_for(tmp_path: Path) -> None:
    more = PROFILES + '\n[systems.other.environments.dev]\ntargets = [{ account = "live", services = ["rds"] }]\n'
    (tmp_path / "profiles.toml").write_text(more)

    assert "other" in cockpit("--validate", cwd=tmp_path).stdout
    assert "other" not in cockpit("--validate", "--env", "shop", cwd=tmp_path).stdout


def test_help_version_schema_and_policy_need_no_configuration(capfd: pytest.CaptureFixture[str]) -> None:
    for flag, start in (
        ("--help", "usage: cockpit [--check |"),
        ("--version", "cockpit "),
        ("--schema", '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema"'),
        ("--policy", '{\n  "Version": "2012-10-17"'),
    ):
        assert run([flag]) == 0
        out, err = capfd.readouterr()
        assert out.startswith(start)
        assert err == ""


def test_the_help_names_every_flag_and_fits_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    out = capfd.readouterr().out

    assert out.isascii()
    assert len(out.splitlines()) <= 50
    for flag in ("--env", "--account", "--service", "--timeout", "--max-age", "--fail-on", "--format", "--output"):
        assert flag in out
