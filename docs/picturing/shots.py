"""Which pictures there are: the keys that lead there from home, and what must be seen there before it is taken."""

from __future__ import annotations

from dataclasses import dataclass

NORMAL = (120, 40)
WALL = (200, 60)
SMALL = (80, 24)
LOW = (120, 24)
"""For what would leave half of a picture empty."""
DARK = "cockpit-dark"


@dataclass(frozen=True)
class Picture:
    """One picture: `docs/<name>.svg`."""

    name: str
    keys: tuple[str, ...]
    """From home, as Textual names them; a single character is typed."""
    shows: tuple[str, ...]
    """Words that stand on the screen when everything is there."""
    size: tuple[int, int] = NORMAL
    """Columns and lines."""
    theme: str = DARK
    title: str = "cockpit --demo"
    """How the program was called."""


_FAILING = ("tab", "enter")
"""The second panel of home is the attention list; first in it is what is worst."""
_TABLE = ("right", "enter")
"""The first service of the first environment."""
_AT_HOME = ("ATTENTION", "tim-combo/prod", "error rate")

_TICKET, _OTHER = "OPS-214: rolling back", "OPS-198: a larger class is ordered"
_ACKNOWLEDGE = ("tab", "m", "down", "down", *_TICKET)
_MUTE = ("tab", *("down",) * 7, "m", "right", "down", "right", "right", "down", *_OTHER)
"""The eighth in the list, after three that are critical and four that are unknown: for a day."""

ON_THE_FLEET = (
    Picture("home", (), _AT_HOME),
    Picture("home-wall", (), (*_AT_HOME, "RECENT CHANGES"), size=WALL),
    Picture("home-small", (), _AT_HOME, size=SMALL),
    Picture("environment", ("enter",), ("tim-combo/prod", "LAMBDA", "RECENT")),
    Picture("service", (*_TABLE, "slash", *"errors>0"), ("checkout", "errors>0"), size=LOW),
    Picture("columns", (*_TABLE, "K"), ("columns", "ERRORS")),
    Picture("resource", _FAILING, ("checkout:live", "limit > 5.0 %", "throttles")),
    Picture("resource-day", (*_FAILING, "]", "]"), ("[24 h]", "limit > 5.0 %")),
    Picture("versions", (*_FAILING, "v"), ("versions", "42", "41"), size=LOW),
    Picture("logs", (*_FAILING, "l"), ("ERROR",)),
    Picture("timeline", ("T",), ("fleet › timeline", "version 42")),
    Picture("cost", ("C",), ("tim-combo", "BIGGEST MOVERS")),
    Picture("accounts", ("A",), ("LOGINS", "tim-media"), size=(120, 32)),
    Picture("errors", ("!",), ("lambda:ListFunctions",), size=LOW),
    Picture("palette", (":", *"tim prod"), ("tim-combo prod lambda",)),
    Picture("scope", ("P",), ("tim-media",)),
    Picture("save", (*_TABLE, "ctrl+s"), ("Save this view", "CSV")),
    Picture("help", ("?",), ("EVERYWHERE", "GLYPHS")),
    Picture("home-light", (), _AT_HOME, theme="cockpit-light"),
    Picture("environment-light", ("enter",), ("tim-combo/prod", "LAMBDA"), theme="cockpit-light"),
    Picture("theme-contrast", (), _AT_HOME, theme="cockpit-contrast-dark"),
    Picture("theme-colour-blind", (), _AT_HOME, theme="cockpit-cvd-dark"),
    # From here on the fleet is not as it was: what is said stays said.
    Picture("acknowledge", _ACKNOWLEDGE, ("Acknowledge", _TICKET)),
    Picture(
        "acknowledged",
        (*_MUTE, "enter", "g", *_ACKNOWLEDGE[1:], "enter", ":", *"acknowledged", "enter"),
        (_TICKET, _OTHER, "scheduler/production rds"),
        size=LOW,
    ),
    Picture("login", ("A", "L"), ("Log in to media-sso", "-", "left")),
)
"""Pictures of the whole program on the embedded fleet, in the order in which they are taken."""

_ON_A_WALL = "cockpit --demo --read-only --rotate 20s"
SHARED = (
    Picture("shared", (), ("READ-ONLY", "rotation home"), title=_ON_A_WALL),
    Picture("shared-accounts", ("A",), ("READ-ONLY", "***"), title=_ON_A_WALL),
)
"""The same with `--read-only`: anybody may look."""

FEW_COLOURS = (Picture("ascii", (), _AT_HOME, title="COCKPIT_ASCII=1 TERM=xterm cockpit --demo"),)
"""The same in a terminal of 16 colours and ASCII."""

WELCOME = Picture("welcome", (), ("Nothing is configured yet", "Quit"), size=SMALL, title="cockpit")
"""What somebody without a configuration sees."""

ALL = (*ON_THE_FLEET, *SHARED, *FEW_COLOURS, WELCOME)
