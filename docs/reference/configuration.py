"""Every key of `profiles.toml`, from the shape that reads it. A key without a meaning here stops the generator."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cockpit.config import shape
from cockpit.config.settings import Account, Polling, Sentry, Settings
from cockpit.config.sources import NO_SETTINGS, VARIABLES
from cockpit.model.units import DURATION_SECONDS, SIZE_BYTES
from docs.reference.meanings import MEANING, TABLES, VARIABLE_MEANING
from docs.reference.tables import code, seconds, table

_ALIASES: tuple[tuple[Any, str], ...] = (
    (shape.Duration, "duration"),
    (shape.Turn, "duration"),
    (shape.Dollars, "dollars"),
    (shape.Globs, "pattern, or a list of them"),
    (shape.Services, "list of service keys"),
    (shape.Regions, "list of regions"),
    (shape.Texts, "list of texts"),
    (shape.Link, "web address"),
    (shape.Endpoint, "web address"),
    (shape.Thresholds, "table of thresholds"),
    (shape.Bindings, "table: binding → key, or a list of keys"),
    (dict[str, shape.Endpoint], "table: botocore service → web address"),
    (dict[str, shape.Text], "table of texts"),
    (dict[str, str], "table: tag → pattern"),
)
_PLAIN = {str: "text", bool: "true or false", int: "whole number", float: "number"}
_DEFAULTS: Mapping[type[BaseModel], object] = {
    shape.AccountTable: Account("", "", ()),
    shape.PollingTable: Polling(),
    shape.SentryTable: Sentry(""),
    shape.Profiles: Settings({}, ()),
}
"""Where the default of a key that was left out is decided."""
_SETTING_OF = {"rotate": "rotate_seconds", "call_timeout": "call_timeout_seconds", "cost_every": "cost_every_seconds"}
_NO_DEFAULT = frozenset({"state_dir"})
"""Decided by the machine."""


def keys_of_the_file() -> str:
    """A section a table of the file."""
    return "\n\n".join(_section(model, title, about) for model, title, about in TABLES)


def _section(model: type[BaseModel], title: str, about: str) -> str:
    hints = get_type_hints(model, include_extras=True)
    shown = [(key, field) for key, field in model.model_fields.items() if not _is_table(hints[key])]
    rows = [
        (code(key), _type(hints[key]), _default(model, key, field), _meaning(model, key))
        for key, field in shown
        if not _is_inherited(model, key)
    ]
    return f"### {title}\n\n{about}\n\n{table(('key', 'type', 'default', 'meaning'), rows)}"


def _is_inherited(model: type[BaseModel], key: str) -> bool:
    """Templates have every key of an environment; those are told once."""
    return model is shape.TemplateTable and key in shape.WatchedTable.model_fields


def _meaning(model: type[BaseModel], key: str) -> str:
    owner = (
        shape.WatchedTable
        if key in shape.WatchedTable.model_fields and issubclass(model, shape.WatchedTable)
        else model
    )
    return MEANING[f"{owner.__name__}.{key}"]


def _default(model: type[BaseModel], key: str, field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = getattr(_DEFAULTS.get(model), _SETTING_OF.get(key, key), field.default)
    if key in _NO_DEFAULT or value is None or value in ((), {}):
        return "–"
    if key in _SETTING_OF:
        return seconds(value)
    return str(value).lower() if isinstance(value, bool) else code(str(value))


def _type(hint: Any) -> str:
    hint = _without_none(hint)
    for alias, name in _ALIASES:
        if hint == alias:
            return name
    if get_origin(hint) is tuple or _is_list_of_tables(hint):
        return "list of tables"
    bare = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return _PLAIN[bare]


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {types.UnionType, Union}:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _is_list_of_tables(hint: Any) -> bool:
    inner = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return (
        get_origin(inner) is tuple
        and isinstance(get_args(inner)[0], type)
        and issubclass(get_args(inner)[0], BaseModel)
    )


def _is_table(hint: Any) -> bool:
    """Whether the key is a table with a section of its own."""
    hint = _without_none(hint)
    inner = get_args(hint)[1] if get_origin(hint) is dict else hint
    return isinstance(inner, type) and issubclass(inner, BaseModel)


def variables() -> str:
    """Every environment variable that is read."""
    meanings = {name: MEANING[_key_of(path)] for name, path in VARIABLES.items()} | {
        name: VARIABLE_MEANING[name] for name in NO_SETTINGS
    }
    return table(("variable", "meaning"), [(code(name), meaning) for name, meaning in sorted(meanings.items())])


def _key_of(path: tuple[str, ...]) -> str:
    tables = {"polling": "PollingTable", "sentry": "SentryTable"}
    return f"{tables[path[0]]}.{path[1]}" if len(path) > 1 else f"Profiles.{path[0]}"


def units() -> str:
    """How durations and sizes are written."""
    sizes = ", ".join(f"`{suffix}`" for suffix in SIZE_BYTES)
    return table(
        ("quantity", "written", "units"),
        [
            ("duration", '`"20s"`, `"1h30m"`', ", ".join(f"`{suffix}`" for suffix in DURATION_SECONDS)),
            ("size", '`"5GiB"`', sizes),
            ("percentage", '`"5%"`', "`%`; a plain number is refused, because 5 may mean 5 % or 500 %"),
            ("days", '`"7d"`', "as a duration"),
            ("dollars", '`100`, `"$100"`', "plain, or with `$` or `USD`"),
            ("count", "`1000`", "plain"),
        ],
    )
