"""The cockpit's own themes. The only place with literal colours; everything else names theme variables."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

from widgets.legible import LEAST_CONTRAST

DARK = Theme(
    name="cockpit-dark",
    primary="#5b9bd5",
    secondary="#7fa3c7",
    accent="#b48ead",
    foreground="#d8dee6",
    background="#11151c",
    surface="#161b24",
    panel="#1d2430",
    success="#6fbf73",
    warning="#e5b045",
    error="#f0605f",
    dark=True,
    variables={
        "text-error": "#ff7b78",
        "text-warning": "#f0bd5a",
        "text-success": "#7fcb83",
        "text-accent": "#cfa3dc",
        "footer-key-foreground": "#8fb8de",
        "footer-background": "#1d2430",
        "input-selection-background": "#5b9bd5 35%",
        "block-cursor-background": "#2b3d55",
        "block-cursor-foreground": "#ffffff",
        "border": "#3a4a61",
    },
)

LIGHT = Theme(
    name="cockpit-light",
    primary="#1f6fb2",
    secondary="#46698c",
    accent="#8a3f86",
    foreground="#1d2733",
    background="#fafbfc",
    surface="#f1f3f6",
    panel="#e4e9ef",
    success="#1e7d34",
    warning="#9a6200",
    error="#c0262d",
    dark=False,
    variables={
        "text-error": "#b3161e",
        "text-warning": "#8a5600",
        "text-success": "#17702c",
        "text-accent": "#7d3382",
        "footer-key-foreground": "#1f6fb2",
        "footer-background": "#e4e9ef",
        "input-selection-background": "#1f6fb2 25%",
        "block-cursor-background": "#cfe0f1",
        "block-cursor-foreground": "#0c1722",
        "border": "#9fb1c4",
    },
)

CONTRAST_DARK = Theme(
    name="cockpit-contrast-dark",
    primary="#6db3ff",
    secondary="#9ecbff",
    accent="#e3b5ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#121212",
    success="#7cf08a",
    warning="#ffd75e",
    error="#ff9d98",
    dark=True,
    variables={
        "text-error": "#ff9d98",
        "text-warning": "#ffd75e",
        "text-success": "#7cf08a",
        "text-accent": "#e3b5ff",
        "text-secondary": "#9ecbff",
        "text-muted": "#d0d4da",
        "footer-key-foreground": "#9ecbff",
        "footer-background": "#121212",
        "footer-foreground": "#ffffff",
        "footer-description-foreground": "#ffffff",
        "input-selection-background": "#6db3ff 35%",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "border": "#ffffff",
        LEAST_CONTRAST: "7.0",
    },
)
"""Text on its background reaches 7:1 everywhere (WCAG 2.1, success criterion 1.4.6, enhanced contrast)."""

CONTRAST_LIGHT = Theme(
    name="cockpit-contrast-light",
    primary="#003f8a",
    secondary="#00407f",
    accent="#5c1a70",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#f0f0f0",
    success="#00521a",
    warning="#5e3a00",
    error="#8f0010",
    dark=False,
    variables={
        "text-error": "#8f0010",
        "text-warning": "#5e3a00",
        "text-success": "#00521a",
        "text-accent": "#5c1a70",
        "text-secondary": "#00407f",
        "text-muted": "#33383f",
        "footer-key-foreground": "#003f8a",
        "footer-background": "#f0f0f0",
        "footer-foreground": "#000000",
        "footer-description-foreground": "#000000",
        "input-selection-background": "#003f8a 25%",
        "block-cursor-background": "#000000",
        "block-cursor-foreground": "#ffffff",
        "border": "#000000",
        LEAST_CONTRAST: "7.0",
    },
)

CVD_DARK = Theme(
    name="cockpit-cvd-dark",
    primary="#399dee",
    secondary="#8fb4d6",
    accent="#fbe2fe",
    foreground="#dce1e8",
    background="#10141a",
    surface="#161b23",
    panel="#1d232d",
    success="#399dee",
    warning="#efca0e",
    error="#fc6c53",
    dark=True,
    variables={
        "text-error": "#fc6c53",
        "text-warning": "#efca0e",
        "text-success": "#399dee",
        "text-accent": "#fbe2fe",
        "text-muted": "#98a1ac",
        "footer-key-foreground": "#8fb4d6",
        "footer-background": "#1d232d",
        "input-selection-background": "#399dee 35%",
        "block-cursor-background": "#2b3d55",
        "block-cursor-foreground": "#ffffff",
        "border": "#3c4a5c",
    },
)
"""Blue for what is well, and yellow, orange and near white for what is not: apart for every kind of colour blindness,
by hue or by lightness, after the palette of Okabe and Ito ("Color Universal Design", 2008)."""

CVD_LIGHT = Theme(
    name="cockpit-cvd-light",
    primary="#3f6fb0",
    secondary="#46698c",
    accent="#42215d",
    foreground="#1b222b",
    background="#fcfcfd",
    surface="#f3f4f6",
    panel="#e6e9ed",
    success="#1d6cec",
    warning="#856d08",
    error="#5c2319",
    dark=False,
    variables={
        "text-error": "#5c2319",
        "text-warning": "#856d08",
        "text-success": "#1d6cec",
        "text-accent": "#42215d",
        "text-muted": "#5d6771",
        "footer-key-foreground": "#1d5fc4",
        "footer-background": "#e6e9ed",
        "input-selection-background": "#1d6cec 25%",
        "block-cursor-background": "#cfe0f1",
        "block-cursor-foreground": "#0c1722",
        "border": "#9fb1c4",
    },
)

THEMES = (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT, CVD_DARK, CVD_LIGHT)

_SIXTEEN_DARK = {
    **dict.fromkeys(("background", "surface", "panel", "footer-background", "boost"), "#000000"),
    **dict.fromkeys(("foreground", "text", "block-cursor-foreground", "footer-foreground"), "#ffffff"),
    **dict.fromkeys(("text-muted", "text-disabled", "secondary", "text-secondary", "border"), "#aaaaaa"),
    **dict.fromkeys(("error", "text-error"), "#ff5555"),
    **dict.fromkeys(("warning", "text-warning"), "#ffff55"),
    **dict.fromkeys(("success", "text-success"), "#55ff55"),
    **dict.fromkeys(("accent", "text-accent"), "#ff55ff"),
    **dict.fromkeys(("primary", "text-primary", "footer-key-foreground"), "#55ffff"),
    "block-cursor-background": "#0000aa",
}
_SIXTEEN_LIGHT = {
    **dict.fromkeys(("background", "surface", "panel", "footer-background", "boost"), "#ffffff"),
    **dict.fromkeys(("foreground", "text", "footer-foreground"), "#000000"),
    **dict.fromkeys(("text-muted", "text-disabled", "secondary", "text-secondary", "border"), "#555555"),
    **dict.fromkeys(("error", "text-error"), "#aa0000"),
    **dict.fromkeys(("warning", "text-warning"), "#aa5500"),
    **dict.fromkeys(("success", "text-success"), "#00aa00"),
    **dict.fromkeys(("accent", "text-accent"), "#aa00aa"),
    **dict.fromkeys(("primary", "text-primary", "footer-key-foreground"), "#0000aa"),
    "block-cursor-background": "#0000aa",
    "block-cursor-foreground": "#ffffff",
}


OF_THE_TERMINAL = {
    "text-error": "ansi_red",
    "text-warning": "ansi_yellow",
    "text-success": "ansi_green",
    "text-accent": "ansi_magenta",
    "text-muted": "ansi_bright_black",
    "text-secondary": "ansi_cyan",
    "secondary": "ansi_cyan",
}
"""For the themes that leave colours to the terminal: as they come, what is unknown has the colour of what is well."""


def with_an_accent_of_its_own(variables: Mapping[str, str]) -> dict[str, str]:
    """Some themes have one colour for accents and warnings: what is unknown takes another one there."""
    known = {variables[name] for name in ("text-error", "text-warning", "text-success")}
    others = (variables[name] for name in ("text-accent", "text-primary", "text-secondary", "foreground"))
    return {**variables, "text-accent": next(one for one in others if one not in known)}


def sixteen_colours(*, dark: bool) -> dict[str, str]:
    """What every theme comes down to where there are 16 colours: exactly those, in Rich's values.

    Left to itself each colour would become the nearest of the 16, and several severities the same one.
    """
    return dict(_SIXTEEN_DARK if dark else _SIXTEEN_LIGHT)
