"""Which resources belong to which environments, discovered environments included. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from cockpit.config.settings import Environment, Settings, System
from cockpit.engine.bills import bills_of
from cockpit.engine.remembered import Remembered
from cockpit.engine.selection import Selection, Selector, select, selector_of
from cockpit.engine.slots import environment_slots, target_slots
from cockpit.engine.templates import Groups, environment_of, in_natural_order, matches_in
from cockpit.engine.watching import Ward, alarms_of
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue, ServiceSpec

ALARMS = "alarms"
"""Service key of CloudWatch alarms: they belong where the thing that they watch belongs."""

Observations = Mapping[SlotId, Observation]


@dataclass(frozen=True, slots=True)
class Part:
    """One service of one environment."""

    service: ServiceSpec
    slots: tuple[SlotId, ...]
    resources: tuple[Resource, ...]
    by_slot: Mapping[SlotId, tuple[Resource, ...]] = field(default_factory=dict)
    """The same resources; each group stays the same object until something newer was seen of its slot."""
    unmatched: tuple[str, ...] = ()
    """Selectors, in words, that match nothing in any slot of their target, all of which were seen."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One environment with what belongs to it."""

    environment: Environment
    parts: Mapping[str, Part]
    """Service key → part, in the order of the columns."""
    discovered: bool = False
    template: bool = False
    """True for a template itself: its parts name the slots that it searches, and hold no resources."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Configured names of the accounts that it draws on."""
        return tuple(dict.fromkeys(target.account for target in self.environment.targets))


def memberships(
    settings: Settings, catalogue: Catalogue, observations: Observations, remembered: Remembered | None = None
) -> tuple[Membership, ...]:
    """Every environment in configured order, a system's discovered ones and its templates after its configured ones.

    A discovered environment exists as long as a resource with its name is seen; when a look fails, the last good
    resources stay in their observation, and so does the environment. `remembered` carries results from call to call.
    """
    house = _House(settings, catalogue, observations, remembered or Remembered())
    found = [(system, list(_environments(house, system))) for system in settings.systems]
    looked_at = (one for _, group in found for one, _ in group)
    drawn_on = Counter(account for one in (*looked_at, *settings.elsewhere) for account in accounts_of(one))
    result: list[Membership] = []
    for system, group in found:
        result.extend(Membership(one, house.parts(one, drawn_on), discovered) for one, discovered in group)
        result.extend(Membership(one, house.searched(one), template=True) for one in system.templates)
    return tuple(result)


def accounts_of(environment: Environment) -> frozenset[str]:
    """Configured names of the accounts that an environment draws on, also where it is not looked at."""
    return frozenset(target.account for target in (*environment.targets, *environment.left_out))


def _environments(house: _House, system: System) -> Iterator[tuple[Environment, bool]]:
    """(environment, discovered) of one system. A configured environment is never shadowed by a discovered one."""
    taken = {one.id for one in system.environments}
    yield from ((one, False) for one in system.environments)
    for template in system.templates:
        for one in in_natural_order(house.discovered(template)):
            if one.id not in taken:
                taken.add(one.id)
                yield one, True


