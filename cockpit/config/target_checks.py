"""What a target refers to: its account, regions and services, and whether its selectors can match there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cockpit.config.problems import Found, KeyPath, or_listed, quoted
from cockpit.config.scope import Scope
from cockpit.config.selectors import selector_problems
from cockpit.config.shape import AccountTable, TargetTable
from cockpit.model.service import ServiceSpec


def target_problems(
    target: TargetTable, path: KeyPath, scope: Scope, braces: Callable[[str], str | None]
) -> Iterator[Found]:
    """Problems of one target. `braces` says what is wrong with a pattern's placeholders."""
    account = scope.profiles.accounts.get(target.account)
    if target.account not in scope.account_names:
        hint = or_listed(target.account, scope.account_names, none="there are no [accounts]")
        yield (*path, "account"), f"there is no account {quoted(target.account)}{hint}"
    elif account is not None:
        yield from _region_problems(target, account, path)
    for position, key in enumerate(target.services):
        spec = scope.catalogue.service(key)
        where = (*path, "services", position)
        if spec is None:
            services = [known.key for known in scope.catalogue.services]
            yield where, f"there is no service {quoted(key)}{or_listed(key, services, none='none is watched')}"
        else:
            yield from _narrowing_problems(target, spec, account, where)
    yield from selector_problems(target, path, braces)


def _region_problems(target: TargetTable, account: AccountTable, path: KeyPath) -> Iterator[Found]:
    for position, region in enumerate(target.regions or ()):
        if region not in account.regions:
            listed = ", ".join(account.regions)
            advice = f"add it to accounts.{target.account}.regions, or use one of {listed}"
            yield (*path, "regions", position), f"{quoted(region)} is not a region of {target.account}: {advice}"


def _narrowing_problems(
    target: TargetTable, spec: ServiceSpec, account: AccountTable | None, where: KeyPath
) -> Iterator[Found]:
    """Selectors on a service that nothing selects from."""
    if spec.selects:
        return
    idle = [key for key in ("name", "tag", "stack") if getattr(target, key)]
    if spec.summarise and target.tag and (account is None or account.cost_tag in target.tag):
        # The tag that splits the account's bill picks this environment's share of it.
        idle.remove("tag")
    if idle:
        advice = f"give it a target of its own without {' and '.join(idle)}"
        if spec.summarise and idle == ["tag"]:
            advice = f"only cost_tag of accounts.{target.account} can split its bill"
        yield where, f"{spec.key} cannot be narrowed by {' or '.join(idle)}: {advice}"
