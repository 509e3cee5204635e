"""Mistakes in the TOML itself, told for people who do not know the grammar by heart."""

from __future__ import annotations

import re

from cockpit.config.formats import bare_account_id
from cockpit.config.problems import Problem, printable

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]*\s*(?:#.*)?")
_OPENING = re.compile(r"\s*[\w.\"'-]+\s*=\s*[\[{]")
_ZERO_LED_ID = re.compile(r"\s*id\s*=\s*(0\d+)")

_NOT_A_LINE = "is not TOML: a line is [table], key = value or # remark"
_SENTENCES = (
    (r"Cannot declare", "is declared twice: merge the two, or rename one"),
    (r"Cannot overwrite|Duplicate inline table key", "is given twice: keep one of the two"),
    (r"Cannot (?:mutate|redefine)", "is written in two forms that TOML cannot join: put all of it under one [table]"),
    (r"Invalid value", 'has no valid value: text stands in quotes, as in profile = "dev"'),
    (r"Expected '='|Invalid statement", _NOT_A_LINE),
    (r"Expected ']", "the closing ] of the table is missing"),
    (
        r"Unterminated string|Found invalid character|Expected [\"']|Illegal character '\\n'",
        "has text whose closing quote is missing",
    ),
    (r"Unclosed array", "has a list without its closing ], or without a comma between two items"),
    (r"Unclosed inline table", "has a table without its closing }, or without a comma between two keys"),
    (r"Invalid initial character for a key part", "has a key that is no name: a { } table stands on one line"),
    (r"Expected newline", "has something behind its value: text stands in quotes, a remark begins with #"),
    (r"Unescaped", r"has a lone backslash: write \\, or put the text in '...', where it stands for itself"),
)
"""Beginnings of what tomllib says, and what it means. What it says repeats no value, at most a character."""


def syntax_problem(file: str, text: str, error: ValueError) -> Problem:
    """The problem behind an error of `tomllib`, which tells a place and a few words about the grammar."""
    lines = text.split("\n")
    reason = str(error)
    place = _PLACE.search(reason)
    number = int(place[1]) if place and place[1] else _last_line(lines)
    zero_led = _ZERO_LED_ID.match(lines[number - 1]) if number <= len(lines) else None
    if zero_led:
        return Problem(file, _key_at(lines, number), number, bare_account_id(int(zero_led[1][-12:])))
    grammar = _PLACE.sub("", reason)
    if grammar.startswith("Unclosed"):
        number = _opening_line(lines, number, int(place[2]) if place and place[2] else 1)
    sentence = next((told for beginning, told in _SENTENCES if re.match(beginning, grammar)), None)
    return Problem(file, _key_at(lines, number), number, sentence or f"is not TOML: {printable(grammar)}")


def _last_line(lines: list[str]) -> int:
    return next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 1)


def _opening_line(lines: list[str], number: int, column: int) -> int:
    """The line of the key whose list or table is not closed; it shows only where the next key begins."""
    own = _KEY.match(lines[number - 1]) if number <= len(lines) else None
    last = number - 1 if own and column <= own.end() else number
    opening = (n for n in range(min(last, len(lines)), 0, -1) if _OPENING.match(lines[n - 1]))
    return next(opening, number)


def _key_at(lines: list[str], number: int) -> str:
    """The key on a line, under the table above it, as far as broken text lets it be told."""
    here = lines[number - 1] if number <= len(lines) else ""
    header = _HEADER.fullmatch(here)
    if header:
        return printable(header[1])
    table = next(
        (m[1] for n in range(number - 2, -1, -1) if (m := _HEADER.fullmatch(lines[n])) and "," not in m[1]), ""
    )
    key = _KEY.match(here)
    return printable(".".join(part for part in (table, key[1] if key else "") if part))
