"""Which findings tell one story: an alarm belongs below the thing that it watches, or below the alarm that it repeats.

Only what the resources themselves say about each other counts. A finding is never put below a milder one. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cockpit.model.finding import Finding
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
    seen = {finding.key: _resource(finding, look) for finding in findings}
    above = {
        finding.key: parent.key
        for finding in findings
        if (parent := next((one for one in findings if _explains(one, finding, seen, look)), None))
    }
    below: dict[str, list[Finding]] = {}
    for finding in findings:
        root = _root(finding.key, above)
        if root != finding.key:
            below.setdefault(root, []).append(finding)
    return {key: tuple(group) for key, group in below.items()}


def _resource(finding: Finding, look: Look) -> Resource | None:
    return look(finding.resource) if finding.resource else None


def _explains(one: Finding, other: Finding, seen: Mapping[str, Resource | None], look: Look) -> bool:
    """Whether `other` is an alarm about what `one` is about."""
    thing, alarm = seen[one.key], seen[other.key]
    if thing is None or alarm is None or thing is alarm or one.environment != other.environment:
        return False
    nearby = (thing.slot.account, thing.slot.region) == (alarm.slot.account, alarm.slot.region)
    watched = {alarm.related.get("watches", ""), *alarm.related.get("children", "").split(",")} - {""}
    by_name = nearby and bool(watched & _names(thing, look))
    return (by_name or thing.key in watched) and one.health.rank >= other.health.rank


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
