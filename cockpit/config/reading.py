"""From tables to `Profiles`, setting aside what cannot be read, so that one mistake does not hide the next."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from cockpit.config.formats import CREDENTIAL_ADVICE, SECRET_VALUE
from cockpit.config.problems import Found, KeyPath
from cockpit.config.shape import Profiles
from cockpit.config.wording import reachable, sentences

_PASSES = 20


@dataclass(frozen=True)
class Reading:
    """What could be read, and what could not."""

    profiles: Profiles | None
    """Without the parts in `broken`; None where nothing useful is left."""
    found: tuple[Found, ...]
    broken: frozenset[KeyPath]
    """What was set aside, by its place in the sources."""
    positions: Mapping[KeyPath, Sequence[int]] = field(default_factory=dict)
    """Path of a list that lost items → the places that its remaining items had."""

    def source_path(self, path: KeyPath) -> KeyPath:
        """The place in the sources of a path in `profiles`."""
        for end, part in enumerate(path):
            kept = self.positions.get(path[:end])
            if kept is not None and isinstance(part, int):
                return (*path[:end], kept[part], *path[end + 1 :])
        return path

    def damaged(self, path: KeyPath) -> bool:
        """Whether something at or under `path` was set aside: what is said about it may not be true."""
        return any(broken[: len(path)] == path for broken in self.broken)


def read_profiles(layers: Sequence[dict[str, Any]]) -> Reading:
    """Validate the layers (flags, variables, file: earlier wins), setting aside what is wrong."""
    layers = [copy.deepcopy(layer) for layer in layers]
    secrets = [path for layer in layers for path in _secret_places(layer, ())]
    found: list[Found] = [(path, CREDENTIAL_ADVICE) for path in secrets]
    aside = _Aside(layers)
    aside.put(secrets)
    bound = _bound_to(layers)
    for attempt in range(_PASSES):
        try:
            return Reading(bound(), tuple(found), frozenset(aside.broken), aside.positions)
        except ValidationError as error:
            errors = error.errors(include_url=False)
        if attempt == 0:
            # Later rounds tell only what follows from setting something aside.
            told = sentences(errors)
            found += [(path, sentence) for path, sentence in told if path not in aside.broken]
        if not aside.put([e["loc"][:-1] if e["type"] == "missing" else e["loc"] for e in errors]):
            break
    return Reading(None, tuple(found), frozenset(aside.broken), aside.positions)


def _bound_to(layers: Sequence[dict[str, Any]]) -> type[Profiles]:
    class BoundProfiles(Profiles):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: Any, **__: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return tuple(InitSettingsSource(settings_cls, layer) for layer in layers)

    return BoundProfiles


class _Aside:
    """Takes values out of the layers and remembers where they were."""

    def __init__(self, layers: Sequence[dict[str, Any]]) -> None:
        self.layers = layers
        self.broken: set[KeyPath] = set()
        self.positions: dict[KeyPath, list[int]] = {}

    def put(self, paths: Iterable[KeyPath]) -> bool:
        """Set aside what is at `paths`; False if one of them means everything."""
        # From the last list item to the first, so that the places of those that are still to go stay true.
        for path in sorted({self._whole(path) for path in paths}, key=_order, reverse=True):
            if not path:
                return False
            self.broken.add(self._source_path(path))
            for layer in self.layers:
                if reachable(layer, path):
                    self._remove(layer, path)
        return True

    def _whole(self, path: KeyPath) -> KeyPath:
        """`path`, or what holds it: a list of plain values is judged as a whole, its tables one by one."""
        while path:
            values = [_value(layer, path) for layer in self.layers if reachable(layer, path)]
            if values and (isinstance(path[-1], str) or isinstance(values[0], Mapping)):
                return path
            path = path[:-1]
        return path

    def _source_path(self, path: KeyPath) -> KeyPath:
        return Reading(None, (), frozenset(), self.positions).source_path(path)

    def _remove(self, layer: dict[str, Any], path: KeyPath) -> None:
        holder = _value(layer, path[:-1])
        position = path[-1]
        if isinstance(position, int):
            self.positions.setdefault(path[:-1], list(range(len(holder)))).pop(position)
        del holder[position]


def _value(tables: Any, path: KeyPath) -> Any:
    for part in path:
        tables = tables[part]
    return tables


def _order(path: KeyPath) -> tuple[tuple[bool, str, int], ...]:
    return tuple((True, "", part) if isinstance(part, int) else (False, part, 0) for part in path)


def _secret_places(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, str):
        if SECRET_VALUE.search(value):
            yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secret_places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secret_places(inner, (*path, index))
