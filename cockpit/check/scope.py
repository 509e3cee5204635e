"""Narrow the configuration to what was asked for. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from cockpit.check.patterns import as_glob, matches_environment, may_become
from cockpit.check.request import Scope
from cockpit.config.settings import Account, Environment, Settings, System, Target
from cockpit.model.ids import EnvironmentId
from cockpit.model.service import Catalogue


class NothingMatches(Exception):  # noqa: N818 - it names what happened, and is a usage error rather than a fault
    """A pattern matches nothing that is configured. The text is the sentence for the user."""


def narrowed(settings: Settings, catalogue: Catalogue, scope: Scope) -> Settings:
    """`settings` with only the environments, accounts and services that `scope` names.

    Of the accounts those stay that are needed: of targets, of who pays their bills, and of whose bills come along.
    Raises NothingMatches where a pattern, or all of them together, match nothing.
    """
    _every_pattern_matches(settings, catalogue, scope)
    systems = tuple(_narrowed_system(system, catalogue, scope) for system in settings.systems)
    kept = tuple(system for system in systems if system.environments or system.templates)
    if not kept and (scope.environments or scope.accounts or scope.services):
        raise NothingMatches(
            "Each pattern matches something, but nothing matches all of --env, --account and --service together."
        )
    narrower = replace(settings, systems=kept, elsewhere=_elsewhere(settings, kept))
    return narrower if scope == Scope() else replace(narrower, accounts=_needed_accounts(narrower, catalogue))


def _elsewhere(settings: Settings, kept: Iterable[System]) -> tuple[Environment, ...]:
    """What is not looked at, and still has its share of the accounts."""
    there = {one.id for system in kept for one in (*system.environments, *system.templates)}
    left_out = (one for one in (*settings.environments, *settings.templates) if one.id not in there)
    return (*settings.elsewhere, *left_out)


def _needed_accounts(settings: Settings, catalogue: Catalogue) -> dict[str, Account]:
    targets = [target for one in (*settings.environments, *settings.templates) for target in one.targets]
    billed = [target.account for target in targets if _judged_whole(catalogue).intersection(target.services)]
    payers = {settings.accounts[name].payer or name for name in billed if name in settings.accounts}
    # A payer is asked once for everybody whose bill it pays, and the answer is shared with other processes: one that
    # was asked for less would be taken for the whole.
    needed = {target.account for target in targets} | payers
    return {name: one for name, one in settings.accounts.items() if name in needed or one.payer in payers}


def _judged_whole(catalogue: Catalogue) -> frozenset[str]:
    """Services that are judged for the whole environment: a bill, against its budget."""
    return frozenset(spec.key for spec in catalogue.services if spec.summarise)


def partial_bills(settings: Settings, catalogue: Catalogue, scope: Scope) -> tuple[EnvironmentId, ...]:
    """Environments whose bill `narrowed` leaves out, because `scope` leaves out some of their accounts."""
    judged_whole = {key for key in _judged_whole(catalogue) if _any(scope.services, key)}
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
    possible = (t for t in system.templates if may_become(t, scope.environments))
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
    whole = _judged_whole(catalogue)
    cut = _is_cut(environment, scope)
    without_bill = cut or not any(_any(scope.services, key) for key in whole)

    def kept(target: Target, key: str) -> bool:
        return _any(scope.accounts, target.account) and _any(scope.services, key) and not (cut and key in whole)

    targets = _of_services(environment.targets, kept)
    if without_bill:
        environment = replace(environment, monthly_budget_usd=None, fixed_costs=())
    # An environment without AWS has fixed monthly lines at most: no account or other service names those.
    by_money = bool(environment.fixed_costs) and not scope.accounts
    if not targets and (scope.accounts or scope.services) and not by_money:
        return None
    left_out = _of_services(environment.targets, lambda target, key: not kept(target, key))
    in_part = environment.asked_in_part or bool(scope.services)
    return replace(environment, targets=targets, left_out=(*environment.left_out, *left_out), asked_in_part=in_part)


def _of_services(targets: Iterable[Target], wanted: Callable[[Target, str], bool]) -> tuple[Target, ...]:
    """The targets with only the services that are wanted, without those that have none."""
    parts = (replace(one, services=tuple(key for key in one.services if wanted(one, key))) for one in targets)
    return tuple(part for part in parts if part.services)


def _is_cut(environment: Environment, scope: Scope) -> bool:
    return any(not _any(scope.accounts, target.account) for target in environment.targets)


def _any(patterns: Sequence[str], name: str) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _every_pattern_matches(settings: Settings, catalogue: Catalogue, scope: Scope) -> None:
    def environment_matches(pattern: str) -> bool:
        known = any(matches_environment((pattern,), environment.id) for environment in settings.environments)
        return known or any(may_become(template, (pattern,)) for template in settings.templates)

    shown = [str(environment.id) for environment in settings.environments]
    shown += [as_glob(str(template.id)) for template in settings.templates]
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
