"""Which bills an environment answers for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from cockpit.config.settings import Account, Environment, Settings, Target
from cockpit.engine.slots import target_slots
from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue, ServiceSpec

ACCOUNT = "account"
"""Relation of a bill to the configured name of its account."""
TAG_VALUE = "tag_value"
"""Fact of a bill: the value of the account's cost tag that it is for; absent where it is the account's whole bill."""


def bills_of(
    environment: Environment,
    spec: ServiceSpec,
    settings: Settings,
    resources: Callable[[SlotId], tuple[Resource, ...]],
    drawn_on: Counter[str],
) -> tuple[Resource, ...]:
    """The bills of the accounts that the environment's targets name, each once."""
    found: dict[str, Resource] = {}
    for target in environment.targets:
        account = settings.accounts.get(target.account)
        if account is None or spec.key not in target.services:
            continue
        for slot in target_slots(target, spec, settings):
            bills = [bill for bill in resources(slot) if _is_of(bill, account)]
            found.update((bill.key, bill) for bill in _shares(environment, target, account, bills, drawn_on))
    return tuple(found.values())


def shared_whole(settings: Settings, catalogue: Catalogue) -> tuple[str, ...]:
    """A sentence for each account whose whole bill counts in several environments, for want of a tag."""
    billed: dict[str, dict[str, None]] = {}
    judged = {spec.key for spec in catalogue.services if spec.summarise is not None}
    for environment in (*settings.environments, *settings.templates):
        for target in environment.targets:
            if judged.intersection(target.services):
                billed.setdefault(target.account, {})[str(environment.id)] = None
    return tuple(
        f"The whole bill of {name} counts in each of {', '.join(names)}: its cost_tag would tell them apart."
        for name, names in billed.items()
        if len(names) > 1 and name in settings.accounts and settings.accounts[name].cost_tag is None
    )


def _is_of(bill: Resource, account: Account) -> bool:
    return bill.related.get(ACCOUNT) in {account.name, account.id} or bill.facts.get("account_id") == account.id


def _shares(
    environment: Environment, target: Target, account: Account, bills: list[Resource], drawn_on: Counter[str]
) -> Iterator[Resource]:
    """The environment's share: its tag value's bill where a cost tag tells environments apart, else the whole.

    The tag's value is what the target selects by that tag, or the environment's own name. An environment that has its
    account to itself takes the whole bill, tagged or not.
    """
    tagged = [bill for bill in bills if bill.facts.get(TAG_VALUE) is not None]
    whole = [bill for bill in bills if bill.facts.get(TAG_VALUE) is None]
    if account.cost_tag is None or drawn_on[account.name] == 1 or not tagged:
        yield from whole or tagged
        return
    wanted = target.tags.get(account.cost_tag, environment.id.environment)
    yield from (bill for bill in tagged if fnmatchcase(str(bill.facts[TAG_VALUE]), wanted))
