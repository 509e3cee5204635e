"""What is wrong with a configuration, in sentences that name file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Where a value is: table and key names from the top of the file, and positions in lists."""

Found = tuple[KeyPath, str]
"""A problem before its line is known."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the configuration, and what would be right."""

    file: str
    """The file as people would name it, `environment` or `command line`."""
    key: str
    """Dotted key (`accounts.dev.regions`), variable or flag; empty where the whole file is meant."""
    line: int | None
    """From 1; None where there is no line."""
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigurationError(Exception):
    """The configuration cannot be used. `problems` says why, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NoConfiguration(ConfigurationError):  # noqa: N818 - it says what it is: nothing is wrong, nothing is there
    """No configuration was found. `looked` are the places, in order."""

    def __init__(self, looked: Iterable[Path]) -> None:
        self.looked = tuple(looked)
        places = ", ".join(str(path) for path in self.looked)
        advice = "cockpit --init writes a first one, and --demo shows the cockpit at work without any"
        super().__init__([Problem("profiles.toml", "", None, f"not found; looked for {places}: {advice}")])


def one_line(text: str) -> str:
    """`text` with what a terminal could take for an order written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def printable(text: str) -> str:
    """`text` on one line, shortened."""
    safe = one_line(text)
    return safe if len(safe) <= _SHOWN_CHARACTERS else f"{safe[:_SHOWN_CHARACTERS]}…"


def quoted(text: str) -> str:
    """`text` in quotes, safe to print."""
    return f'"{printable(text)}"'


def dotted(path: KeyPath) -> str:
    """A key path as TOML writes it: `systems.shop.environments.prod.targets[0].account`."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            name = part if _BARE_KEY.fullmatch(part) else quoted(part)
            written += f".{name}" if written else name
    return written


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "lambda"?`, or nothing where no known word is near."""
    near = nearest(word, known)
    return f"; did you mean {quoted(near)}?" if near else ""


def or_listed(word: str, known: Iterable[str], *, none: str) -> str:
    """The nearest known word, or else all of them, or `none` where there are none."""
    names = sorted(known)
    if not names:
        return f"; {none}"
    return did_you_mean(word, names) or f"; there is {', '.join(names)}"
