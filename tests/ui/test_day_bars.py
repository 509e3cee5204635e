"""Bars of days: holes, days that go on, credits, and what a day may cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.day_bars import Bars, Day, bar_lines, days_from
from widgets.glyphs import DESCENDING, EIGHTHS, LIMIT
from widgets.line import text_of, width_of

FIRST = date(2026, 2, 1)
amounts = st.none() | st.floats(-50, 5000, allow_nan=False)


def bars(*values: float | None, limit: float | None = None, whole: int | None = None) -> Bars:
    return Bars(
        "prod each day", days_from(FIRST, values, [limit] * len(values), len(values) if whole is None else whole)
    )


def drawn(shown: Bars, width: int = 80, height: int = 12) -> list[str]:
    return [text_of(line) for line in bar_lines(shown, width, height)]


@given(st.lists(amounts, max_size=70), st.none() | st.floats(0, 400), st.integers(1, 130), st.integers(1, 30))
def test_it_fills_its_place_exactly(values: list[float | None], limit: float | None, width: int, height: int) -> None:
    lines = bar_lines(bars(*values, limit=limit, whole=max(0, len(values) - 2)), width, height)
    assert len(lines) == height
    assert {width_of(line) for line in lines} == {width}


@given(st.lists(st.floats(0.01, 900), min_size=2, max_size=10))
def test_a_higher_day_is_never_drawn_lower(values: list[float]) -> None:
    lines = bar_lines(bars(*values), 60, 14)[1:-1]
    # Four cells a day, after the labels and the axis.
    rows = ["".join(run.text for run in line[2:]) for line in lines]
    heights = [sum(EIGHTHS.index(row[4 * index]) for row in rows) for index in range(len(values))]
    for value, height in zip(values, heights, strict=True):
        assert all(other >= height for more, other in zip(values, heights, strict=True) if more >= value)


def test_a_hole_is_no_bar_and_no_zero() -> None:
    lines = drawn(bars(5.0, None, 5.0, 0.0))
    bottom = lines[-2].partition("┤")[2]
    assert bottom[0:3] == "███"
    assert bottom[4:7] == "???"
    assert bottom[12:15] == "▁▁▁"
    assert "1 day not known" in lines[0]


def test_a_day_that_goes_on_is_pale_and_named() -> None:
    lines = bar_lines(bars(5.0, 5.0, 4.0, 1.0, whole=2), 80, 12)
    inks = [run.role for run in lines[-2] if "█" in run.text or "▂" in run.text or "▄" in run.text]
    assert inks == ["trend", "trend", "trend-area", "trend-area"]
    assert text_of(lines[-1]).rstrip().endswith("today")


def test_today_without_a_figure_is_no_hole_yet() -> None:
    lines = drawn(bars(5.0, 5.0, None, whole=2))
    assert "?" not in "".join(lines[1:])
    assert "not known" not in lines[0]


def test_a_credit_points_down() -> None:
    assert DESCENDING * 3 in drawn(bars(5.0, -2.0))[-2]


def test_the_line_is_what_a_day_may_cost_and_days_over_it_stand_out() -> None:
    lines = bar_lines(bars(4.0, 9.0, 4.0, limit=6.0), 80, 12)
    (line,) = [one for one in lines if "$6.00┤" in text_of(one)]
    assert LIMIT in text_of(line)
    assert {run.role for one in lines[1:-1] for run in one if "█" in run.text} == {"trend", "warning"}
    assert "1 of 3 days over it" in text_of(lines[0])


def test_a_line_far_above_is_named_instead() -> None:
    lines = drawn(bars(1.0, 1.0, limit=50.0))
    assert LIMIT not in "".join(lines)
    assert "$50.00 a day is the budget (above the chart)" in lines[0]


def test_what_was_never_known_says_so() -> None:
    assert "No day is known." in drawn(Bars("prod", ()))[1]
    assert "denied" in drawn(Bars("prod", (Day(FIRST, None),), note="denied"))[1]


@pytest.mark.parametrize(("width", "count"), [(80, 59), (140, 59)])
def test_the_newest_days_are_shown_where_not_all_have_room(width: int, count: int) -> None:
    values = [1.0] * (count - 1) + [9.0]
    lines = drawn(bars(*values), width)
    assert "█" in lines[2]
    assert (FIRST + timedelta(days=28)).strftime("1 %b") in lines[-1]
