"""The glyph table: how severities, gaps and axes are drawn, and what stands for them where only ASCII can be shown."""

from __future__ import annotations

from cockpit.model.snapshot import Cell, EnvironmentState
from cockpit.model.verdict import Health

SEVERITY = {Health.CRITICAL: "✖", Health.WARNING: "▲", Health.UNKNOWN: "?", Health.OK: "●"}
"""Severity is never colour alone: this glyph, a word or figure, and the role below go together."""

ROLE = {Health.CRITICAL: "critical", Health.WARNING: "warning", Health.UNKNOWN: "unknown", Health.OK: "ok"}
"""Severity → role, that is, the ink that colours it (`widgets.inks`)."""

WORD = {Health.CRITICAL: "critical", Health.WARNING: "warning", Health.UNKNOWN: "unknown", Health.OK: "ok"}

WAITING = "○"
"""Not looked at yet: calm, and not green."""

MUTED = "⊘"
"""Nothing that counts is wrong, because something that is wrong is muted: not green."""

ABSENT = "–"
"""No such service here."""

ASCENDING = "▴"
DESCENDING = "▾"
FOLDED = "▸"
"""Rows below it are hidden; where they are not, `DESCENDING` stands there."""
POINTER = "›"
LIMIT = "╌"
RULE = "─"
CHANGE = "◆"
"""Something was changed then: on the time axis of a chart, and where it is told in words."""
CHANGE_LINE = "┊"
SAID = "✓"
"""Somebody said something about a finding: acknowledged, muted, no longer muted."""
ARROW = "→"
BAR = "▐"
"""Beside a list that is longer than its place: which part of it is in view."""
TICK = "┬"
EIGHTHS = " ▁▂▃▄▅▆▇█"
"""Bars of 0/8 to 8/8 of a cell. The first is blank and is used for gaps only: a present zero is drawn as 1/8."""

ASCII = str.maketrans(
    {
        "✖": "X",
        "▲": "!",
        "●": "o",
        "○": ".",
        "⊘": "z",
        "–": "-",
        "—": "-",
        "·": "|",
        "›": ">",
        "…": "~",
        "×": "x",
        "→": ">",
        "✓": "v",
        "▴": "^",
        "▾": "v",
        "▸": ">",
        "▐": "|",
        "╌": "-",
        "─": "-",
        "│": "|",
        "┤": "+",
        "└": "+",
        "┴": "+",
        "┬": "+",
        "┊": ":",
        "◆": "*",
        "▁": "_",
        "▂": ".",
        "▃": ":",
        "▄": "-",
        "▅": "=",
        "▆": "+",
        "▇": "*",
        "█": "#",
        "\u202f": " ",
        "\u00a0": " ",
    }
)
"""Applied to every character that our own widgets paint where only ASCII may be shown: one cell stays one cell."""

ASCII_KEYS = str.maketrans({"⏎": "enter", "↑": "up", "↓": "down", "←": "left", "→": "right"})
"""Names of keys in words."""


def cell_is_waiting(cell: Cell) -> bool:
    """Whether part of a cell has not been looked at yet, and nothing worse than that is known of it."""
    known = (
        finding for finding in cell.findings if finding.failure is not None or finding.health is not Health.UNKNOWN
    )
    return cell.pending and cell.health in {Health.UNKNOWN, Health.OK} and next(known, None) is None


def verdict(environment: EnvironmentState) -> Health | None:
    """The environment's health; None while part of it waits for its first look and the rest is ok."""
    waiting = [cell for cell in environment.cells.values() if cell_is_waiting(cell)]
    if not waiting:
        return environment.health
    judged = [cell.health for cell in environment.cells.values() if not cell_is_waiting(cell)]
    worst = Health.worst((*judged, Health.OK))
    return None if worst is Health.OK else worst


def glyph(health: Health | None, muted: int = 0) -> str:
    """Glyph of a verdict; None is waiting. What is well only because something is muted has a glyph of its own."""
    if health is Health.OK and muted:
        return MUTED
    return WAITING if health is None else SEVERITY[health]


def role(health: Health | None, muted: int = 0) -> str:
    """Role of a verdict; None is waiting."""
    if health is Health.OK and muted:
        return "dim"
    return "waiting" if health is None else ROLE[health]


def state_word(health: Health | None, muted: int = 0) -> str:
    """A verdict in words, with what is muted beside it: `critical`, `critical, 1 muted`; for ok, `1 muted` alone."""
    word = "waiting" if health is None else WORD[health]
    if not muted:
        return word
    return f"{muted} muted" if health is Health.OK else f"{word}, {muted} muted"
