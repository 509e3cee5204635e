"""Alarms belong where the thing that they watch belongs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cockpit.engine.selection import Selector
from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource

WATCHES = "watches"
"""Relation of an alarm to the name or key of what it watches."""
WATCHED_SERVICE = "watched_service"
"""Fact of an alarm: service key of what it watches."""
CHILDREN = "children"
"""Relation of a composite alarm to the names of its children, with commas between them."""


@dataclass(frozen=True, slots=True)
class Ward:
    """What an environment has to do with the alarms of one slot."""

    selectors: tuple[Selector, ...]
    """Of its targets that name the slot."""
    alone: bool
    """True where no other environment draws on the account: what is nobody else's is its own."""
    members: Mapping[SlotId, frozenset[str]]
    """Slots that it draws on and that were seen → names and keys of what it has there."""
    unseen: Mapping[SlotId, tuple[Selector, ...]]
    """Slots that it draws on and that were never seen → its selectors there."""


def alarms_of(ward: Ward, alarms: Sequence[Resource]) -> tuple[Resource, ...]:
    """The alarms of one slot that belong to an environment.

    An alarm belongs where the thing that it watches is a member, where the selectors match its own name, and to the
    only environment of its account otherwise. A composite alarm belongs where any of its children does. While the
    slot of the watched thing has never been seen, the watched name decides, and a doubtful alarm is shown.
    """
    chosen = {alarm.key: alarm for alarm in alarms if ward.alone or _belongs(ward, alarm)}
    waiting = [alarm for alarm in alarms if alarm.key not in chosen and _children(alarm)]
    names = {alarm.name for alarm in chosen.values()}
    while waiting:
        found = [alarm for alarm in waiting if any(child in chosen or child in names for child in _children(alarm))]
        if not found:
            break
        chosen.update((alarm.key, alarm) for alarm in found)
        names.update(alarm.name for alarm in found)
        waiting = [alarm for alarm in waiting if alarm.key not in chosen]
    return tuple(alarm for alarm in alarms if alarm.key in chosen)


def _belongs(ward: Ward, alarm: Resource) -> bool:
    if any(selector.matches(alarm) for selector in ward.selectors):
        return True
    watched, service = alarm.related.get(WATCHES), alarm.facts.get(WATCHED_SERVICE)
    if not watched or not isinstance(service, str):
        return False
    slot = SlotId(alarm.slot.account, alarm.slot.region, service)
    if slot in ward.members:
        return watched in ward.members[slot]
    return any(selector.may_match_name(watched) for selector in ward.unseen.get(slot, ()))


def _children(alarm: Resource) -> tuple[str, ...]:
    return tuple(filter(None, alarm.related.get(CHILDREN, "").split(",")))
