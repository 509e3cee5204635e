"""The filter language of tables."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.resource import Fact
from cockpit.model.units import Unit
from widgets.filter import Field, FilterError, parse_filter

NOW = 1_000_000.0
FIELDS = (
    Field("state", "state"),
    Field("name", "name"),
    Field("environment", "env"),
    Field("errors", "ERRORS", Unit.PERCENT),
    Field("p99", "P99", Unit.SECONDS),
    Field("size", "SIZE", Unit.BYTES),
    Field("calls", "CALLS", Unit.COUNT),
    Field("memory", "MEMORY", Unit.COUNT),
    Field("modified", "AGE", age=True),
    Field("public", "PUBLIC"),
)


@dataclass
class Row:
    name: str = "payments-api"
    values: dict[str, Fact] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join([self.name, *(value for value in self.values.values() if isinstance(value, str))]).lower()

    def value(self, field: str) -> Fact:
        return self.values.get(field)


def matches(text: str, row: Row) -> bool:
    return parse_filter(text, FIELDS).matches(row, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("pay", True),
        ("PAY", True),
        ("pmts", True),
        ("papi", False),
        ("api", True),
        ("orders", False),
        ("sandbox", True),
        ("pay api", True),
        ("pay orders", False),
        ("!orders", True),
        ("!pay", False),
        ('"two words"', False),
        ('"payments-api"', True),
    ],
)
def test_words_match_anywhere_in_the_row_or_in_order_and_close_together_in_the_name(text: str, expected: bool) -> None:
    assert matches(text, Row(values={"account": "Sandbox"})) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("errors>5", True),
        ("errors>7.2", False),
        ("errors>=7.2", True),
        ("errors<10%", True),
        ("err>5", True),
        ("!errors>5", False),
        ("p99>300ms", True),
        ("p99<1s", True),
        ("p99>1", False),
        ("size>1KiB", True),
        ("size<1mib", True),
        ("calls>1k", True),
        ("calls=1500", True),
        ("calls!=1500", False),
        ("age<2h", True),
        ("age>30m", True),
        ("age>1d", False),
        ("modified<2h", True),
        ("state=critical", True),
        ("state=CRIT*", True),
        ("state=crit", False),
        ("state!=ok", True),
        ("public=yes", True),
        ("public=no", False),
        ("memory>1", False),
        ("memory<1", False),
        ("memory=1", False),
        ("memory!=1", True),
    ],
)
def test_fields_are_compared_in_the_units_that_people_write(text: str, expected: bool) -> None:
    row = Row(
        values={
            "state": "critical",
            "errors": 7.2,
            "p99": 0.4,
            "size": 4096,
            "calls": 1500,
            "modified": NOW - 3600,
            "public": True,
            "memory": None,
        }
    )
    assert matches(text, row) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour=red", "no field 'colour'; there are state, name"),
        ("p>5", "'p' may be p99 or public"),
        ("errors>many", "'many' is not a figure; write, for example, errors>5%"),
        ("p99>5GiB", "'GiB' is not a unit of P99; write, for example, 2s"),
        ("errors>", "'' is not a figure"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(FilterError, match=r".+") as caught:
        parse_filter(text, FIELDS)
    assert words in str(caught.value)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_filter_or_a_sentence(text: str) -> None:
    with suppress(FilterError):
        parse_filter(text, FIELDS).matches(Row(), NOW)


@given(st.text(alphabet="abcdefgh-", min_size=1, max_size=8))
def test_what_stands_in_the_name_is_found_and_its_inverse_is_not(name: str) -> None:
    assert matches(name, Row(name=f"x{name}y"))
    assert not matches(f"!{name}", Row(name=f"x{name}y"))
