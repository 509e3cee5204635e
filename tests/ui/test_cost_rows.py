"""Rows of costs: how they are worded, arranged and narrowed; movers, biggest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.spending import Change, Sum
from widgets.cost_list import COLUMNS, GAP, NAME_MIN, columns_for
from widgets.cost_rows import FIELDS, CostRow, arranged, percent_text, sum_text
from widgets.filter import Filter, parse_filter
from widgets.movers import LEAST_USD, Mover, biggest

ROWS = (
    CostRow("all", "everything", month=Sum(30.0, 0, 2)),
    CostRow("a", "alpha", 1, "all", month=Sum(10.0, 0, 1)),
    CostRow("b", "beta", 1, "all", month=Sum(20.0, 0, 1)),
    CostRow("b1", "prod", 2, "b", month=Sum(5.0, 0, 1)),
    CostRow("b2", "dev", 2, "b", month=Sum.of(None)),
    CostRow("b3", "stage", 2, "b", month=Sum(15.0, 0, 1)),
)


def keys(column: str = "month", *, down: bool = True, query: str = "", folded: frozenset[str] = frozenset()) -> str:
    wanted = parse_filter(query, FIELDS) if query else Filter()
    shown = arranged(ROWS, column=column, descending=down, query=wanted, folded=folded, now=0.0)
    return " ".join(row.key for row in shown)


def test_children_stand_below_their_parents_dearest_first_and_unknown_last() -> None:
    assert keys() == "all b b3 b1 b2 a"
    assert keys(down=False) == "all a b b1 b3 b2"
    assert keys("name", down=False) == "all a b b2 b1 b3"


def test_what_is_folded_is_hidden_but_for_a_filter() -> None:
    assert keys(folded=frozenset({"b"})) == "all b a"
    assert keys(query="name=prod", folded=frozenset({"b"})) == "all b b1"


def test_a_filter_brings_what_is_above_and_keeps_what_is_below() -> None:
    assert keys(query="month>=15 month<16") == "all b b3"
    assert keys(query="name=beta") == "all b b3 b1 b2"
    assert keys(query="name=nothing") == ""
    # What is not known satisfies no comparison.
    assert "b2" not in keys(query="name=dev month<1000")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Sum(), "–"),
        (Sum.of(None), "?"),
        (Sum.of(0.0), "$0.00"),
        (Sum.of(12.0) + Sum.of(None), "$12.00 + ?"),
        (Sum.of(1200.0), "$1,200"),
    ],
)
def test_sums_in_words(amount: Sum, text: str) -> None:
    assert sum_text(amount) == text


@pytest.mark.parametrize(
    ("percent", "text"),
    [(None, "new"), (0.0, "0.0 %"), (-0.02, "0.0 %"), (4.26, "+4.3 %"), (-45.2, "-45 %"), (5000.0, "+>999 %")],
)
def test_percentages_in_words(percent: float | None, text: str) -> None:
    assert percent_text(percent) == text


@given(st.integers(20, 260), st.integers(5, 60))
def test_columns_never_take_more_than_there_is(width: int, name: int) -> None:
    columns, size, trend = columns_for(width, name)
    used = size + sum(column.width + GAP for column in columns) + (trend + GAP if trend else 0)
    assert used <= max(width, NAME_MIN)
    assert size >= min(NAME_MIN, width)
    # Wider never hides what was shown.
    assert {one.key for one in columns} <= {one.key for one in columns_for(width + 1, name)[0]}
    assert columns == tuple(one for one in COLUMNS if one in columns)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 100)), max_size=60))
def test_the_biggest_movers_come_first_whichever_way_they_moved(weeks: list[tuple[float, float]]) -> None:
    movers = [Mover(str(n), "here", f"s{n}", Change(recent, was)) for n, (recent, was) in enumerate(weeks)]
    found = biggest(movers)
    sizes = [abs(one.change.usd) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= LEAST_USD for size in sizes)
    assert biggest(reversed(movers)) == found
