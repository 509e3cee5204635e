"""What was seen of what was asked for, account by account. Pure.

A slot counts as observed only when a whole, confirmed and fresh look at it exists; anything less keeps the
check from saying OK.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cockpit.check.request import CheckRequest
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import AccountState, MeterLine, Snapshot
from cockpit.model.units import format_age
from cockpit.model.verdict import Failure, Outcome


class Seen(enum.Enum):
    """How much of a slot was seen."""

    OBSERVED = "observed"
    """All of it, or there is nothing to watch (the region is not enabled)."""
    PARTIAL = "partial"
    """Some resources or metrics are missing."""
    UNOBSERVED = "unobserved"


@dataclass(frozen=True, slots=True)
class SlotCoverage:
    """One slot of what was asked for."""

    slot: SlotId
    seen: Seen
    outcome: Outcome | None
    """Of the newest attempt; None: there was none."""
    observed_at: float | None
    """When it was last seen at least in part, epoch seconds."""
    reason: str
    """Why it was not wholly observed; empty otherwise."""
    failures: tuple[Failure, ...] = ()
    stored: bool = False
    """True where the data come from the store and not from this run."""


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """One account of what was asked for."""

    name: str
    account_id: str
    outcome: Outcome | None
    """Of the identity check; None: there was none."""
    identity_arn: str | None
    source: str
    expires_at: float | None
    remedy: str | None
    slots: tuple[SlotCoverage, ...]
    failures: tuple[Failure, ...]
    calls: int
    cost_usd: float

    @property
    def count_observed(self) -> int:
        """How many slots were wholly observed."""
        return sum(slot.seen is Seen.OBSERVED for slot in self.slots)

    @property
    def complete(self) -> bool:
        """Whether every slot was wholly observed."""
        return self.count_observed == len(self.slots)

    @property
    def missing_permissions(self) -> tuple[str, ...]:
        """IAM actions that were denied, sorted."""
        found = (*self.failures, *(failure for slot in self.slots for failure in slot.failures))
        return tuple(sorted({failure.iam_action for failure in found if failure.iam_action}))


def cover(
    snapshot: Snapshot, request: CheckRequest, catalogue: Catalogue, asked: Collection[SlotId]
) -> tuple[AccountCoverage, ...]:
    """The coverage of the `asked` slots, an entry for each account, least covered first and then by name."""
    states = {account.name: account for account in snapshot.accounts}
    names = sorted({slot.account for slot in asked})
    accounts = (
        _cover_account(name, states.get(name), snapshot, [_cover_slot(s, snapshot, request, catalogue) for s in mine])
        for name in names
        for mine in [sorted(slot for slot in asked if slot.account == name)]
    )
    return tuple(sorted(accounts, key=lambda account: (account.complete, account.name)))


def _cover_account(
    name: str, state: AccountState | None, snapshot: Snapshot, slots: Iterable[SlotCoverage]
) -> AccountCoverage:
    lines: tuple[MeterLine, ...] = snapshot.meter.of_account(name)
    return AccountCoverage(
        name=name,
        account_id=state.account_id if state else "",
        outcome=state.outcome if state else None,
        identity_arn=state.identity_arn if state else None,
        source=state.source if state else "",
        expires_at=state.expires_at if state else None,
        remedy=state.remedy if state else None,
        slots=tuple(slots),
        failures=state.failures if state else (),
        calls=sum(line.calls for line in lines),
        cost_usd=sum(line.cost_usd for line in lines),
    )


def _cover_slot(slot: SlotId, snapshot: Snapshot, request: CheckRequest, catalogue: Catalogue) -> SlotCoverage:
    observation = snapshot.observations.get(slot)
    if observation is None:
        waited = format_age(request.timeout_seconds)
        return SlotCoverage(slot, Seen.UNOBSERVED, None, None, f"not reached within {waited}")
    seen, reason = _judge(observation, snapshot.at, _allowed_age(slot, request, catalogue))
    return SlotCoverage(
        slot=slot,
        seen=seen,
        outcome=observation.outcome,
        observed_at=observation.observed_at,
        reason=reason,
        failures=observation.failures,
        stored=observation.restored,
    )


def _allowed_age(slot: SlotId, request: CheckRequest, catalogue: Catalogue) -> float:
    """How old data from the store may be, in seconds."""
    spec = catalogue.service(slot.service)
    shared = spec.stale_seconds if spec is not None and spec.shared_between_processes else 0.0
    return max(request.max_age_seconds or 0.0, shared)


def _judge(observation: Observation, now: float, allowed_age: float) -> tuple[Seen, str]:
    if observation.outcome is Outcome.REGION_DISABLED:
        return Seen.OBSERVED, ""
    age = observation.age_seconds(now)
    if observation.outcome not in {Outcome.OK, Outcome.PARTIAL}:
        return Seen.UNOBSERVED, _first_reason(observation)
    if age is None:
        return Seen.UNOBSERVED, "never observed"
    if observation.restored and age > allowed_age:
        return Seen.UNOBSERVED, f"only stored data, {format_age(age)} old"
    if observation.outcome is Outcome.PARTIAL:
        return Seen.PARTIAL, _first_reason(observation)
    return Seen.OBSERVED, ""


def _first_reason(observation: Observation) -> str:
    if observation.failures:
        return observation.failures[0].summary
    return observation.outcome.value.replace("_", " ")
