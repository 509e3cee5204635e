"""What systems and environments mean: references, selectors, doubles, thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.config import thresholds
from cockpit.config.account_checks import same_but_for_case
from cockpit.config.formats import wrong_name
from cockpit.config.problems import Found, KeyPath, or_listed, quoted
from cockpit.config.scope import Scope
from cockpit.config.selectors import (
    braces_of,
    glob_problem,
    name_form,
    pattern_problem,
    template_problems,
)
from cockpit.config.shape import SystemTable, TemplateTable, WatchedTable
from cockpit.config.target_checks import target_problems
from cockpit.model.service import Catalogue


def system_problems(scope: Scope) -> Iterator[Found]:
    """Problems of `[systems]`."""
    systems = scope.profiles.systems
    # With anything unread, it may be that [systems] is there under a wrong name.
    if not systems and not scope.damaged(()):
        yield (
            ("systems",),
            "is missing, so there is nothing to watch: write at least one [systems.NAME.environments.NAME]",
        )
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
        if pattern_problem(template) or any(template_problems(template, path)):
            continue
        other = seen.setdefault(name_form(template.environment).casefold(), name)
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
    yield from _emptiness(table, path, scope)
    for position, target in enumerate(table.targets):
        yield from target_problems(target, (*path, "targets", position), scope, braces_of(table))
    # With a target unread, nothing can be said about what the targets are together.
    whole = not scope.damaged((*path, "targets"))
    if whole:
        yield from _same_targets(table, path)
    for position, action in enumerate(table.actions):
        if action not in scope.catalogue.actions:
            hint = or_listed(action, scope.catalogue.actions, none="no action is available yet")
            yield (*path, "actions", position), f"there is no action {quoted(action)}{hint}"
    yield from _threshold_problems(table, path, scope, services_of(table, scope.catalogue) if whole else None)


def _emptiness(table: WatchedTable, path: KeyPath, scope: Scope) -> Iterator[Found]:
    if isinstance(table, TemplateTable):
        specs = [scope.catalogue.service(key) for target in table.targets for key in target.services]
        if not table.targets:
            yield path, "has no targets, so nothing can be found: add targets that name account and services"
        elif all(spec is not None and spec.summarise for spec in specs):
            # A bill outlives what caused it, so it cannot tell which environments there are.
            yield path, "has no target whose resources have names to search: add one, such as lambda"
    elif not table.targets and not table.fixed_costs:
        yield path, "has no targets and no fixed_costs, so there is nothing to watch: add one of them"


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
