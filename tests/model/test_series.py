from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.series import Coverage, Series, aligned_window, from_points

values = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=40).map(tuple)


def test_points_in_any_order_are_laid_on_the_grid_and_holes_stay_holes():
    series = from_points([(180, 3.0), (60, 1.0)], start=60, end=300, period_seconds=60)
    assert series.values == (1.0, None, 3.0, None)
    assert series.end == 300


def test_points_outside_the_window_are_left_out():
    assert from_points([(0, 9.0), (360, 9.0)], start=60, end=300, period_seconds=60).values == (None,) * 4


def test_late_data_corrects_what_was_read_before():
    early = Series(0, 60, (1.0, 2.0, None))
    late = Series(60, 60, (2.5, 3.0, 4.0))
    assert early.followed_by(late, keep=10) == Series(0, 60, (1.0, 2.5, 3.0, 4.0))


def test_a_gap_between_two_reads_is_a_hole_not_a_shift():
    merged = Series(0, 60, (1.0,)).followed_by(Series(180, 60, (4.0,)), keep=10)
    assert merged.values == (1.0, None, None, 4.0)


def test_an_answer_that_ends_earlier_keeps_the_newer_points():
    merged = Series(0, 60, (1.0, 2.0, 3.0)).followed_by(Series(60, 60, (9.0,)), keep=10)
    assert merged.values == (1.0, 9.0, 3.0)


def test_another_period_length_stands_alone():
    assert Series(0, 60, (1.0,)).followed_by(Series(0, 300, (5.0,)), keep=10).values == (5.0,)


def test_the_newest_minutes_are_left_out_and_end_is_exclusive():
    start, end = aligned_window(1_000_030.0, length_seconds=300, period_seconds=60, delay_seconds=120)
    assert (start, end) == (999_600, 999_900)
    assert end <= 1_000_030 - 120


def test_a_failed_coverage_survives_a_merge():
    failed = Series(60, 60, (None,), Coverage.FORBIDDEN)
    assert Series(0, 60, (1.0,)).followed_by(failed, keep=5).coverage is Coverage.FORBIDDEN


@given(older=values, newer=values, gap=st.integers(0, 20), keep=st.integers(1, 50))
def test_a_merge_never_moves_a_point(older, newer, gap, keep):
    first, second = Series(0, 60, older), Series(gap * 60, 60, newer)
    merged = first.followed_by(second, keep)
    assert len(merged.values) <= keep
    for i, value in enumerate(merged.values):
        moment = merged.start + i * 60
        expected = second if second.start <= moment < second.end else first
        assert value == expected.between(moment, moment + 60)[0]


@given(values=values, start=st.integers(-10, 50), count=st.integers(0, 60))
def test_between_gives_one_value_a_period_whatever_is_asked(values, start, count):
    assert len(Series(0, 60, values).between(start * 60, (start + count) * 60)) == count


@given(values=values, start=st.integers(-10, 50), count=st.integers(0, 60))
def test_between_gives_each_period_its_own_value(values, start, count):
    expected = tuple(values[i] if 0 <= i < len(values) else None for i in range(start, start + count))
    assert Series(0, 60, values).between(start * 60, (start + count) * 60) == expected
