"""The account-wide proof that nobody is in breach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.health import clears
from cockpit.model.rule import Clearance, Missing, Threshold
from cockpit.model.series import Coverage
from tests.health.cases import ANY, END, LOAD, METRICS, NOW, RATE, SERVICE, SLOW, series, thing

_ = None
THROTTLED = replace(ANY, cleared_by=Clearance("throttles", 0.0))


@pytest.mark.parametrize(
    ("errors", "cleared"),
    [
        ([0, 0, 0, 0, 0], True),
        ([3, 3, 0, 3, 3], True),
        ([3, 3, _, 3, 3], True),  # no errors in the account: CloudWatch has no point
        ([3, 3, 3, 3, 3], False),
        ([0, 3, 3, 3, 3, 3], False),  # the good minute is before the window
    ],
)
def test_one_minute_without_errors_clears(errors: list[float | None], cleared: bool) -> None:
    assert clears(RATE, RATE.threshold, thing({"errors": errors}, kind="account"), SERVICE, NOW) is cleared


def test_the_floor_is_the_lowest_limit_where_the_rule_gives_none() -> None:
    account = thing({"longest": [2.5] * 5}, kind="account")
    assert not clears(SLOW, Threshold(None, 2.0, 300), account, SERVICE, NOW)
    assert clears(SLOW, Threshold(None, 3.0, 300), account, SERVICE, NOW)
    assert not clears(SLOW, Threshold(2.0, 3.0, 300), account, SERVICE, NOW)
    assert not clears(SLOW, Threshold(None, None, 300), account, SERVICE, NOW)


def test_a_hole_proves_nothing_where_the_metric_should_be_there() -> None:
    honest = replace(SERVICE, metrics=tuple(replace(one, missing=Missing.UNKNOWN) for one in METRICS))
    silent = replace(SERVICE, metrics=tuple(replace(one, missing=Missing.NOT_APPLICABLE) for one in METRICS))
    account = thing({"errors": [_] * 5}, kind="account")
    assert clears(RATE, RATE.threshold, account, SERVICE, NOW)
    assert not clears(RATE, RATE.threshold, account, honest, NOW)
    assert not clears(RATE, RATE.threshold, account, silent, NOW)


@pytest.mark.parametrize("coverage", [Coverage.FORBIDDEN, Coverage.ERROR])
def test_what_was_not_given_proves_nothing(coverage: Coverage) -> None:
    account = thing({"errors": series([0] * 5, coverage=coverage)}, kind="account")
    assert not clears(RATE, RATE.threshold, account, SERVICE, NOW)


def test_a_hole_in_a_partial_answer_proves_nothing() -> None:
    account = thing({"errors": series([3, _, 3, 3, 3], coverage=Coverage.PARTIAL)}, kind="account")
    assert not clears(RATE, RATE.threshold, account, SERVICE, NOW)


def test_only_the_present_window_counts_where_some_of_it_was_read() -> None:
    late = thing({"errors": series([0, 0, 3, 3, 3], end=END - 120)}, kind="account")
    assert not clears(RATE, RATE.threshold, late, SERVICE, NOW)


def test_a_window_of_one_point_holds_until_the_next_read_is_overdue() -> None:
    for minutes, cleared in ((1, True), (2, True), (5, False)):
        late = thing({"throttles": series([9, 0], end=END - 60 * minutes)}, kind="account")
        assert clears(THROTTLED, THROTTLED.threshold, late, SERVICE, NOW) is cleared


def test_nothing_clears_without_an_account_or_a_clearance() -> None:
    assert not clears(RATE, RATE.threshold, None, SERVICE, NOW)
    assert not clears(RATE, RATE.threshold, thing(kind="account"), SERVICE, NOW)
    assert not clears(LOAD, LOAD.threshold, thing({"load": [0] * 5}, kind="account"), SERVICE, NOW)
