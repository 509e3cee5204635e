"""One line of the terminal as plain data: runs of text, each with the role that colours it.

Drawing functions return these, so that what is drawn can be tested without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size


class Run(NamedTuple):
    """A piece of text and its role (`critical`, `dim`, …; empty for ordinary text)."""

    text: str
    role: str = ""


Line = tuple[Run, ...]

OVER = ">"
"""`critical>trend-area` is the role of text in the colour of the first on a ground of the colour of the second."""


def text_of(line: Line) -> str:
    """The text of a line, without roles."""
    return "".join(run.text for run in line)


def width_of(line: Line) -> int:
    """Width in terminal cells."""
    return sum(cell_len(run.text) for run in line)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; what is left out is marked with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells, cut if need be; `right` aligns it to the right."""
    shown = cut(text, width)
    blanks = " " * (width - cell_len(shown))
    return blanks + shown if right else shown + blanks


def fit(line: Line, width: int) -> Line:
    """`line` in exactly `width` cells: padded with blanks, or cut with an ellipsis. Blanks are cut without one."""
    fitted: list[Run] = []
    left = width
    for position, run in enumerate(line):
        size = cell_len(run.text)
        if size >= left:
            more = any(later.text.strip() for later in line[position + 1 :])
            if size > left or more:
                return (*fitted, *_cut_short(run, left, more=more))
        if run.text:
            fitted.append(run)
        left -= size
    if left > 0:
        fitted.append(Run(" " * left))
    return tuple(fitted)


def _cut_short(run: Run, left: int, *, more: bool) -> Iterable[Run]:
    """The last run of a line that has `left` cells for it; `more` tells whether anything is lost behind it."""
    kept = run.text.rstrip()
    if not more and cell_len(kept) <= left:
        shown, rest = pad(kept, left), ""
    else:
        shown = cut(run.text + "…" if cell_len(kept) <= left else kept, left)
        rest = " " * (left - cell_len(shown))
    return (piece for piece in (Run(shown, run.role), Run(rest)) if piece.text)


def apart(left: Line, right: Line, width: int) -> Line:
    """`left` and `right` at the two ends of a line of `width` cells; the left one gives way."""
    room = width - width_of(right)
    return fit(left, room) + right if room > 0 else fit(right, width)


def join(parts: Iterable[Line], separator: str = "  ") -> Line:
    """The parts that are not empty, with a dim separator between them."""
    joined: list[Run] = []
    for part in parts:
        if part:
            if joined:
                joined.append(Run(separator, "dim"))
            joined.extend(part)
    return tuple(joined)


_SEPARATORS = ((":/,;=&?", 3), ("._-", 2))
"""Signs after which a word that is too long is parted: those of ARNs, URLs and paths first, those within names else.
Each where it leaves at least one part in so many of the line filled."""


def wrap(text: str, width: int) -> list[str]:
    """`text` on as many lines of at most `width` cells as it needs, broken at blanks where there are any.

    A word that is too long, such as an ARN, is parted after one of its separators.
    """
    lines: list[str] = []
    current = ""
    for whole in text.split():
        word = whole
        candidate = f"{current} {word}" if current else word
        if cell_len(candidate) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        # A word of signs without width is no more to be parted than one that fits.
        *full, word = (_parted(word, width) if width > 0 else []) or [word]
        lines.extend(full)
        current = word
    return [*lines, current] if current or not lines else lines


def _parted(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` cells; a separator that is not too near its start ends a piece."""
    pieces = []
    while cell_len(word) > width:
        piece = chop_cells(word, width)[0]
        ends = ((max(map(piece.rfind, signs)) + 1, len(piece) // part) for signs, part in _SEPARATORS)
        piece = piece[: next((end for end, least in ends if end > least), len(piece))]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word] if word else pieces
