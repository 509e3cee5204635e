"""Which findings tell one story: an alarm belongs below the thing that it watches, or below the alarm that it repeats.

Only what the resources themselves say about each other counts. A finding is never put below a milder one. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource

Look = Callable[[str], Resource | None]
"""Finds a resource by its key."""
_OWNERS = ("function",)
"""Relations by which a part (an alias) names the whole that alarms watch."""


def nothing_known(key: str) -> Resource | None:  # noqa: ARG001 - a `Look`
    """For where resources are not at hand: nothing is put together."""
    return None


def told_together(findings: Sequence[Finding], look: Look) -> Mapping[str, tuple[Finding, ...]]:
    """Key of a finding → the findings that stand below it, in their order."""
    known = [
        (finding, resource)
        for finding in findings
        if finding.resource and (resource := look(finding.resource)) is not None
    ]
    by_name: dict[tuple[EnvironmentId, str], list[tuple[Finding, Resource]]] = {}
    for finding, resource in known:
        for name in _names(resource, look):
            by_name.setdefault((finding.environment, name), []).append((finding, resource))
    above = {
        finding.key: parent.key
        for finding, alarm in known
        for parent in islice(_explanations(finding, alarm, by_name), 1)
    }
    below: dict[str, list[Finding]] = {}
    for finding, _ in known:
        root = _root(finding.key, above)
        if root != finding.key:
            below.setdefault(root, []).append(finding)
    return {key: tuple(group) for key, group in below.items()}


def _explanations(
    finding: Finding, alarm: Resource, by_name: Mapping[tuple[EnvironmentId, str], Sequence[tuple[Finding, Resource]]]
) -> Iterator[Finding]:
    """The findings about what `alarm` watches. A name means something in its own account, region and service only."""
    watched = [(alarm.related.get("watches", ""), alarm.facts.get("watched_service"))]
    watched += [(child, alarm.slot.service) for child in alarm.related.get("children", "").split(",")]
    for name, service in watched:
        for other, thing in by_name.get((finding.environment, name), ()):
            place = (thing.slot.account, thing.slot.region, thing.slot.service)
            nearby = place == (alarm.slot.account, alarm.slot.region, service or thing.slot.service)
            if thing is not alarm and (nearby or name == thing.key) and other.health.rank >= finding.health.rank:
                yield other


def _names(thing: Resource, look: Look) -> set[str]:
    """What alarms may call a thing: its key, its name, or those of the whole that it is a part of."""
    names = {thing.key, thing.name}
    for relation in _OWNERS:
        whole = thing.related.get(relation)
        owner = look(whole) if whole else None
        if owner is not None:
            names |= {owner.key, owner.name}
    return names


def _root(key: str, above: Mapping[str, str]) -> str:
    """The top of a story. Alarms that name each other have none, and stand alone."""
    seen = {key}
    top = key
    while top in above:
        top = above[top]
        if top in seen:
            return key
        seen.add(top)
    return top
