"""The front page: the fleet as it was last judged, without the resources behind it.

It is a hundredth of what the observations are, so a program that starts can show it before it has read those. It is
of use only with the configuration under which it was judged, which its fingerprint tells.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from cockpit.model.snapshot import AccountState, EnvironmentState

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS front_page (
        only INTEGER PRIMARY KEY CHECK (only = 1), fingerprint TEXT NOT NULL, body BLOB NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What is shown of a fleet that was seen before."""

    at: float
    """When it was judged, epoch seconds."""
    environments: tuple[EnvironmentState, ...]
    accounts: tuple[AccountState, ...]
    newest_event: int = 0


def write(connection: sqlite3.Connection, fingerprint: str, page: FrontPage) -> bool:
    """Keep it in the place of the one before."""
    plain = _adapter().dump_python(page, mode="json", fallback=dict, warnings=False)
    # The standard library's JSON knows figures that are no numbers; what is there may hold one.
    body = zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)
    connection.execute("INSERT OR REPLACE INTO front_page VALUES (1, ?, ?)", (fingerprint, body))
    return True


def read(connection: sqlite3.Connection, fingerprint: str) -> FrontPage | None:
    """The one that was kept under this fingerprint; None where there is none, or it makes no sense."""
    row = connection.execute("SELECT body FROM front_page WHERE fingerprint = ?", (fingerprint,)).fetchone()
    if row is None:
        return None
    try:
        return _adapter().validate_python(json.loads(zlib.decompress(row[0])))
    except (zlib.error, ValueError, TypeError, RecursionError, ValidationError):
        return None


@cache
def _adapter() -> TypeAdapter[FrontPage]:
    return TypeAdapter(FrontPage)
