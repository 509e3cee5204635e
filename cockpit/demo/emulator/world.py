"""The emulator's own state, beside moto's: the clock, who may call, and how everything behaves."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.demo.emulator.principals import Principals
from cockpit.demo.fleet.stacks import Stack
from cockpit.demo.telemetry.place import Place

SEEDING_SECONDS = 60.0
"""An account that is not ready by then never will be."""


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A CloudFormation stack of one place."""

    part: Stack
    id: str
    """Its ARN."""
    created_at: float
    """Epoch seconds."""
    began_at: float
    """When its last operation began."""
    parent: str | None
    """Id of the stack that it is nested in."""


class World:
    """One embedded fleet. Everything is reached by 12-digit account id."""

    def __init__(
        self, principals: Principals, clock: Callable[[], float], delays: Mapping[str, float] | None = None
    ) -> None:
        self.principals = principals
        self.clock = clock
        self.delays = dict(delays or {})
        """Seconds that each answer of an account takes longer."""
        self.places: defaultdict[tuple[str, str], Place] = defaultdict(Place)
        """(account id, region) → what reports metrics there."""
        self.alarm_states: dict[str, Any] = {}
        """ARN of an alarm → its state when it was last looked at."""
        self.stacks: dict[tuple[str, str], tuple[DeployedStack, ...]] = {}
        """(account id, region) → its CloudFormation stacks."""
        self.lock = threading.RLock()
        """Held while state changes that telemetry follows."""
        self._seeded: dict[str, threading.Event] = {}

    def place(self, account_id: str, region: str) -> Place:
        """What reports metrics in a region of an account."""
        with self.lock:
            return self.places[account_id, region]

    def expect(self, account_id: str) -> None:
        """Requests to this account wait until `ready`."""
        self._seeded[account_id] = threading.Event()

    def ready(self, account_id: str) -> None:
        """The account is whole."""
        self._seeded[account_id].set()

    def wait_for(self, account_id: str) -> bool:
        """Wait until an account is whole; False if that takes too long. Accounts nobody seeds are whole at once."""
        event = self._seeded.get(account_id)
        return event is None or event.wait(SEEDING_SECONDS)
