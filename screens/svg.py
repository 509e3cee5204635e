"""From the painted lines of a screen to a picture (SVG) that refers to nothing outside itself, and is not large.

Rich draws it. What is seen is all that is handed over: neighbours that look alike are one run, whatever else their
styles know, and what stands on the screen's own background has none. That makes a third of the size.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

from rich.color import Color, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.console import Console
from rich.segment import Segment, SegmentLines
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from textual.strip import Strip

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_CLIP = re.compile(r'<clipPath id="[^"]+">.*?</clipPath>\s*| clip-path="[^"]+"', re.DOTALL)
_PIECES = re.compile("█+|  +| |[^ █]+")
_FULL = "█"
_DIM = 0.4
"""How near to its background what is dim comes: as in Rich's own pictures."""
_FONT_SIZE = 20.26
"""Pixels: a sign of DejaVu Sans Mono or Menlo (0.602 em) is then as wide as a cell (12.2), also where a viewer does not
heed the length that a text is given."""
_REMOTE = re.compile(r"url\(\s*[\"']?https?:", re.IGNORECASE)


def picture(strips: Sequence[Strip], width: int, title: str) -> str:
    """A picture of a screen of `width` cells. Takes some tenths of a second."""
    theme = _theme(strips)
    console = Console(
        width=width,
        height=len(strips),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
        no_color=False,
    )
    console.print(SegmentLines([seen(strip, theme) for strip in strips], new_lines=True))
    return _slim(console.export_svg(title=title, theme=theme, unique_id="c"))


def seen(strip: Strip, theme: TerminalTheme) -> list[Segment]:
    """A line as it is seen. A blank looks like what stands before it, where it can; many are a gap."""
    found: list[Segment] = []
    for whole, style, _ in strip:
        look = _look(style or Style(), theme)
        for text in _PIECES.findall(whole):
            before = found[-1] if found else Segment("")
            piece = _piece(text, look, before.style)
            if found and before.style == piece.style and not _is_gap(piece.text) and not _is_gap(before.text):
                found[-1] = Segment(before.text + piece.text, piece.style)
            else:
                found.append(piece)
    return found


def _piece(text: str, look: Style, before: Style | None) -> Segment:
    if text[0] == _FULL:
        # Fonts leave a line of nothing between full blocks; areas have none.
        return Segment(" " * len(text), Style(bgcolor=look.color))
    plain = before is not None and not any(one.underline or one.strike for one in (look, before))
    if text == " " and plain and before and before.bgcolor == look.bgcolor:
        return Segment(text, before)
    return Segment(text, look)


def _is_gap(text: str) -> bool:
    return len(text) > 1 and text.isspace()


def _look(style: Style, theme: TerminalTheme) -> Style:
    """What of a style is seen: no links, nothing that only the program knows, colours as they come out."""
    front, back = _colour(style.color, theme.foreground_color), _colour(style.bgcolor, theme.background_color)
    if style.reverse:
        front, back = back, front
    return Style(
        color=Color.from_triplet(blend_rgb(front, back, _DIM) if style.dim else front),
        bgcolor=None if back == theme.background_color else Color.from_triplet(back),
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
    )


def _colour(colour: Color | None, usual: ColorTriplet) -> ColorTriplet:
    return usual if colour is None or colour.is_default else colour.get_truecolor(SVG_EXPORT_THEME)


def _theme(strips: Sequence[Strip]) -> TerminalTheme:
    """Rich's, on the commonest background of the screen, with the first colour that something is written in on it."""
    cells = Counter[ColorTriplet]()
    for text, style, _ in (segment for strip in strips for segment in strip):
        cells[_colour(style.bgcolor if style else None, SVG_EXPORT_THEME.background_color)] += len(text)
    ((back, _),) = cells.most_common(1)
    dark = sum(back) < 3 * 128
    theme = TerminalTheme((0, 0, 0), (0xC5, 0xC8, 0xC6) if dark else (0x33, 0x38, 0x3F), [(0, 0, 0)] * 8)
    theme.background_color = back
    theme.ansi_colors = SVG_EXPORT_THEME.ansi_colors
    return theme


def _slim(svg: str) -> str:
    """Without web fonts, and without what says nothing. Blanks stay where they are.

    Monospace is what remains of the family. Nothing needs a clip: each text is given its length.
    """
    head, end, body = svg.partition("</style>")
    # Only what Rich writes is changed: what stands on the screen may look like anything.
    head = _COMMENT.sub("", _FONT_FACE.sub("", head)).replace("Fira Code,", "DejaVu Sans Mono, Menlo, Consolas,")
    head = head.replace("font-size: 20px", f"font-size: {_FONT_SIZE}px", 1)
    # Some viewers swallow the blanks at the start of a text, and with them its place.
    head = head.replace("<svg ", '<svg xml:space="preserve" ', 1)
    if _REMOTE.search(head):
        raise ValueError("the picture still refers to something outside itself")
    body = _CLIP.sub("", body).replace("&#160;", "\N{NO-BREAK SPACE}")
    body = body.replace('<g class="c-matrix">', '<g class="c-matrix" transform="translate(0 1.2)">', 1)
    body = body.replace('stroke="rgba(255,255,255,0.35)"', 'stroke="rgba(128,128,128,0.5)"', 1)
    return head + end + body
