"""The cockpit's own themes. The only place with literal colours; everything else names theme variables."""

from __future__ import annotations

from textual.theme import Theme

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

THEMES = (DARK, LIGHT)
