"""The last line of a screen: the keys that are live now.

Textual's footer is a widget for each key, made anew whenever the focus moves; that costs more than all else that a key
press leads to. This one is a line.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip

from widgets.line import Line, Run, width_of
from widgets.painted import Painted

_LAST = 2
"""The last keys (commands and help) are told even where others have no room: they lead to the rest."""
_MORE = "…"


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key."""

    key: str
    """As Textual calls it."""
    shown: str
    words: str
    enabled: bool = True


def fitting_keys(keys: tuple[ShownKey, ...], width: int) -> tuple[ShownKey, ...]:
    """The keys that fit: where not all do, those before the last two give way from the right."""
    kept, last = list(keys[:-_LAST]), list(keys[-_LAST:])
    room = width - (len(_MORE) + 1)
    if _width([*kept, *last]) <= width:
        return keys
    while kept and _width([*kept, *last]) > room:
        kept.pop()
    return (*kept, ShownKey("", _MORE, ""), *last)


def _width(keys: list[ShownKey]) -> int:
    return sum(width_of(_key_line(key)) for key in keys)


def _key_line(key: ShownKey) -> Line:
    if not key.words:
        return (Run(f"{key.shown} ", "dim"),)
    ink = "" if key.enabled else "dim"
    return (Run(key.shown, "key" if key.enabled else "dim"), Run(f" {key.words} ", ink))


class KeyLine(Painted):
    """Live keys with what they do. A click does it."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; }
    """

    keys: reactive[tuple[ShownKey, ...]] = reactive(())

    def on_mount(self) -> None:
        """Hear of other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)
        self._keys_changed(self.screen)

    def on_unmount(self) -> None:
        """Hear no more."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _keys_changed(self, screen: Screen[object]) -> None:
        if not self.is_attached or screen is not self.screen:
            return
        known: dict[str, ShownKey] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and binding.action not in known:
                shown = self.app.get_key_display(binding)
                known[binding.action] = ShownKey(binding.key, shown, binding.description, enabled)
        self.keys = tuple(known.values())

    def on_click(self, event: events.Click) -> None:
        """What the key under the pointer does."""
        at = 0
        for key in fitting_keys(self.keys, self.size.width - 1):
            at += width_of(_key_line(key))
            if event.x - 1 < at:
                if key.key and key.enabled:
                    self.app.simulate_key(key.key)
                return

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - Textual's signature
        """The line."""
        width = self.size.width
        runs = [run for key in fitting_keys(self.keys, width - 1) for run in _key_line(key)]
        return self.strip((Run(" "), *runs), width)
