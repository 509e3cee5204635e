"""How keys are called in sentences: as they are bound now, and only where they do something."""

from __future__ import annotations

from textual.widget import Widget


def key_of(widget: Widget, *bindings: str) -> str:
    """The key of the first of some bindings (ids) that is live, as the footer writes it; empty where none is."""
    live = {active.binding.id: active.binding for active in reversed(widget.screen.active_bindings.values())}
    found = next((live[one] for one in bindings if one in live), None)
    return widget.app.get_key_display(found) if found is not None else ""


def hint(widget: Widget, words: str, *bindings: str) -> str:
    """`esc shows all again`: the key of a binding that is live, and what it does; empty where none is."""
    key = key_of(widget, *bindings)
    return f"{key} {words}" if key else ""
