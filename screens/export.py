"""From what a screen shows to the text of a file, and the file onto the disk."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.strip import Strip

from cockpit.model.resource import Fact
from screens.svg import picture
from screens.view_table import ViewColumn, ViewTable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the start of a formula (OWASP, "CSV Injection")."""
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})
"""A folder that knows no hard links: the file is made under its own name there."""


@dataclass(frozen=True)
class Shot:
    """What a screen showed at one moment."""

    name: str
    """Of the view, fit for a file name: `tim-combo-prod-lambda`."""
    title: str
    at: float
    """Epoch seconds."""
    strips: Sequence[Strip]
    """The lines of the screen, as painted."""
    width: int
    table: ViewTable | None = None


def csv_text(table: ViewTable) -> str:
    """A line a row (RFC 4180). Texts that a spreadsheet would take for a formula begin with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        values = (_plain(value, column) for value, column in zip(row, table.columns, strict=True))
        writer.writerow([_no_formula(value) if isinstance(value, str) else value for value in values])
    return file.getvalue()


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def json_text(shot: Shot, table: ViewTable) -> str:
    """An object a row, with figures as figures and moments in ISO 8601."""
    keys = [column.key for column in table.columns]
    rows = [
        dict(zip(keys, (_plain(v, c) for v, c in zip(row, table.columns, strict=True)), strict=True))
        for row in table.rows
    ]
    whole = {"view": shot.name, "saved_at": _moment(shot.at), "rows": rows}
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Fact, column: ViewColumn) -> Fact:
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number is no value
        return None
    if column.moment and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _moment(value)
    return value if not isinstance(value, float) or abs(value) != float("inf") else None


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def plain_text(shot: Shot) -> str:
    """The lines of the screen, without what is blank at their ends."""
    return "\n".join(strip.text.rstrip() for strip in shot.strips).rstrip() + "\n"


def svg_text(shot: Shot) -> str:
    """A picture of the screen that refers to nothing outside itself. Takes some tenths of a second."""
    return picture(shot.strips, shot.width, shot.title)


def write(path: Path, text: str, *, replace: bool) -> None:
    """Put a file in place whole, or not at all. Raises OSError; FileExistsError unless it may be replaced."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            _put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _put(temporary: Path, path: Path) -> None:
    """Under its own name, unless somebody has it: a link is refused then, at once and by the system."""
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        path.touch(exist_ok=False)
        temporary.replace(path)
