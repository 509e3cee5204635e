"""The fleet in large letters, for a screen on a wall: how many environments are critical, warning, unknown and ok."""

from __future__ import annotations

from collections.abc import Mapping

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from cockpit.model.verdict import Health
from widgets.glyphs import MUTED, ROLE, SEVERITY, WAITING, WORD
from widgets.letters import ROWS, large
from widgets.line import Line, Run, fit, pad
from widgets.painted import Painted

HALF_ROWS = 3
"""Lines of the band where half blocks can be shown."""
Counts = Mapping[Health | None, int]
"""Environments by verdict; None are those that wait for their first look."""

_ORDER = (Health.CRITICAL, Health.WARNING, Health.UNKNOWN, Health.OK)
_MARGIN = 2
_GAP, _WIDE_GAP = 3, 5
"""Cells between a number and its word, and where there is room for them."""
_DIGITS = 2
"""Room for so many digits is always kept, so that nothing moves when nine become ten."""


def band_lines(counts: Counts, width: int, *, muted: int = 0, whole_cells: bool = False) -> tuple[Line, ...]:
    """Four tiles, each with glyph, number and word. The worst that there is has a ground of its colour.

    The numbers stand where they stood, whatever they are; none is quiet. Where large words have no room, they are
    ordinary ones. `muted` environments are ok only because something is muted.
    """
    present = [health for health in _ORDER if counts.get(health)]
    waiting = counts.get(None, 0)
    # What nobody has looked at yet is no reason to paint a wall green, nor is what is silent because somebody said so.
    worst = present[0] if present and not ((waiting or muted) and present[0] is Health.OK) else None
    told = f"{MUTED} {muted} muted " if muted else ""
    told += f"{WAITING} {waiting} waiting " if waiting else ""
    room = width - len(told)
    for words, gap in ((True, _WIDE_GAP), (True, _GAP), (False, _GAP)):
        tiles = [_tile(health, counts, gap, whole_cells=whole_cells, words=words) for health in _ORDER]
        if sum(len(tile[0]) for tile in tiles) <= room:
            break
    spare = max(0, room - sum(len(tile[0]) for tile in tiles)) // len(tiles)
    rows: list[list[Run]] = [[] for _ in tiles[0]]
    for health, tile in zip(_ORDER, tiles, strict=True):
        ink = f"{ROLE[health]}-ground" if health is worst else ROLE[health] if counts.get(health) else "dim"
        for row, text in zip(rows, tile, strict=True):
            row.append(Run(pad(" " * (spare // 2) + text, len(text) + spare), ink))
    rows[-1].append(Run(told, "waiting"))
    return tuple(fit(tuple(row), width) for row in rows)


def _tile(health: Health, counts: Counts, gap: int, *, whole_cells: bool, words: bool) -> list[str]:
    """Glyph, number and word, with a margin around them. The number stands by its glyph, apart from the word."""
    digits = max(_DIGITS, *(len(str(counts.get(one, 0))) for one in _ORDER))
    word = WORD[health].upper()
    glyph = large(SEVERITY[health], whole_cells=whole_cells)
    number = large(str(counts.get(health, 0)), whole_cells=whole_cells)
    middle = [word if row == len(glyph) // 2 else " " * len(word) for row in range(len(glyph))]
    told = large(word, whole_cells=whole_cells) if words else middle
    edge = " " * _MARGIN
    return [
        f"{edge}{one}   {pad(two, 4 * digits - 1)}{' ' * gap}{three}{edge}"
        for one, two, three in zip(glyph, number, told, strict=True)
    ]


class FleetBand(Painted):
    """Three lines over the whole width."""

    DEFAULT_CSS = """
    FleetBand { height: auto; background: $panel; }
    """

    counts: reactive[Counts] = reactive(dict)
    muted: reactive[int] = reactive(0)
    """Environments that are ok only because something is muted."""

    @property
    def lines_wanted(self) -> int:
        """Lines of the letters: more where half blocks cannot be shown."""
        return ROWS if self.plain else HALF_ROWS

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As high as the letters."""
        return self.lines_wanted

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        lines = band_lines(self.counts, width, muted=self.muted, whole_cells=self.plain)
        return self.strip(lines[y] if y < len(lines) else (), width)
