"""Findings: what is wrong in an environment, with its reason, since when, and what changed about then. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from cockpit.engine.share import FEW, METRICS_CALL, Verdict
from cockpit.engine.sight import Sight, failure_reason
from cockpit.model.finding import Change, Finding
from cockpit.model.ids import GLOBAL_REGION, EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Dated
from cockpit.model.verdict import Failure, Health

OBSERVATION = "observation"
"""`Finding.rule` where nothing could be seen."""

CHANGE_SECONDS = 30 * 60
"""A change this long before the first bad point is named beside the finding."""
_CLOCK_SECONDS = 60
"""A point carries the start of its period: a change within the same minute may seem to come after it."""


def place(slot: SlotId) -> str:
    """A slot as the subject of a finding: `shop-prod eu-west-1`."""
    return f"{slot.account} {slot.region}"


def unseen(environment: EnvironmentId, slot: SlotId, sight: Sight) -> Finding:
    """A slot that could not be seen, or not lately."""
    return Finding(
        environment, slot, OBSERVATION, Health.UNKNOWN, place(slot), sight.reason, None, failure=sight.failure
    )


def perhaps_more(environment: EnvironmentId, observation: Observation) -> Iterator[Finding]:
    """What keeps a template from knowing all its environments although its slot was seen: a list that is not whole."""
    for failure in observation.failures:
        if failure.resource is None and failure.operation != METRICS_CALL:
            yield _unread(environment, observation.slot, failure, {})


def nothing_there(environment: EnvironmentId, slot: SlotId, subject: str, reason: str) -> Finding:
    """A selector, or a whole service, that finds nothing to watch."""
    return Finding(environment, slot, OBSERVATION, Health.UNKNOWN, subject, reason, None)


def nothing_polled(environment: EnvironmentId) -> Finding:
    """An environment of which only the configuration speaks: its costs may be within budget, but nobody looks at it."""
    slot = SlotId("", GLOBAL_REGION, "cost")
    reason = "nothing is polled here, only fixed costs are known"
    return Finding(environment, slot, OBSERVATION, Health.UNKNOWN, "not watched", reason, None)


def partly_unseen(environment: EnvironmentId, observation: Observation, mine: Collection[str]) -> Iterator[Finding]:
    """Parts of a slot that could not be read. `mine` are names and keys of what the environment has in the slot.

    What is about a single known resource is told where the resource belongs, anything else to everybody.
    """
    names = {resource.key: resource.name for resource in observation.resources}
    elsewhere = (names.keys() | set(names.values())) - set(mine)
    groups: dict[tuple[object, str, str], list[Failure]] = {}
    for failure in observation.failures:
        if failure.resource not in elsewhere:
            groups.setdefault((failure.outcome, failure.operation, failure.code), []).append(failure)
    for group in groups.values():
        if len(group) <= FEW or any(failure.resource is None for failure in group):
            for failure in group:
                yield _unread(environment, observation.slot, failure, names)
        else:
            reason = f"{len(group)} of them {failure_reason(group[0])}"
            yield Finding(
                environment,
                observation.slot,
                OBSERVATION,
                Health.UNKNOWN,
                f"{place(observation.slot)} {group[0].operation}",
                reason,
                None,
                failure=group[0],
            )


def _unread(environment: EnvironmentId, slot: SlotId, failure: Failure, names: Mapping[str, str]) -> Finding:
    name = failure.resource
    # A failure may name its resource by name or by key; findings point at keys.
    key = name if name in names else next((key for key, known in names.items() if known == name), None)
    subject = names.get(key or "", name) or f"{place(slot)} {failure.operation}"
    return Finding(
        environment, slot, OBSERVATION, Health.UNKNOWN, subject, failure_reason(failure), None, key, failure=failure
    )


def judged(
    environment: EnvironmentId, slot: SlotId, verdict: Verdict, changed: Callable[[Resource, float], Change | None]
) -> Finding:
    """The finding of a rule. `changed` tells what changed shortly before a moment, in a resource or about it."""
    judgement, resource = verdict.judgement, verdict.resource
    since = judgement.since
    return Finding(
        environment=environment,
        slot=slot,
        rule=verdict.rule.key,
        health=judgement.health,
        subject=verdict.subject,
        reason=judgement.reason,
        since=since,
        resource=resource.key if resource else None,
        evidence=judgement.evidence,
        changed=changed(resource, since) if resource and since is not None else None,
    )


def dated(finding: Finding, first_seen: Mapping[str, float]) -> Finding:
    """With the moment when it was first seen (by finding key), where nothing tells since when it stands."""
    return finding if finding.since is not None else _since(finding, first_seen.get(finding.key))


def dated_back(finding: Finding, first_seen: Mapping[str, float]) -> Finding:
    """With the moment when it was first seen, where that is before the oldest point that is kept."""
    seen = first_seen.get(finding.key)
    return finding if seen is None or finding.since is None or seen >= finding.since else _since(finding, seen)


def _since(finding: Finding, moment: float | None) -> Finding:
    return finding if moment is None else replace(finding, since=moment)


def change_before(
    resource: Resource, company: Iterable[Resource], since: float, dated_facts: Iterable[Dated]
) -> Change | None:
    """What changed shortly before `since`, in it or in what belongs to it; what is declared first says most."""
    mine = [one for one in company if {resource.key, resource.name} & set(one.related.values())]
    for declared in dated_facts:
        for one in (resource, *mine):
            moment = one.number(declared.fact) if one.kind in declared.kinds else None
            if moment is not None and since - CHANGE_SECONDS <= moment <= since + _CLOCK_SECONDS:
                return Change(declared.words(one), moment)
    return None
