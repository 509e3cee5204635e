"""Themes: what is painted can be read in every one of them, and told apart with every kind of eyes."""

from __future__ import annotations

from itertools import combinations

from textual.theme import BUILTIN_THEMES, Theme

from cockpit.config.interface import interface
from screens.context import Forgetful
from screens.themes import DARK, THEMES
from tests.ui.driving import Drive, drive
from widgets.legible import Triplet, contrast, legible
from widgets.matrix import FleetMatrix

SEVERITIES = ("critical", "warning", "unknown", "ok")
WORDS = (*SEVERITIES, "waiting", "dim", "", "strong", "heading", "tag", "found", "chosen", "limit")
OURS = [theme.name for theme in THEMES]
TEXTUALS = sorted(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi)

# What is seen without one of the three kinds of cones, in linear RGB: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.0.
EYES = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
APART = 20.0
"""CIE76 difference; 2.3 is just noticeable."""


async def wear(on: Drive, theme: str) -> None:
    """Change the theme while it runs."""
    on.app.theme = theme
    await on.pilot.pause()


def painted(on: Drive, role: str, *, cursor: bool = False) -> tuple[Triplet, Triplet]:
    """Text and background as the matrix paints them."""
    matrix = on.app.screen.query_one(FleetMatrix)
    style = matrix._over(role, matrix.backdrop("cursor")) if cursor else matrix.ink(role)
    assert style.color is not None
    assert style.bgcolor is not None
    return tuple(style.color.get_truecolor()), tuple(style.bgcolor.get_truecolor(foreground=False))  # type: ignore[return-value]


async def test_in_every_theme_all_can_be_read_also_under_the_cursor_and_severities_differ() -> None:
    dull = {}
    async with drive() as on:
        for theme in (*OURS, *TEXTUALS):
            await wear(on, theme)
            least = 7.0 if "contrast" in theme else 4.5
            ratios = {(theme, role, False): contrast(*painted(on, role)) for role in WORDS}
            ratios |= {
                (theme, role, True): contrast(*painted(on, role, cursor=True)) for role in WORDS if role != "tag"
            }
            dull |= {what: round(ratio, 1) for what, ratio in ratios.items() if ratio < least}
            assert contrast(painted(on, "", cursor=True)[1], painted(on, "")[1]) > 1.25, theme
            inks = {role: painted(on, role)[0] for role in (*SEVERITIES, "")}
            assert len(set(inks.values())) == len(inks), (theme, inks)
    assert dull == {}


async def test_a_theme_that_differs_in_one_colour_only_repaints_what_has_it() -> None:
    async with drive() as on:
        on.app.register_theme(
            Theme(**{**vars(DARK), "name": "red", "variables": {**DARK.variables, "text-error": "#ffd0d0"}})
        )
        before = painted(on, "critical")
        await wear(on, "red")
        assert painted(on, "critical")[0] == (255, 208, 208) != before[0]
        shown = [part for strip in on.app.screen._compositor.render_strips() for part in strip if "✖" in part.text]
        assert {part.style.color.triplet for part in shown if part.style and part.style.color} == {(255, 208, 208)}


def lab(colour: Triplet, eye: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as an eye sees it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in EYES[eye])
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: Triplet, other: Triplet, eye: str) -> float:
    """CIE76."""
    return sum((a - b) ** 2 for a, b in zip(lab(one, eye), lab(other, eye), strict=True)) ** 0.5


async def test_severities_stay_apart_without_one_kind_of_cones() -> None:
    async with drive() as on:
        for theme in ("cockpit-cvd-dark", "cockpit-cvd-light"):
            await wear(on, theme)
            inks = {role: painted(on, role)[0] for role in (*SEVERITIES, "dim")}
            near = {
                (eye, one, other): round(difference(inks[one], inks[other], eye))
                for eye in EYES
                for one, other in combinations(inks, 2)
                if difference(inks[one], inks[other], eye) < APART
            }
            assert near == {}, theme


def test_the_usual_themes_would_not_do_for_that() -> None:
    # Red and green of cockpit-dark: what the other themes are for, and proof that the measure tells.
    assert difference((0xFF, 0x7B, 0x78), (0x7F, 0xCB, 0x83), "deuteranopia") < APART / 2


def test_a_colour_is_changed_no_more_than_it_must() -> None:
    assert legible((255, 255, 255), (0, 0, 0), 4.5) == (255, 255, 255)
    changed = legible((120, 0, 0), (0, 0, 0), 4.5)
    assert 4.5 <= contrast(changed, (0, 0, 0)) < 5.5
    assert changed[0] > changed[1] == changed[2]
    assert legible((128, 128, 128), (118, 118, 118), 21.0) in {(255, 255, 255), (0, 0, 0)}


def test_every_theme_can_be_configured() -> None:
    assert set(interface().themes) == {*OURS, *BUILTIN_THEMES}


async def test_a_theme_chosen_while_it_runs_is_there_the_next_time() -> None:
    kept = Forgetful()
    async with drive(preferences=kept) as on:
        assert on.app.theme == "cockpit-dark"
        on.app.theme = "nord"
        await on.settle()
    async with drive(preferences=kept) as on:
        assert on.app.theme == "nord"


async def test_a_configured_theme_goes_before_the_one_that_was_chosen_and_is_not_replaced() -> None:
    kept = Forgetful()
    kept.remember("theme", "nord")
    async with drive(preferences=kept, theme="cockpit-light") as on:
        assert on.app.theme == "cockpit-light"
        on.app.theme = "dracula"
        await on.settle()
    assert kept.recall("theme") == "nord"


async def test_a_remembered_theme_that_is_none_changes_nothing() -> None:
    preferences = Forgetful()
    preferences.remember("theme", ["nord"])
    async with drive(preferences=preferences) as on:
        assert on.app.theme == "cockpit-dark"


async def test_textuals_own_theme_picker_is_reached_from_the_palette() -> None:
    async with drive() as on:
        await on.command("theme")
        assert on.line("Search for themes…")
