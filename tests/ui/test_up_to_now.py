"""A longer course does not end an hour before an incident: what polling has brought since is on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.inquiry import Course
from cockpit.model.series import Series
from cockpit.model.service import MetricSpec
from screens.courses import Courses
from screens.up_to_now import ends_in_part, up_to_now
from tests.ui.known import NOW
from tests.ui.specs import LAMBDA
from tests.ui.test_logs import ALIAS

HOUR = 3600
WEEK = 7 * 24 * HOUR
BEGIN = int(NOW) // HOUR * HOUR
ERRORS = LAMBDA.metric("errors")
assert ERRORS is not None


def metric(statistic: str) -> MetricSpec:
    assert ERRORS is not None
    return replace(ERRORS, statistic=statistic)


@pytest.mark.parametrize(
    ("statistic", "newest"), [("Sum", 12.0), ("Average", 3.0), ("Maximum", 6.0), ("Minimum", 0.0), ("p99", 6.0)]
)
def test_minutes_become_one_point_by_what_is_measured(statistic: str, newest: float) -> None:
    asked = Series(BEGIN - 2 * HOUR, HOUR, (1.0, 2.0))
    polled = Series(BEGIN - 120, 60, (50.0, 50.0, 6.0, None, 0.0, 2.0, 4.0))
    longer = up_to_now(asked, polled, metric(statistic))
    assert longer.values == (1.0, 2.0, newest)
    assert longer.end == BEGIN + HOUR
    assert ends_in_part(longer, polled)


def test_an_hour_that_was_polled_in_part_only_is_a_hole_and_the_next_is_told() -> None:
    asked = Series(BEGIN - HOUR, HOUR, (1.0,))
    polled = Series(BEGIN + 600, 60, (2.0,) * 60)
    assert up_to_now(asked, polled, metric("Sum")).values == (1.0, None, 20.0)


@given(st.integers(-90, 90), st.integers(0, 90), st.sampled_from([60, 300, 900, HOUR]))
def test_what_was_asked_for_stays_and_nothing_is_told_of_a_time_that_was_not_polled(
    begin: int, count: int, period: int
) -> None:
    asked = Series(BEGIN - 4 * period, period, (1.0, None, 0.0, 2.0))
    polled = Series(BEGIN + 60 * begin, 60, (5.0,) * count)
    longer = up_to_now(asked, polled, metric("Maximum"))
    assert longer.values[:4] == asked.values
    assert longer.end - period < max(polled.end, longer.start + 4 * period)
    for number, value in enumerate(longer.values[4:]):
        assert value is None or polled.start <= BEGIN + number * period < polled.end


def test_what_cannot_be_put_together_is_left_as_it_was_asked_for() -> None:
    asked = Series(BEGIN - 600, 300, (1.0, 2.0))
    assert up_to_now(asked, None, metric("Sum")) is asked
    assert up_to_now(asked, Series(BEGIN, 60, (1.0,)), None) is asked
    assert up_to_now(asked, Series(BEGIN, HOUR, (1.0,)), metric("Sum")) is asked
    assert up_to_now(asked, Series(BEGIN - 600, 60, (1.0,) * 10), metric("Sum")) is asked


def test_what_goes_wrong_now_is_on_a_chart_of_a_week_and_says_that_its_hour_is_not_over() -> None:
    courses = Courses()
    calm = {name: Series(BEGIN - WEEK, HOUR, (value,) * 168) for name, value in (("errors", 0.0), ("invocations", 9e3))}
    courses.came(Course(ALIAS.key, WEEK, calm, asked_at=NOW))
    minutes = int(NOW - BEGIN) // 60
    polled = {
        "errors": Series(BEGIN, 60, (10.0,) * minutes),
        "invocations": Series(BEGIN, 60, (100.0,) * minutes),
    }
    rate = courses.plots(replace(ALIAS, series=polled), LAMBDA, lambda rule, _: rule.threshold, NOW, span=WEEK)[0]
    assert (rate.title, rate.latest, rate.note) == ("error rate", pytest.approx(10.0), "newest hour so far")
    before = courses.plots(replace(ALIAS, series={}), LAMBDA, lambda rule, _: rule.threshold, NOW, span=WEEK)
    assert {plot.note for plot in before} == {""}
