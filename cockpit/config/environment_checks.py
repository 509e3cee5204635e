"""What systems and environments mean: references, selectors, doubles, thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cockpit.config import thresholds
from cockpit.config.account_checks import same_but_for_case
from cockpit.config.formats import wrong_name
from cockpit.config.problems import Found, KeyPath, or_listed, quoted
from cockpit.config.selectors import (
    braces_of,
    glob_problem,
    name_form,
    pattern_problem,
    placeholder_problem,
    selector_problems,
    template_problems,
)
from cockpit.config.shape import AccountTable, Profiles, SystemTable, TargetTable, TemplateTable, WatchedTable
from cockpit.model.rule import Threshold
from cockpit.model.service import Catalogue


@dataclass(frozen=True, slots=True)
class Scope:
    """What the checks of one environment may refer to."""

    profiles: Profiles
    catalogue: Catalogue
    account_names: frozenset[str]
    """Of the whole file, readable or not."""
    fleet: Mapping[str, Threshold]
    """Thresholds of the whole fleet."""
    damaged: Callable[[KeyPath], bool]
    """Whether part of what is at a path could not be read."""


def system_problems(scope: Scope) -> Iterator[Found]:
    """Problems of `[systems]`."""
    systems = scope.profiles.systems
    if not systems:
        yield (), "there are no systems: write at least one [systems.NAME.environments.NAME]"
    yield from same_but_for_case(systems, ("systems",), "system")
    for name, system in systems.items():
        path = ("systems", name)
        if not system.environments and not system.discover:
            yield path, f"has no environment: write [systems.{name}.environments.NAME]"
        yield from same_but_for_case(system.environments, (*path, "environments"), "environment")
        yield from same_but_for_case(system.discover, (*path, "discover"), "template")
        yield from _same_titles(system, path)
        yield from _same_forms(system, path)
        for key, environment in system.environments.items():
            yield from _watched_problems(environment, (*path, "environments", key), scope)
        for key, template in system.discover.items():
            yield from _template_problems(template, (*path, "discover", key))
            yield from _watched_problems(template, (*path, "discover", key), scope)


def services_of(table: WatchedTable, catalogue: Catalogue) -> frozenset[str]:
    """The services that an environment watches: those of its targets, and the bill where it has fixed costs."""
    named = {service for target in table.targets for service in target.services}
    if table.fixed_costs:
        named |= {spec.key for spec in catalogue.services if spec.summarise}
    return frozenset(named)


def _same_titles(system: SystemTable, path: KeyPath) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for name, environment in system.environments.items():
        if environment.title is None:
            continue
        other = seen.setdefault(environment.title.strip().casefold(), name)
        if other != name:
            where = (*path, "environments", name, "title")
            yield (
                where,
                f"{quoted(environment.title)} is also the title of {quoted(other)}: two could not be told apart",
            )


def _same_forms(system: SystemTable, path: KeyPath) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for name, template in system.discover.items():
        if placeholder_problem(template.environment, ()) is None or pattern_problem(template):
            continue
        try:
            form = name_form(template.environment).casefold()
        except ValueError:
            continue
        other = seen.setdefault(form, name)
        if other != name:
            where = (*path, "discover", name, "environment")
            yield (
                where,
                f"{quoted(template.environment)} gives the same names as the template {quoted(other)}: change one",
            )


def _template_problems(template: TemplateTable, path: KeyPath) -> Iterator[Found]:
    sentence = pattern_problem(template)
    if sentence:
        yield (*path, "pattern"), sentence
        return
    found = tuple(template_problems(template, path))
    yield from found
    if not found:
        # Any word stands for what the groups will hold.
        bad = wrong_name(name_form(template.environment).replace("{}", "x"))
        if bad:
            yield (*path, "environment"), bad


def _watched_problems(table: WatchedTable, path: KeyPath, scope: Scope) -> Iterator[Found]:
    yield from _emptiness(table, path)
    for position, target in enumerate(table.targets):
        yield from _target_problems(target, (*path, "targets", position), scope, braces_of(table))
    # With a target unread, nothing can be said about what the targets are together.
    whole = not scope.damaged((*path, "targets"))
    if whole:
        yield from _same_targets(table, path)
    for position, action in enumerate(table.actions):
        if action not in scope.catalogue.actions:
            hint = or_listed(action, scope.catalogue.actions, none="no action is available yet")
            yield (*path, "actions", position), f"there is no action {quoted(action)}{hint}"
    yield from _threshold_problems(table, path, scope, services_of(table, scope.catalogue) if whole else None)


def _emptiness(table: WatchedTable, path: KeyPath) -> Iterator[Found]:
    if isinstance(table, TemplateTable):
        if not table.targets:
            yield path, "has no targets, so nothing can be found: add targets that name account and services"
    elif not table.targets and not table.fixed_costs:
        yield path, "has no targets and no fixed_costs, so there is nothing to watch: add one of them"


def _target_problems(
    target: TargetTable, path: KeyPath, scope: Scope, braces: Callable[[str], str | None]
) -> Iterator[Found]:
    account = scope.profiles.accounts.get(target.account)
    if target.account not in scope.account_names:
        hint = or_listed(target.account, scope.account_names, none="there are no [accounts]")
        yield (*path, "account"), f"there is no account {quoted(target.account)}{hint}"
    elif account and not scope.damaged(("accounts", target.account)):
        yield from _region_problems(target, account, path)
    selecting = [key for key in ("name", "tag", "stack") if getattr(target, key) is not None]
    for position, key in enumerate(target.services):
        spec = scope.catalogue.service(key)
        where = (*path, "services", position)
        if spec is None:
            services = [known.key for known in scope.catalogue.services]
            yield where, f"there is no service {quoted(key)}{or_listed(key, services, none='none is watched')}"
        elif selecting and not spec.selects:
            advice = f"give {key} a target of its own without {' and '.join(selecting)}"
            yield where, f"{key} cannot be narrowed by {' or '.join(selecting)}: {advice}"
    yield from selector_problems(target, path, braces)


def _region_problems(target: TargetTable, account: AccountTable, path: KeyPath) -> Iterator[Found]:
    for position, region in enumerate(target.regions or ()):
        if region not in account.regions:
            listed = ", ".join(account.regions)
            advice = f"add it to accounts.{target.account}.regions, or use one of {listed}"
            yield (*path, "regions", position), f"{quoted(region)} is not a region of {target.account}: {advice}"


def _same_targets(table: WatchedTable, path: KeyPath) -> Iterator[Found]:
    for position, target in enumerate(table.targets):
        if target in table.targets[:position]:
            other = table.targets.index(target)
            yield (*path, "targets", position), f"is the same as targets[{other}]: remove one, or narrow them"


def _threshold_problems(
    table: WatchedTable, path: KeyPath, scope: Scope, watched: frozenset[str] | None
) -> Iterator[Found]:
    catalogue = scope.catalogue
    yield from thresholds.problems(table.thresholds, (*path, "thresholds"), scope.fleet, catalogue, watched=watched)
    base = thresholds.merged(scope.fleet, table.thresholds, catalogue)
    matches: set[str] = set()
    for position, resource in enumerate(table.resources):
        where = (*path, "resources", position)
        sentence = glob_problem(resource.match)
        if sentence:
            yield (*where, "match"), sentence
        elif resource.match in matches:
            yield (*where, "match"), f"{quoted(resource.match)} is given twice: put its thresholds into one table"
        matches.add(resource.match)
        yield from thresholds.problems(resource.thresholds, (*where, "thresholds"), base, catalogue, watched=watched)
