"""From the ledger to the rows of the cost screen: by environment, by AWS service, by account. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.spending import Sum, week_change
from cockpit.model.units import DOLLARS
from screens.cost_parts import (
    ALL,
    UNKNOWN,
    row_of_bills,
    row_of_environment,
    row_of_everything,
    row_of_fixed,
    row_of_service,
    row_of_several,
)
from screens.ledger import Entry, Ledger, account_of, costs_something, currency_of, services_of
from screens.places import AccountsPlace, EnvironmentPlace, Place, ResourcePlace, ServicePlace
from widgets.cost_rows import CostRow
from widgets.matrix_cells import tag_of
from widgets.movers import Mover, biggest

NOBODY = "nobody"
GROUPS = ("environment", "service", "account")
"""Ways to group, in the order in which one key goes through them."""
TITLES = {"environment": "SYSTEM, ENVIRONMENT", "service": "AWS SERVICE", "account": "ACCOUNT"}


@dataclass(frozen=True)
class Tree:
    """Rows, with what each is made of and where it leads."""

    rows: tuple[CostRow, ...]
    bills: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    """Key of a row → the bills behind it."""
    places: Mapping[str, Place] = field(default_factory=dict)


class _Growing:
    """A tree while it is made."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.day = ledger.day
        self.rows: list[CostRow] = []
        self.bills: dict[str, tuple[Resource, ...]] = {}
        self.places: dict[str, Place] = {}

    def add(self, row: CostRow, bills: Iterable[Resource] = (), place: Place | None = None) -> None:
        """A row, below those that are there."""
        above = next((one.text for one in self.rows if one.key == row.parent and one.depth > 0), "")
        self.rows.append(replace(row, text=f"{row.label}\n{row.note}\n{row.why}\n{above}".lower()))
        self.bills[row.key] = tuple(bills)
        if place is not None:
            self.places[row.key] = place

    def tree(self) -> Tree:
        """What has grown."""
        return Tree(tuple(self.rows), self.bills, self.places)


def tree_of(ledger: Ledger, group: str, watched: Mapping[str, str], cost: str) -> Tree:
    """The rows of one way to group.

    Args:
        ledger: What there is.
        group: One of `GROUPS`.
        watched: AWS service as bills call it → key of the service that watches it.
        cost: Key of the service of the bills themselves.
    """
    growing = _Growing(ledger)
    if not ledger.entries and not ledger.bills:
        return growing.tree()
    growing.add(row_of_everything(ledger), ledger.bills)
    if group == "service":
        _by_service(growing, watched, cost)
    elif group == "account":
        _by_account(growing)
    else:
        _by_environment(growing)
    return growing.tree()


# The three ways.


def _by_environment(growing: _Growing) -> None:
    ledger, day = growing.ledger, growing.day
    for system in dict.fromkeys(one.state.id.system for one in ledger.entries):
        entries = [one for one in ledger.entries if one.state.id.system == system]
        keys = {bill.key for one in entries for bill in one.bills}
        bills = [one for one in ledger.bills if one.key in keys]
        top = f"system|{system}"
        growing.add(replace(row_of_several(top, system, entries, bills, day), depth=1, parent=ALL), bills)
        for entry in entries:
            row = replace(
                row_of_environment(entry, day),
                depth=2,
                parent=top,
                tag=tag_of(entry.state),
                note=_shared(entry, ledger),
            )
            place = EnvironmentPlace(entry.state.id)
            growing.add(row, entry.bills, place)
            for name, usd in entry.fixed.items():
                key = f"fixed|{entry.state.id}|{name}"
                growing.add(row_of_fixed(key, name, usd, day, depth=3, parent=row.key), (), place)
    rest = ledger.elsewhere
    if rest:
        note = "bills that no environment counts: not tagged, or of accounts that no environment names"
        growing.add(replace(row_of_bills(NOBODY, "no environment", rest, day), depth=1, parent=ALL, note=note), rest)
        for bill in rest:
            row = row_of_bills(f"bill|{bill.key}", bill.name, [bill], day)
            growing.add(replace(row, depth=2, parent=NOBODY), [bill], ResourcePlace(bill.key))


