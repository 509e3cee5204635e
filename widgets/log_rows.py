"""A log line as lines of a terminal: broken or cut, with what is searched for marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells, set_cell_size

from cockpit.model.inquiry import LogLine
from cockpit.model.text import harmless
from widgets.line import Line, Run, pad
from widgets.times import local

LEVEL_ROLE = {"ERROR": "critical", "WARN": "warning", "INFO": "", "DEBUG": "dim", "REPORT": "dim", "GAP": "unknown"}
"""Level → role of the line. The level stands there as a word, too."""
LEVEL_WORD = {"REPORT": "lambda", "GAP": "?"}
"""Levels that are not the program's own words."""
_LEVEL_WIDTH = 6
_TAB = 4
_LAMBDA = re.compile(
    r"(?:\[[A-Z]+\]\t)?\d{4}-\d\d-\d\dT[\d:.]+Z\t(?P<id>[0-9a-f-]{36}|undefined)\t(?:[A-Z]+\t)?(?P<rest>.*)", re.DOTALL
)
"""Text format of the Node.js and Python runtimes (Lambda developer guide, "Logging"): time, request, level, message."""
_ID_CHARACTERS = 8
WIDE = 100
"""From this width on, milliseconds are shown."""


def gutter_width(width: int, *, dated: bool) -> int:
    """Cells before the text: time and level."""
    return len(_time(0.0, width, dated=dated)) + _LEVEL_WIDTH + 3


def _time(at: float, width: int, *, dated: bool) -> str:
    then = local(at)
    clock = f"{then:%H:%M:%S}.{then.microsecond // 1000:03d}" if width >= WIDE else f"{then:%H:%M:%S}"
    return f"{then:%m-%d} {clock}" if dated else clock


def gutter(line: LogLine, width: int, *, dated: bool) -> Line:
    """Time and level."""
    ink = LEVEL_ROLE.get(line.level, "")
    level = LEVEL_WORD.get(line.level, line.level)
    return (
        Run(" "),
        Run(_time(line.at, width, dated=dated), "dim"),
        Run(" "),
        Run(pad(level, _LEVEL_WIDTH), ink if line.level in {"ERROR", "WARN", "GAP"} else "dim"),
        Run(" "),
    )


def told(line: LogLine, search: re.Pattern[str] | None) -> str:
    """The text without what stands before it already: Lambda's text format repeats time and level in each line.

    What is searched for stays in sight: where it is in the part that would be left out, the text is whole.
    """
    found = _LAMBDA.match(line.text)
    if found is None:
        return line.text
    short = f"{found['id'][:_ID_CHARACTERS]}  {found['rest']}"
    return line.text if search and search.search(line.text) and not search.search(short) else short


def paragraphs(text: str) -> list[str]:
    """The lines within one event (a stack trace has many), fit for a terminal."""
    return [harmless(part.expandtabs(_TAB)) for part in text.split("\n")]


def row_count(text: str, room: int, *, wrapped: bool) -> int:
    """Lines of a terminal that a text takes where `room` cells are for it."""
    if not wrapped:
        return text.count("\n") + 1
    return sum(len(_pieces(part, room)) for part in paragraphs(text))


def _pieces(part: str, room: int) -> Sequence[str]:
    if room <= 0 or cell_len(part) <= room:
        return (part,)
    if part.isascii():
        return [part[at : at + room] for at in range(0, len(part), room)]
    return chop_cells(part, room)


def text_rows(line: LogLine, room: int, *, wrapped: bool, shift: int, search: re.Pattern[str] | None) -> list[Line]:
    """The text of a line on as many lines as `row_count` says; `shift` cells are cut off at the left."""
    ink = LEVEL_ROLE.get(line.level, "")
    rows: list[Line] = []
    for part in paragraphs(told(line, search)):
        marked = _marked(part, ink, search)
        if not wrapped:
            rows.append(_window(marked, shift, room))
            continue
        at = 0
        for piece in _pieces(part, room):
            rows.append(_slice(marked, at, at + len(piece)))
            at += len(piece)
    return rows


def _marked(part: str, ink: str, search: re.Pattern[str] | None) -> Line:
    """The text in runs; what was searched for in runs of its own."""
    runs: list[Run] = []
    at = 0
    for found in search.finditer(part) if search else ():
        if found.end() > found.start():
            runs += [Run(part[at : found.start()], ink), Run(found[0], "match")]
            at = found.end()
    return tuple(run for run in (*runs, Run(part[at:], ink)) if run.text)


def _slice(runs: Line, start: int, end: int) -> Line:
    """The characters from `start` to `end`."""
    kept: list[Run] = []
    at = 0
    for run in runs:
        text = run.text[max(0, start - at) : max(0, end - at)]
        if text:
            kept.append(Run(text, run.role))
        at += len(run.text)
    return tuple(kept)


def _window(runs: Line, shift: int, room: int) -> Line:
    """What is in view of a long line; an ellipsis at either end says that there is more."""
    whole = sum(cell_len(run.text) for run in runs)
    if not shift and whole <= room:
        return runs
    text = "".join(run.text for run in runs)
    # Characters that fill the cells left of the view; a wide one at the edge is left out whole.
    before = len(set_cell_size(text, shift).rstrip(" ")) if shift and not text.isascii() else min(shift, len(text))
    kept = list(_slice(runs, before, before + max(0, room)))
    if before and kept:
        kept[0] = Run("…" + kept[0].text[1:], kept[0].role)
    if whole - shift > room and kept:
        short = max(0, room - sum(cell_len(run.text) for run in kept[:-1]) - 1)
        kept[-1] = Run(set_cell_size(kept[-1].text, min(short, cell_len(kept[-1].text))) + "…", kept[-1].role)
    return tuple(kept)
