"""The filter language of tables: pure, and forgiving to type.

Terms stand side by side and all must match:

- `pay` – fuzzy text: found anywhere in the row, or its letters in order and close together in the name
- `"two words"` – with blanks
- `!dev` – any term turned around
- `state=critical`, `name=pay*`, `runtime!=python3.9` – a field; `*` stands for anything, case does not matter
- `errors>5`, `p99>=300ms`, `size<1GiB`, `age<2h` – a figure, with the units that people write

A field is called by its key or title, or by any beginning that only one field has; `age` is the first column of
ages. What a row does not have
(no data point, no such fact) never satisfies a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from cockpit.model.resource import Fact
from cockpit.model.units import DURATION_SECONDS, SIZE_BYTES, Unit


class Row(Protocol):
    """What a filter looks at."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def text(self) -> str:
        """Everything that is written in the row, in lower case."""

    def value(self, field: str) -> Fact:
        """The value of a field, by key; None where the row has none."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a term may name."""

    key: str
    title: str
    unit: Unit | None = None
    age: bool = False
    """The value is an epoch second, and is compared as an age."""


Test = Callable[[Row, float], bool]
"""`(row, now) → whether it matches`."""


class FilterError(ValueError):
    """The text is no filter; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter."""

    text: str = ""
    tests: tuple[Test, ...] = ()

    def matches(self, row: Row, now: float) -> bool:
        """Whether every term matches."""
        return all(test(row, now) for test in self.tests)

    def __bool__(self) -> bool:
        return bool(self.tests)


_TOKEN = re.compile(r'!?(?:[^\s"]|"[^"]*"?)+')
_COMPARISON = re.compile(r"([A-Za-z][\w .%-]*?)(!=|>=|<=|=|>|<)(.*)", re.DOTALL)
_FIGURE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([A-Za-z%$]*)")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
}
_BETWEEN = ".{0,3}?"
"""How far apart the letters of a fuzzy term may be: far enough for initials, near enough to mean something."""


def parse_filter(text: str, fields: Sequence[Field]) -> Filter:
    """Parse `text`. Raises FilterError."""
    tests = tuple(_term(token, fields) for token in _TOKEN.findall(text) if token.strip('!"'))
    return Filter(text.strip(), tests)


def _term(token: str, fields: Sequence[Field]) -> Test:
    if token.startswith("!"):
        inner = _term(token[1:], fields)
        return lambda row, now: not inner(row, now)
    compared = None if token.startswith('"') else _COMPARISON.fullmatch(token)
    if compared:
        name, operator, operand = compared.groups()
        return _comparison(find_field(name, fields), operator, operand.replace('"', ""))
    return _fuzzy(token.replace('"', "").lower())


def find_field(name: str, fields: Sequence[Field]) -> Field:
    """The field that is called `name`, or the only one that begins so. Raises FilterError."""
    wanted = name.strip().lower()
    exact = [field for field in fields if wanted in {field.key.lower(), field.title.lower()}]
    if exact:
        return exact[0]
    begun = [f for f in fields if f.key.lower().startswith(wanted) or f.title.lower().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    ages = [field for field in fields if field.age]
    if wanted == "age" and ages:
        # What people call it, whatever the column is called: since when, modified, published.
        return ages[0]
    if begun:
        raise FilterError(f"'{name}' may be {' or '.join(field.key for field in begun)}")
    raise FilterError(f"no field '{name}'; there are {', '.join(field.key for field in fields)}")


def _fuzzy(wanted: str) -> Test:
    pattern = re.compile(_BETWEEN.join(re.escape(letter) for letter in wanted), re.IGNORECASE)

    def test(row: Row, now: float) -> bool:  # noqa: ARG001 - every test takes the time
        return wanted in row.text or pattern.search(row.name) is not None

    return test


def _comparison(field: Field, operator: str, operand: str) -> Test:
    if operator in {"=", "!="}:
        equal = _equality(field, operand)
        return equal if operator == "=" else lambda row, now: not equal(row, now)
    limit = _figure(operand, field)
    compare = _OPERATORS[operator]

    def test(row: Row, now: float) -> bool:
        value = _number(row.value(field.key), field, now)
        return value is not None and compare(value, limit)

    return test


def _equality(field: Field, operand: str) -> Test:
    wanted = operand.strip().lower()
    try:
        figure: float | None = _figure(operand, field)
    except FilterError:
        figure = None

    def test(row: Row, now: float) -> bool:
        value = row.value(field.key)
        number = _number(value, field, now)
        if figure is not None and number is not None:
            return number == figure
        return value is not None and fnmatchcase(_word(value), wanted)

    return test


def _word(value: Fact) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).lower()


def _number(value: Fact, field: Field, now: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return now - value if field.age else float(value)


def _figure(operand: str, field: Field) -> float:
    """`2h`, `5GiB`, `7.5%`, `$3`, `1200` in base units. Raises FilterError."""
    shown = operand.strip().removeprefix("$")
    found = _FIGURE.fullmatch(shown)
    if not found:
        raise FilterError(f"'{operand}' is not a figure; write, for example, {field.key}>{_example(field)}")
    number, suffix = float(found[1]), found[2]
    if suffix in {"", "%", "$"}:
        return number
    if suffix in DURATION_SECONDS and (field.age or field.unit is Unit.SECONDS):
        return number * DURATION_SECONDS[suffix]
    if field.unit is Unit.DAYS and suffix in DURATION_SECONDS:
        return number * DURATION_SECONDS[suffix] / DURATION_SECONDS["d"]
    sizes = {name.lower(): size for name, size in SIZE_BYTES.items()}
    if field.unit is Unit.BYTES and suffix.lower() in sizes:
        return number * sizes[suffix.lower()]
    if field.unit in {Unit.COUNT, None} and suffix.lower() in {"k", "m"}:
        return number * (1e3 if suffix.lower() == "k" else 1e6)
    raise FilterError(f"'{suffix}' is not a unit of {field.title or field.key}; write, for example, {_example(field)}")


def _example(field: Field) -> str:
    if field.age:
        return "2h"
    examples = {Unit.SECONDS: "2s", Unit.BYTES: "1GiB", Unit.PERCENT: "5%", Unit.USD: "10", Unit.DAYS: "30d"}
    return examples.get(field.unit, "5") if field.unit else "5"
