"""What of the interface can be configured: keys by binding, and themes. Known here without loading Textual.

`interface.json` beside this file is made from the running program by `make docs`, and a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("interface.json")


@dataclass(frozen=True, slots=True)
class KnownBinding:
    """One binding of a screen, a widget or the app."""

    keys: tuple[str, ...]
    """Names of the keys that it has unless configured."""
    does: str
    """What it is called in the footer and in help."""


@dataclass(frozen=True, slots=True)
class Interface:
    """Everything that `[keys]` and `theme` may name."""

    bindings: Mapping[str, KnownBinding]
    """Binding id → binding."""
    together: Mapping[str, tuple[frozenset[str], ...]]
    """Screen → groups of bindings that can be live at the same time there."""
    keys: frozenset[str]
    """Names of keys that a terminal can send, beside those that write a single character."""
    characters: Mapping[str, str]
    """Character → the name of its key, where that is not the character itself: `/` → `slash`."""
    themes: tuple[str, ...]


@cache
def interface() -> Interface:
    """What is known of the interface."""
    known = json.loads(FILE.read_text("utf-8"))
    return Interface(
        bindings={name: KnownBinding(tuple(one["keys"]), one["does"]) for name, one in known["bindings"].items()},
        together={screen: tuple(map(frozenset, groups)) for screen, groups in known["together"].items()},
        keys=frozenset(known["keys"]),
        characters=known["characters"],
        themes=tuple(known["themes"]),
    )
