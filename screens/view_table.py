"""The table of a view as plain data: what is saved as CSV or JSON. Columns and values, without any drawing."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.model.resource import Fact


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column. Where a figure has a unit, `key` tells it: `age_seconds`, `month_usd`."""

    key: str
    """Name of the column in CSV and JSON."""
    moment: bool = False
    """Whether its figures are epoch seconds, which are written as ISO 8601 in UTC."""


@dataclass(frozen=True, slots=True)
class ViewTable:
    """What a screen lists, as filtered and sorted there."""

    columns: tuple[ViewColumn, ...]
    rows: tuple[tuple[Fact, ...], ...]
    """Raw values, one for each column; None where there is none."""
