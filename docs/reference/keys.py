"""Key bindings, asked of the running app: what is live on each screen, with what it does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.actions import parse
from textual.app import App
from textual.binding import ActiveBinding
from textual.screen import Screen

from cockpit.model.inquiry import LoginState, LoginStep
from docs.reference.tables import code, table
from screens.help import FILTER_HELP
from tests.ui.frames import still
from tests.ui.recorded.app import drive_recorded

_STOPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Home", ()),
    ("Environment", ("enter",)),
    ("Service", ("escape", "right", "enter")),
    ("While a filter is typed", ("slash",)),
    ("Choosing columns", ("escape", "K")),
    ("Resource", ("escape", "enter")),
    ("Versions", ("v",)),
    ("Logs", ("escape", "l")),
    ("Accounts", ("escape", "A")),
    ("Errors", ("exclamation_mark",)),
    ("Timeline", ("T",)),
    ("Cost", ("C",)),
    ("Accounts or regions in view", ("P",)),
    ("Command line and palette", ("escape", "colon")),
    ("Saving a view", ("escape", "ctrl+s")),
    ("Help", ("escape", "question_mark")),
    ("Acknowledging or muting", ("escape", *("escape",) * 9, "2", "m")),
    ("Acknowledged and muted", ("escape", "colon", *"acknowledged", "enter")),
    ("Logging in", ("A", "L")),
)
"""A walk through the screens: where it stops, and the keys that lead there from the stop before."""
_OVERLAYS = frozenset(
    {
        "Acknowledging or muting",
        "Accounts or regions in view",
        "Choosing columns",
        "Command line and palette",
        "Help",
        "Logging in",
        "Saving a view",
        "While a filter is typed",
    }
)
_EXCEPTIONS = 2
"""As many screens may lack a key, or have their own for it, that is told once for all."""
_PANEL = "panel"
_OF_TEXTUAL = {
    "focus_next": "Give the focus to the next panel.",
    "focus_previous": "Give the focus to the one before.",
    "select": "Choose the row, or leave it out.",
    "dismiss": "Back to the screen below.",
}
"""Actions that come with the framework, in our words."""


@dataclass(frozen=True)
class _Row:
    keys: str
    name: str
    does: str
    id: str


def every_key() -> str:
    """A section a screen; what is live on nearly every full screen comes first."""
    live = asyncio.run(_walk())
    views = [rows for title, rows in live.items() if title not in _OVERLAYS]
    common = [row for row in live["Home"] if sum(row not in rows for rows in views) <= _EXCEPTIONS]
    parts = [_section("Everywhere", common)]
    parts += [_section(title, [row for row in rows if row not in common]) for title, rows in live.items()]
    return "\n\n".join(part for part in parts if part)


def filter_language() -> str:
    """What may be typed after `/`."""
    return table(("typed", "shows"), [(code(*typed.split("  ")), shows) for typed, shows in FILTER_HELP])


def _section(title: str, rows: Sequence[_Row]) -> str:
    if not rows:
        return ""
    shown = table(("keys", "name", "what it does", "id"), [(r.keys, r.name, r.does, code(r.id)) for r in rows])
    return f"## {title}\n\n{shown}"


async def _walk() -> dict[str, list[_Row]]:
    found = {}
    async with drive_recorded() as on:
        for title, keys in _STOPS:
            await on.press(*keys)
            await still(on)
            for login, tell in on.engine.logins.items():
                tell(LoginStep(login, LoginState.WAITING, (), "https://login.example/", "ABCD-EFGH"))
                await still(on)
            found[title] = list(_rows(on.app, on.app.screen))
    return found


def _rows(app: App[None], screen: Screen[object]) -> Iterable[_Row]:
    """The live bindings of ours: those with an id. Keys of one action are put together."""
    actions: dict[str, list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.binding.description:
            digit = active.binding.action.startswith("panel(")
            actions.setdefault(_PANEL if digit else active.binding.id, []).append(active)
    for identity, bound in actions.items():
        shown = list(dict.fromkeys(code(app.get_key_display(one.binding)) for one in bound))
        if identity == _PANEL:
            yield _Row(f"{shown[0]} … {shown[-1]}", "Choose a panel", _does(app, bound[0]), "panel.1 … panel.9")
        else:
            yield _Row(" ".join(shown), bound[0].binding.description, _does(app, bound[0]), identity)


def _does(app: App[None], active: ActiveBinding) -> str:
    """What the binding says of itself, else the first line of what its action does."""
    if active.binding.tooltip:
        return f"{active.binding.tooltip}."
    namespace, name, _ = parse(active.binding.action)
    if name in _OF_TEXTUAL:
        return _OF_TEXTUAL[name]
    owner = {"app": app, "screen": app.screen}.get(namespace, active.node)
    action = getattr(owner, f"action_{name}", None) or getattr(app, f"action_{name}")
    return (inspect.getdoc(action) or "").split("\n")[0]
