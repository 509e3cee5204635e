"""Arithmetic of bills: what is not known is never zero, and months end when they end."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.series import Series
from cockpit.model.spending import (
    DAY_SECONDS,
    Change,
    Sum,
    added,
    before,
    budget_a_day,
    days_in_month,
    first_of_last_month,
    first_of_next_month,
    fixed_so_far,
    midnight,
    month_change,
    month_so_far,
    reckoned,
    spent_between,
    spent_on,
    sum_of,
    utc_day,
    week,
    week_change,
)
from cockpit.model.units import format_money

days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
amounts = st.floats(0, 1e6, allow_nan=False).map(lambda usd: round(usd, 4))
maybe = st.none() | amounts


def series(first: date, values: list[float | None]) -> Series:
    return Series(midnight(first), DAY_SECONDS, tuple(values))


def flat(day: date, usd: float = 2.0, count: int = 70) -> Series:
    """The same on each day through the one before `day`."""
    return series(day - timedelta(days=count), [usd] * count)


# The calendar.


@given(days)
def test_months_follow_each_other_without_a_gap(day: date) -> None:
    after = first_of_next_month(day)
    assert after.day == 1
    assert (after - day.replace(day=1)).days == days_in_month(day) == calendar.monthrange(day.year, day.month)[1]
    assert first_of_last_month(after) == day.replace(day=1)


@given(days, st.integers(0, DAY_SECONDS - 1))
def test_a_day_is_that_of_its_seconds_in_utc(day: date, second: int) -> None:
    assert utc_day(midnight(day) + second) == day


def test_february_of_a_leap_year_has_29_days() -> None:
    assert days_in_month(date(2028, 2, 3)) == 29
    assert first_of_next_month(date(2028, 2, 29)) == date(2028, 3, 1)
    assert first_of_last_month(date(2027, 3, 31)) == date(2027, 2, 1)


# Sums.


@given(st.lists(maybe, max_size=12))
def test_a_sum_is_known_only_where_every_part_is(values: list[float | None]) -> None:
    total = sum_of(map(Sum.of, values))
    assert total.parts == len(values)
    assert (total.whole is None) == (None in values)
    assert total.known == pytest.approx(sum(value for value in values if value is not None))
    assert total.nothing_known == (bool(values) and all(value is None for value in values))


@given(st.lists(st.lists(maybe, min_size=1, max_size=9), min_size=1, max_size=4), st.lists(st.integers(0, 5)))
def test_days_are_added_day_by_day_and_a_hole_stays_a_hole(rows: list[list[float | None]], offsets: list[int]) -> None:
    first = date(2026, 2, 27)
    starts = [offsets[index] if index < len(offsets) else 0 for index in range(len(rows))]
    parts = [series(first + timedelta(days=at), row) for at, row in zip(starts, rows, strict=True)]
    together = added(parts)
    assert together is not None
    for offset in range(len(together.values)):
        day = utc_day(together.start) + timedelta(days=offset)
        values = [spent_on(part, day) for part in parts]
        expected = None if None in values else sum(value for value in values if value is not None)
        assert together.values[offset] == expected
    assert added([]) is None


@given(st.lists(maybe, min_size=1, max_size=40), st.integers(0, 45), st.integers(0, 45))
def test_a_span_is_known_only_where_every_day_of_it_is(values: list[float | None], start: int, length: int) -> None:
    first = date(2026, 1, 1)
    known = series(first, values)
    span = [values[index] if index < len(values) else None for index in range(start, start + length)]
    told = spent_between(known, first + timedelta(days=start), first + timedelta(days=start + length))
    if None in span:
        assert told is None
    else:
        assert told == pytest.approx(math.fsum(value for value in span if value is not None))


# Weeks and months.


@given(days, amounts)
def test_a_steady_spend_does_not_move_and_is_foretold_whole(day: date, usd: float) -> None:
    known = flat(day, usd)
    assert week(known, day) == pytest.approx(7 * usd)
    change = week_change(known, day)
    assert change is not None
    assert change.usd == pytest.approx(0.0, abs=1e-6)
    assert reckoned(known, day) == pytest.approx(usd * days_in_month(day))


@given(days, maybe, maybe)
def test_the_newest_two_days_are_in_no_week(day: date, yesterday: float | None, now: float | None) -> None:
    known = series(day - timedelta(days=20), [*[2.0] * 19, yesterday, now])
    assert week(known, day) == 14.0


@given(days, st.integers(2, 15))
def test_a_hole_in_either_week_leaves_the_change_unknown(day: date, back: int) -> None:
    values: list[float | None] = list(flat(day).values)
    values[-back] = None
    assert week_change(series(day - timedelta(days=len(values)), values), day) is None


@given(days)
def test_a_month_is_compared_with_as_many_days_of_the_last_one(day: date) -> None:
    change = month_change(flat(day, 3.0), day)
    if day.day <= 2:
        # It has no whole day yet.
        assert change is None
    else:
        assert change is not None
        assert change.recent == change.before == 3.0 * min(day.day - 2, days_in_month(first_of_last_month(day)))


def test_the_end_of_march_is_compared_with_all_of_february() -> None:
    change = month_change(flat(date(2026, 3, 31), 1.0), date(2026, 3, 31))
    assert change == Change(28.0, 28.0)


@given(days, maybe, maybe)
def test_this_month_so_far_may_lack_its_newest_two_days_but_no_other(
    day: date, yesterday: float | None, now: float | None
) -> None:
    first = day - timedelta(days=40)
    values: list[float | None] = [*[1.0] * 39, yesterday, now]
    told = month_so_far(series(first, values), day)
    whole = max(0, day.day - 2)
    newest = (yesterday, now) if day.day > 1 else (now,)
    late = [value for value in newest if value is not None]
    if not whole and not late:
        assert told is None
    else:
        assert told == pytest.approx(whole + sum(late))
    if whole:
        values[-3] = None
        assert month_so_far(series(first, values), day) is None


def test_what_was_never_read_is_not_known() -> None:
    day = date(2026, 3, 10)
    assert month_so_far(None, day) is None
    assert spent_on(None, day) is None
    assert week_change(None, day) is None
    assert month_change(None, day) is None
    assert reckoned(None, day) is None


@given(days, st.integers(0, 20))
def test_before_cuts_at_a_day(day: date, after: int) -> None:
    known = flat(day, count=15)
    cut = before(known, day - timedelta(days=after))
    assert cut is not None
    assert len(cut.values) == max(0, 15 - after)
    assert cut.start == known.start


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert Change(5.0, 0.0).percent is None
    assert Change(5.0, -2.0).percent is None
    assert Change(5.0, 4.0).percent == pytest.approx(25.0)


# Budgets and fixed lines.


@given(days, amounts, amounts)
def test_a_days_budget_fills_the_month(day: date, budget: float, fixed: float) -> None:
    a_day = budget_a_day(budget, fixed, day)
    assert a_day is not None
    assert a_day * days_in_month(day) == pytest.approx(max(0.0, budget - fixed))
    assert budget_a_day(None, fixed, day) is None


@given(days, amounts)
def test_a_fixed_line_is_spent_evenly_and_whole_on_the_last_day(day: date, usd: float) -> None:
    last = first_of_next_month(day) - timedelta(days=1)
    assert fixed_so_far(usd, last) == pytest.approx(usd)
    assert fixed_so_far(usd, day) <= fixed_so_far(usd, last) + 1e-9


# Amounts as people read them.


@pytest.mark.parametrize(
    ("value", "currency", "signed", "text"),
    [
        (4.1, "USD", False, "$4.10"),
        (1204.4, "USD", False, "$1,204"),
        (99.999, "USD", False, "$100"),
        (-12.5, "USD", False, "-$12.50"),
        (12.5, "USD", True, "+$12.50"),
        (0.0, "USD", True, "$0.00"),
        (-0.0, "USD", True, "$0.00"),
        (1204.0, "CNY", False, "CNY 1,204"),
        (-3.0, "CNY", True, "-CNY 3.00"),
        (None, "USD", True, "–"),
    ],
)
def test_amounts(value: float | None, currency: str, signed: bool, text: str) -> None:
    assert format_money(value, currency, signed=signed) == text
