"""CloudFormation stacks. moto would make the resources of each one's template; those are there already."""

from __future__ import annotations

import uuid

from cockpit.demo.emulator.world import DeployedStack, World
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.stacks import Stack, stacks
from cockpit.demo.seeding.functions import second_of

_NAMESPACE = uuid.UUID("6f0d1c5e-6a0f-4c1b-9b57-0a2f5d3c7e11")


def put_stacks(world: World, account: str, start: float) -> None:
    """Create the stacks of an account as they were at `start`."""
    account_id = ACCOUNTS[account].id
    for (name, region), parts in stacks().items():
        if name == account:
            ids = {part.name: _id(account_id, region, part.name) for part in parts}
            world.stacks[account_id, region] = tuple(_deployed(part, ids, start) for part in parts)


def _deployed(part: Stack, ids: dict[str, str], start: float) -> DeployedStack:
    created_at, began_at = second_of(part.created_age, start), second_of(part.age, start)
    parent = ids[part.parent] if part.parent else None
    return DeployedStack(part, ids[part.name], created_at, began_at, parent)


def _id(account_id: str, region: str, name: str) -> str:
    """The same at every start, so that what is stored about a stack stays true."""
    arn = f"arn:aws:cloudformation:{region}:{account_id}:stack/{name}"
    return f"{arn}/{uuid.uuid5(_NAMESPACE, arn)}"
