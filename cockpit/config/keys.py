"""`[keys]`: which keys do what. A binding is named by its id; what is not named keeps the keys that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from cockpit.config.interface import Interface, interface
from cockpit.config.problems import Found, KeyPath, did_you_mean, quoted
from cockpit.config.quantities import shown

Tables = Mapping[str, object]
"""`{"app.refresh": "f5"}` or `{"app": {"refresh": "f5"}}`; a key, or a list of keys."""

_SAME_AS = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
    "ctrl+[": "escape",
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
}
"""Another name of a key, or a key that a terminal sends as another one."""
_FEW = 8
_FOREIGN = {"alt", "cmd", "super", "meta", "win", "option", "hyper"}
_EXAMPLES = '; a key is written as in "f5", "x", "ctrl+x" or "home"'


def keymap(tables: Tables) -> dict[str, str]:
    """Binding id → names of its keys with commas between, as Textual takes them. Expects that `problems` found none."""
    return {name: ",".join(_keys(value)) for name, _, value in _entries(tables)}


def problems(tables: Tables) -> Iterator[Found]:
    """What is wrong with `[keys]`, each with its path."""
    if not tables:
        return
    known = interface()
    path: KeyPath = ("keys",)
    right: dict[str, tuple[KeyPath, tuple[str, ...]]] = {}
    for name, within, value in _entries(tables):
        here = (*path, *within)
        if name not in known.bindings:
            yield here, f"there is no such binding{did_you_mean(name, known.bindings) or _group_of(name, known)}"
        elif name in right:
            yield here, f"the keys of {name} are given twice: keep one of the two"
        else:
            wrong = list(_value_problems(value, here, known))
            yield from wrong
            if not wrong:
                right[name] = (here, _keys(value))
    yield from _clashes(right, known)


def _entries(tables: Tables) -> Iterator[tuple[str, KeyPath, object]]:
    """`(binding id, path within the table, value)`, whether the id is written as one name or as two."""
    for name, value in tables.items():
        if isinstance(value, Mapping) and value:
            yield from ((f"{name}.{inner}", (name, str(inner)), keys) for inner, keys in value.items())
        else:
            yield name, (name,), value


def _keys(value: object) -> tuple[str, ...]:
    named = interface().characters
    values = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
    return tuple(dict.fromkeys(named.get(str(key), str(key)) for key in values))


def _group_of(name: str, known: Interface) -> str:
    group = name.partition(".")[0]
    own = sorted(one for one in known.bindings if one.partition(".")[0] == group)
    return f"; there is {', '.join(own)}" if 0 < len(own) <= _FEW else "; docs/keys.md lists them all"


def _value_problems(value: object, path: KeyPath, known: Interface) -> Iterator[Found]:
    usual = known.bindings[_binding(path)].keys
    if isinstance(value, list):
        if not value:
            yield path, f"names no key, and nothing else does that: leave it out to keep {_listed(usual)}"
        for position, key in enumerate(value):
            if not isinstance(key, str):
                yield (*path, position), f'must be the name of a key, as in "f5", not {shown(key)}'
            else:
                yield from _key_problems(key, (*path, position), usual, known)
    elif isinstance(value, str):
        yield from _key_problems(value, path, usual, known)
    else:
        yield path, f'must be a key or a list of keys, as in "f5", not {shown(value)}'


def _binding(path: KeyPath) -> str:
    return ".".join(str(part) for part in path[1:])


def _key_problems(key: str, path: KeyPath, usual: tuple[str, ...], known: Interface) -> Iterator[Found]:
    if len(key) == 1 and key.isprintable() and not key.isspace():
        return
    names = known.keys | set(known.characters.values())
    if key in names:
        return
    if key == " ":
        yield path, 'the blank is written "space"'
    elif not key.strip():
        yield path, f"names no key, and nothing else does that: leave it out to keep {_listed(usual)}"
    else:
        yield path, f"{quoted(key)} is not a key{_meant(key, names)}"


def _meant(key: str, names: frozenset[str] | set[str]) -> str:
    """What would be right instead."""
    folded = key.strip().casefold().replace("-", "+").replace(" ", "")
    *modifiers, last = folded.split("+")
    parts = [part.strip() for part in key.split(",")]
    if len(parts) > 1 and all(parts):
        return f"; several keys are written as a list: [{', '.join(quoted(part) for part in parts)}]"
    if folded in _SAME_AS:
        return f"; a terminal sends it as {quoted(_SAME_AS[folded])}" if modifiers else _write(_SAME_AS[folded])
    if modifiers == ["shift"] and len(last) == 1:
        return _write(last.upper())
    return _of_modifiers(modifiers) or (_write(folded) if folded in names else did_you_mean(folded, names) or _EXAMPLES)


def _of_modifiers(modifiers: list[str]) -> str:
    """Why a key with these cannot be had."""
    if {"ctrl", "shift"} <= set(modifiers):
        return "; terminals do not tell it from the same key without shift"
    return "; many terminals keep it for themselves" if set(modifiers) & _FOREIGN else ""


def _write(key: str) -> str:
    return f"; write {quoted(key)}"


def _listed(keys: tuple[str, ...]) -> str:
    named = {name: character for character, name in interface().characters.items()}
    return " and ".join(quoted(named.get(key, key)) for key in keys)


def _clashes(right: Mapping[str, tuple[KeyPath, tuple[str, ...]]], known: Interface) -> Iterator[Found]:
    """Keys that would do two things at the same time. What shares a key as it comes may go on doing so."""

    def keys_of(name: str) -> tuple[str, ...]:
        return right[name][1] if name in right else known.bindings[name].keys

    told: set[tuple[str, str]] = set()
    for name, (path, keys) in right.items():
        for screen, other in _beside(name, known):
            shared = [key for key in keys if key in keys_of(other)]
            usual = set(known.bindings[name].keys) & set(known.bindings[other].keys)
            fresh = [key for key in shared if key not in usual]
            # Of two that are both configured, the later one is told.
            if not fresh or (name, other) in told or (other, name) in told:
                continue
            told.add((name, other))
            does = known.bindings[other].does
            yield path, f"{_listed((fresh[0],))} is {other} on the {screen} screen already ({does}): choose another"


def _beside(name: str, known: Interface) -> Iterator[tuple[str, str]]:
    """`(screen, binding)` for all that can be live at the same time, each binding once."""
    pairs = (
        (screen, other)
        for screen, groups in known.together.items()
        for other in sorted(set(chain.from_iterable(group for group in groups if name in group)) - {name})
    )
    seen: set[str] = set()
    for screen, other in pairs:
        if other not in seen:
            seen.add(other)
            yield screen, other
