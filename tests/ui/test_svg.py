"""A screen as a picture: everything that is seen is in it, at its place, in its colours, and it is not large."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from screens.svg import picture
from tests.ui.recorded.app import drive_recorded

_SVG = "{http://www.w3.org/2000/svg}"
_CELL = 12.2


def texts(svg: str) -> dict[int, str]:
    """The written lines of a picture: each text put where its x says."""
    lines: dict[int, str] = {}
    root = ET.fromstring(svg)  # noqa: S314 - our own
    for one in root.iter(f"{_SVG}text"):
        if one.get("textLength") is not None:
            number = round((float(one.get("y", 0)) - 20) / 24.4)
            line = lines.get(number, "").ljust(round(float(one.get("x", 0)) / _CELL))
            lines[number] = line + (one.text or "").replace("\N{NO-BREAK SPACE}", " ")
    return lines


def strip(*parts: tuple[str, str]) -> Strip:
    return Strip([Segment(text, Style.parse(style)) for text, style in parts])


@pytest.mark.parametrize("keys", [(), ("question_mark",)])
async def test_every_line_of_a_screen_is_in_it_where_it_was(keys: tuple[str, ...]) -> None:
    async with drive_recorded(size=(120, 40)) as on:
        await on.press(*keys)
        strips = on.app.screen._compositor.render_strips()
    drawn = texts(picture(strips, 120, "cockpit"))
    for number, one in enumerate(strips):
        # Full blocks are areas, not signs.
        assert drawn.get(number, "").rstrip() == one.text.replace("█", " ").rstrip()


async def test_a_large_screen_is_a_small_file_that_refers_to_nothing() -> None:
    async with drive_recorded(size=(200, 60)) as on:
        strips = on.app.screen._compositor.render_strips()
    svg = picture(strips, 200, "cockpit")
    assert len(svg.encode()) < 150_000
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)", svg)


def test_full_blocks_are_areas_and_dim_is_nearer_to_what_is_behind() -> None:
    line = strip((" a", "#ffffff on #000000"), ("██", "#ff0000 on #000000"), ("b", "dim #ffffff on #000000"))
    svg = picture([line], 5, "")
    assert re.search(r'<rect fill="#ff0000" x="24.4" [^>]*width="24.4"', svg)
    assert "█" not in svg
    assert "fill: #999999" in svg


def test_what_stands_reversed_or_struck_looks_so() -> None:
    line = strip(("plain" * 9, "#ffffff on #000000"), ("r", "reverse #ffffff on #000000"), ("s", "strike #aaaaaa"))
    svg = picture([line], 50, "")
    assert re.search(r'<rect fill="#ffffff" x="549"', svg)
    assert "text-decoration: line-through" in svg


def test_the_frame_has_the_background_of_the_screen() -> None:
    svg = picture([strip(("x" * 10, "#000000 on #fafbfc"))], 10, "light")
    assert '<rect fill="#fafbfc" stroke=' in svg
    assert svg.count("<rect") == 1, "the frame, and none behind the text"


def test_what_stands_on_the_screen_stays_whatever_it_looks_like() -> None:
    words = '@font-face{a} url(https://x.example/a) <!--b--> clip-path="c" &#160;'
    drawn = texts(picture([strip((words, "#ffffff on #000000"))], 80, ""))
    assert [line.rstrip() for line in drawn.values()] == [words]
