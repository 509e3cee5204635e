"""Columns and order of tables: chosen, combined, and remembered."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from screens.columns import ColumnsScreen
from screens.service import ServiceScreen
from screens.table_memory import TableChoice, order_of
from tests.ui.driving import Drive, drive
from tests.ui.test_table import ROWS, SHOWN, row
from widgets.choices import Choices
from widgets.filter import Filter
from widgets.table import ResourceTable
from widgets.table_columns import chosen_columns, extra_columns
from widgets.table_rows import SortKey, TableColumn, TableRow, arrange


def table(on: Drive) -> ResourceTable:
    return on.screen(ServiceScreen).query_one(ResourceTable)


def titles(on: Drive) -> list[str]:
    return [column.title for column in table(on).columns]


def test_whatever_resources_carry_can_be_a_column() -> None:
    extras = extra_columns([*ROWS, row("e", memory_bytes=512, last_modified=1_700_000_000.0)], SHOWN)
    assert [(one.title, one.age, one.numeric) for one in extras] == [
        ("LAST MODIFIED", True, False),
        ("MEMORY", False, True),
    ]


def test_chosen_columns_follow_the_name_and_what_is_gone_is_left_out() -> None:
    extras = (TableColumn("memory", "MEMORY"),)
    assert [one.key for one in chosen_columns(SHOWN, extras, ["memory", "runtime", "no-longer-there"])] == [
        "name",
        "runtime",
        "memory",
    ]
    assert chosen_columns(SHOWN, extras, None) == SHOWN


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 3), st.none() | st.text("ab", max_size=2)), max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_the_second_key_decides_among_equals_of_the_first(
    pairs: list[tuple[int | None, str | None]], first_down: bool, second_down: bool
) -> None:
    errors, runtime = SHOWN[1], SHOWN[2]
    rows: list[TableRow] = [row(f"r{n}", errors=a, runtime=b) for n, (a, b) in enumerate(pairs)]
    order = (SortKey(errors, first_down), SortKey(runtime, second_down))
    found = arrange(rows, query=Filter(), order=order, attention_only=False, now=0.0)
    assert sorted(one.key for one in found) == sorted(one.key for one in rows)
    for before, after in itertools.pairwise(found):
        a, b = before.value("errors"), after.value("errors")
        assert a is not None or b is None, "rows without a value are last"
        if a is not None and b is not None and a != b:
            assert (float(a) > float(b)) is first_down
        elif a == b:
            c, d = before.value("runtime"), after.value("runtime")
            assert c is not None or d is None
            if c is not None and d is not None and c != d:
                assert (str(c) > str(d)) is second_down


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda deeper: st.lists(deeper) | st.dictionaries(st.sampled_from(["columns", "order", "x"]), deeper),
        max_leaves=8,
    )
)
def test_whatever_was_stored_is_a_choice(stored: object) -> None:
    choice = TableChoice.of(stored)
    assert TableChoice.of(choice.plain()) == choice


async def test_columns_are_chosen_with_keys_and_remembered() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter")
        usual = titles(on)
        await on.press("K")
        dialog = on.app.screen
        assert isinstance(dialog, ColumnsScreen)
        await on.press("n", "space", "enter")
        assert len(titles(on)) == 2
        chosen = titles(on)
        await on.press("escape", "enter")
        assert titles(on) == chosen, "another look at the same service has the same columns"
        await on.press("K", "u")
        assert titles(on) == usual


async def test_esc_leaves_the_columns_as_they_were() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter")
        usual = titles(on)
        await on.press("K", "n", "escape")
        assert titles(on) == usual


async def test_facts_that_are_no_column_can_be_chosen_and_filtered_by() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter", "K")
        offered = on.app.screen.query_one(Choices)
        assert any("fact" in str(option.prompt) for option in offered.options)
        await on.press("escape", "slash")
        await on.write("no-such-field=1")
        assert "there are" in on.text()


async def test_several_columns_rule_the_order_and_both_are_marked() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter")
        await on.press("S", "right", "right", "s")
        assert len(table(on).order) == 2
        first, second = (key.column.title for key in table(on).order)
        assert on.line(f"{first}1", f"{second}2")
        assert on.line(f"by {first.lower()}", f"then {second.lower()}")
        kept = order_of(table(on).order)
        await on.press("escape", "enter")
        assert order_of(table(on).order) == kept
