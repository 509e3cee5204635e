"""Help, made from the bindings that are live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType

from screens.dialog import Dialog
from widgets.facts import FactList, FactRow, section
from widgets.glyphs import ABSENT, LIMIT, MUTED, SEVERITY, WAITING, WORD

FILTER_HELP = (
    ("pay", "text anywhere in the row, or its letters in order in the name"),
    ("!dev", "rows that do not match"),
    ("state=critical", "a column has a value; * stands for anything"),
    ("errors>5  age<2h", "a figure, with % ms s m h d KiB MiB GiB; all terms must match"),
)
_HERE, _MOVING, _EVERYWHERE = "KEYS THAT WORK HERE", "MOVING", "EVERYWHERE"
_MOVES = ("list.", "board.", "panel.", "screen.next", "screen.previous", "matrix.", "table.left", "table.right")
"""Beginnings of the ids of what only moves."""


def key_rows(bindings: Iterable[ActiveBinding], display: Sequence[str]) -> tuple[FactRow, ...]:
    """What is done here, how one moves, and what works everywhere: a sentence each, with all keys that do it."""
    keys: dict[str, list[str]] = {}
    rows: dict[str, tuple[str, str]] = {}
    for active, shown in zip(bindings, display, strict=True):
        binding = active.binding
        if not binding.description or binding.id is None:
            # Without an id it is a framework's own key, which nobody has to know.
            continue
        digit = binding.action.startswith("panel(")
        # Digits are put together.
        action = "panel" if digit else binding.action
        rows.setdefault(
            action, (_group(binding.id), "Choose a panel" if digit else binding.tooltip or binding.description)
        )
        keys.setdefault(action, []).append(shown)
    told = [
        (
            group,
            FactRow(f"key|{action}", "1 … 9" if action == "panel" else "  ".join(dict.fromkeys(keys[action])), text),
        )
        for action, (group, text) in rows.items()
    ]
    return tuple(
        row
        for title in (_HERE, _MOVING, _EVERYWHERE)
        for row in section(title, [row for group, row in told if group == title])
    )


def _group(identity: str) -> str:
    if identity.startswith(_MOVES):
        return _MOVING
    return _EVERYWHERE if identity.startswith("app.") else _HERE


class HelpScreen(Dialog[None]):
    """Keys of the view below it, what the glyphs mean, and the filter language."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "Close", id="help.close"),
    ]

    def __init__(self, keys: Sequence[FactRow]) -> None:
        super().__init__("Help")
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The box alone: the keys are what it tells."""
        yield from self.compose_box()

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield FactList()

    def on_mount(self) -> None:
        """Fill the list."""
        glyphs = [FactRow(f"glyph|{word}", SEVERITY[health], word) for health, word in WORD.items()]
        glyphs += [
            FactRow("glyph|waiting", WAITING, "waiting for the first look"),
            FactRow(
                "glyph|muted", MUTED, "well only because what is wrong is muted; beside a state: something is muted"
            ),
            FactRow("glyph|absent", ABSENT, "no such service in this environment, or no value"),
            FactRow("glyph|tag", "PROD  LOCK", "protected: production, or another that must not be changed lightly"),
            FactRow("glyph|found", "found  pr*", "found by a pattern; with a star, none is known yet"),
            FactRow("glyph|limit", LIMIT * 3, "a limit, drawn across a chart; holes in a chart are missing points"),
        ]
        filters = [FactRow(f"filter|{text}", text, meaning) for text, meaning in FILTER_HELP]
        box = self.query_one(FactList)
        box.show([*self._keys, *section("GLYPHS", glyphs), *section("FILTER", filters)])
        self.set_focus(box)
