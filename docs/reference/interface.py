"""What of the interface can be configured, read from the classes of the program: `cockpit/config/interface.json`.

The configuration is checked without Textual, and so cannot ask the bindings themselves.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import string
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.screen import ModalScreen, Screen
from textual.theme import BUILTIN_THEMES
from textual.widget import Widget

import screens
import widgets

_OURS = ("screens", "widgets")


def data() -> str:
    """The file."""
    known: dict[str, Any] = {
        "bindings": dict(sorted(_bindings())),
        "together": {_name(screen): [sorted(group) for group in _groups(screen)] for screen in _screens()},
        "keys": sorted(set(_keys())),
        "characters": {one: _character_to_key(one) for one in string.punctuation},
        "themes": _themes(),
    }
    written = json.dumps(known, indent=1, ensure_ascii=False) + "\n"
    # Lists on a line each: a change to one binding is a change to one line.
    return re.sub(
        r"\[[^\[\]]*\]", lambda found: re.sub(r"\s*\n\s*", " ", found[0]).replace("[ ", "[").replace(" ]", "]"), written
    )


def our_classes() -> list[type[DOMNode]]:
    """Every screen, widget and app of the program."""
    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    found, known = set[type[DOMNode]](), [DOMNode]
    while known:
        kind = known.pop()
        known.extend(kind.__subclasses__())
        if kind.__module__.partition(".")[0] in _OURS:
            found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def _own(kind: type[DOMNode]) -> Iterator[Binding]:
    """The bindings of a class with those that it inherits, each key by itself."""
    merged = kind._merged_bindings  # noqa: SLF001 - an instance would need an app around it
    for bound in merged.key_to_bindings.values() if merged else ():
        yield from (one for one in bound if one.id)


def _bindings() -> Iterator[tuple[str, dict[str, object]]]:
    keys: dict[str, dict[str, None]] = {}
    does: dict[str, str] = {}
    for kind in our_classes():
        for binding in _own(kind):
            name = binding.id or ""
            keys.setdefault(name, {})[binding.key] = None
            does.setdefault(name, binding.description)
    yield from ((name, {"keys": list(held), "does": does[name]}) for name, held in keys.items())


def _screens() -> Iterable[type[Screen[Any]]]:
    """The screens that are shown: not those that others are made from."""
    ours = our_classes()
    shown = [kind for kind in ours if issubclass(kind, Screen) and not any(kind in one.__bases__ for one in ours)]
    return sorted(shown, key=_name)


def _name(screen: type[Screen[Any]]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", screen.__name__.removesuffix("Screen")).lower()


def _groups(screen: type[Screen[Any]]) -> list[frozenset[str]]:
    """What can be live at once: the screen and the app, with one of the widgets that the screen's file names."""
    *_, app = sorted((kind for kind in our_classes() if issubclass(kind, App)), key=lambda kind: len(kind.__mro__))
    below = [one for one in _own(app) if one.priority or not issubclass(screen, ModalScreen)]
    always = frozenset(one.id or "" for one in (*_own(screen), *below))
    names = vars(sys.modules[screen.__module__]).values()
    held = [one for one in names if isinstance(one, type) and issubclass(one, Widget) and one in our_classes()]
    groups = {always | {one.id or "" for one in _own(kind)} for kind in held if not issubclass(kind, Screen)}
    whole = groups or {always}
    # A group within another tells nothing more.
    return sorted((group for group in whole if not any(group < other for other in whole)), key=sorted)


def _keys() -> Iterator[str]:
    for keys in ANSI_SEQUENCES_KEYS.values():
        for key in keys if isinstance(keys, tuple) else ():
            name = str(key.value)
            if not name.startswith(("<", "ctrl+shift+")) and not name.endswith("@"):
                yield name


def _themes() -> list[str]:
    from screens.themes import THEMES

    return [*(theme.name for theme in THEMES), *sorted(BUILTIN_THEMES)]