class _House:
    """What is looked through, and what is remembered of the last time."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, observations: Observations, remembered: Remembered
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.observations = observations
        self.remembered = remembered

    def resources(self, slot: SlotId) -> tuple[Resource, ...]:
        observation = self.observations.get(slot)
        return observation.resources if observation else ()

    def seen(self, slot: SlotId) -> bool:
        observation = self.observations.get(slot)
        return observation is not None and observation.observed_at is not None

    def slots(self, environment: Environment) -> Mapping[str, tuple[SlotId, ...]]:
        return self.remembered.get(
            ("slots", environment.id, environment.pattern),
            (environment, self.settings, self.catalogue),
            partial(environment_slots, environment, self.settings, self.catalogue),
        )

    def discovered(self, template: Environment) -> Iterable[Environment]:
        groups: set[Groups] = set()
        for part in self.searched(template).values():
            for slot in part.slots:
                resources = self.resources(slot)
                groups |= self.remembered.get(
                    ("matches", template.id, slot),
                    (template, part.service, resources),
                    partial(matches_in, template, part.service, resources),
                )
        for group in groups:
            key = ("environment", template.id, group)
            yield self.remembered.get(key, (template,), partial(environment_of, template, group))

    def searched(self, template: Environment) -> Mapping[str, Part]:
        """The slots that tell which environments of a template exist. Bills do not: they outlive what caused them."""
        specs = ((self.catalogue.service(key), slots) for key, slots in self.slots(template).items())
        return {spec.key: Part(spec, slots, ()) for spec, slots in specs if spec and spec.summarise is None}

    def parts(self, environment: Environment, drawn_on: Counter[str]) -> Mapping[str, Part]:
        parts: dict[str, Part] = {}
        selections: dict[SlotId, Selection] = {}
        slots = self.slots(environment)
        # Alarms come last: they follow what the other services found.
        for key in sorted(slots, key=lambda key: key == ALARMS):
            spec = self.catalogue.service(key)
            if spec is None:
                continue
            if spec.summarise is not None:
                bills = bills_of(environment, spec, self.settings, self.resources, drawn_on)
                parts[key] = Part(spec, slots[key], bills)
            elif key == ALARMS:
                parts[key] = self._alarms(environment, spec, slots[key], selections, drawn_on)
            else:
                parts[key] = self._selected(environment, spec, slots[key], selections)
        return {key: parts[key] for key in slots if key in parts}

    def _selected(
        self,
        environment: Environment,
        spec: ServiceSpec,
        slots: tuple[SlotId, ...],
        selections: dict[SlotId, Selection],
    ) -> Part:
        for slot in slots:
            resources, selectors = self.resources(slot), self._selectors(environment, spec, slot)
            selections[slot] = self.remembered.get(
                ("selection", environment.id, slot),
                (selectors, resources),
                partial(select, spec, selectors, resources),
            )

        def made() -> Part:
            chosen = tuple(resource for slot in slots for resource in selections[slot].resources)
            by_slot = {slot: selections[slot].resources for slot in slots}
            return Part(spec, slots, chosen, by_slot, tuple(self._unmatched(environment, spec, selections)))

        made_from = (slots, *(part for slot in slots for part in (selections[slot], self.seen(slot))))
        return self.remembered.get(("part", environment.id, spec.key), made_from, made)

    def _selectors(self, environment: Environment, spec: ServiceSpec, slot: SlotId) -> tuple[Selector, ...]:
        """The selectors of every target of the environment that draws on the slot."""

        def made() -> tuple[Selector, ...]:
            mine = [target for target in environment.targets if spec.key in target.services]
            return tuple(selector_of(one) for one in mine if slot in target_slots(one, spec, self.settings))

        return self.remembered.get(("selectors", environment.id, slot), (environment, self.settings, spec), made)

    def _unmatched(
        self, environment: Environment, spec: ServiceSpec, selections: Mapping[SlotId, Selection]
    ) -> Iterator[str]:
        for target in environment.targets:
            if spec.key not in target.services:
                continue
            slots = target_slots(target, spec, self.settings)
            words = selector_of(target).words
            if words and all(self.seen(slot) and words in selections[slot].unmatched for slot in slots):
                yield words

    def _not_looked_at(self, environment: Environment) -> dict[SlotId, tuple[Selector, ...]]:
        """Slots that an environment draws on and that nobody asked for now → its selectors there."""
        found: dict[SlotId, tuple[Selector, ...]] = {}
        for target in environment.left_out:
            for spec in filter(None, map(self.catalogue.service, target.services)):
                for slot in target_slots(target, spec, self.settings):
                    found[slot] = (*found.get(slot, ()), selector_of(target))
        return found

    def _alarms(
        self,
        environment: Environment,
        spec: ServiceSpec,
        slots: tuple[SlotId, ...],
        selections: Mapping[SlotId, Selection],
        drawn_on: Counter[str],
    ) -> Part:
        unseen = {
            slot: self._selectors(environment, other, slot)
            for slot in selections
            if not self.seen(slot) and (other := self.catalogue.service(slot.service))
        }
        unseen |= self._not_looked_at(environment)
        members = {slot: chosen.names for slot, chosen in selections.items() if slot not in unseen}
        alone = [drawn_on[slot.account] == 1 for slot in slots]

        def made() -> Part:
            by_slot: dict[SlotId, tuple[Resource, ...]] = {}
            for slot, is_alone in zip(slots, alone, strict=True):
                ward = Ward(self._selectors(environment, spec, slot), is_alone, members, unseen)
                by_slot[slot] = alarms_of(ward, self.resources(slot))
            return Part(spec, slots, tuple(alarm for group in by_slot.values() for alarm in group), by_slot)

        seen = (part for slot in selections for part in (selections[slot], slot in unseen))
        made_from = (slots, *alone, *(self.resources(slot) for slot in slots), *seen)
        return self.remembered.get(("part", environment.id, spec.key), made_from, made)
