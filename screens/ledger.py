"""Which bills there are, and who counts which: every bill once, however many environments draw on it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Cell, EnvironmentState, Snapshot
from cockpit.model.spending import Sum, added
from cockpit.model.units import DOLLARS
from cockpit.model.verdict import Health
from screens.scope import InView, narrowed

DAILY = "daily_usd"
SERVICE = "service:"
OTHERS = "all others"
"""What is not told by AWS service."""
_CENTS = 0.005


@dataclass(frozen=True)
class Entry:
    """One environment in the ledger."""

    state: EnvironmentState
    cell: Cell
    whole: Resource | None
    """What was made of its bills, fixed lines and budget."""
    bills: tuple[Resource, ...]
    """The bills that it counts."""
    unseen: tuple[SlotId, ...]
    """Slots from which it has no bill."""

    @property
    def fixed(self) -> Mapping[str, float]:
        """Fixed lines, dollars a month."""
        facts = self.whole.facts if self.whole else {}
        return {
            name.removeprefix("fixed:"): float(usd)
            for name, usd in facts.items()
            if name.startswith("fixed:") and isinstance(usd, (int, float))
        }

    @property
    def why(self) -> str:
        """What is not known of it, in words; empty where everything is."""
        unknown = next((one for one in self.cell.findings if one.health is Health.UNKNOWN), None)
        if unknown is not None:
            return unknown.reason
        if self.unseen or self.whole is None:
            return self.cell.note or "not seen yet"
        if self.whole.number("month_to_date_usd") is not None:
            return ""
        if self.whole.facts.get("currency") == "several":
            return "bills and fixed lines in several currencies are not added up"
        return "the bill is still that of last month, or not told yet"


@dataclass(frozen=True)
class Ledger:
    """Everything that costs, in view."""

    day: date
    """Today, in UTC."""
    entries: tuple[Entry, ...]
    """Environments in configured order."""
    bills: tuple[Resource, ...]
    """Every bill of AWS once: those of an account's tag values, or the account's own."""
    accounts: Mapping[str, Resource]
    """Account → its whole bill."""
    counted_by: Mapping[str, tuple[EnvironmentId, ...]] = field(default_factory=dict)
    """Bill → environments that count it; a bill that none counts is absent."""
    slots: tuple[SlotId, ...] = ()
    """Where bills are asked for."""

    @property
    def elsewhere(self) -> tuple[Resource, ...]:
        """Bills that no environment counts, unless they are empty."""
        return tuple(one for one in self.bills if one.key not in self.counted_by and costs_something(one))


def ledger_of(snapshot: Snapshot, in_view: InView, spec: ServiceSpec, day: date) -> Ledger:
    """The ledger of what is in view. An environment is in view with all that it counts."""
    everything = [_entry(snapshot, state, spec) for state in snapshot.environments if spec.key in state.cells]
    shown = {state.id for state in narrowed(snapshot, in_view).environments}
    entries = [one for one in everything if one.state.id in shown]
    counted = _counted(everything)
    mine = _counted(entries)
    slots = dict.fromkeys(slot for one in entries for slot in one.cell.slots)
    seen = [
        bill
        for slot, observation in snapshot.observations.items()
        if slot.service == spec.key
        for bill in observation.resources
        if bill.kind == "bill"
    ]
    bills = _each_once(seen, counted)
    return Ledger(
        day,
        tuple(entries),
        tuple(one for one in bills if one.key in mine or (one.key not in counted and _holds(in_view, one))),
        {account_of(one): one for one in seen if "tag_value" not in one.facts and _holds(in_view, one)},
        mine,
        tuple(slots),
    )


def _entry(snapshot: Snapshot, state: EnvironmentState, spec: ServiceSpec) -> Entry:
    cell = state.cells[spec.key]
    found = [one for one in map(snapshot.resource, cell.resources) if one is not None]
    bills = tuple(one for one in found if one.kind == "bill")
    seen = {one.slot for one in bills}
    whole = next((one for one in found if one.kind == "environment"), None)
    return Entry(state, cell, whole, bills, tuple(slot for slot in cell.slots if slot not in seen))


def _counted(entries: Iterable[Entry]) -> dict[str, tuple[EnvironmentId, ...]]:
    counted: dict[str, tuple[EnvironmentId, ...]] = {}
    for entry in entries:
        for bill in entry.bills:
            counted[bill.key] = (*counted.get(bill.key, ()), entry.state.id)
    return counted


def _each_once(bills: Sequence[Resource], counted: Mapping[str, object]) -> list[Resource]:
    """Of each account its whole bill, or those of its tag values where environments count these."""
    by_account: dict[str, list[Resource]] = {}
    for one in bills:
        by_account.setdefault(account_of(one), []).append(one)
    found: list[Resource] = []
    for mine in by_account.values():
        tagged = [one for one in mine if "tag_value" in one.facts]
        whole = [one for one in mine if "tag_value" not in one.facts]
        parted = any(one.key in counted for one in tagged) and not any(one.key in counted for one in whole)
        found += tagged if parted or not whole else whole
    return found


def _holds(in_view: InView, bill: Resource) -> bool:
    return in_view.holds_account(account_of(bill))


def account_of(bill: Resource) -> str:
    """Name of the account whose bill it is."""
    return str(bill.facts.get("account") or bill.slot.account)


def currency_of(bills: Iterable[Resource]) -> str:
    """The currency of some bills; empty where they are in several."""
    found = {str(one.facts.get("currency") or DOLLARS) for one in bills} or {DOLLARS}
    return found.pop() if len(found) == 1 else ""


def costs_something(bill: Resource) -> bool:
    """Whether anything was spent on it in all the days that are known."""
    month, days = bill.number("month_to_date_usd"), bill.series.get(DAILY)
    spent = (month, *(days.values if days else ()))
    return month is None or any(abs(usd or 0.0) >= _CENTS for usd in spent)


def amount(bills: Sequence[Resource], fact: str, day: date) -> Sum:
    """A fact of some bills together. Bills of another month, or in several currencies, tell nothing."""
    month, several = f"{day:%Y-%m}", not currency_of(bills)
    total = Sum()
    for one in bills:
        known = not several and one.facts.get("month") == month
        total += Sum.of(one.number(fact) if known else None)
    return total


def days_of(bills: Sequence[Resource]) -> Series | None:
    """What each day cost, of some bills together; None where one of them does not tell its days."""
    series = [one.series[DAILY] for one in bills if DAILY in one.series]
    return added(series) if len(series) == len(bills) and currency_of(bills) else None


def services_of(bill: Resource) -> dict[str, Series]:
    """What each AWS service cost each day, today so far being the last; what is not told apart is `all others`."""
    found = {name.removeprefix(SERVICE): one for name, one in bill.series.items() if name.startswith(SERVICE)}
    if not found and DAILY in bill.series and any(bill.series[DAILY].values):
        found[OTHERS] = bill.series[DAILY]
    return found
