"""The snapshot: everything that was seen, judged and laid out by environment. Pure; `Board` only remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cockpit.config.settings import Settings
from cockpit.engine.cells import Scene, cell_of, searching_cell
from cockpit.engine.findings import nothing_polled
from cockpit.engine.membership import Membership, memberships
from cockpit.engine.remembered import Remembered
from cockpit.engine.sight import pace_of
from cockpit.model.finding import Finding
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import AccountState, Cell, EnvironmentState, MeterReading, Snapshot, finding_order
from cockpit.model.verdict import Failure, Health, Outcome

NOT_FAILURES = (Outcome.OK, Outcome.REGION_DISABLED)


def build_snapshot(  # noqa: PLR0917 - the order of the contract between the rooms
    settings: Settings,
    catalogue: Catalogue,
    observations: Mapping[SlotId, Observation],
    accounts: Iterable[AccountState],
    meter: MeterReading,
    now: float,
    *,
    version: int = 0,
    notices: tuple[str, ...] = (),
    first_seen: Mapping[str, float] | None = None,
    polling: bool = True,
) -> Snapshot:
    """Judge everything that is known at `now` (epoch seconds).

    `first_seen` maps the keys of findings to the epoch second when each was first seen (`History.first_seen`); it
    counts where nothing better tells since when something has been wrong. `accounts` are given as the engine knows
    them; open failures of their slots are merged in. `polling` is False while paused.
    """
    return Board().build(
        settings,
        catalogue,
        observations,
        accounts,
        meter,
        now,
        version=version,
        notices=notices,
        first_seen=first_seen,
        polling=polling,
    )


class Board:
    """Builds snapshots, and keeps what still holds from one to the next.

    The same arguments give the same snapshot, whatever was built before; only the time that it takes differs. Not for
    use by several threads at once.
    """

    def __init__(self) -> None:
        self._remembered = Remembered()

    def build(  # noqa: PLR0917 - as above
        self,
        settings: Settings,
        catalogue: Catalogue,
        observations: Mapping[SlotId, Observation],
        accounts: Iterable[AccountState],
        meter: MeterReading,
        now: float,
        *,
        version: int = 0,
        notices: tuple[str, ...] = (),
        first_seen: Mapping[str, float] | None = None,
        polling: bool = True,
    ) -> Snapshot:
        """As `build_snapshot`."""
        seen = dict(observations)
        scene = Scene(seen, settings.polling, pace_of(settings.polling, meter), now, first_seen or {}, self._remembered)
        rows = [_row(scene, one) for one in memberships(settings, catalogue, seen, self._remembered)]
        self._remembered.turn()
        return Snapshot(
            version=version,
            at=now,
            environments=tuple(row.state for row in rows if row.state is not None),
            accounts=tuple(_with_failures(account, seen.values()) for account in accounts),
            observations=seen,
            meter=meter,
            notices=notices,
            bills=tuple(bill for row in rows for bill in row.bills),
            polling=polling,
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One environment, judged. A template stays out of sight while its environments speak for themselves."""

    state: EnvironmentState | None
    bills: tuple[Resource, ...] = ()


def _row(scene: Scene, membership: Membership) -> _Row:
    parts = membership.parts.values()
    if membership.template:
        cells = [cell for part in parts if (cell := searching_cell(scene, membership, part))]
        return _Row(_state(membership, cells) if cells else None)
    judged = [cell_of(scene, membership, part) for part in parts]
    bills = tuple(one.bill for one in judged if one.bill is not None)
    watched = membership.environment.asked_in_part or any(part.slots for part in parts)
    unwatched = () if watched else (nothing_polled(membership.environment.id),)
    return _Row(_state(membership, [one.cell for one in judged], unwatched), bills)


def _state(membership: Membership, cells: Iterable[Cell], more: tuple[Finding, ...] = ()) -> EnvironmentState:
    """An environment from its cells, and from findings that belong to none of them."""
    environment = membership.environment
    by_service = {cell.service: cell for cell in cells}
    found = (*more, *(finding for cell in by_service.values() for finding in cell.findings))
    return EnvironmentState(
        id=environment.id,
        title=environment.title,
        protected=environment.protected,
        health=Health.worst((*(one.health for one in more), *(cell.health for cell in by_service.values()))),
        cells=by_service,
        findings=tuple(sorted(found, key=finding_order)),
        links=environment.links,
        monthly_budget_usd=environment.monthly_budget_usd,
        discovered=membership.discovered or membership.template,
        accounts=membership.accounts,
    )


def _with_failures(account: AccountState, observations: Iterable[Observation]) -> AccountState:
    """The account with the open failures of its slots and the time of the newest attempt."""
    mine = [one for one in observations if one.slot.account == account.name]
    failures = [failure for one in mine if one.outcome not in NOT_FAILURES for failure in one.failures]
    attempts = [one.attempted_at for one in mine if not one.restored]
    known = [account.last_poll_at] if account.last_poll_at is not None else []
    distinct: dict[tuple[object, ...], Failure] = {_same(one): one for one in (*failures, *account.failures)}
    return replace(account, failures=tuple(distinct.values()), last_poll_at=max((*attempts, *known), default=None))


def _same(failure: Failure) -> tuple[object, ...]:
    """What makes two failures one: a refused credential is told by every slot that needs it."""
    return (failure.service, failure.region, failure.operation, failure.code, failure.resource)
