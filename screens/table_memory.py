"""What a user chose for a table, from one run to the next. Whatever was stored may make no sense by now. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widgets.table_rows import SortKey, TableColumn


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Columns and order of one table."""

    columns: tuple[str, ...] | None = None
    """Keys of the columns beside the name; None: the usual ones."""
    order: tuple[tuple[str, bool], ...] = ()
    """(column key, descending), first key first; empty: worst first."""

    @classmethod
    def of(cls, stored: object) -> TableChoice:
        """From what was remembered; what makes no sense is as if it had never been chosen."""
        if not isinstance(stored, Mapping):
            return cls()
        columns, order = stored.get("columns"), stored.get("order")
        return cls(
            tuple(key for key in columns if isinstance(key, str)) if isinstance(columns, list) else None,
            tuple((str(pair[0]), bool(pair[1])) for pair in order if isinstance(pair, list) and len(pair) == 2)
            if isinstance(order, list)
            else (),
        )

    def plain(self) -> dict[str, object]:
        """As it is remembered."""
        return {
            "columns": None if self.columns is None else list(self.columns),
            "order": [[key, descending] for key, descending in self.order],
        }

    def sort_keys(self, columns: Sequence[TableColumn]) -> tuple[SortKey, ...]:
        """The order over the columns that there are."""
        known = {column.key: column for column in columns}
        return tuple(SortKey(known[key], descending) for key, descending in self.order if key in known)


def order_of(keys: Sequence[SortKey]) -> tuple[tuple[str, bool], ...]:
    """An order as it is remembered."""
    return tuple((key.column.key, key.descending) for key in keys)
