"""What a rule concludes: sustained windows, holes by their meaning, and never a green guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.health import Judgement, judge
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule, Threshold
from cockpit.model.series import Coverage
from cockpit.model.verdict import Health
from tests.health.cases import (
    ANY,
    BACKUPS,
    DEPTH,
    END,
    HITS,
    LOAD,
    NOW,
    RATE,
    ROOM,
    SERVICE,
    SHARE,
    SLOW,
    STATE,
    series,
    thing,
)

OK, WARNING, CRITICAL, UNKNOWN = Health.OK, Health.WARNING, Health.CRITICAL, Health.UNKNOWN
_ = None


def judged(rule: Rule, resource: Resource, threshold: Threshold | None = None, **given: object) -> Judgement | None:
    context = {"specs": SERVICE, "clearing": None, "now": NOW, **given}
    return judge(rule, resource, threshold or rule.threshold, **context)  # type: ignore[arg-type]


def certainly(rule: Rule, resource: Resource, threshold: Threshold | None = None, **given: object) -> Judgement:
    judgement = judged(rule, resource, threshold, **given)
    assert judgement is not None
    return judgement


class TestSustained:
    @pytest.mark.parametrize(
        ("points", "health"),
        [
            ([90, 90, 90, 90, 90], CRITICAL),
            ([90, 90, 70, 90, 90], WARNING),
            ([90, 90, 50, 90, 90], OK),
            ([90, 90, 90, 90, 80], WARNING),  # the limit itself is good
            ([60, 90, 90, 90, 90], OK),
            ([50, 90, 90, 90, 90, 90], CRITICAL),  # the good point is before the window
            ([90, 90, 90, 90, 50], OK),
        ],
    )
    def test_every_point_of_the_window_must_breach(self, points: list[float], health: Health) -> None:
        assert certainly(LOAD, thing({"load": points})).health is health

    def test_the_newest_minutes_are_left_out(self) -> None:
        early = series([90, 90, 90, 90, 90, 10, 10], end=END + 120)
        assert certainly(LOAD, thing({"load": early})).health is CRITICAL

    def test_below_is_bad_where_the_rule_says_so(self) -> None:
        assert certainly(ROOM, thing({"room": [5e8] * 5})).health is CRITICAL
        assert certainly(ROOM, thing({"room": [5e8, 5e8, 3e9, 5e8, 5e8]})).health is OK

    def test_a_threshold_for_no_time_looks_at_the_newest_point_alone(self) -> None:
        assert certainly(ANY, thing({"throttles": [0, 0, 0, 0, 3]})).health is WARNING
        assert certainly(ANY, thing({"throttles": [9, 9, 9, 3, 0]})).health is OK

    def test_a_threshold_without_limits_is_silent(self) -> None:
        assert judged(LOAD, thing({"load": [99] * 5}), Threshold(None, None, 300)) is None

    def test_a_rule_for_other_kinds_is_silent(self) -> None:
        assert judged(LOAD, thing({"load": [99] * 5}, kind="account")) is None

    def test_the_sentence_carries_figure_limit_and_duration(self) -> None:
        judgement = certainly(RATE, thing({"errors": [0, 7, 7, 7, 7, 7, 7.2], "calls": [100] * 7}))
        assert judgement.reason == "error rate 7.2 % > 5.0 % for 6 min"
        assert judgement.since == END - 360
        assert judgement.evidence is not None
        assert judgement.evidence.value == pytest.approx(7.2)
        assert judgement.evidence.limit == 5.0
        assert judgement.evidence.points == pytest.approx((7, 7, 7, 7, 7.2))
        assert judgement.evidence.window_seconds == 300

    def test_figures_that_read_alike_are_not_compared_in_writing(self) -> None:
        assert certainly(LOAD, thing({"load": [50] + [80.2] * 5})).reason == "load just over 80 % for 5 min"
        assert (
            certainly(ROOM, thing({"room": [3e9] + [0.99999e9] * 5})).reason
            == "free room just under 953.7 MiB for 5 min"
        )


class TestSince:
    def test_walks_back_to_the_first_bad_point(self) -> None:
        judgement = certainly(LOAD, thing({"load": [10, 90, 90, 90, 90, 90, 90, 90, 90]}))
        assert judgement.since == END - 480
        assert not judgement.since_at_least

    def test_a_hole_ends_the_walk_where_it_is_unknown_and_not_bad_where_it_is_zero(self) -> None:
        assert certainly(LOAD, thing({"load": [90, _, 90, 90, 90, 90, 90, 90]})).since == END - 360
        zero = thing({"errors": [9, _, 9, 9, 9, 9, 9, 9], "calls": [10] * 8})
        assert certainly(RATE, zero).since == END - 360

    def test_says_so_where_it_is_older_than_what_is_kept(self) -> None:
        judgement = certainly(LOAD, thing({"load": [90] * 30}))
        assert judgement.since == END - 1800
        assert judgement.since_at_least
        assert judgement.reason.endswith("for more than 30 min")

    def test_is_what_aws_says_where_a_fact_tells(self) -> None:
        ringing = thing(facts={"ringing": True, "ringing_since": NOW - 720, "words": "3 datapoints were too high"})
        judgement = certainly(STATE, ringing)
        assert judgement.since == NOW - 720
        assert judgement.reason == "in alarm for 12 min: 3 datapoints were too high"


class TestMissing:
    @pytest.mark.parametrize(
        ("points", "health"),
        [
            ([_, _, _, _, _], UNKNOWN),
            ([90, 90, _, 90, 90], UNKNOWN),
            ([90, 90, 90, 90, _], UNKNOWN),
            ([50, _, _, _, _], OK),  # one good point proves that nothing is sustained
            ([90, _, 50, _, 90], OK),
            ([70, 70, _, 70, 70], UNKNOWN),  # not critical for sure, a warning perhaps
        ],
    )
    def test_unknown_concludes_nothing_unless_a_point_disproves_it(
        self, points: list[float | None], health: Health
    ) -> None:
        assert certainly(LOAD, thing({"load": points})).health is health

    def test_says_how_long_nothing_was_there(self) -> None:
        quarter = replace(LOAD.threshold, for_seconds=900)
        assert certainly(LOAD, thing({"load": [_] * 15}), quarter).reason == "no load data for 15 min"

    def test_says_how_much_was_missing(self) -> None:
        assert (
            certainly(LOAD, thing({"load": [90, 90, _, 91, 91]})).reason
            == "load 91 % > 80 % in 4 of 5 points, 1 missing"
        )

    def test_zero_counts_as_nothing_happened(self) -> None:
        assert certainly(ANY, thing({"throttles": [5, 5, _]})).health is OK

    @pytest.mark.parametrize(
        ("errors", "calls", "health"),
        [
            ([_] * 5, [_] * 5, OK),  # no traffic: neither 0 % nor 100 %
            ([0] * 5, [0] * 5, OK),
            ([9] * 5, [_, 100, 100, 100, 100], UNKNOWN),  # errors without calls: a half that has not arrived
            ([9, 9, _, 9, 9], [100] * 5, OK),  # no errors in one minute
            ([9, 9, _, 9, 9], [100, 100, _, 100, 100], OK),  # no traffic in one minute
            ([9] * 5, [100] * 5, CRITICAL),
        ],
    )
    def test_a_ratio_of_nothing_is_no_value(
        self, errors: list[float | None], calls: list[float | None], health: Health
    ) -> None:
        assert certainly(RATE, thing({"errors": errors, "calls": calls})).health is health

    def test_no_traffic_says_so(self) -> None:
        assert certainly(RATE, thing({"errors": [_] * 5, "calls": [_] * 5})).reason == "nothing to judge: no traffic"

    def test_not_applicable_is_silent_without_points_and_judged_with_them(self) -> None:
        assert judged(HITS, thing({"hits": [_] * 5})) is None
        assert certainly(HITS, thing({"hits": [10] * 5})).health is WARNING
        assert certainly(HITS, thing({"hits": [10, _, 10, 10, 10]})).health is OK

    def test_a_metric_that_the_resource_does_not_have_is_silent(self) -> None:
        assert judged(HITS, thing(facts={"no_metrics": True})) is None

    def test_a_metric_that_the_resource_no_longer_has_is_silent_however_bad_it_was(self) -> None:
        stopped = thing({"load": [99] * 5}, {"no_metrics": True})
        assert judged(LOAD, stopped) is None
        assert judged(LOAD, stopped, now=NOW + 3600) is None

    def test_a_percentage_of_an_unknown_whole_is_silent(self) -> None:
        assert judged(SHARE, thing({"connections": [90] * 5})) is None
        assert certainly(SHARE, thing({"connections": [99] * 5}, {"most": 100})).health is CRITICAL

    def test_few_samples_are_not_judged(self) -> None:
        slow = {"p99": [9] * 5}
        assert certainly(SLOW, thing({**slow, "calls": [100] * 5})).health is CRITICAL
        assert certainly(SLOW, thing({**slow, "calls": [20] * 5})).health is CRITICAL
        assert certainly(SLOW, thing({**slow, "calls": [100, 100, 19, 100, 100]})).health is OK
        assert certainly(SLOW, thing({**slow, "calls": [100, 100, _, 100, 100]})).health is OK


class TestCoverage:
    @pytest.mark.parametrize(("coverage", "word"), [(Coverage.FORBIDDEN, "refused"), (Coverage.ERROR, "failed")])
    def test_what_cloudwatch_did_not_give_is_unknown(self, coverage: Coverage, word: str) -> None:
        judgement = certainly(LOAD, thing({"load": series([10] * 5, coverage=coverage)}))
        assert judgement.health is UNKNOWN
        assert word in judgement.reason

    @pytest.mark.parametrize(
        ("errors", "health"),
        [([9, 9, _, 9, 9], UNKNOWN), ([9, 0, _, 9, 9], OK), ([9, 9, 9, 9, 9], CRITICAL), ([_] * 5, UNKNOWN)],
    )
    def test_a_partial_answer_has_no_zeroes_for_holes(self, errors: list[float | None], health: Health) -> None:
        partial = series(errors, coverage=Coverage.PARTIAL)
        assert certainly(RATE, thing({"errors": partial, "calls": [100] * 5})).health is health

    def test_a_metric_that_was_never_read_is_unknown(self) -> None:
        judgement = certainly(LOAD, thing())
        assert (judgement.health, judgement.reason) == (UNKNOWN, "load not read yet")

    def test_half_a_ratio_is_unknown(self) -> None:
        assert certainly(RATE, thing({"errors": [0] * 5})).health is UNKNOWN


class TestAge:
    def test_between_two_reads_the_newest_window_that_was_read_is_judged(self) -> None:
        late = thing({"load": series([90] * 5, end=END - 1200)})
        judgement = certainly(LOAD, late)
        assert judgement.health is CRITICAL
        assert judgement.reason.endswith("ago)")

    def test_an_overdue_read_is_unknown_with_its_age(self) -> None:
        judgement = certainly(LOAD, thing({"load": series([90] * 5, end=END - 3600)}))
        assert judgement.health is UNKNOWN
        assert judgement.reason.startswith("load last read 60 min ago")
        assert certainly(LOAD, thing({"load": series([10] * 5, end=END - 3600)})).health is UNKNOWN

    def test_a_slower_pace_makes_a_read_due_later(self) -> None:
        resource = thing({"load": series([90] * 5, end=END - 3600)})
        assert certainly(LOAD, resource, pace=2.0).health is CRITICAL

    def test_what_the_account_rules_out_is_due_at_its_close_cadence(self) -> None:
        """Functions are read seldom on purpose; once their account has errors only a close look will do."""
        old = {"errors": series([0] * 5, end=END - 900), "calls": series([10] * 5, end=END - 900)}
        noisy, quiet = (thing({"errors": points}, kind="account") for points in ([3] * 5, [3, 3, 0, 3, 3]))
        assert certainly(RATE, thing(old), clearing=quiet).health is OK
        assert certainly(RATE, thing(old), clearing=noisy).health is UNKNOWN

    def test_a_good_point_of_the_present_window_is_enough_however_late_the_rest_is(self) -> None:
        hour = Threshold(60.0, 80.0, 3600)
        assert certainly(LOAD, thing({"load": series([10] * 5, end=END - 3000)}), hour).health is OK


class TestFacts:
    @pytest.mark.parametrize(("days", "health"), [(0, CRITICAL), (1, WARNING), (6, WARNING), (7, OK), (_, UNKNOWN)])
    def test_are_judged_at_one_look(self, days: int | None, health: Health) -> None:
        assert certainly(BACKUPS, thing(facts={"days": days})).health is health

    def test_count_only_once_they_have_lasted_where_aws_says_since_when(self) -> None:
        resource = thing(facts={"ringing": True, "ringing_since": NOW - 100})
        assert certainly(STATE, resource, Threshold(None, 0.0, 300)).health is OK
        assert certainly(STATE, resource, Threshold(None, 0.0, 60)).health is CRITICAL

    @pytest.mark.parametrize(
        ("points", "depth", "health", "reason"),
        [
            ([_] * 10, 3, OK, "within limits"),
            ([_] * 10, 1204, WARNING, "messages now 1\u202f204 > 1\u202f000, no history"),
            ([_] * 10, 9000, WARNING, "messages now 9\u202f000 > 5\u202f000, no history"),
            ([_] * 10, _, UNKNOWN, "no messages data for 10 min"),
            ([6000.0] * 5 + [_] * 5, 6000, UNKNOWN, "messages 6\u202f000 > 5\u202f000 in 5 of 10 points, 5 missing"),
            ([6000.0] * 5 + [_] * 5, 3, OK, "within limits"),
            ([6000.0] * 10, 3, CRITICAL, "messages 6\u202f000 > 5\u202f000 for more than 10 min"),
        ],
    )
    def test_stand_in_for_a_window_without_points(
        self, points: list[float | None], depth: int | None, health: Health, reason: str
    ) -> None:
        judgement = certainly(DEPTH, thing({"depth": points}, {"depth_now": depth}))
        assert (judgement.health, judgement.reason) == (health, reason)

    def test_stand_in_at_full_severity_where_nothing_need_last(self) -> None:
        judgement = certainly(DEPTH, thing({"depth": [_]}, {"depth_now": 9000}), Threshold(1000, 5000, 0))
        assert judgement.health is CRITICAL

    def test_a_good_fact_clears_what_was_not_read(self) -> None:
        assert certainly(DEPTH, thing(facts={"depth_now": 3})).health is OK
        assert certainly(DEPTH, thing(facts={"depth_now": 9000})).health is UNKNOWN
