"""What the stacks of an environment have to do with its other resources: a bad release came with an update. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.engine.findings import change_before
from cockpit.engine.membership import Membership, Part
from cockpit.model.finding import Change
from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.service import Reach, ServiceSpec

STACKS = "stacks"
"""Service key of CloudFormation stacks."""


def changed_before(resource: Resource, part: Part, membership: Membership, since: float) -> Change | None:
    """What changed shortly before `since`: the resource or what belongs to it, else the stack that it comes from.

    `part` is the service of `resource`. A stack in trouble is itself what changed.
    """
    if part.service.key == STACKS:
        return None
    company = part.by_slot.get(resource.slot, ())
    own = change_before(resource, company, since, part.service.dated)
    stacks = membership.parts.get(STACKS)
    if own is not None or stacks is None or not resource.stack:
        return own
    stack = _stack_of(resource.slot, resource.stack, part.service, stacks)
    update = change_before(stack, (), since, stacks.service.dated) if stack else None
    return Change(f"{update.words} ({stack.name})", update.at) if stack and update else None


def _stack_of(slot: SlotId, name: str, spec: ServiceSpec, stacks: Part) -> Resource | None:
    """The outermost stack around the one called `name`: who updates a nested stack updates that one too.

    What is global lives in us-east-1, wherever its stack is.
    """
    by_key = {one.key: one for one in stacks.resources if one.slot.account == slot.account}
    anywhere = spec.reach is Reach.GLOBAL
    named = (one for one in by_key.values() if one.name == name and (anywhere or one.slot.region == slot.region))
    found = next(named, None)
    seen: set[str] = set()
    while found is not None and (around := _around(found, stacks.service, by_key)) and around.key not in seen:
        seen.add(around.key)
        found = around
    return found


def _around(stack: Resource, spec: ServiceSpec, by_key: Mapping[str, Resource]) -> Resource | None:
    return by_key.get(stack.related.get(spec.owner or "", ""))
