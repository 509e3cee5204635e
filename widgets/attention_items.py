"""What needs attention, in words. Pure.

Findings that say "this could not be seen" are put together by their cause: one expired session is one line, not
thirty. So is one thing that several environments share. Other findings about things stay lines of their own; an alarm
stands below the thing that it watches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId
from cockpit.model.mute import Mute
from cockpit.model.units import format_age
from cockpit.model.verdict import Failure, Health, Outcome
from widgets.names import environment_name, environment_text
from widgets.said import place_in_line
from widgets.stories import Look, nothing_known, told_together
from widgets.times import clock, moment_text

_SHARED_CAUSES = frozenset({Outcome.DENIED, Outcome.EXPIRED, Outcome.UNREACHABLE, Outcome.INVALID, Outcome.THROTTLED})
WHERE_MOST = 28
"""Cells of the longest place that names its environments; more of them are counted."""


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One line of the attention list."""

    key: str
    health: Health
    where: str
    """`tim-combo/prod`, `tim-combo/dev,test`, or how many environments a cause touches."""
    subject: str
    """`lambda checkout:live`."""
    reason: str
    since: float | None
    changed: str
    """What changed about then: `version 42, published 14:24`."""
    remedy: str
    """What to do, where the reason does not say it."""
    environments: tuple[EnvironmentId, ...]
    service: str
    resource: str | None
    account: str
    """Where the cause is."""
    findings: tuple[str, ...] = ()
    """Keys of the findings that it tells of."""
    mute: Mute | None = None
    """What somebody said about it."""
    below: bool = False
    """It is about what the item above is about: an alarm of the thing, or an alarm of that alarm."""

    @property
    def more(self) -> str:
        """What is told after the reason: what changed about then, or what to do."""
        return f"after {self.changed}" if self.changed else self.remedy

    def since_text(self, now: float) -> str:
        """`since 14:26`, or nothing where it is not known."""
        return f"since {moment_text(self.since, now)}" if self.since is not None else ""

    def age_text(self, now: float) -> str:
        """How long it has been so: `6 min`, or nothing where it is not known."""
        return format_age(now - self.since) if self.since is not None else ""


def _cause(finding: Finding) -> tuple[str, ...] | None:
    """What findings of one cause have in common, or None for a finding that stands alone."""
    failure = finding.failure
    if failure is None:
        # One thing may belong to several environments; each may judge it by limits of its own.
        return ("thing", finding.resource, finding.rule, finding.health.value) if finding.resource else None
    if failure.outcome not in _SHARED_CAUSES:
        return None
    if failure.outcome is Outcome.EXPIRED:
        return (failure.outcome.value, failure.account)
    return (failure.outcome.value, failure.account, failure.region, failure.service, failure.operation, failure.code)


def _changed(finding: Finding) -> str:
    """What changed about when it began; the column beside it tells the day."""
    return f"{finding.changed.words} {clock(finding.changed.at)}" if finding.changed else ""


def _remedy(finding: Finding) -> str:
    """What to do, unless the reason says so already."""
    remedy = finding.failure.remedy if finding.failure else None
    return remedy if remedy and remedy not in finding.reason else ""


def _alone(finding: Finding) -> AttentionItem:
    return AttentionItem(
        key=finding.key,
        health=finding.health,
        where=environment_text(finding.environment),
        subject=f"{finding.slot.service} {finding.subject}",
        reason=finding.reason,
        since=finding.since,
        changed=_changed(finding),
        remedy=_remedy(finding),
        environments=(finding.environment,),
        service=finding.slot.service,
        resource=finding.resource,
        account=finding.slot.account,
        findings=(finding.key,),
        mute=finding.mute,
    )


def where_text(environments: Sequence[EnvironmentId]) -> str:
    """Where something is: `tim-combo/prod`, `tim-combo/dev,test` within one system, else `5 environments`."""
    first = environments[0]
    if len(environments) == 1:
        return environment_text(first)
    if all(one.system == first.system for one in environments):
        names = ",".join(environment_name(one.environment) for one in environments)
        if len(first.system) + 1 + len(names) <= WHERE_MOST:
            return f"{first.system}/{names}"
    return f"{len(environments)} environments"


def failure_words(failure: Failure) -> str:
    """A failure as a short sentence: `denied lambda:ListFunctions (AccessDeniedException)`."""
    return f"{failure.summary} ({failure.code})" if failure.outcome is not Outcome.EXPIRED else failure.message


def _together(findings: Sequence[Finding]) -> AttentionItem:
    """The findings of one cause as one line."""
    first, own = findings[0], _alone(findings[0])
    if len(findings) == 1:
        return own
    environments = tuple(dict.fromkeys(finding.environment for finding in findings))
    services = tuple(dict.fromkeys(finding.slot.service for finding in findings))
    known = [finding.since for finding in findings if finding.since is not None]
    item = replace(
        own,
        where=where_text(environments),
        since=min(known, default=None),
        environments=environments,
        findings=tuple(finding.key for finding in findings),
    )
    failure = first.failure
    if failure is None:
        return item
    return replace(
        item,
        key=f"cause|{'|'.join((*(_cause(first) or ()), *((first.mute.kind.value,) if first.mute else ())))}",
        health=max((finding.health for finding in findings), key=lambda health: health.rank),
        subject=f"{failure.account} {services[0] if len(services) == 1 else f'({len(services)} services)'}",
        changed="",
        service=services[0] if len(services) == 1 else "",
        resource=None,
        account=failure.account,
    )


def attention_items(findings: Iterable[Finding], look: Look = nothing_known) -> tuple[AttentionItem, ...]:
    """The findings as lines, in their order; those of one cause where the first of them stood.

    What nobody has seen yet comes before what is acknowledged, and that before what is muted. `look` finds a resource
    by its key; with it, what is about the same thing stands together.
    """
    placed = sorted(findings, key=place_in_line)
    return tuple(item for _, like in groupby(placed, key=place_in_line) for item in _items(like, look))


def _items(findings: Iterable[Finding], look: Look) -> Iterator[AttentionItem]:
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_cause(finding) or ("alone", finding.key), []).append(finding)
    alone = {group[0].key: group for group in groups.values() if group[0].failure is None}
    stories = {
        key: [one for one in story if _places(alone[one.key]) <= _places(alone[key])]
        for key, story in told_together([group[0] for group in alone.values()], look).items()
    }
    under = {finding.key for story in stories.values() for finding in story}
    for group in groups.values():
        first = group[0]
        if first.key not in under or first.failure is not None:
            yield _together(group)
            yield from (replace(_together(alone[one.key]), below=True) for one in stories.get(first.key, ()))


def _places(findings: Iterable[Finding]) -> set[EnvironmentId]:
    """Where findings are. What is elsewhere too is not told below something that is not."""
    return {finding.environment for finding in findings}
