"""What the tests of the configuration share: a small file that is in order, and a way to load text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cockpit.config.loader import ConfigurationError, load
from cockpit.config.settings import Settings
from tests.config.small_catalogue import SMALL

GOOD = """\
[accounts.dev]
id = "111122223333"
regions = ["eu-west-2", "us-east-1"]
profile = "dev"

[systems.shop.environments.prod]
targets = [{ account = "dev", services = ["lambda", "sqs"] }]
"""

Load = Callable[..., Settings]


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    """Write a text to `profiles.toml` in a folder of its own and load it from there, with nothing else around."""

    def loaded(text: str = GOOD, *, environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
        (tmp_path / "profiles.toml").write_text(text, encoding="utf-8")
        return load(SMALL, environ=bare(tmp_path, environ), flags=flags, cwd=tmp_path)

    return loaded


def bare(folder: Path, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment whose user folders are inside `folder`."""
    return {"XDG_CONFIG_HOME": str(folder / "xdg"), "XDG_STATE_HOME": str(folder / "state"), **(environ or {})}


def sentences(caught: pytest.ExceptionInfo[ConfigurationError]) -> list[str]:
    """What was told, problem by problem."""
    return [str(problem) for problem in caught.value.problems]
