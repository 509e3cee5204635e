"""Thresholds: rule default ← fleet ← environment ← resource. Each level gives only what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cockpit.config.problems import Found, KeyPath, did_you_mean, or_listed, quoted
from cockpit.config.quantities import BadQuantity, duration_seconds, quantity, shown
from cockpit.model.rule import Direction, FactValue, Rule, Threshold
from cockpit.model.service import Catalogue
from cockpit.model.units import Unit, format_figure

Tables = Mapping[str, Mapping[str, object]]
Change = Mapping[str, Any]
"""The fields of a `Threshold` that one level changes."""

_LONGEST_WINDOW_SECONDS = 15 * 86_400
"""CloudWatch keeps points of 60 s for 15 days (CloudWatch user guide, "Metrics retention")."""

_KEYS = ("warning", "critical", "for")
_FIELDS = {"warning": "warning", "critical": "critical", "for": "for_seconds"}


def service_of(rule: str) -> str:
    """The service that a rule's key names."""
    return rule.partition(".")[0]


def defaults(catalogue: Catalogue) -> dict[str, Threshold]:
    """Rule key → threshold as the rule's file has it."""
    return {rule.key: rule.threshold for spec in catalogue.services for rule in spec.rules}


def merged(base: Mapping[str, Threshold], tables: Tables, catalogue: Catalogue) -> dict[str, Threshold]:
    """`base` with the changes of one level. What cannot be read changes nothing; `problems` tells it."""
    result = dict(base)
    for key, _, table in _entries(tables):
        rule = catalogue.rule(key)
        if rule and isinstance(table, Mapping):
            change, _ = _change(rule, table, ())
            result[key] = replace(result[key], **change)
    return result


def changed_keys(tables: Tables, catalogue: Catalogue) -> tuple[str, ...]:
    """The rules that one level changes."""
    return tuple(dict.fromkeys(key for key, _, _ in _entries(tables) if catalogue.rule(key)))


def problems(
    tables: Tables,
    path: KeyPath,
    base: Mapping[str, Threshold],
    catalogue: Catalogue,
    *,
    watched: frozenset[str] | None,
) -> Iterator[Found]:
    """What is wrong at one level. `base` are the thresholds below it.

    `watched` are the services of the environment; None where any may be meant.
    """
    seen: set[str] = set()
    for key, within, table in _entries(tables):
        here = (*path, *within)
        rule = catalogue.rule(key)
        if rule is None:
            yield here, _unknown_rule(within, table, catalogue)
            continue
        if key in seen:
            yield here, f"the thresholds of {key} are given twice: keep one of the two"
            continue
        seen.add(key)
        # Where nothing is watched, the environment itself is told to be empty.
        if watched and service_of(key) not in watched:
            yield here, _unwatched(key, watched)
        yield from _table_problems(rule, table, here, base[key])


def _entries(tables: Tables) -> Iterator[tuple[str, KeyPath, object]]:
    """`(rule key, path within the tables, its table)`, whether the key is written as one or as two."""
    for name, table in tables.items():
        if "." in name or not table or set(table) & set(_KEYS):
            yield name, (name,), table
        else:
            yield from ((f"{name}.{rule}", (name, rule), inner) for rule, inner in table.items())


def _table_problems(rule: Rule, table: object, path: KeyPath, base: Threshold) -> Iterator[Found]:
    if not isinstance(table, Mapping):
        example = f"{{ critical = {_example(rule)} }}"
        yield path, f"must be a table with warning, critical or for, as in {example}, not {shown(table)}"
        return
    for key in table:
        if key not in _KEYS:
            yield (*path, key), f"there is no such key{or_listed(key, _KEYS, none='')}"
    change, found = _change(rule, table, path)
    yield from found
    yield from _unseeable_window(rule, change.get("for_seconds", 0), path)
    yield from _wrong_side(rule, replace(base, **change), change, path)


def _change(rule: Rule, table: Mapping[str, object], path: KeyPath) -> tuple[Change, list[Found]]:
    change: dict[str, Any] = {}
    found: list[Found] = []
    for key in _KEYS:
        if key not in table:
            continue
        try:
            change[_FIELDS[key]] = _window(table[key]) if key == "for" else _limit(rule, table[key])
        except BadQuantity as error:
            found.append(((*path, key), str(error)))
    return change, found


def _limit(rule: Rule, value: object) -> float | None:
    if value is False or (isinstance(value, str) and value.strip().casefold() == "off"):
        return None
    if value is True:
        raise BadQuantity(f"true is no limit: write one, as in {_example(rule)}, or false to switch it off")
    return quantity(value, rule.unit)


def _window(value: object) -> int:
    seconds = duration_seconds(value)
    if seconds != int(seconds):
        raise BadQuantity(f"{quoted(str(value))} is not a whole number of seconds")
    return int(seconds)


def _unseeable_window(rule: Rule, seconds: int, path: KeyPath) -> Iterator[Found]:
    """A window that no data can fill."""
    if isinstance(rule.value, FactValue):
        if seconds and rule.since_fact is None:
            yield (*path, "for"), f"{rule.key} is judged at a single look, so nothing can be waited for: remove it"
    elif seconds > _LONGEST_WINDOW_SECONDS:
        yield (*path, "for"), "is longer than the 15 days for which CloudWatch keeps data by the minute"


def _wrong_side(rule: Rule, result: Threshold, change: Change, path: KeyPath) -> Iterator[Found]:
    """Warning comes before critical: a value that goes bad must pass it first."""
    warning, critical = result.warning, result.critical
    if warning is None or critical is None or not change.keys() & {"warning", "critical"}:
        return
    if not rule.direction.breaches(warning, critical):
        return
    side = "above" if rule.direction is Direction.ABOVE else "below"
    figures = f"warning is {format_figure(warning, rule.unit)} and critical {format_figure(critical, rule.unit)}"
    inherited = {"warning", "critical"} - change.keys()
    source = f" ({inherited.pop()} is inherited)" if inherited else ""
    key = "warning" if "warning" in change else "critical"
    advice = f"bad is {side}, so warning must not be {side} critical"
    yield (*path, key), f"{figures}{source}: {advice}"


def _unknown_rule(within: KeyPath, table: object, catalogue: Catalogue) -> str:
    rules = [rule.key for spec in catalogue.services for rule in spec.rules]
    service, _, name = ".".join(str(part) for part in within).partition(".")
    if not name:
        spec = catalogue.service(service)
        if spec and not table:
            return "is empty: name a rule and its limits, or leave the table out"
        owners = [key for key in rules if key.partition(".")[2] == service]
        hint = f"; write {quoted(owners[0])}" if owners else did_you_mean(service, rules)
        return f"there is no such rule{hint}: a rule is named with its service"
    spec = catalogue.service(service)
    if spec is None:
        services = [known.key for known in catalogue.services]
        return f"there is no service {quoted(service)}{or_listed(service, services, none='none is watched')}"
    own = [rule.key for rule in spec.rules]
    hint = or_listed(f"{service}.{name}", own, none="it has no rules")
    return f"{service} has no rule {quoted(name)}{hint}"


def _unwatched(key: str, watched: frozenset[str]) -> str:
    service = service_of(key)
    listed = ", ".join(sorted(watched))
    return f"no target of this environment watches {service}, only {listed}: add {service} to a target, or remove this"


def _example(rule: Rule) -> str:
    return {
        Unit.PERCENT: '"5%"',
        Unit.SECONDS: '"2s"',
        Unit.BYTES: '"5GiB"',
        Unit.DAYS: '"7d"',
        Unit.PER_SECOND: '"5/s"',
    }.get(rule.unit, "100")
