"""Where the panels of a board stand: columns of equal width, each panel as high as what it has to say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 2
"""Blank cells between two columns."""
PANEL_WIDTH = 56
"""A panel is at least so wide where there is a choice."""
NARROW_PANEL_WIDTH = 38
"""Where lines are few, two columns of this width are better than one."""
FEW_LINES = 40


@dataclass(frozen=True, slots=True)
class PanelNeed:
    """Lines of one panel."""

    least: int
    good: int
    """What shows it well."""
    most: int
    """More would stay empty."""


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """Where one panel stands, in lines and cells of the board."""

    column: int
    left: int
    width: int
    top: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is in it."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


def column_count(width: int, height: int, panels: int) -> int:
    """Columns that suit a board of this size."""
    least = 2 if width >= 2 * NARROW_PANEL_WIDTH and height < FEW_LINES else 1
    return max(1, min(max(width // PANEL_WIDTH, least), panels))


def arrange(needs: Sequence[PanelNeed], width: int, room: int, columns: int) -> tuple[PanelPlace, ...]:
    """Places of the panels, in their order: each goes to the column that is lowest so far.

    What a column has left is shared by its panels, line by line. Where not even the least fits, the board is higher
    than `room`, and scrolls.
    """
    size = (width - GAP * (columns - 1)) // columns
    filled = [0] * columns
    members: list[list[int]] = [[] for _ in range(columns)]
    for index, need in enumerate(needs):
        column = filled.index(min(filled))
        members[column].append(index)
        filled[column] += need.good
    places: dict[int, PanelPlace] = {}
    for column, group in enumerate(members):
        top = 0
        for index, height in zip(group, _heights([needs[index] for index in group], room), strict=True):
            places[index] = PanelPlace(column, column * (size + GAP), size, top, height)
            top += height
    return tuple(places[index] for index in range(len(needs)))


def _heights(needs: Sequence[PanelNeed], room: int) -> list[int]:
    """Lines of the panels of one column: first all what they need, then what is good, then the rest."""
    heights = [need.least for need in needs]
    for goals in ([need.good for need in needs], [need.most for need in needs]):
        while sum(heights) < room:
            short = [index for index, goal in enumerate(goals) if heights[index] < goal]
            if not short:
                break
            heights[min(short, key=lambda index: heights[index])] += 1
    return heights


def neighbour(places: Sequence[PanelPlace], at: int, right: int, down: int) -> int:
    """The panel beside, above or below panel `at`; itself where there is none."""
    here = places[at]
    column = here.column + right
    if right:
        others = [index for index, place in enumerate(places) if place.column == column]
        return min(others, key=lambda index: abs(places[index].top - here.top), default=at)
    others = [
        index for index, place in enumerate(places) if place.column == column and (place.top - here.top) * down > 0
    ]
    return min(others, key=lambda index: abs(places[index].top - here.top), default=at)
