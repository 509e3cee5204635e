"""Narrow the configuration to what was asked for. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache

from cockpit.check.request import Scope
from cockpit.config.settings import Environment, Settings, System, Target
from cockpit.model.ids import EnvironmentId
from cockpit.model.service import Catalogue

_FIELD = re.compile(r"\{([^}]*)\}")
"""A field in the name of a template: `{number}`."""


class NothingMatches(Exception):  # noqa: N818 - it names what happened, and is a usage error rather than a fault
    """A pattern matches nothing that is configured. The text is the sentence for the user."""


def narrowed(settings: Settings, catalogue: Catalogue, scope: Scope) -> Settings:
    """`settings` with only the environments, accounts and services that `scope` names.

    Accounts stay listed, because one may be the way to another; only targets decide what is polled.
    Raises NothingMatches where a pattern, or all of them together, match nothing.
    """
    _every_pattern_matches(settings, catalogue, scope)
    systems = tuple(_narrowed_system(system, catalogue, scope) for system in settings.systems)
    kept = tuple(system for system in systems if system.environments or system.templates)
    if not kept and (scope.environments or scope.accounts or scope.services):
        raise NothingMatches(
            "Each pattern matches something, but nothing matches all of --env, --account and --service together."
        )
    return replace(settings, systems=kept)


def matches_environment(patterns: Sequence[str], environment: EnvironmentId) -> bool:
    """Whether one of `patterns` matches; no pattern matches everything."""
    return not patterns or any(_names_environment(pattern, environment) for pattern in patterns)


def is_glob(pattern: str) -> bool:
    """Whether a pattern may match more than one name."""
    return any(character in pattern for character in "*?[")


def partial_bills(settings: Settings, catalogue: Catalogue, scope: Scope) -> tuple[EnvironmentId, ...]:
    """Environments whose bill `narrowed` leaves out, because `scope` leaves out some of their accounts."""
    judged_whole = {spec.key for spec in catalogue.services if spec.summarise and _any(scope.services, spec.key)}
    return tuple(
        environment.id
        for environment in settings.environments
        if matches_environment(scope.environments, environment.id)
        and _is_cut(environment, scope)
        and any(_any(scope.accounts, target.account) for target in environment.targets)
        and any(judged_whole.intersection(target.services) for target in environment.targets)
    )


def _narrowed_system(system: System, catalogue: Catalogue, scope: Scope) -> System:
    chosen = (e for e in system.environments if matches_environment(scope.environments, e.id))
    possible = (t for t in system.templates if _may_become(t, scope.environments))
    return replace(
        system,
        environments=_narrowed_environments(chosen, catalogue, scope),
        templates=_narrowed_environments(possible, catalogue, scope),
    )


def _narrowed_environments(
    environments: Iterable[Environment], catalogue: Catalogue, scope: Scope
) -> tuple[Environment, ...]:
    kept = (_narrowed_environment(environment, catalogue, scope) for environment in environments)
    return tuple(environment for environment in kept if environment is not None)


def _narrowed_environment(environment: Environment, catalogue: Catalogue, scope: Scope) -> Environment | None:
    # A bill is judged against the budget of the whole environment: part of it would look like a saving.
    whole = {spec.key for spec in catalogue.services if spec.summarise}
    cut = _is_cut(environment, scope)
    without_bill = cut or not any(_any(scope.services, key) for key in whole)

    def kept_services(target: Target) -> tuple[str, ...]:
        return tuple(key for key in target.services if _any(scope.services, key) and not (cut and key in whole))

    here = (replace(t, services=kept_services(t)) for t in environment.targets if _any(scope.accounts, t.account))
    targets = tuple(target for target in here if target.services)
    if without_bill:
        environment = replace(environment, monthly_budget_usd=None, fixed_costs=())
    # An environment without AWS has fixed monthly lines at most: no account or other service names those.
    by_money = bool(environment.fixed_costs) and not scope.accounts
    if not targets and (scope.accounts or scope.services) and not by_money:
        return None
    return replace(environment, targets=targets)


def _names_environment(pattern: str, environment: EnvironmentId) -> bool:
    system, name = _split(pattern)
    return fnmatchcase(environment.system, system) and fnmatchcase(environment.environment, name)


def _is_cut(environment: Environment, scope: Scope) -> bool:
    return any(not _any(scope.accounts, target.account) for target in environment.targets)


def _any(patterns: Sequence[str], name: str) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _split(pattern: str) -> tuple[str, str]:
    """`system/environment` → its two patterns; without a slash it is a system, with all that it has."""
    system, _, environment = pattern.partition("/")
    return system, environment or "*"


def _every_pattern_matches(settings: Settings, catalogue: Catalogue, scope: Scope) -> None:
    def environment_matches(pattern: str) -> bool:
        known = any(_names_environment(pattern, environment.id) for environment in settings.environments)
        return known or any(_may_become(template, (pattern,)) for template in settings.templates)

    shown = [str(environment.id) for environment in settings.environments]
    shown += [_as_glob(str(template.id)) for template in settings.templates]
    _require(scope.environments, environment_matches, "environment", shown)
    for patterns, noun, names in (
        (scope.accounts, "account", list(settings.accounts)),
        (scope.services, "service", [spec.key for spec in catalogue.services]),
    ):
        _require(patterns, _matcher(names), noun, names)


def _matcher(names: Sequence[str]) -> Callable[[str], bool]:
    return lambda pattern: any(fnmatchcase(name, pattern) for name in names)


def _require(patterns: Sequence[str], matches: Callable[[str], bool], noun: str, names: Sequence[str]) -> None:
    for pattern in patterns:
        if not matches(pattern):
            raise NothingMatches(f"No {noun} matches {pattern!r}. {_suggestion(pattern, names)}")


def _suggestion(pattern: str, names: Sequence[str]) -> str:
    if not names:
        return "None is configured."
    # `prod` should lead to `shop/prod`, so the part behind the slash is compared as well.
    close = [name for name in names if pattern.lower() in name.lower()] or difflib.get_close_matches(pattern, names, 3)
    if close:
        return f"Did you mean {' or '.join(close[:3])}?"
    return f"There are: {', '.join(names)}."


def _as_glob(template: str) -> str:
    return _FIELD.sub("*", template)


def _may_become(template: Environment, patterns: Sequence[str]) -> bool:
    """Whether an environment made from `template` might match one of `patterns`."""
    return not patterns or any(_may_match(template, *_split(pattern)) for pattern in patterns)


def _may_match(template: Environment, system: str, environment: str) -> bool:
    if not fnmatchcase(template.id.system, system):
        return False
    if is_glob(environment):
        return _can_meet(_as_glob(template.id.environment), re.sub(r"\[[^]]+\]", "?", environment))
    return re.fullmatch(_names(template), environment) is not None


def _names(template: Environment) -> str:
    """A regular expression over the names that `template` gives: `pr{number}` → `pr(?:[0-9]+)`."""
    pieces = _FIELD.split(template.id.environment)
    written = re.escape(pieces[0])
    for field, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        written += f"(?:{_group(template.pattern or '', field)}){re.escape(literal)}"
    return written


def _group(pattern: str, name: str) -> str:
    """What stands in the group `name` of a regular expression; anything, where it cannot be taken out."""
    inside = pattern.partition(f"(?P<{name}>")[2]
    depth, place = 1, 0
    while place < len(inside) and depth:
        character = inside[place]
        depth += {"(": 1, ")": -1}.get(character, 0)
        place += 2 if character == "\\" else 1
    try:
        re.compile(inside[: place - 1])
    except re.error:
        return ".+"
    return inside[: place - 1] or ".+"


@lru_cache(maxsize=4096)
def _can_meet(one: str, other: str) -> bool:
    """Whether some name matches both globs."""
    if not one and not other:
        return True
    for left, right in ((one, other), (other, one)):
        if left.startswith("*"):
            return _can_meet(left[1:], right) or (bool(right) and _can_meet(left, right[1:]))
    if not one or not other:
        return False
    return (one[0] == other[0] or "?" in (one[0], other[0])) and _can_meet(one[1:], other[1:])
