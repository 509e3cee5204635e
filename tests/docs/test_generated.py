"""The documentation says what the code says: generated parts are up to date, and complete."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def generate(*flags: str) -> subprocess.CompletedProcess[str]:
    """The generator, in a process of its own: it sets a time zone, and it runs an app."""
    command = [sys.executable, "-m", "docs.generate", *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_generated_parts_are_up_to_date() -> None:
    ended = generate("--check")
    assert ended.returncode == 0, f"{ended.stdout}{ended.stderr}"


def test_a_part_that_differs_is_found_and_rewritten() -> None:
    program = (
        "from docs.generate import regenerated\n"
        "old = 'kept\\n<!-- order -->\\nwrong\\n<!-- /order -->\\n<!-- figures -->\\nmeasured\\n<!-- /figures -->\\n'\n"
        "print(regenerated(old))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "wrong" not in ended.stdout
    assert "kept" in ended.stdout
    assert "`cli` →" in ended.stdout
    # What is filled in by hand after measuring stays.
    assert "<!-- figures -->\nmeasured\n<!-- /figures -->" in ended.stdout


def test_a_part_that_nothing_generates_is_an_error() -> None:
    program = "from docs.generate import regenerated\nregenerated('<!-- nonsense -->\\n<!-- /nonsense -->\\n')"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "KeyError: 'nonsense'" in ended.stderr


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [link for link in links if not link.startswith(("http:", "https:", "/guide"))]
    assert [link for link in local if not (page.parent / link).exists()] == []
    assert PAGES


def test_every_mark_has_its_end() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        begun = re.findall(r"^<!-- ([a-z][^/\n]*?) -->$", text, re.MULTILINE)
        ended = re.findall(r"^<!-- /(.*?) -->$", text, re.MULTILINE)
        assert begun == ended, page.name
