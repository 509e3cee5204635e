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
        raise NothingMatches("Each pattern matches something, but nothing matches all of --env, --account and --service.")
    return replace(settings, systems=kept)


def matches_environment(patterns: Sequence[str], environment: EnvironmentId) -> bool:
    """Whether one of `patterns` matches; no pattern matches everything."""
    return not patterns or any(fnmatchcase(str(environment), _with_system(pattern)) for pattern in patterns)


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
    possible = (t for t in system.templates if _may_become(t.id, scope.environments))
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
    # Without a target there is still something to show where money is configured, or where nothing was narrowed.
    fixed = environment.fixed_costs or environment.monthly_budget_usd is not None
    narrowing = scope.accounts or scope.services
    if not targets and (scope.accounts or (narrowing and not fixed)):
        return None
    return replace(environment, targets=targets)


def _is_cut(environment: Environment, scope: Scope) -> bool:
    return any(not _any(scope.accounts, target.account) for target in environment.targets)


def _any(patterns: Sequence[str], name: str) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _with_system(pattern: str) -> str:
    return pattern if "/" in pattern else f"{pattern}/*"


def _every_pattern_matches(settings: Settings, catalogue: Catalogue, scope: Scope) -> None:
    environments = [str(environment.id) for environment in settings.environments]
    templates = [template.id for template in settings.templates]

    def environment_matches(pattern: str) -> bool:
        known = any(fnmatchcase(name, _with_system(pattern)) for name in environments)
        return known or any(_may_become(template, (pattern,)) for template in templates)

    shown = [*environments, *(_as_glob(template) for template in templates)]
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


def _as_glob(template: EnvironmentId) -> str:
    return re.sub(r"\{[^}]*\}", "*", str(template))


def _may_become(template: EnvironmentId, patterns: Sequence[str]) -> bool:
    """Whether an environment made from `template` might match one of `patterns`."""
    made = _as_glob(template)
    return not patterns or any(_can_meet(made, re.sub(r"\[[^]]+\]", "?", _with_system(p))) for p in patterns)


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
