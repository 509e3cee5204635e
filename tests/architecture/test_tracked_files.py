"""What must never be in a tracked file: registries, paths of one machine, unfinished business."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together from pieces, so that this file does not hold what it forbids.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "crates" + ".io",
    "ghcr" + ".io",
    "docker" + ".io",
    "public.ecr" + ".aws",
    "arti" + "factory",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
]
FORBIDDEN = {
    "a package registry": re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE),
    "a path of one machine": re.compile(
        r"(?<![\w.$}/-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+|tmp/\w)\b"
    ),
    "unfinished business": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
}


def findings(text: str) -> list[str]:
    return [f"{what}: {match[0]}" for what, pattern in FORBIDDEN.items() for match in pattern.finditer(text)]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_tracked_files_hold_none_of_it() -> None:
    paths = tracked()
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    found = {str(path.relative_to(ROOT)): hits for path, text in texts.items() if (hits := findings(text))}

    assert len(texts) > 10
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "https://py" + "pi.org/simple",
        "see /ro" + "ot/.config",
        'open("/wo' + 'rk/main")',
        "# TO" + "DO: later",
        "/ho" + "me/somebody/x",
    ],
)
def test_what_is_forbidden_is_found(text: str) -> None:
    assert findings(text)


@pytest.mark.parametrize(
    "text", ["the work/ folder", "${HOME}/work", "a root cause", "https://host.example/work", "todos"]
)
def test_ordinary_words_are_not(text: str) -> None:
    assert findings(text) == []
