"""What is in view: all accounts and regions, or those that were chosen. Pure. Polling does not know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cockpit.model.ids import SlotId
from cockpit.model.service import Reach, ServiceSpec
from cockpit.model.snapshot import EnvironmentState, Snapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of accounts and of regions; None is all of them, with those that come later."""

    accounts: frozenset[str] | None = None
    regions: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.accounts is None and self.regions is None

    def plain(self) -> dict[str, list[str] | None]:
        """As plain JSON values, to be remembered."""
        return {
            "accounts": None if self.accounts is None else sorted(self.accounts),
            "regions": None if self.regions is None else sorted(self.regions),
        }

    @classmethod
    def from_plain(cls, kept: object, snapshot: Snapshot) -> Scope:
        """What was remembered, as far as it is still configured; everything where nothing of it is left."""
        known = kept if isinstance(kept, dict) else {}
        accounts = _still(known.get("accounts"), (account.name for account in snapshot.accounts))
        regions = _still(known.get("regions"), (name for account in snapshot.accounts for name in account.regions))
        return cls(accounts, regions) if accounts or regions else EVERYTHING


def _still(kept: object, known: Iterable[str]) -> frozenset[str] | None:
    names = frozenset(name for name in kept if isinstance(name, str)) if isinstance(kept, list) else frozenset()
    return names.intersection(known) or None


EVERYTHING = Scope()


@dataclass(frozen=True)
class InView:
    """A scope, with what it needs to know of the services."""

    scope: Scope
    regionless: frozenset[str]
    """Services that are in no region of their own (CloudFront, a bill): a choice of regions does not hide them."""
    bills: frozenset[str]
    """Services that another account may be asked for: they are in view with their environment."""

    @classmethod
    def of(cls, scope: Scope, specs: Iterable[ServiceSpec]) -> InView:
        """What a scope means for these services."""
        known = list(specs)
        return cls(
            scope,
            frozenset(one.key for one in known if one.reach is Reach.GLOBAL or one.summarise),
            frozenset(one.key for one in known if one.summarise),
        )

    def holds(self, slot: SlotId) -> bool:
        """Whether a slot is in view."""
        return self.holds_account(slot.account) and self._holds_region(slot)

    def holds_account(self, name: str) -> bool:
        """Whether an account was chosen."""
        return self.scope.accounts is None or name in self.scope.accounts

    def _holds_region(self, slot: SlotId) -> bool:
        return self.scope.regions is None or slot.service in self.regionless or slot.region in self.scope.regions

    def holds_environment(self, state: EnvironmentState) -> bool:
        """Whether an environment draws on a chosen account, and there on a chosen region.

        Where it has something in a region, what is in none does not count for a choice of regions.
        """
        if self.scope.whole:
            return True
        slots = {slot for cell in state.cells.values() for slot in cell.slots}
        near = [slot for slot in slots if self.holds_account(slot.account)]
        if self.scope.regions is None or not slots:
            return bool(near) or any(self.holds_account(name) for name in state.accounts)
        placed = [slot for slot in near if slot.service not in self.regionless]
        return any(self._holds_region(slot) for slot in placed or near)

    def holds_part(self, slot: SlotId, state: EnvironmentState | None) -> bool:
        """Whether what a slot told of an environment is in view."""
        if slot.service in self.bills and state is not None:
            return self.holds_environment(state)
        return self.holds(slot)


def narrowed(snapshot: Snapshot, in_view: InView) -> Snapshot:
    """The snapshot with the environments and accounts in view. What is left of it is as it was judged."""
    if in_view.scope.whole:
        return snapshot
    return replace(
        snapshot,
        environments=tuple(state for state in snapshot.environments if in_view.holds_environment(state)),
        accounts=tuple(
            account
            for account in snapshot.accounts
            if in_view.holds_account(account.name)
            and (in_view.scope.regions is None or not in_view.scope.regions.isdisjoint(account.regions))
        ),
    )


def states_by_name(snapshot: Snapshot) -> dict[str, EnvironmentState]:
    """The environments by `system/environment`."""
    return {str(state.id): state for state in snapshot.environments}


def regions_in_use(snapshot: Snapshot, in_view: InView) -> tuple[str, ...]:
    """Regions that are configured for an account or asked for something that is in a region, in order of name."""
    asked = {slot.region for slot in snapshot.observations if slot.service not in in_view.regionless}
    return tuple(sorted(asked.union(*(account.regions for account in snapshot.accounts))))


def scope_words(snapshot: Snapshot, in_view: InView) -> str:
    """`3 of 11 accounts · 1 of 2 regions`; empty where nothing is hidden."""
    scope, parts = in_view.scope, []
    if scope.accounts is not None:
        known = [account.name for account in snapshot.accounts]
        parts.append(f"{sum(name in scope.accounts for name in known)} of {len(known)} accounts")
    if scope.regions is not None:
        used = regions_in_use(snapshot, in_view)
        parts.append(f"{sum(name in scope.regions for name in used)} of {len(used)} regions")
    return " · ".join(parts)
