"""Mistakes in the TOML itself, told for people who do not know the grammar by heart."""

from __future__ import annotations

import re

from cockpit.config.formats import bare_account_id
from cockpit.config.problems import Problem, printable

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]*\s*(?:#.*)?")
_ZERO_LED_ID = re.compile(r"\s*id\s*=\s*(0\d+)")

_SENTENCES = (
    (re.compile(r"Cannot declare .* twice"), "is declared twice: merge the two, or rename one"),
    (re.compile(r"Cannot overwrite a value"), "is given twice: keep one of the two"),
    (re.compile(r"Cannot (?:mutate|redefine|define).*|Cannot .*namespace.*"), "is already given in another form above"),
    (re.compile(r"Duplicate inline table key"), "has the same key twice"),
    (re.compile(r"Invalid value"), 'has no valid value: text stands in quotes, as in profile = "dev"'),
    (re.compile(r"Expected '=' after a key.*"), "is not TOML: a line is [table], key = value or # comment"),
    (re.compile(r"Invalid statement"), "is not TOML: a line is [table], key = value or # comment"),
    (
        re.compile(r"Unterminated string|Expected .*\"|Illegal character '\\n'"),
        "has text whose closing quote is missing",
    ),
    (re.compile(r"Unclosed array"), "has a list whose closing ] is missing, or a comma between two items"),
    (re.compile(r"Unclosed inline table"), "has a table whose closing } is missing, or a comma between two keys"),
    (
        re.compile(r"Expected newline or end of document after a statement"),
        "has something behind its value: text stands in quotes, a remark begins with #",
    ),
    (re.compile(r"Expected ']' at the end.*"), "the closing ] of the table is missing"),
)


def syntax_problem(file: str, text: str, error: ValueError) -> Problem:
    """The problem behind an error of `tomllib`, which tells a place and a few words about the grammar."""
    lines = text.split("\n")
    reason = str(error)
    place = _PLACE.search(reason)
    number = int(place[1]) if place and place[1] else _last_line(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    zero_led = _ZERO_LED_ID.match(line)
    if zero_led:
        return Problem(file, _key_at(lines, number), number, bare_account_id(int(zero_led[1][-12:])))
    grammar = _PLACE.sub("", reason)
    sentence = next((told for pattern, told in _SENTENCES if pattern.match(grammar)), None)
    # What tomllib says repeats no value, at most a character.
    return Problem(file, _key_at(lines, number), number, sentence or f"is not TOML: {printable(grammar)}")


def _last_line(lines: list[str]) -> int:
    return next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 1)


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
