"""What happened to findings between two moments: begun, worsened, eased, ended. Pure.

The timeline is the measure, not the snapshot before: a finding that the timeline tells already does not begin again
after a restart, and one that ended while nobody was looking ends when it is looked at again. What cannot be seen now
has neither begun nor ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cockpit.engine.findings import OBSERVATION, place
from cockpit.engine.share import METRICS_CALL
from cockpit.health.window import metric_ids
from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age
from cockpit.model.verdict import Health, Outcome

UNSEEN_SECONDS = 120.0
"""Sight that is lost for less than this is not worth an entry: a throttled call, a laptop that wakes up."""
_LOOKED = frozenset({Outcome.OK, Outcome.PARTIAL, Outcome.REGION_DISABLED})


@dataclass(frozen=True, slots=True)
class Stood:
    """A finding as the timeline tells it."""

    event: Event
    """Its newest entry, but with `at` when it began."""
    seen_at: float | None = None
    """When what it is about was last looked at while it stood (`Observation.observed_at`); None: by another process."""


def of_findings(
    standing: Mapping[str, Stood], snapshot: Snapshot, catalogue: Catalogue, *, started_at: float
) -> tuple[list[Event], dict[str, Stood]]:
    """The entries that lead from what the timeline tells to `snapshot`, and what it tells then.

    Args:
        standing: Finding key → what stands according to the timeline.
        snapshot: What is known now.
        catalogue: The services; their rules name what ended.
        started_at: Epoch seconds when this process began to poll: looks before that were another's.
    """
    now: dict[str, Finding] = {}
    for state in snapshot.environments:
        for finding in state.findings:
            # The worst comes first.
            now.setdefault(finding.key, finding)
    events: list[Event] = []
    after: dict[str, Stood] = {}
    for key, finding in now.items():
        seen = snapshot.observations.get(finding.slot)
        told = standing.get(key)
        event = _entry(told, finding, seen, snapshot, started_at=started_at)
        if event is not None:
            events.append(event)
            told = Stood(replace(event, at=told.event.at if told else event.at))
        if told is not None:
            after[key] = replace(told, seen_at=seen.observed_at if seen else told.seen_at)
    missing = standing.keys() - now.keys()
    current = _by_place(now.values()) if missing else {}
    for key in sorted(missing):
        ended = _end(standing[key], snapshot, current, catalogue)
        if ended is None:
            after[key] = standing[key]
        else:
            events.append(ended)
    return events, after


def _entry(
    told: Stood | None, finding: Finding, seen: Observation | None, snapshot: Snapshot, *, started_at: float
) -> Event | None:
    """The entry that a finding that stands now is worth; None where the timeline tells it as it is."""
    if told is not None and told.event.after is finding.health:
        return None
    if seen is None or not _is_of_this_process(finding, seen, started_at):
        return None
    now = snapshot.at
    if told is not None:
        kind = EventKind.EASED if _is_easier(told.event.after, finding.health) else EventKind.WORSENED
        return _event(finding, kind, now, before=told.event.after)
    since = min(finding.since if finding.since is not None else now, now)
    if finding.health is Health.UNKNOWN and (not snapshot.polling or now - since < UNSEEN_SECONDS):
        return None
    return _event(finding, EventKind.BEGAN, since, before=None)


def _is_of_this_process(finding: Finding, seen: Observation, started_at: float) -> bool:
    """Whether a finding rests on a look of this process, and not on what was read from disk."""
    if finding.rule == OBSERVATION:
        return not seen.restored or seen.attempted_at >= started_at
    return not seen.restored


def _is_easier(before: Health | None, after: Health) -> bool:
    # Not to know any more is never an improvement.
    return before is not None and after is not Health.UNKNOWN and after.rank < before.rank


def _event(finding: Finding, kind: EventKind, at: float, *, before: Health | None) -> Event:
    return Event(
        at=at,
        kind=kind,
        environment=finding.environment,
        slot=finding.slot,
        subject=finding.subject,
        words=finding.reason,
        before=before,
        after=finding.health,
        resource=finding.resource,
        finding=finding.key,
    )


_Place = tuple[EnvironmentId, SlotId]


def _by_place(findings: Iterable[Finding]) -> Mapping[_Place, Collection[Finding]]:
    places: dict[_Place, list[Finding]] = {}
    for finding in findings:
        places.setdefault((finding.environment, finding.slot), []).append(finding)
    return places


def _end(
    stood: Stood, snapshot: Snapshot, current: Mapping[_Place, Collection[Finding]], catalogue: Catalogue
) -> Event | None:
    """The end of a finding that is not there any more; None where that is not known yet."""
    event = stood.event
    if event.slot is None or event.environment is None:
        return None
    seen = snapshot.observations.get(event.slot)
    if seen is None or not _was_looked_at(seen, stood.seen_at):
        return None
    if event.resource is not None and snapshot.resource(event.resource) is None:
        return _ended(event, "is gone", snapshot.at)
    name = (event.finding or "").rpartition("|")[2]
    beside = current.get((event.environment, event.slot), ())
    hidden = _is_unread(event, name, seen, catalogue) or any(
        _hides(one, event, name, snapshot, catalogue) for one in beside
    )
    if hidden or not _is_still_watched(event, snapshot):
        return None
    rule = catalogue.rule(name)
    return _ended(event, rule.label if rule else "seen again" if name == OBSERVATION else name, snapshot.at)


def _was_looked_at(seen: Observation, since: float | None) -> bool:
    """Whether a slot was seen, by this process, after the moment `since`."""
    if seen.restored or seen.observed_at is None or seen.outcome not in _LOOKED:
        return False
    return since is None or seen.observed_at > since


def _is_still_watched(event: Event, snapshot: Snapshot) -> bool:
    """Whether the environment has the slot still: what nobody watches any more has not ended."""
    state = snapshot.environment(event.environment) if event.environment else None
    cells = state.cells.values() if state else ()
    return any(event.slot in cell.slots for cell in cells)


def _is_unread(event: Event, name: str, seen: Observation, catalogue: Catalogue) -> bool:
    """Whether the part of a look that tells about a finding has failed."""
    for failure in seen.failures:
        if failure.resource is not None:
            if failure.resource in {event.resource, event.subject}:
                return True
        elif name == OBSERVATION:
            if event.subject == f"{place(seen.slot)} {failure.operation}":
                return True
        elif failure.operation == METRICS_CALL and (rule := catalogue.rule(name)) and metric_ids(rule):
            return True
    return False


def _hides(finding: Finding, event: Event, name: str, snapshot: Snapshot, catalogue: Catalogue) -> bool:
    """Whether a finding that stands keeps one from knowing whether the one of `event` has ended.

    Old data tell nothing. And the same rule may be told of many at once, or of a part in its owner's place
    (`cockpit.engine.share`).
    """
    if name == OBSERVATION:
        return False
    if finding.rule == OBSERVATION:
        return finding.subject == place(finding.slot)
    if finding.rule != name:
        return False
    if finding.resource is None or event.resource is None:
        return True
    return event.resource in _owners(finding, snapshot, catalogue)


def _owners(finding: Finding, snapshot: Snapshot, catalogue: Catalogue) -> Collection[str]:
    """Keys of the resource that a finding's resource is a part of."""
    part = snapshot.resource(finding.resource) if finding.resource else None
    spec = catalogue.service(finding.slot.service)
    owner = part.related.get(spec.owner) if part and spec and spec.owner else None
    seen = snapshot.observations.get(finding.slot)
    return [one.key for one in seen.resources if owner in {one.key, one.name}] if seen and owner else ()


def _ended(event: Event, what: str, at: float) -> Event:
    words = f"{what}, lasted {format_age(at - event.at)}"
    return replace(
        event, at=at, kind=EventKind.ENDED, words=words, before=event.after, after=Health.OK, exact=True, number=0
    )
