"""Lambda's rules as they are by default, and its cell."""

from __future__ import annotations

import pytest

from cockpit.model.verdict import Health
from cockpit.services.lambda_ import SERVICE
from tests.services.samples import later, sample, verdict


def test_more_than_5_percent_errors_for_5_minutes_is_critical() -> None:
    bad = sample(SERVICE, "alias", "checkout:live", {"function": "checkout"}, errors=[7.0] * 5, invocations=[100.0] * 5)
    judged = verdict(SERVICE, "lambda.error_rate", bad)
    assert judged is not None
    assert judged.health is Health.CRITICAL
    assert "7.0 % > 5.0 %" in judged.reason


@pytest.mark.parametrize(
    ("errors", "invocations"),
    [([5.0] * 5, [100.0] * 5), ([7.0, 7, 7, 7, 5], [100.0] * 5), ([7.0] * 5, [100.0, 100, None, 100, 100])],
    ids=["exactly 5 %", "one good minute", "errors of calls that began a minute before"],
)
def test_less_than_that_is_not_critical(errors: list[float], invocations: list[float | None]) -> None:
    judged = verdict(SERVICE, "lambda.error_rate", sample(SERVICE, "function", errors=errors, invocations=invocations))
    assert judged is not None
    assert judged.health is not Health.CRITICAL


def test_a_quiet_function_that_fails_every_minute_is_critical() -> None:
    quiet = sample(SERVICE, "function", errors=[1.0] * 5, invocations=[1.0] * 5)
    judged = verdict(SERVICE, "lambda.error_rate", quiet)
    assert judged is not None
    assert judged.health is Health.CRITICAL


def test_an_idle_function_is_ok() -> None:
    judged = verdict(
        SERVICE, "lambda.error_rate", sample(SERVICE, "function", errors=[None] * 5, invocations=[None] * 5)
    )
    assert judged is not None
    assert judged.health is Health.OK


def test_an_account_without_errors_clears_functions_that_were_read_long_ago() -> None:
    calm = sample(SERVICE, "account", errors=[None] * 5, invocations=[9.0] * 5)
    old = later(sample(SERVICE, "function", errors=[7.0] * 5, invocations=[9.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.error_rate", old, calm)
    assert judged is not None
    assert judged.health is Health.OK


def test_an_account_with_errors_clears_nothing() -> None:
    busy = sample(SERVICE, "account", errors=[1.0] * 5, invocations=[9.0] * 5)
    old = later(sample(SERVICE, "function", errors=[0.0] * 5, invocations=[9.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.error_rate", old, busy)
    assert judged is not None
    assert judged.health is Health.UNKNOWN


def test_p99_over_2_seconds_for_5_minutes_is_critical() -> None:
    slow = sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[200.0] * 5)
    judged = verdict(SERVICE, "lambda.duration_p99", slow)
    assert judged is not None
    assert judged.health is Health.CRITICAL


def test_p99_of_a_handful_of_calls_is_not_judged() -> None:
    slow = sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[19.0] * 5)
    judged = verdict(SERVICE, "lambda.duration_p99", slow)
    assert judged is None or judged.health is Health.OK


def test_an_account_whose_longest_call_is_short_clears_p99() -> None:
    calm = sample(SERVICE, "account", duration_max=[1.9] * 5)
    old = later(sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[200.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.duration_p99", old, calm)
    assert judged is not None
    assert judged.health is Health.OK


def test_any_throttle_is_a_warning() -> None:
    judged = verdict(SERVICE, "lambda.throttles", sample(SERVICE, "function", throttles=[1.0]))
    assert judged is not None
    assert judged.health is Health.WARNING


@pytest.mark.parametrize(("used", "health"), [(700, Health.OK), (850, Health.WARNING), (960, Health.CRITICAL)])
def test_concurrency_is_judged_against_the_accounts_limit(used: float, health: Health) -> None:
    account = sample(SERVICE, "traffic", facts={"concurrency_limit": 1000}, concurrent=[used] * 5)
    judged = verdict(SERVICE, "lambda.concurrency", account)
    assert judged is not None
    assert judged.health is health


def test_concurrency_is_silent_where_the_limit_is_not_known() -> None:
    assert verdict(SERVICE, "lambda.concurrency", sample(SERVICE, "traffic", concurrent=[900.0] * 5)) is None


# The cell.


def test_the_cell_names_what_fails_steadily() -> None:
    fails = sample(
        SERVICE, "alias", "checkout:live", {"function": "checkout"}, errors=[36.0] * 5, invocations=[500.0] * 5
    )
    whole = sample(SERVICE, "function", "checkout", errors=[36.0] * 5, invocations=[500.0] * 5)
    once = sample(SERVICE, "function", "nightly", errors=[0.0, 0, 0, 0, 1], invocations=[0.0, 0, 0, 0, 1])
    shown = SERVICE.headline([once, whole, fails])
    assert (shown.text, shown.label) == ("err 7.2 %", "checkout:live")
    assert shown.trend[-5:] == pytest.approx((7.2,) * 5)


def test_the_cell_shows_all_together_where_nothing_fails_steadily() -> None:
    once = sample(SERVICE, "function", "nightly", errors=[0.0, 0, 0, 0, 1], invocations=[0.0, 0, 0, 0, 1])
    busy = sample(SERVICE, "function", "checkout", errors=[0.0] * 5, invocations=[200.0] * 5)
    assert SERVICE.headline([once, busy]).text == "err 0.1 %"


def test_a_calm_account_speaks_for_functions_that_were_read_long_ago() -> None:
    old = later(sample(SERVICE, "function", errors=[9.0] * 5, invocations=[10.0] * 5), -7200)
    calm = sample(SERVICE, "account", errors=[0.0] * 5)
    traffic = sample(SERVICE, "traffic", invocations=[100.0] * 5)
    assert SERVICE.headline([calm, traffic, old]).text == "err 0.0 %"


def test_a_calm_account_does_not_speak_for_another() -> None:
    calm = sample(SERVICE, "account", "one", errors=[0.0] * 5, invocations=[100.0] * 5)
    other = sample(SERVICE, "account", "two", errors=[5.0] * 5, invocations=[50.0] * 5)
    bad = sample(SERVICE, "function", "bad", errors=[5.0] * 5, invocations=[50.0] * 5)
    assert SERVICE.headline([calm, other, bad]).text == "err 10 %"


def test_with_one_account_calm_and_one_not_the_functions_speak_for_themselves() -> None:
    calm = sample(SERVICE, "account", "one", errors=[0.0] * 5, invocations=[100.0] * 5)
    other = sample(SERVICE, "account", "two", errors=[0.0, 0, 0, 0, 5], invocations=[50.0] * 5)
    once = sample(SERVICE, "function", "once", errors=[0.0, 0, 0, 0, 5], invocations=[50.0] * 5)
    assert SERVICE.headline([calm, other, once]).text == "err 2.0 %"


def test_throttles_stand_beside_the_error_rate() -> None:
    throttled = sample(SERVICE, "function", errors=[0.0] * 5, invocations=[9.0] * 5, throttles=[0.0, 0, 0, 2, 1])
    assert SERVICE.headline([throttled]).text == "err 0.0 % thr 3"


def test_without_traffic_the_cell_is_idle() -> None:
    assert SERVICE.headline([sample(SERVICE, "account", errors=[None] * 5, invocations=[None] * 5)]).text == "idle"
