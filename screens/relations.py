"""What belongs to a thing: what it names itself, and what names it. Indexed once for each look at a slot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot

_WATCHES, _CHILDREN, _FUNCTION = "watches", "children", "function"
_ALARMING = frozenset({_WATCHES, _CHILDREN})
_STACKS = "stacks"
_TOLD_BY_FACT = ("dead_letter_target",)
"""Facts that hold the ARN of another resource."""
_FORWARD = {(_CHILDREN, "composite_alarm"): "child alarm", ("source", "dlq"): "dead letters of"}
"""What one calls the thing it names, by relation and own kind, where the relation's name does not say it well."""
_BACKWARD = {
    "dead_letter_queue": "dead letters of",
    "dead_letter_target": "dead letters of",
    "source": "replica",
    "cluster": "member",
    _WATCHES: "alarm",
    _CHILDREN: "parent alarm",
    "parent": "nested stack",
}
"""What the one who names a thing is to it; else it is called by its kind (`alias`)."""


@dataclass(frozen=True, slots=True)
class Related:
    """A thing that belongs to another."""

    relation: str
    """`dead letter queue`, `alias`, `alarm`."""
    name: str
    resource: Resource | None = None
    """None for what is named, but is not known here."""


@dataclass(frozen=True, slots=True)
class _Naming:
    """A resource, and the relation by which it names another."""

    relation: str
    resource: Resource


class Relations:
    """Who names whom in the fleet."""

    def __init__(self) -> None:
        self._slots: dict[SlotId, tuple[Observation, Mapping[str, list[_Naming]]]] = {}

    def of(self, resource: Resource, snapshot: Snapshot) -> tuple[Related, ...]:
        """Everything that belongs to a resource: first what it names, then what names it. Each thing once."""
        self._learn(snapshot)
        found = [*_named_by(resource, snapshot), *self._naming(resource, snapshot), *_made_by(resource, snapshot)]
        seen = {resource.key}
        told = []
        for one in found:
            identity = one.resource.key if one.resource is not None else one.name
            if identity not in seen:
                seen.add(identity)
                told.append(one)
        return tuple(told)

    def _learn(self, snapshot: Snapshot) -> None:
        """Index the slots that were looked at since; the others are the very same objects as before."""
        for slot, observation in snapshot.observations.items():
            known = self._slots.get(slot)
            if known is None or known[0] is not observation:
                self._slots[slot] = (observation, _index(observation.resources))
        for slot in self._slots.keys() - snapshot.observations.keys():
            del self._slots[slot]

    def _naming(self, resource: Resource, snapshot: Snapshot) -> Iterator[Related]:
        yield from self._naming_exactly(resource, frozenset())
        function = resource.related.get(_FUNCTION)
        whole = find_named(function, resource, snapshot) if function else None
        if whole is not None:
            # What watches a function watches its aliases; what else names the function is not about the alias.
            yield from self._naming_exactly(whole, _ALARMING)

    def _naming_exactly(self, resource: Resource, only: frozenset[str]) -> Iterator[Related]:
        for slot, (_, index) in self._slots.items():
            for name in (resource.key, resource.name):
                for naming in index.get(name, ()):
                    if only and naming.relation not in only:
                        continue
                    if name == resource.key or _is_meant(naming, slot, resource):
                        yield Related(_backward(naming), naming.resource.name, naming.resource)


def _index(resources: Iterable[Resource]) -> Mapping[str, list[_Naming]]:
    index: dict[str, list[_Naming]] = {}
    for resource in resources:
        for relation, name in _names_in(resource):
            index.setdefault(name, []).append(_Naming(relation, resource))
    return index


def _names_in(resource: Resource) -> Iterator[tuple[str, str]]:
    """(relation, key or name) of everything that a resource names."""
    for relation, value in resource.related.items():
        for name in value.split(",") if relation == _CHILDREN else (value,):
            if name:
                yield relation, name
    for fact in _TOLD_BY_FACT:
        named = resource.facts.get(fact)
        if isinstance(named, str) and named:
            yield fact, named


def _is_meant(naming: _Naming, slot: SlotId, resource: Resource) -> bool:
    """Whether a mere name means this resource: names count in their account, region and service only."""
    service = naming.resource.facts.get("watched_service") if naming.relation == _WATCHES else slot.service
    return resource.slot == SlotId(slot.account, slot.region, str(service))


def _backward(naming: _Naming) -> str:
    return _BACKWARD.get(naming.relation, naming.resource.kind.replace("_", " "))


def _named_by(resource: Resource, snapshot: Snapshot) -> Iterator[Related]:
    for relation, name in _names_in(resource):
        found = find_named(name, resource, snapshot)
        words = _FORWARD.get((relation, resource.kind), relation.replace("_", " "))
        yield Related(words, found.name if found else name, found)


def _made_by(resource: Resource, snapshot: Snapshot) -> Iterator[Related]:
    """The stack that a resource comes from, where the stacks of its place are watched."""
    seen = snapshot.observations.get(SlotId(resource.slot.account, resource.slot.region, _STACKS))
    if not resource.stack or resource.slot.service == _STACKS or seen is None:
        return
    yield from (Related("stack", one.name, one) for one in seen.resources if one.name == resource.stack)


def find_named(wanted: str, resource: Resource, snapshot: Snapshot) -> Resource | None:
    """A related resource, known by key, or by its name where an alarm says, or beside the one that names it."""
    found = snapshot.resource(wanted)
    if found is not None:
        return found
    watched = resource.facts.get("watched_service")
    services = dict.fromkeys((str(watched) if watched else resource.slot.service, resource.slot.service))
    for service in services:
        observation = snapshot.observations.get(SlotId(resource.slot.account, resource.slot.region, service))
        for one in observation.resources if observation else ():
            if one.name == wanted and one.key != resource.key:
                return one
    return None
