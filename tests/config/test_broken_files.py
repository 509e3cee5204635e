"""Each broken file is answered with just the sentences that stand beside it, and with nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.config.loader import ConfigurationError, load
from tests.config.conftest import bare
from tests.config.small_catalogue import SMALL

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.glob("*.toml"))
SECRETS = ("AKIA", "ASIA", "wJalr", "hunter2", "abcdef0123456789")


def told(file: Path, folder: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, path=file, environ=bare(folder), cwd=FOLDER)
    return caught.value


def test_there_is_a_broken_file_for_every_kind_of_mistake() -> None:
    assert len(FILES) >= 80


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_is_answered_with_the_sentences_beside_it(file: Path, tmp_path: Path) -> None:
    expected = file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [str(problem) for problem in told(file, tmp_path).problems] == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sentence_names_the_file_and_a_line_that_exists(file: Path, tmp_path: Path) -> None:
    lines = file.read_bytes().split(b"\n")
    numbers = [problem.line for problem in told(file, tmp_path).problems]
    assert all(number is not None and 1 <= number <= len(lines) for number in numbers)
    assert numbers == sorted(number for number in numbers if number is not None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_line_holds_the_last_name_of_the_key(file: Path, tmp_path: Path) -> None:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    for problem in told(file, tmp_path).problems:
        names = re.findall(r"[\w-]+(?=[^\w-]*$)", problem.key)
        # An item of a list has no name, and what is missing is nowhere.
        if problem.line and not problem.key.endswith("]") and "is missing" not in problem.message:
            assert all(name in lines[problem.line - 1] for name in names), str(problem)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_answer_repeats_a_secret(file: Path, tmp_path: Path) -> None:
    error = told(file, tmp_path)
    shown = f"{error} {error!r} {error.__cause__!r} {error.__context__ if not error.__suppress_context__ else ''}"
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("name", ["several-at-once", "syntax-no-quotes", "secret-key"])
def test_the_command_tells_the_same_without_a_traceback(name: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "cockpit", "--validate", "--config", f"{name}.toml"],
        cwd=FOLDER,
        env={**bare(tmp_path), "PYTHONPATH": str(FOLDER.parents[2]), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    first = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0]
    assert result.returncode == 3
    assert first in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert not [secret for secret in SECRETS if secret in result.stderr + result.stdout]
