"""What stands on a screen, as text that can be read, kept and compared: signs first, then their colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip
from textual.widgets import Input

from tests.ui.driving import Drive

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/=!?#$%&@<>{}[]()^~;:'αβγδεζηθικλμνξ"

_PATIENCE = 60
"""So often the screen is looked at until it is still; a log that follows never ends its work."""


def frame_text(app: App[None]) -> str:
    """The screen: its signs, line by line; a letter for the colours of each cell; what the letters mean.

    Links and other things that are not seen are left out.
    """
    strips = app.screen._compositor.render_strips()
    letters: dict[str, str] = {}
    signs = [strip.text.rstrip() for strip in strips]
    colours = [_run_lengths(_letters_of(strip, letters)) for strip in strips]
    meanings = [f"{letter} {style}" for style, letter in letters.items()]
    return "\n".join((*signs, "", *colours, "", *meanings, ""))


async def still(on: Drive) -> None:
    """Wait until nothing moves on the screen any more, and have no cursor blink."""
    before = ""
    for _ in range(_PATIENCE):
        for box in on.app.screen.query(Input):
            box.cursor_blink = False
        await on.settle()
        busy = any(not worker.is_finished for worker in on.app.workers if worker.node is on.app.screen)
        now = frame_text(on.app)
        if now == before and not busy:
            return
        before = now
        await on.pilot.pause(0.02)


def _letters_of(strip: Strip, letters: dict[str, str]) -> Iterable[tuple[str, int]]:
    for segment in strip:
        style = _described(segment)
        if style not in letters:
            letters[style] = _LETTERS[len(letters)]
        yield letters[style], segment.cell_length


def _described(segment: Segment) -> str:
    """`bold #ff7b78 on #11151c`."""
    style = segment.style or Style()
    words: Sequence[str] = [
        name for name in ("bold", "dim", "italic", "underline", "reverse", "strike") if getattr(style, name)
    ]
    colour = style.color.triplet.hex if style.color and style.color.triplet else "default"
    behind = style.bgcolor.triplet.hex if style.bgcolor and style.bgcolor.triplet else "default"
    return " ".join((*words, colour, "on", behind))


def _run_lengths(parts: Iterable[tuple[str, int]]) -> str:
    """`a12 b3 a65`: neighbours of one style are one run."""
    runs: list[tuple[str, int]] = []
    for letter, length in parts:
        if runs and runs[-1][0] == letter:
            runs[-1] = (letter, runs[-1][1] + length)
        elif length:
            runs.append((letter, length))
    return " ".join(f"{letter}{length}" for letter, length in runs)
