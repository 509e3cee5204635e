"""Reasons in fewer words."""

from __future__ import annotations

import pytest

from widgets.reasons import brief, fitting

CROSSED = (
    "in alarm for 4 min: Threshold Crossed: 3 out of the last 3 datapoints [18.0 (20/11/26 05:05:00), "
    "21.0 (20/11/26 05:04:00), 17.0 (20/11/26 05:03:00)] were greater than the threshold (5.0) "
    "(minimum 3 datapoints for OK -> ALARM transition)."
)
MANY = (
    "in alarm for 3 min: Threshold Crossed: 10 out of the last 10 datapoints were greater than or equal to the "
    "threshold (1000.0). The most recent datapoints which crossed the threshold: [1587.0 (20/11/26 05:24:00), "
    "1530.0 (20/11/26 05:23:00)] (minimum 10 datapoints for OK -> ALARM transition)."
)


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        (CROSSED, "in alarm for 4 min: 17 … 21 > 5"),
        (MANY, "in alarm for 3 min: 1\u202f530 … 1\u202f587 ≥ 1\u202f000"),
        (
            "in alarm: Threshold Crossed: 1 datapoint [0.25 (20/11/26 05:05:00)] was less than the threshold (1.0).",
            "in alarm: 0.25 < 1",
        ),
        (
            (
                "in alarm for 9 min: arn:aws:cloudwatch:eu-west-1:111122223333:alarm:queue-deep transitioned to "
                "ALARM at Friday 20 November, 2026 05:08:00 UTC"
            ),
            "in alarm for 9 min: queue-deep rings",
        ),
        (
            (
                "in alarm for 9 min: Threshold Crossed: no datapoints were received for 3 periods and 3 missing "
                "datapoints were treated as [Breaching]."
            ),
            "in alarm for 9 min: no data points",
        ),
        ("in alarm for 1 h: set by hand", "in alarm for 1 h: set by hand"),
        ("error rate 7.2 % > 5.0 % for 6 min", "error rate 7.2 % > 5.0 % for 6 min"),
    ],
)
def test_the_long_sentences_of_aws_become_figures(whole: str, short: str) -> None:
    assert brief(whole) == short


def test_what_changed_is_worth_more_than_how_long_it_has_been_so() -> None:
    reason, more = "error rate 7.2 % > 5.0 % for 6 min", "version 42, published 14:24 UTC"
    assert fitting(reason, more, 80) == (reason, more)
    assert fitting(reason, more, 50) == (reason, "version 42")
    assert fitting(reason, more, 40) == ("error rate 7.2 % > 5.0 %", "version 42")
    assert fitting(reason, more, 30) == ("error rate 7.2 % > 5.0 %", "")


def test_the_command_that_helps_is_the_last_to_go() -> None:
    reason = "the session has expired: aws sso login --profile media-sso; never seen"
    assert fitting(reason, "", 52) == ("session expired: aws sso login --profile media-sso", "")


def test_what_fits_nowhere_is_told_in_its_shortest_form() -> None:
    assert fitting(CROSSED, "", 4) == ("in alarm: 17 … 21 > 5", "")
