"""Charts: limits are drawn, holes stay holes, and nothing runs over the edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.rule import Direction
from cockpit.model.series import Series
from cockpit.model.units import Unit
from tests.ui.known import NOW
from widgets.line import text_of, width_of
from widgets.plot import Limit, Plot, base_of, caption, edge_rows, nice_ceiling, plot_lines, plot_of, spread, top_of
from widgets.plot_axis import Mark, axis_lines, ticks

HOUR = 3600
END = NOW - 120


def plot(*values: float | None, limits: tuple[Limit, ...] = (), unit: Unit = Unit.COUNT, **more: object) -> Plot:
    return Plot("errors", unit, END - 60 * len(values), END, values, limits, **more)  # type: ignore[arg-type]


def text(drawn: Plot, width: int = 24, height: int = 6) -> list[str]:
    return [text_of(line) for line in plot_lines(drawn, width, height)]


values = st.lists(st.none() | st.floats(0, 1e9), max_size=200)


@given(values, st.integers(5, 120), st.integers(0, 20), st.lists(st.floats(0, 1e9), max_size=2))
def test_a_chart_is_exactly_as_large_as_it_was_asked_to_be(
    points: list[float | None], width: int, height: int, limits: list[float]
) -> None:
    drawn = plot(*points, limits=tuple(Limit(value, "warning") for value in limits))
    lines = plot_lines(drawn, width, height)
    assert len(lines) == height
    assert all(width_of(line) == width for line in lines)


def test_a_missing_point_is_a_gap_and_a_zero_is_a_mark() -> None:
    lowest = text(plot(0.0, None, 8.0), width=12, height=5)[-2]
    body = lowest.split("┤")[1]
    assert set(body[:3]) == {"▁"}
    assert set(body[4:6]) == {" "}
    assert set(body[-3:]) == {"█"}


def test_without_any_point_it_says_so() -> None:
    assert "no data points" in "\n".join(text(plot(None, None)))


def test_the_limit_is_drawn_across_and_labelled_at_its_height() -> None:
    lines = text(plot(1.0, 2.0, 1.0, limits=(Limit(5.0, "critical"),), unit=Unit.PERCENT), width=30, height=8)
    across = next(line for line in lines if "╌" in line)
    assert across.startswith("5.0 %┤╌╌╌")
    assert "0.0 %┤" in lines[-2]


def test_a_limit_far_above_everything_does_not_flatten_the_chart() -> None:
    drawn = plot(1.0, 2.0, 1.0, limits=(Limit(1000.0, "warning"),))
    assert top_of(drawn) == 2.0
    assert "╌" not in "\n".join(text(drawn))
    assert "limit > 1\u202f000" in text_of(caption(drawn, 60))


def test_what_breaches_the_limit_has_its_colour() -> None:
    drawn = plot(2.0, 9.0, limits=(Limit(5.0, "critical"),))

    def roles(height: int) -> set[str]:
        return {run.role for line in plot_lines(drawn, 24, height) for run in line if set(run.text) & set("▁▂▃▄▅▆▇█")}

    assert roles(6) == {"trend-edge", "critical-edge"}
    assert roles(14) == {"trend-edge", "trend-area", "critical-edge", "critical-area"}
    below = plot(1.0, limits=(Limit(5.0, "warning"), Limit(2.0, "critical")), direction=Direction.BELOW)
    assert below.role_of(1.0) == "critical"
    assert below.role_of(3.0) == "warning"
    assert below.role_of(6.0) == "trend"


def test_when_points_share_a_cell_the_worst_is_shown() -> None:
    assert spread((1.0, 9.0, 1.0, 1.0), 2, Direction.ABOVE) == [9.0, 1.0]
    assert spread((5.0, 2.0, None, 7.0), 2, Direction.BELOW) == [2.0, 7.0]
    assert spread((None, None, 1.0, None), 2, Direction.ABOVE) == [None, 1.0]


@pytest.mark.parametrize(
    ("hours", "width", "labels"),
    [
        (1, 60, "13:30 13:45 14:00 14:15 14:30"),
        (1, 34, "13:30 14:00 14:30"),
        (6, 60, "09:00 10:00 11:00 12:00 13:00 14:00"),
        (24, 60, "16:00 20:00 Mon 2 04:00 08:00 12:00"),
        (7 * 24, 80, "Tue 24 Wed 25 Thu 26 Fri 27 Sat 28 Sun 1 Mon 2"),
        (7 * 24, 34, "Thu 26 Mon 2"),
        (30 * 24, 60, "2 Feb 9 Feb 16 Feb 23 Feb 2 Mar"),
    ],
)
def test_the_time_axis_has_round_times_as_far_as_there_is_room(hours: int, width: int, labels: str) -> None:
    drawn = Plot("errors", Unit.COUNT, END - hours * HOUR, END, (1.0,) * 60)
    assert " ".join(text(drawn, width=width)[-1].split("└")[1].split()) == labels


@given(st.integers(1, 40 * 24 * HOUR), st.integers(1, 200))
def test_ticks_are_in_order_and_on_the_axis(span: int, columns: int) -> None:
    shown = ticks(END - span, END, columns)
    assert [tick.column for tick in shown] == sorted({tick.column for tick in shown})
    assert all(0 <= tick.column < columns for tick in shown)
    for line in axis_lines(END - span, END, columns, (), lines=2):
        assert width_of(line) == columns


def test_a_change_is_marked_on_the_axis_and_across_the_chart() -> None:
    drawn = plot(*[1.0] * 30, *[9.0] * 30, marks=(Mark(END - 1800, "version 42"), Mark(END - 9000, "earlier")))
    lines = text(drawn, width=62, height=12)
    axis = lines[-2].split("└")[1]
    assert [index for index, sign in enumerate(axis) if sign == "◆"] == [29]
    assert lines[0].split("┤")[1][29] == "┊"
    assert "◆" not in "".join(text(plot(1.0, 2.0, marks=(Mark(END - 9000, "earlier"),)), height=12))


def test_a_chart_without_points_says_why() -> None:
    assert "loading 6 h" in "\n".join(text(plot(None, None, note="loading 6 h")))
    assert text_of(caption(plot(1.0, note="not complete"), 60)).split("    ")[1].startswith("not complete")


def test_a_chart_of_days_names_days() -> None:
    days = Plot("dollars", Unit.USD, NOW - 30 * 86_400, NOW, (1.0,) * 30)
    assert "2 Mar" in text(days, width=60)[-1]


def test_overdue_data_leaves_a_hole_up_to_the_present() -> None:
    late = Series(int(END) - 7200, 60, (1.0,) * 60)
    drawn = plot_of(late, title="errors", unit=Unit.COUNT, now=NOW, length_seconds=HOUR)
    assert drawn.end - late.end == 52 * 60
    assert drawn.end - drawn.start == HOUR
    assert drawn.values[-52:] == (None,) * 52
    assert drawn.values[:8] == (1.0,) * 8


def test_data_that_is_only_late_ends_where_it_ends() -> None:
    series = Series(int(END) - 3600, 60, (1.0,) * 60)
    assert plot_of(series, title="errors", unit=Unit.COUNT, now=NOW).end == series.end


@pytest.mark.parametrize(
    ("value", "unit", "top"),
    [
        (7.2, Unit.PERCENT, 8.0),
        (93.0, Unit.PERCENT, 100.0),
        (1189.0, Unit.COUNT, 1500.0),
        (0.0, Unit.COUNT, 1.0),
        (0.3, Unit.SECONDS, 0.3),
        (3 * 2.0**30, Unit.BYTES, 3 * 2.0**30),
    ],
)
def test_the_top_of_the_axis_is_a_round_figure(value: float, unit: Unit, top: float) -> None:
    assert nice_ceiling(value, unit) == pytest.approx(top)


def test_the_caption_names_value_range_limit_and_holes_as_far_as_there_is_room() -> None:
    drawn = plot(1.0, None, 7.2, limits=(Limit(5.0, "critical"),), unit=Unit.PERCENT)
    assert text_of(caption(drawn, 80)).rstrip() == (
        "errors  7.2 %    1.0 % … 7.2 % · limit > 5.0 % · 1 of 3 points missing"
    )
    assert text_of(caption(drawn, 34)).rstrip() == "errors  7.2 %    1.0 % … 7.2 %"


def test_the_newest_value_is_told_however_long_the_title_is() -> None:
    drawn = Plot("a very long title that does not fit", Unit.COUNT, 0, 60, (7.0,))
    assert text_of(caption(drawn, 24)).endswith("…  7")


def test_where_everything_is_high_the_axis_begins_higher_and_says_so() -> None:
    drawn = plot(86.0, 88.0, 87.0, limits=(Limit(80.0, "warning"), Limit(95.0, "critical")), unit=Unit.PERCENT)
    base = base_of(drawn, top_of(drawn))
    assert 60 <= base < 80
    lines = text(drawn, width=40, height=12)
    assert f"{base:.0f} %┤" in lines[-3]
    assert [line[:6].strip() for line in lines if "╌" in line] == ["95 %┤", "80 %┤"]


def test_without_a_limit_an_area_begins_at_zero() -> None:
    assert base_of(plot(86.0, 88.0), 100.0) == 0.0
    assert base_of(plot(0.0, 88.0, limits=(Limit(80.0, "warning"),)), 100.0) == 0.0


def test_a_second_limit_does_not_flatten_what_is_near_the_first() -> None:
    drawn = plot(10.0, 1700.0, limits=(Limit(1000.0, "warning"), Limit(10_000.0, "critical")))
    assert top_of(drawn) == 2000.0


def test_a_limit_goes_across_the_area_that_exceeds_it() -> None:
    drawn = plot(9.0, 9.0, limits=(Limit(4.0, "critical"),))
    across = next(line for line in text(drawn, width=24, height=10) if "╌" in line)
    assert set(across.split("┤")[1]) == {"╌"}


def test_a_limit_does_not_cut_the_area_in_two() -> None:
    drawn = plot(1.0, 5.0, 9.0, limits=(Limit(4.0, "critical"),))
    runs = [run for line in plot_lines(drawn, 24, 14) for run in line if "╌" in run.text]
    assert {run.role for run in runs} == {"critical", "critical>critical-area", "critical>critical-edge"}


def test_the_edge_of_an_area_is_as_deep_as_its_lowest_neighbour() -> None:
    assert edge_rows([24, 24, 24, 20, 24, 24, 40, 40, 40, 40]) == [2, 2, 2, 2, 2, 2, 2, 2, 4, 4]
    assert edge_rows([8, 16, None, None, 1]) == [0, 0, 0, 0, 0]
    assert edge_rows([None, 9]) == [1, 1]


def test_an_area_is_not_all_edge_beside_a_jump() -> None:
    assert edge_rows([1, 1, 1, 64, 64, 64]) == [0, 0, 0, 5, 5, 7]
