"""What pydantic finds, as sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from cockpit.config.formats import CREDENTIAL_ADVICE, SECRET_KEY
from cockpit.config.problems import Found, KeyPath, nearest, or_listed
from cockpit.config.quantities import shown
from cockpit.config.shape import (
    AccountTable,
    EnvironmentTable,
    FixedCostTable,
    LinkTable,
    PollingTable,
    Profiles,
    ResourceTable,
    SentryTable,
    SystemTable,
    TargetTable,
    TemplateTable,
)

_WATCHED: Mapping[str, type[BaseModel]] = {
    "targets": TargetTable,
    "resources": ResourceTable,
    "links": LinkTable,
    "fixed_costs": FixedCostTable,
}

_WANTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "tuple_type": "a list in [ ]",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}

_MISSING = {
    "id": 'write the 12 digits of the account, as in id = "111122223333"',
    "regions": 'list the regions to watch, as in regions = ["eu-west-2"]',
    "account": 'name one of [accounts], as in account = "dev"',
    "services": 'list what to watch, as in services = ["lambda", "alarms"]',
    "match": 'write a pattern of resource names, as in match = "checkout*"',
    "thresholds": 'write the limits, as in thresholds = { "lambda.error_rate" = { critical = "5%" } }',
    "title": 'write the text to show, as in title = "Runbook"',
    "url": 'write the address, as in url = "https://wiki.example/runbook"',
    "name": 'say what it is for, as in name = "hosting"',
    "usd": "write the dollars a month, as in usd = 15",
    "pattern": r"write a regular expression, as in pattern = 'shop-pr(?P<number>\d+)'",
    "environment": 'write the name of what is found, as in environment = "pr{number}"',
    "dsn": 'write the address that Sentry gives, as in dsn = "https://key@sentry.example/1"',
}


def sentences(errors: Iterable[ErrorDetails]) -> list[Found]:
    """One problem an error, at its key path. A key that is missing because it is misspelt is told once."""
    errors = list(errors)
    misspelt = {(*path[:-1], _meant(path)) for path in (e["loc"] for e in errors if e["type"] == "extra_forbidden")}
    told = (error for error in errors if error["type"] != "missing" or error["loc"] not in misspelt)
    return [(error["loc"], _sentence(error)) for error in told]


def _sentence(error: ErrorDetails) -> str:
    kind, path = error["type"], error["loc"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        advice = _MISSING.get(str(path[-1]))
        return f"is missing: {advice}" if advice else "is missing"
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {shown(error['input'])}"
    return error["msg"][:1].lower() + error["msg"][1:]


def _unknown_key(path: KeyPath) -> str:
    name = str(path[-1])
    if SECRET_KEY.search(name):
        return CREDENTIAL_ADVICE
    known = _known_keys(path[:-1])
    return f"there is no such key{or_listed(name, known, none='the table takes no key')}"


def _meant(path: KeyPath) -> str | None:
    return nearest(str(path[-1]), _known_keys(path[:-1]))


def _known_keys(table: KeyPath) -> Iterable[str]:
    """The keys that the table at a path may hold."""
    model: type[BaseModel] | None
    match table:
        case ():
            model = Profiles
        case ("accounts", _):
            model = AccountTable
        case ("polling",):
            model = PollingTable
        case ("sentry",):
            model = SentryTable
        case ("systems", _):
            model = SystemTable
        case ("systems", _, "environments", _):
            model = EnvironmentTable
        case ("systems", _, "discover", _):
            model = TemplateTable
        case ("systems", _, "environments" | "discover", _, str(part), int()):
            model = _WATCHED.get(part)
        case _:
            model = None
    return model.model_fields if model else ()


def reachable(tables: Mapping[str, Any], path: KeyPath) -> bool:
    """Whether `tables` holds a value at `path`."""
    value: Any = tables
    for part in path:
        keys = value if isinstance(value, Mapping) else range(len(value)) if isinstance(value, (list, tuple)) else ()
        if part not in keys:
            return False
        value = value[part]
    return True
