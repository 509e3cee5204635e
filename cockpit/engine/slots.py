"""Which slots a configuration asks for, and what each needs to know. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from cockpit.config.settings import Environment, Settings, Target
from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.rule import Direction, Rule, Threshold
from cockpit.model.service import Catalogue, Reach, ServiceSpec, Settled


def target_slots(target: Target, spec: ServiceSpec, settings: Settings) -> tuple[SlotId, ...]:
    """Where one service of one target is polled.

    A global service is polled once an account, in us-east-1. A bill is asked for where it is paid: one question to the
    payer answers for every account that names it.
    """
    if spec.summarise is not None:
        account = settings.accounts.get(target.account)
        return (SlotId((account.payer if account else None) or target.account, GLOBAL_REGION, spec.key),)
    if spec.reach is Reach.GLOBAL:
        return (SlotId(target.account, GLOBAL_REGION, spec.key),)
    return tuple(SlotId(target.account, region, spec.key) for region in target.regions)


def environment_slots(
    environment: Environment, settings: Settings, catalogue: Catalogue
) -> dict[str, tuple[SlotId, ...]]:
    """Service key → slots that an environment (or a template) draws on, in the order of the catalogue's columns."""
    found: dict[str, tuple[SlotId, ...]] = {}
    for spec in sorted(catalogue.services, key=lambda one: (one.order, one.key)):
        targets = [target for target in environment.targets if spec.key in target.services]
        slots = dict.fromkeys(slot for target in targets for slot in target_slots(target, spec, settings))
        if targets or (spec.summarise is not None and environment.fixed_costs):
            found[spec.key] = tuple(slots)
    return found


def slots_of(
    settings: Settings,
    catalogue: Catalogue,
    environments: Sequence[str] = (),
    accounts: Sequence[str] = (),
    services: Sequence[str] = (),
) -> tuple[SlotId, ...]:
    """Every slot of a configuration, each once, in configured order.

    Glob patterns narrow: `environments` over `system/environment`, `accounts` over the account that a target names (so
    that its bill, paid elsewhere, comes along), `services` over service keys. An empty sequence narrows nothing.
    """
    found: dict[SlotId, None] = {}
    for environment in (*settings.environments, *settings.templates):
        if not _may_be_named(environment, environments, settings):
            continue
        for target in environment.targets:
            for spec in catalogue.services:
                if spec.key not in target.services or not _any_match(spec.key, services):
                    continue
                slots = target_slots(target, spec, settings)
                wanted = _any_match(target.account, accounts)
                found.update(dict.fromkeys(slot for slot in slots if wanted or _any_match(slot.account, accounts)))
    return tuple(found)


def _may_be_named(environment: Environment, patterns: Sequence[str], settings: Settings) -> bool:
    """Whether an environment, or one that a template may yet discover, matches one of the glob patterns."""
    name = str(environment.id)
    if _any_match(name, patterns):
        return True
    if environment.pattern is None:
        return False
    # `shop/pr7` may be one of `shop/pr{number}`; `shop/prod` is not, where it is configured.
    configured = {str(one.id) for one in settings.environments}
    others = (pattern for pattern in patterns if pattern not in configured)
    return any(fnmatchcase(pattern, _placeholders_as_globs(name)) for pattern in others)


def settled_for(slot: SlotId, settings: Settings) -> Settled:
    """What a service may need to know of the configuration of the slot's account.

    Options: `cost_tag`, the cost-allocation tag that tells environments apart, or None; `payer`, the name of the
    account that pays for this one, or None; `linked`, account name → 12-digit id, the accounts whose bills are asked
    for here: its own, and of every account that names it as payer; `linked_tags`, account name → its cost tag;
    `selected_by_tag`, whether any selector of the slot needs tags (a stack is told by its tag).
    """
    own = settings.accounts[slot.account]
    linked = {own.name: own} if own.payer in (None, own.name) else {}
    linked |= {name: account for name, account in settings.accounts.items() if account.payer == own.name}
    return Settled(
        {
            "cost_tag": own.cost_tag,
            "payer": own.payer,
            "linked": {name: account.id for name, account in linked.items()},
            "linked_tags": {name: account.cost_tag for name, account in linked.items() if account.cost_tag},
            "selected_by_tag": any(target.tags or target.stacks for target in _targets_on(slot, settings)),
        }
    )


def _targets_on(slot: SlotId, settings: Settings) -> Iterator[Target]:
    for environment in (*settings.environments, *settings.templates):
        for target in environment.targets:
            if target.account == slot.account and slot.service in target.services:
                yield target


def strictest_thresholds(settings: Settings, catalogue: Catalogue) -> dict[SlotId, Mapping[str, Threshold]]:
    """Slot → rule key → the strictest threshold that any environment, or override, of the slot asks for.

    Strictest: the limit that is breached first, over the shortest window. A slot that this clears is clear for all.
    """
    found: dict[SlotId, dict[str, Threshold]] = {}
    for environment in (*settings.environments, *settings.templates):
        for key, slots in environment_slots(environment, settings, catalogue).items():
            spec = catalogue.service(key)
            for rule in spec.rules if spec else ():
                for slot in slots:
                    known = found.setdefault(slot, {})
                    asked = [*([known[rule.key]] if rule.key in known else ()), *_asked_for(environment, rule)]
                    known[rule.key] = _strictest(asked, rule.direction)
    return dict(found.items())


def _asked_for(environment: Environment, rule: Rule) -> list[Threshold]:
    overrides = [o.thresholds[rule.key] for o in environment.overrides if rule.key in o.thresholds]
    return [environment.thresholds.get(rule.key, rule.threshold), *overrides]


def _strictest(thresholds: Iterable[Threshold], direction: Direction) -> Threshold:
    asked = tuple(thresholds)
    first = min if direction is Direction.ABOVE else max
    return Threshold(
        warning=first((t.warning for t in asked if t.warning is not None), default=None),
        critical=first((t.critical for t in asked if t.critical is not None), default=None),
        for_seconds=min(t.for_seconds for t in asked),
    )


def _any_match(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _placeholders_as_globs(name: str) -> str:
    """`timeclout/pr{number}` → `timeclout/pr*`."""
    parts = name.split("{")
    return parts[0] + "".join("*" + part.partition("}")[2] for part in parts[1:])
