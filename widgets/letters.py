"""Large letters of block characters, for what is read from afar. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

ROWS = 5
"""Height of a letter in dots."""
_BLANK, _DOT = ".", "#"

_SHAPES = """
0 ### #.# #.# #.# ###
1 .#. ##. .#. .#. ###
2 ### ..# ### #.. ###
3 ### ..# .## ..# ###
4 #.# #.# ### ..# ..#
5 ### #.. ### ..# ###
6 ### #.. ### #.# ###
7 ### ..# .#. .#. .#.
8 ### #.# ### #.# ###
9 ### #.# ### ..# ###
A ### #.# ### #.# #.#
C ### #.. #.. #.. ###
G #### #... #.## #..# ####
I # # # # #
K #..# #.#. ##.. #.#. #..#
L #.. #.. #.. #.. ###
N #..# ##.# #.## #..# #..#
O #### #..# #..# #..# ####
R ##. #.# ##. #.# #.#
T ### .#. .#. .#. .#.
U #..# #..# #..# #..# ####
W #...# #...# #.#.# #.#.# ##.##
✖ #...# .#.#. ..#.. .#.#. #...#
▲ ..#.. ..#.. .###. .###. #####
? ###. ...# .##. .... .#..
● .###. ##### ##### ##### .###.
"""
"""A line a letter: the letter, then its rows from the top."""


def _read(shapes: str) -> Mapping[str, tuple[str, ...]]:
    rows = (line.split() for line in shapes.strip().splitlines())
    return {letter: tuple(dots) for letter, *dots in rows}


LETTERS = _read(_SHAPES)
"""Every letter that can be drawn → its rows."""


def large(text: str, *, whole_cells: bool = False) -> tuple[str, ...]:
    """`text` in three lines, two dots above each other to a cell; `whole_cells` takes five lines of full blocks.

    What has no shape is a blank.
    """
    blank = (_BLANK,) * ROWS
    shapes = [LETTERS.get(letter, blank) for letter in text]
    dots = [_BLANK.join(shape[row] for shape in shapes) for row in range(ROWS)]
    if whole_cells:
        return tuple(row.replace(_BLANK, " ").replace(_DOT, "█") for row in dots)
    # The first line holds one row of dots only, so that the letters do not touch what is above.
    pairs = zip_longest(["", *dots[1::2]], dots[::2], fillvalue="")
    return tuple(_halves(above or _BLANK * len(below), below) for above, below in pairs)


def _halves(above: str, below: str) -> str:
    cells = {(_BLANK, _BLANK): " ", (_DOT, _BLANK): "▀", (_BLANK, _DOT): "▄", (_DOT, _DOT): "█"}
    return "".join(cells[pair] for pair in zip(above, below, strict=True))
