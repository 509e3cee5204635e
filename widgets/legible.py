"""Legibility: how far text stands out from its background, and the colour that stands out far enough. Pure."""

from __future__ import annotations

from functools import lru_cache

Triplet = tuple[int, int, int]
"""Red, green and blue, 0–255."""

LEAST_CONTRAST = "least-contrast"
"""Theme variable: the least ratio of text to its background."""
USUAL_CONTRAST = 4.5
"""WCAG 2.1, success criterion 1.4.3."""
DRAWN_CONTRAST = 3.0
"""The same, 1.4.11: for what is drawn and not read."""
_STEPS = 20


def luminance(colour: Triplet) -> float:
    """Relative luminance, 0–1 (WCAG 2.1)."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Triplet, other: Triplet) -> float:
    """Contrast ratio, 1–21 (WCAG 2.1)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(4096)
def legible(colour: Triplet, background: Triplet, least: float) -> Triplet:
    """`colour`, or as little lighter or darker as reaches `least`; white or black where nothing reaches it."""
    if contrast(colour, background) >= least:
        return colour
    white, black = (255, 255, 255), (0, 0, 0)
    end = max((white, black), key=lambda one: contrast(one, background))
    steps = (_between(colour, end, step / _STEPS) for step in range(1, _STEPS + 1))
    return next((one for one in steps if contrast(one, background) >= least), end)


def _between(one: Triplet, other: Triplet, share: float) -> Triplet:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
