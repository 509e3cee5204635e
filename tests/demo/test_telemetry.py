"""The arithmetic behind the metrics: noise that repeats, timelines, samples and their statistics."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.demo.telemetry.functions import Conduct, FunctionLoad, Routing, sample_of
from cockpit.demo.telemetry.noise import DAY, rounded, seed, swing, uniform
from cockpit.demo.telemetry.queues import Backlog, Kept, QueueLoad
from cockpit.demo.telemetry.samples import Part, Sample, gauge, is_statistic, merged, percentile, statistic
from cockpit.demo.telemetry.timeline import Timeline

MINUTE = 29_400_000


def test_noise_is_the_same_in_every_process() -> None:
    code = "from cockpit.demo.telemetry.noise import seed, swing; print(swing(seed('a', 'b'), 12345))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(told) == swing(seed("a", "b"), 12345)


def test_noise_spreads_evenly_and_differs_by_series() -> None:
    one, other = ([uniform(seed(name), step) for step in range(5000)] for name in ("one", "other"))
    assert statistics.mean(one) == pytest.approx(0.5, abs=0.02)
    assert abs(statistics.correlation(one, other)) < 0.05
    assert statistics.mean(swing(seed("one"), step) for step in range(5000)) == pytest.approx(0, abs=0.02)


def test_a_day_has_its_busy_and_its_quiet_hours() -> None:
    assert statistics.mean(DAY) == pytest.approx(1.0, abs=0.001)
    assert max(DAY) / min(DAY) > 1.5


def test_rounding_keeps_the_mean() -> None:
    throws = [uniform(seed("throws"), step) for step in range(8000)]
    assert statistics.mean(rounded(0.3, throw) for throw in throws) == pytest.approx(0.3, abs=0.02)


class TestTimeline:
    def test_what_holds_when(self) -> None:
        timeline = Timeline("a")
        timeline.change(100.0, "b")
        timeline.change(160.0, "c")
        assert [timeline.at(moment) for moment in (0, 99.9, 100, 159, 160, 1e9)] == ["a", "a", "b", "b", "c", "c"]
        assert (timeline.now, timeline.changed_at) == ("c", 160.0)

    @given(st.lists(st.floats(0, 1000), max_size=6).map(sorted), st.floats(0, 900), st.floats(1, 300))
    def test_the_shares_of_any_stretch_add_up(self, moments: list[float], start: float, length: float) -> None:
        timeline = Timeline(0)
        for number, moment in enumerate(moments, 1):
            timeline.change(moment, number)
        shares = list(timeline.over(start, start + length))
        assert math.fsum(share for share, _ in shares) == pytest.approx(1.0)
        assert [value for _, value in shares] == sorted({value for _, value in shares})

    def test_a_change_to_the_same_is_none(self) -> None:
        timeline = Timeline("a")
        timeline.change(5.0, "a")
        assert timeline.changed_at == float("-inf")


class TestSamples:
    @pytest.mark.parametrize(
        "name", ["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p0", "p50", "p99.9", "p100"]
    )
    def test_known_statistics(self, name: str) -> None:
        assert is_statistic(name)
        assert math.isfinite(statistic(gauge(4.0), name))

    @pytest.mark.parametrize("name", ["sum", "p101", "p-1", "p", "tm90", "", "p99.99999999999"])
    def test_unknown_statistics(self, name: str) -> None:
        assert not is_statistic(name)

    def test_a_percentile_of_a_mixture_lies_between_those_of_its_parts(self) -> None:
        quick = Sample(900, 9000, 5.0, 40.0, (Part(900, 10.0, 0.4),))
        slow = Sample(100, 20_000, 100.0, 600.0, (Part(100, 200.0, 0.4),))
        both = merged([quick, None, slow])
        assert both is not None
        assert (both.number, both.total, both.low, both.high) == (1000, 29_000, 5.0, 600.0)
        assert percentile(both, 0.5) == pytest.approx(percentile(quick, 0.5), rel=0.1)
        assert percentile(slow, 0.5) < percentile(both, 0.99) < percentile(slow, 0.99)

    @given(st.lists(st.tuples(st.integers(1, 500), st.floats(0.1, 1e4), st.floats(0, 1)), min_size=1, max_size=5))
    def test_percentiles_never_fall(self, parts: list[tuple[int, float, float]]) -> None:
        mixture = tuple(Part(float(number), median, sigma) for number, median, sigma in parts)
        sample = Sample(
            sum(p.number for p in mixture),
            1.0,
            min(p.median for p in mixture) / 50,
            max(p.median for p in mixture) * 50,
            mixture,
        )
        found = [percentile(sample, share / 100) for share in (1, 10, 50, 90, 99, 100)]
        assert found == sorted(found)
        assert sample.low <= found[0]
        assert found[-1] <= sample.high

    def test_nothing_is_merged_to_nothing(self) -> None:
        assert merged([None, None]) is None


def function(per_minute: float, error_percent: float = 0.0) -> FunctionLoad:
    steady = Timeline(Routing("live", (("1", 1.0),)))
    return FunctionLoad("f", per_minute, Conduct(error_percent=error_percent), steady)


class TestFunctions:
    def test_an_idle_minute_has_no_data_point(self) -> None:
        idle = function(0.001).minute(MINUTE)
        assert [sample_of(metric, idle) for metric in ("Invocations", "Errors", "Throttles", "Duration")] == [None] * 4

    def test_errors_without_any_are_zero_not_missing(self) -> None:
        found = sample_of("Errors", function(50).minute(MINUTE))
        assert found is not None
        assert (found.total, found.number > 0) == (0, True)

    def test_the_error_rate_is_what_it_is_said_to_be(self) -> None:
        minutes = [function(300, 7.0).minute(MINUTE + i) for i in range(600)]
        calls = sum(run.invocations for minute in minutes for run in minute.runs)
        errors = sum(run.errors for minute in minutes for run in minute.runs)
        assert 100 * errors / calls == pytest.approx(7.0, rel=0.05)

    def test_a_partly_settled_minute_has_fewer_calls(self) -> None:
        whole, part = (function(300).minute(MINUTE, settled).runs[0].invocations for settled in (1.0, 0.6))
        assert part == pytest.approx(0.6 * whole, abs=1)


class TestQueues:
    def test_a_backlog_grows_and_its_oldest_message_ages(self) -> None:
        load = QueueLoad("q", 100.0, Timeline(Backlog(1000.0, 0.0, 60.0)), Timeline(Kept(0, 0.0)))
        assert load.depth(900.0) < 5
        assert load.depth(1600.0) == pytest.approx(600, abs=5)
        assert load.age_seconds(1600.0) > load.age_seconds(1300.0) > 60

    def test_a_pile_levels_off(self) -> None:
        load = QueueLoad("q", 100.0, Timeline(Backlog(0.0, 0.0, 60.0, most=600.0)), Timeline(Kept(0, 0.0)))
        depths = [load.depth(second) for second in (300, 600, 6000, 600_000)]
        assert 300 <= depths[0] < 310
        assert all(600 <= depth < 603 for depth in depths[1:])
        assert load.age_seconds(600_000) == 360.0

    def test_a_kept_message_ages_second_by_second(self) -> None:
        load = QueueLoad("q", 0.0, Timeline(Backlog(0.0, 0.0)), Timeline(Kept(2, 500.0)))
        assert (load.depth(560.0), load.age_seconds(560.0)) == (2, 60.0)
