"""`cockpit --init`: a first profiles.toml, and nothing that is there is ever written over."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """
[profile shop-prod]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = ReadOnlyAccess
region = eu-west-1
[profile shop-dev]
role_arn = arn:aws:iam::444455556666:role/read
source_profile = shop-prod
[profile old]
credential_process = /bin/false
[sso-session acme]
sso_start_url = https://acme.awsapps.example/start
sso_region = eu-west-1
"""


def init(
    folder: Path, *arguments: str, config: str = CONFIG, largest: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it in a folder, with AWS files of its own; no file may become larger than `largest` bytes."""
    (folder / "aws").write_text(config)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCKPIT_", "AWS_"))}
    own = {
        "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "xdg"), "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(folder / "aws"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "cockpit", *arguments],
        capture_output=True, text=True, cwd=folder, env={**clean, **own}, timeout=30, check=False,
        preexec_fn=None if largest is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_it_writes_the_users_own_file_and_tells_what_it_wrote_and_what_to_edit(folder: Path) -> None:
    ended = init(folder, "--init")
    target = folder / "xdg" / "cockpit" / "profiles.toml"
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Wrote {target}: 2 accounts, 1 system, 2 environments.\n")
    for words in ("  shop: prod*, dev\n", "* protected, because of its name", "  old: its credentials", "--validate"):
        assert words in ended.stdout
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    shown = init(folder, "--validate")
    assert shown.returncode == 0
    assert "2 accounts" in shown.stdout
    assert "prod  (protected" in shown.stdout


def test_it_writes_where_it_is_told_to(folder: Path) -> None:
    assert init(folder, "--init", "mine.toml").returncode == 0
    assert (folder / "mine.toml").is_file()
    (folder / "sub").mkdir()
    assert init(folder, "--init", "sub").returncode == 0
    assert (folder / "sub" / "profiles.toml").is_file()


def test_nothing_is_ever_written_over(folder: Path) -> None:
    mine = folder / "mine.toml"
    mine.write_text("# mine")
    ended = init(folder, "--init", "mine.toml")
    assert (ended.returncode, mine.read_text()) == (3, "# mine")
    assert "exists already, and is never written over" in ended.stderr
    (folder / "profiles.toml").write_text("# mine")
    ended = init(folder, "--init")
    assert ended.returncode == 3
    assert "There is a configuration already: " in ended.stderr
    assert not (folder / "xdg").exists()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "There is no AWS profile to begin with"),
        ("[profile old]\ncredential_process = /bin/false\n", "No AWS profile tells its account"),
        ("[profile broken\n", "The AWS configuration cannot be read"),
    ],
)
def test_where_there_is_nothing_to_write_it_says_why_and_leaves_nothing_behind(
    folder: Path, config: str, said: str
) -> None:
    ended = init(folder, "--init", "mine.toml", config=config)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert said in ended.stderr
    assert not (folder / "mine.toml").exists()


def test_where_the_disk_is_full_no_half_of_a_file_is_left_behind(folder: Path) -> None:
    ended = init(folder, "--init", "mine.toml", largest=100)
    assert (ended.returncode, ended.stderr) == (3, "cockpit: File too large.\n")
    assert not (folder / "mine.toml").exists()
    assert init(folder, "--init", "mine.toml").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--init", "--demo"), "--init writes a file from your AWS profiles: leave out --demo and --config."),
        (("--init", "--check"), "cannot go together with"),
        (("--check", "--rotate", "20s"), "--rotate is for the dashboard: leave out --check."),
        (("--validate", "--rotate", "20"), "command line: --rotate: "),
        (("--validate", "--rotate", "1s"), 'command line: --rotate: must be between "3s" and "1h"'),
        (("--validate", "--rotate", "soon"), "command line: --rotate: "),
    ],
)
def test_flags_that_make_no_sense_get_a_clear_sentence(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    assert init(folder, "--init", "profiles.toml").returncode == 0
    ended = init(folder, *arguments)
    assert ended.returncode == 3
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_rotation_can_be_configured_in_every_place(folder: Path) -> None:
    assert init(folder, "--init", "profiles.toml").returncode == 0
    assert "rotation      every 20 s" in init(folder, "--validate", "--rotate", "20s").stdout
    file = folder / "profiles.toml"
    file.write_text('rotate = "1m"\n' + file.read_text())
    assert "rotation      every 60 s" in init(folder, "--validate").stdout
