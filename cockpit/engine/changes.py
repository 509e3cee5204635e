"""What was changed in AWS between two looks at a slot, as the services declare it (`watched`, `dated`). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cockpit.engine.share import METRICS_CALL
from cockpit.model.event import CHANGED_SOMEHOW, Event, EventKind
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Dated, ServiceSpec, Watched
from cockpit.model.text import harmless
from cockpit.model.units import format_figure

REACH_SECONDS = 7 * 86_400.0
"""Of a thing that is seen for the first time, what was changed before that is told as far back as this."""
_CLOCK_SECONDS = 60.0
"""Clocks of AWS and of this machine may differ by this much."""
_TEXT_MAX = 40
"""Longer values (hashes, ARNs, lists) say less than that they were changed."""
PRESENCE = "presence"
"""`Event.fact` where a thing has appeared or disappeared."""
APPEARED = "appeared"
GONE = "is gone"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a service watches, by resource kind."""

    watched: Mapping[str, tuple[Watched, ...]]
    dated: Mapping[str, tuple[Dated, ...]]
    listed: frozenset[str]
    """Kinds whose coming and going is told: those that are listed whole at each look."""

    @classmethod
    def of(cls, spec: ServiceSpec) -> Declared:
        """As `spec` declares it."""
        kinds = {kind for one in spec.watched for kind in one.kinds} | {
            kind for one in spec.dated for kind in one.kinds
        }
        return cls(
            {kind: tuple(one for one in spec.watched if kind in one.kinds) for kind in kinds},
            {kind: tuple(one for one in spec.dated if kind in one.kinds) for kind in kinds},
            frozenset(spec.selects) if spec.watched or spec.dated else frozenset(),
        )


def of_slot(before: Observation | None, after: Observation, declared: Declared) -> list[Event]:
    """What was changed from one look at a slot to a later one; `environment` is left open.

    Objects that both looks share are not compared: a slot that was only measured costs next to nothing.
    """
    if before is not None and (before.resources is after.resources or before.account_id != after.account_id):
        return []
    known = before.by_key if before is not None else {}
    events: list[Event] = []
    for resource in after.resources:
        then = known.get(resource.key)
        if then is resource or (then is not None and then.facts is resource.facts):
            continue
        if then is None:
            events.extend(_of_newcomer(resource, before, after, declared))
        else:
            events.extend(_of_facts(then, resource, before, after, declared))
    if before is not None and before.discovered_at != after.discovered_at:
        there = after.by_key
        gone = (one for one in before.resources if one.key not in there and one.kind in declared.listed)
        events.extend(_event(one, PRESENCE, GONE, after.attempted_at, exact=False) for one in gone)
    return events


def _of_newcomer(
    resource: Resource, before: Observation | None, after: Observation, declared: Declared
) -> Iterator[Event]:
    """Of what was not there before, that it appeared; of what merely was not seen before, what was changed lately."""
    dated = declared.dated.get(resource.kind, ())
    listed_at = before.discovered_at if before is not None and _was_listed(resource.kind, before) else None
    if listed_at is not None and resource.kind in declared.listed:
        lately = listed_at - _CLOCK_SECONDS
        moments = (moment for one in dated if one.whole and (moment := _moment(resource, one, after)) is not None)
        at = next((moment for moment in moments if moment >= lately), None)
        yield _event(resource, PRESENCE, APPEARED, after.attempted_at if at is None else at, exact=at is not None)
        return
    for one in dated:
        moment = _moment(resource, one, after)
        if moment is not None and moment >= after.attempted_at - REACH_SECONDS:
            yield _event(resource, one.fact, one.words(resource), moment)


def _was_listed(kind: str, before: Observation) -> bool:
    """Whether a look had the list of a kind: where a list failed and nothing is there, it may be this one."""
    missing = any(one.resource is None and one.operation != METRICS_CALL for one in before.failures)
    return not missing or any(one.kind == kind for one in before.resources)


def _of_facts(
    then: Resource, resource: Resource, before: Observation | None, after: Observation, declared: Declared
) -> Iterator[Event]:
    # Where there was no moment before (no invalidation, or it could not be read), only a recent one is news.
    lately = ((before.discovered_at if before else None) or after.attempted_at) - _CLOCK_SECONDS

    def is_news(moment: float | None, known: float | None) -> bool:
        return moment is not None and moment > (lately if known is None else known)

    dated = [(one, _moment(resource, one, after)) for one in declared.dated.get(resource.kind, ())]
    moved = [(one, moment) for one, moment in dated if moment and is_news(moment, then.number(one.fact))]
    whole = next((moment for one, moment in moved if one.whole), None)
    told = False
    for watched in declared.watched.get(resource.kind, ()):
        words = _difference(watched, then.facts, resource.facts)
        if words is not None:
            told = True
            at = after.attempted_at if whole is None else whole
            yield _event(resource, watched.fact, words, at, exact=whole is not None)
    for one, moment in moved:
        # What was changed says more than that something was.
        if not (told and one.whole):
            yield _event(resource, one.fact, one.words(resource), moment)


def _moment(resource: Resource, dated: Dated, after: Observation) -> float | None:
    """The moment that a dated fact tells; None for none, and for one that is yet to come."""
    moment = resource.number(dated.fact)
    return moment if moment is not None and moment <= after.attempted_at + _CLOCK_SECONDS else None


def _difference(watched: Watched, then: Mapping[str, Fact], now: Mapping[str, Fact]) -> str | None:
    # A fact that is absent could not be read.
    if watched.fact not in then or watched.fact not in now or then[watched.fact] == now[watched.fact]:
        return None
    before, after = (_shown(facts[watched.fact], watched) for facts in (then, now))
    if before == after or max(len(before), len(after)) > _TEXT_MAX:
        return f"{watched.label}{CHANGED_SOMEHOW}"
    return f"{watched.label} {before} → {after}"


def _shown(value: Fact, watched: Watched) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return format_figure(float(value), watched.unit) if watched.unit else f"{value:g}"
    return harmless(value)


def _event(resource: Resource, fact: str, words: str, at: float, *, exact: bool = True) -> Event:
    return Event(
        at=at,
        kind=EventKind.CHANGED,
        environment=None,
        slot=resource.slot,
        subject=resource.name,
        words=words,
        resource=resource.key,
        fact=fact,
        exact=exact,
    )


def of_environment(event: Event, *, appeared: bool) -> Event:
    """That a whole environment came or went, in place of everything in it. `event` is of one of its resources."""
    words = "environment appeared" if appeared else "environment is gone"
    return replace(event, subject=str(event.environment), words=words, resource=None, exact=False)
