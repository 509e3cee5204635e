"""Rows of the resource table: order, width, and what a row says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Column
from cockpit.model.units import Unit
from cockpit.model.verdict import Health
from tests.ui.known import NOW
from widgets.filter import Filter, parse_filter
from widgets.table_layout import lay_out, text_widths
from widgets.table_rows import SortKey, TableColumn, TableRow, arrange, build_row, fields_of

COLUMNS = (
    Column("errors", "ERRORS", lambda one: one.facts.get("errors"), Unit.PERCENT, 1, numeric=True),
    Column("runtime", "RUNTIME", lambda one: one.facts.get("runtime"), None, 2),
    Column("modified", "MODIFIED", lambda one: one.facts.get("modified"), None, 3, numeric=True, age=True),
)
SHOWN = (TableColumn("name", "NAME"), *(TableColumn.of(column) for column in COLUMNS))


def row(name: str, health: Health = Health.OK, *, shared: bool = False, **facts: Fact) -> TableRow:
    resource = Resource(f"arn:{name}", SlotId("dev", "eu-west-1", "lambda"), "function", name, facts, shared=shared)
    return build_row(resource, COLUMNS, health=health, environment="shop/dev")


ROWS = (
    row("b", errors=1.0, modified=NOW - 60),
    row("a", Health.CRITICAL, errors=7.2, modified=NOW - 7200),
    row("c", Health.UNKNOWN, runtime="python"),
    row("d", errors=0.0, runtime="Node", modified=NOW - 10),
)


def names(column: str | None = None, *, descending: bool = False, attention: bool = False, text: str = "") -> str:
    order = tuple(SortKey(one, descending) for one in SHOWN if one.key == column)
    query = parse_filter(text, fields_of(SHOWN)) if text else Filter()
    arranged = arrange(ROWS, query=query, order=order, attention_only=attention, now=NOW)
    return "".join(one.name for one in arranged)


def test_by_default_the_worst_come_first_and_then_names() -> None:
    assert names() == "acbd"


def test_what_a_whole_account_shares_comes_after_its_equals() -> None:
    rows = (row("all of eu-west-1", shared=True), row("zebra"))
    arranged = arrange(rows, query=Filter(), order=(), attention_only=False, now=NOW)
    assert [one.name for one in arranged] == ["zebra", "all of eu-west-1"]


@pytest.mark.parametrize(
    ("column", "descending", "expected"),
    [
        ("errors", True, "abdc"),
        ("errors", False, "dbac"),
        ("runtime", False, "dcab"),
        ("runtime", True, "cdab"),
        ("modified", True, "abdc"),
        ("modified", False, "dbac"),
    ],
)
def test_rows_without_a_value_are_last_whichever_way_it_is_sorted(column: str, descending: bool, expected: str) -> None:
    assert names(column, descending=descending) == expected


def test_filter_and_attention_only_narrow_the_rows() -> None:
    assert names(attention=True) == "ac"
    assert names(text="errors>0.5") == "ab"
    assert names(text="age<5m") == "bd"
    assert names(text="modified<5m") == "bd"
    assert names(text="state=critical") == "a"
    assert names(text="!node env=shop/*") == "acb"


def test_values_are_shown_in_their_units() -> None:
    errors, runtime, modified = SHOWN[1:]
    assert errors.show(7.2, NOW) == "7.2 %"
    assert modified.show(NOW - 7200, NOW) == "2 h"
    assert runtime.show(None, NOW) == "–"
    assert runtime.show(True, NOW) == "yes"


@given(st.integers(20, 220), st.integers(1, 80), st.integers(0, 60))
def test_columns_fit_the_width_and_the_name_is_always_there(width: int, longest: int, reason: int) -> None:
    plan = lay_out(width, SHOWN, {"name": longest, "runtime": 12}, reason=reason)
    assert plan.columns[0].column.key == "name"
    assert len(plan.columns) + plan.hidden == len(SHOWN)
    used = 3 + sum(placed.width for placed in plan.columns) + 2 * (len(plan.columns) - 1)
    assert used + (plan.reason + 2 if plan.reason else 0) <= max(width, 17)


def test_the_least_important_columns_go_first() -> None:
    shown = [[placed.column.key for placed in lay_out(width, SHOWN, {"name": 20}).columns] for width in (24, 30, 70)]
    assert shown == [["name"], ["name", "errors"], ["name", "errors", "runtime", "modified"]]


def test_figures_have_a_fixed_width_and_texts_are_measured() -> None:
    assert text_widths(SHOWN, ROWS) == {"name": 1, "runtime": 6}


def test_a_row_can_be_found_by_everything_that_is_written_in_it() -> None:
    one = replace(ROWS[0])
    assert {"b", "shop/dev", "dev", "eu-west-1", "function"} <= set(one.text.split("\n"))
