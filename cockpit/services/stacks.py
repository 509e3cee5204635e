"""CloudFormation stacks: what was deployed when, and whether the last deployment went through.

One call names every stack, and costs nothing; only a stack in trouble is asked for its events, once, for the first
failure. Values of parameters and outputs come with the same answer and are never looked at. Drift is told as it was
last found; finding it anew is left to those who own the stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import FactValue, Missing, Rule, Threshold
from cockpit.model.service import Call, Column, Dated, Discovery, Headline, Reach, Reader, ServiceSpec, Settled, Watched
from cockpit.model.units import Unit
from cockpit.services._console import stack_page
from cockpit.services._reading import epoch, known, tag_map
from cockpit.services._stack_causes import with_causes
from cockpit.services._stack_status import DELETED, IN_REVIEW, doing, is_first, standing

_KINDS = ("stack", "nested")
_JUDGED = ("half_updated", "failed", "rolled_back", "in_progress")
_TROUBLES = ("half_updated", "failed", "rolled_back")
_PARENT = "parent"


async def discover(reader: Reader, previous: Observation | None, _settled: Settled) -> Discovery:
    """Every stack that is not deleted; of those in trouble the first failure."""
    rows = await reader.pages("DescribeStacks", "Stacks")
    # Asked without a name AWS leaves out deleted stacks; an emulator may not.
    stacks = _without_echoes([_stack(reader, row) for row in rows if row["StackStatus"] != DELETED])
    in_trouble = [one.key for one in stacks if any(one.facts[name] for name in _TROUBLES)]
    found, failures = await with_causes(reader, stacks, known(previous, *_KINDS), in_trouble)
    return Discovery(tuple(found), failures)


def _stack(reader: Reader, row: Mapping[str, Any]) -> Resource:
    status, name = str(row["StackStatus"]), str(row["StackName"])
    key = str(row.get("StackId") or f"stack/{reader.account_id}/{reader.slot.region}/{name}")
    stands, drift, parent = standing(status), row.get("DriftInformation") or {}, row.get("ParentId")
    created_at, updated_at = epoch(row["CreationTime"]), epoch(row.get("LastUpdatedTime"))
    moments = (created_at, updated_at, epoch(row.get("DeletionTime")))
    facts: dict[str, Fact] = {
        "status": status,
        "status_reason": row.get("StackStatusReason") or None,
        "created_at": created_at,
        # A stack that comes from a change set has been "updated" by the execution that created it.
        "updated_at": None if is_first(status) else updated_at,
        "deletion_began_at": moments[2],
        "termination_protection": row.get("EnableTerminationProtection"),
        "drift": drift.get("StackDriftStatus"),
        "drift_checked_at": epoch(drift.get("LastCheckTimestamp")),
        "description": row.get("Description") or None,
        "parameters": len(row.get("Parameters") or ()),
        "outputs": len(row.get("Outputs") or ()),
        "began_at": max((moment for moment in moments if moment is not None), default=None),
        "half_updated": stands.half_updated,
        "failed": stands.failed,
        "rolled_back": stands.rolled_back,
        "in_progress": stands.in_progress,
    }
    related = {_PARENT: str(parent)} if parent else {}
    kind = "nested" if parent else "stack"
    return Resource(key, reader.slot, kind, name, facts, tag_map(row.get("Tags")), related, stack=name)


def _without_echoes(stacks: Sequence[Resource]) -> list[Resource]:
    """The stacks; what a nested stack has in common with one that it is a part of is told once, there.

    A failed update takes every nested stack back with it.
    """
    by_key = {one.key: one for one in stacks}

    def above(one: Resource) -> Iterator[Resource]:
        seen = {one.key}
        while (parent := by_key.get(one.related.get(_PARENT, ""))) is not None and parent.key not in seen:
            seen.add(parent.key)
            yield parent
            one = parent

    def told_once(one: Resource) -> Resource:
        echoes = {name: False for over in above(one) for name in _JUDGED if one.facts[name] and over.facts[name]}
        return replace(one, facts={**one.facts, **echoes}) if echoes else one

    return [told_once(one) for one in stacks]


def headline(resources: Sequence[Resource]) -> Headline:
    """How many failed in some way, else what is being done: `1 failed`, `updating`; else `12 ok`.

    Nested stacks count where something is wrong with them; else they are parts of what is counted already.
    """
    failed = [one for one in resources if any(one.facts.get(fact) for fact in _TROUBLES)]
    if failed:
        worst = min(failed, key=lambda one: (not one.facts.get("half_updated"), one.name))
        return Headline(f"{len(failed)} failed", label=worst.name)
    busy = sorted((one for one in resources if one.facts.get("in_progress")), key=lambda one: one.name)
    if busy:
        words = {doing(str(one.facts.get("status"))) for one in busy}
        return Headline(words.pop() if len(words) == 1 else "changing", label=busy[0].name)
    whole = [one for one in resources if one.kind == "stack"] or list(resources)
    good = sum(one.facts.get("failed") is False and one.facts.get("status") != IN_REVIEW for one in whole)
    unclear = sum(one.facts.get("failed") is None for one in whole)
    return Headline(f"{good} ok ?{unclear}" if unclear else f"{good} ok")


def _changed(stack: Resource) -> str:
    """What became of the last update, as far as the stack tells."""
    if stack.facts.get("half_updated") or stack.facts.get("rolled_back"):
        return "stack update failed"
    return "stack update began" if stack.facts.get("in_progress") else "stack updated"


def _lasting(one: Resource) -> Fact:
    return one.facts.get("updated_at") or one.facts.get("created_at")


def _rule(name: str, label: str, threshold: Threshold, reason: str = "trouble", fact: str = "") -> Rule:
    return Rule(
        f"stacks.{name}",
        _KINDS,
        label,
        FactValue(fact or name),
        Unit.COUNT,
        threshold,
        missing=Missing.UNKNOWN,
        since_fact="began_at",
        reason_fact=reason,
    )


SERVICE = ServiceSpec(
    key="stacks",
    title="Stacks",
    column="STACKS",
    order=95,
    minor=True,
    reach=Reach.REGIONAL,
    calls=(
        # "If you don't pass a parameter to StackName, … this requires ListStacks and DescribeStacks permissions."
        Call(
            "cloudformation", "DescribeStacks", "cloudformation:DescribeStacks", also_iam=("cloudformation:ListStacks",)
        ),
        Call("cloudformation", "DescribeStackEvents", "cloudformation:DescribeStackEvents"),
    ),
    discover=discover,
    # An update takes minutes, and those who run it ask for the same few calls a second.
    discover_seconds=120.0,
    stale_seconds=600.0,
    metrics=(),
    cadences=(),
    rules=(
        _rule("half_updated", "half updated", Threshold(warning=None, critical=0.0)),
        _rule("failed", "failed", Threshold(warning=0.0, critical=None)),
        _rule("rolled_back", "without its last update", Threshold(warning=0.0, critical=None)),
        _rule("in_progress", "in progress", Threshold(warning=0.0, critical=None, for_seconds=3600), reason="status"),
    ),
    columns=(
        Column("status", "STATUS", lambda one: one.facts.get("status"), None, 1),
        Column("updated", "UPDATED", _lasting, None, 1, age=True),
        Column("cause", "WHY", lambda one: one.facts.get("cause") or one.facts.get("status_reason"), None, 2),
        Column("drift", "DRIFT", lambda one: one.facts.get("drift"), None, 2),
        Column("kind", "KIND", lambda one: one.kind, None, 3),
        Column("created", "CREATED", lambda one: one.facts.get("created_at"), None, 3, age=True),
        Column("protected", "PROTECTED", lambda one: _yes_or_no(one.facts.get("termination_protection")), None, 3),
        Column("description", "DESCRIPTION", lambda one: one.facts.get("description"), None, 4),
        Column("outputs", "OUTPUTS", lambda one: one.number("outputs"), Unit.COUNT, 4, numeric=True),
    ),
    headline=headline,
    selects=("stack",),
    owner=_PARENT,
    watched=(
        Watched("status", "status", ("stack",)),
        Watched("termination_protection", "termination protection", ("stack",)),
        Watched("drift", "drift", ("stack",)),
        Watched("description", "description", ("stack",)),
    ),
    dated=(
        Dated("deletion_began_at", lambda _: "deletion began", ("stack",), whole=True),
        Dated("updated_at", _changed, ("stack",), whole=True),
        Dated("created_at", lambda _: "created", ("stack",), whole=True),
    ),
    console=stack_page,
)


def _yes_or_no(value: Fact) -> Fact:
    return None if value is None else "yes" if value else "no"