def _shared(entry: Entry, ledger: Ledger) -> str:
    """Whose bills it shares: an account without a cost tag counts whole in each of its environments."""
    others = {
        str(other) for bill in entry.bills for other in ledger.counted_by.get(bill.key, ()) if other != entry.state.id
    }
    tags = sorted({str(one.facts["cost_tag"]) for one in entry.bills if "cost_tag" in one.facts})
    if others:
        return f"the same bill counts in {', '.join(sorted(others))}; above it is counted once"
    return f"its share by the cost tag {', '.join(tags)}" if tags else ""


def _by_service(growing: _Growing, watched: Mapping[str, str], cost: str) -> None:
    day, bills = growing.day, growing.ledger.bills
    parts: dict[str, dict[str, list[Series]]] = {}
    for bill in bills:
        for name, series in services_of(bill).items():
            parts.setdefault(name, {}).setdefault(currency_of([bill]), []).append(series)
    for name, by_currency in parts.items():
        for currency, mine in by_currency.items():
            key = f"service|{name}" + ("" if currency == DOLLARS else f"|{currency}")
            row = replace(row_of_service(key, name, mine, day), currency=currency)
            place = ServicePlace(watched.get(name, cost))
            behind = [bill for bill in bills if name in services_of(bill) and currency_of([bill]) == currency]
            growing.add(row, behind, place)
    _fixed_lines(growing)


def _by_account(growing: _Growing) -> None:
    ledger, day = growing.ledger, growing.day
    for name, whole in ledger.accounts.items():
        payer = whole.slot.account
        note = f"{payer} pays for it, and was asked" if payer != name else "asked in the account itself"
        key = f"account|{name}"
        row = replace(row_of_bills(key, name, [whole], day), depth=1, parent=ALL, note=note)
        growing.add(row, [whole], AccountsPlace(name))
        for bill in ledger.bills:
            if account_of(bill) == name and "tag_value" in bill.facts and costs_something(bill):
                value = str(bill.facts["tag_value"] or "not tagged")
                counted = ", ".join(map(str, ledger.counted_by.get(bill.key, ()))) or "no environment"
                row = row_of_bills(f"tag|{bill.key}", value, [bill], day)
                note = f"{bill.facts.get('cost_tag')} = {value}, counted by {counted}"
                growing.add(replace(row, depth=2, parent=key, note=note), [bill], AccountsPlace(name))
    for slot in dict.fromkeys(slot for one in ledger.entries for slot in one.unseen):
        entries = [one for one in ledger.entries if slot in one.unseen]
        unknown = Sum.of(None)
        row = CostRow(f"slot|{slot}", slot.account, 1, ALL, month=unknown, yesterday=unknown, forecast=unknown)
        why = next((one.why for one in entries if one.why), "")
        growing.add(replace(row, mark=UNKNOWN, why=why), (), AccountsPlace(slot.account))
    _fixed_lines(growing)


def _fixed_lines(growing: _Growing) -> None:
    """Fixed lines of all environments, each by itself."""
    for entry in growing.ledger.entries:
        for name, usd in entry.fixed.items():
            key = f"fixed|{entry.state.id}|{name}"
            row = row_of_fixed(key, name, usd, growing.day, depth=1, parent=ALL)
            growing.add(replace(row, label=f"{row.label} {entry.state.id}"), (), EnvironmentPlace(entry.state.id))


# What moved.


def movers_of(bills: Iterable[Resource], ledger: Ledger) -> list[Mover]:
    """The AWS services of some bills, by how much their newest week differs from the one before; biggest first."""
    found = []
    for bill in bills:
        for name, series in services_of(bill).items():
            change = week_change(series, ledger.day)
            if change is not None:
                key, currency = f"{bill.key}|{name}", currency_of([bill])
                found.append(Mover(key, place_words(bill, ledger), name, change, currency))
    return biggest(found)


def place_words(bill: Resource, ledger: Ledger) -> str:
    """The environments that count a bill; one that none counts is called by its account."""
    counted = ledger.counted_by.get(bill.key, ())
    if len(counted) > 2:
        return f"{counted[0]} and {len(counted) - 1} more"
    return ", ".join(map(str, counted)) or bill.name


def place_of_mover(mover: Mover, ledger: Ledger) -> Place:
    """The environment where something moved; the bill where none counts it, or several do."""
    key = mover.key.removesuffix(f"|{mover.what}")
    counted: tuple[EnvironmentId, ...] = ledger.counted_by.get(key, ())
    return EnvironmentPlace(counted[0]) if len(counted) == 1 else ResourcePlace(key)
