"""A short code in large letters, for typing it into another machine."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line, Run, text_of
from widgets.painted import Painted

_ROWS = 5
_LETTERS = {
    "A": ".###. #...# ##### #...# #...#",
    "B": "####. #...# ####. #...# ####.",
    "C": ".#### #.... #.... #.... .####",
    "D": "####. #...# #...# #...# ####.",
    "E": "##### #.... ####. #.... #####",
    "F": "##### #.... ####. #.... #....",
    "G": ".#### #.... #..## #...# .####",
    "H": "#...# #...# ##### #...# #...#",
    "I": ".###. ..#.. ..#.. ..#.. .###.",
    "J": "..### ...#. ...#. #..#. .##..",
    "K": "#..#. #.#.. ##... #.#.. #..#.",
    "L": "#.... #.... #.... #.... #####",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#...# ##..# #.#.# #..## #...#",
    "O": ".###. #...# #...# #...# .###.",
    "P": "####. #...# ####. #.... #....",
    "Q": ".###. #...# #.#.# #..#. .##.#",
    "R": "####. #...# ####. #..#. #...#",
    "S": ".#### #.... .###. ....# ####.",
    "T": "##### ..#.. ..#.. ..#.. ..#..",
    "U": "#...# #...# #...# #...# .###.",
    "V": "#...# #...# #...# .#.#. ..#..",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#...# .#.#. ..#.. .#.#. #...#",
    "Y": "#...# .#.#. ..#.. ..#.. ..#..",
    "Z": "##### ...#. ..#.. .#... #####",
    "0": ".###. #..## #.#.# ##..# .###.",
    "1": "..#.. .##.. ..#.. ..#.. .###.",
    "2": "####. ....# .###. #.... #####",
    "3": "####. ....# .###. ....# ####.",
    "4": "#..#. #..#. ##### ...#. ...#.",
    "5": "##### #.... ####. ....# ####.",
    "6": ".###. #.... ####. #...# .###.",
    "7": "##### ....# ...#. ..#.. ..#..",
    "8": ".###. #...# .###. #...# .###.",
    "9": ".###. #...# .#### ....# .###.",
    "-": "..... ..... .###. ..... .....",
    "/": "....# ...#. ..#.. .#... #....",
    ".": "..... ..... ..... ..... ..#..",
    "_": "..... ..... ..... ..... #####",
    " ": "..... ..... ..... ..... .....",
}
"""Five rows of five dots each."""
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""(upper, lower) dot → one cell."""


def large_lines(code: str, width: int, *, plain: bool) -> tuple[Line, ...]:
    """`code` drawn in dots, two rows of them to a line; with `plain` in ASCII, a row to a line.

    As it is where there is no room, or where it holds what cannot be drawn: half a code is worse than a small one.
    """
    letters = [_LETTERS.get(one) for one in code.upper()]
    if not code or None in letters or len(code) * 6 - 1 > width:
        return ((Run(code, "strong"),),) if code else ()
    rows = [" ".join(letter.split()[row] for letter in letters if letter) for row in range(_ROWS)]
    dots = [[dot == "#" for dot in row] for row in rows]
    if plain:
        return tuple((Run("".join("#" if dot else " " for dot in row), "strong"),) for row in dots)
    dots.append([False] * len(dots[0]))
    pairs = zip(dots[::2], dots[1::2], strict=True)
    return tuple(
        (Run("".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)), "strong"),) for upper, lower in pairs
    )


class LargeCode(Painted):
    """The code, centred; nothing while there is none."""

    DEFAULT_CSS = """
    LargeCode { height: auto; }
    """

    code: reactive[str] = reactive("", layout=True)

    def watch_code(self, code: str) -> None:
        """No code takes no room."""
        self.display = bool(code)

    def _lines(self, width: int) -> tuple[Line, ...]:
        return large_lines(self.code, width, plain=self.plain)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as the letters are high."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of the letters."""
        width = self.size.width
        lines = self._lines(width)
        line = lines[y] if y < len(lines) else ()
        # All lines are equally long, so all are moved by the same.
        return self.strip((Run(" " * ((width - len(text_of(line))) // 2)), *line), width)
