"""How the matrix folds as the terminal narrows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.matrix_layout import ColumnNeed, ColumnPlace, MatrixLayout, lay_out

NEEDS = (
    ColumnNeed("lambda", "LAMBDA", 9, 27, has_trend=True),
    ColumnNeed("rds", "DATABASE", 8, 8, has_trend=True),
    ColumnNeed("sqs", "QUEUES", 5, 5, has_trend=True),
    ColumnNeed("cloudfront", "EDGE", 8, 8, has_trend=True),
    ColumnNeed("alarms", "ALARMS", 4, 12, has_trend=False),
    ColumnNeed("cost", "COST", 7, 7, has_trend=True),
)

needs = st.lists(
    st.builds(
        ColumnNeed,
        key=st.uuids().map(str),
        title=st.sampled_from(["LAMBDA", "EDGE", "HTTP", "CERTIFICATES"]),
        figure=st.integers(0, 10),
        words=st.integers(0, 30),
        has_trend=st.booleans(),
        minor=st.booleans(),
    ),
    max_size=14,
)


def used(layout: MatrixLayout) -> int:
    columns = sum(2 + column.width for column in layout.columns)
    return layout.name + columns + (10 if layout.folded else 0)


@given(needs, st.integers(40, 240))
def test_every_column_is_shown_or_counted_in_order_and_nothing_runs_over_the_edge(
    wanted: list[ColumnNeed], width: int
) -> None:
    layout = lay_out(width, 30, wanted)
    assert [column.key for column in (*layout.columns, *layout.folded)] == [need.key for need in wanted]
    assert used(layout) <= width or not layout.columns


@given(needs, st.integers(40, 200))
def test_a_wider_terminal_never_shows_less(wanted: list[ColumnNeed], width: int) -> None:
    narrow, wide = lay_out(width, 30, wanted), lay_out(width + 1, 30, wanted)
    assert len(wide.columns) >= len(narrow.columns)
    assert sum(column.text > 0 for column in wide.columns) >= sum(column.text > 0 for column in narrow.columns)


def test_a_wall_screen_has_trends_and_whole_sentences() -> None:
    layout = lay_out(200, 30, NEEDS)
    assert all(column.trend for column in layout.columns if column.key != "alarms")
    assert next(column for column in layout.columns if column.key == "alarms").text == 12


def test_eighty_columns_keep_the_first_figures_and_every_glyph() -> None:
    layout = lay_out(78, 29, NEEDS)
    assert not layout.folded
    assert layout.columns[0].text >= 9
    assert layout.columns[-1] == ColumnPlace("cost", "COS", 0)


STACKS = ColumnNeed("stacks", "STACKS", 8, 8, has_trend=False, minor=True)


def test_a_minor_column_takes_no_trend_away() -> None:
    layout = lay_out(120, 29, (*NEEDS, STACKS))
    assert [column.trend > 0 for column in layout.columns[:2]] == [True, True]
    assert layout.columns[-1] == ColumnPlace("stacks", "STACKS", 0)


def test_a_minor_column_has_its_figure_once_every_trend_has_room() -> None:
    layouts = [lay_out(width, 29, (*NEEDS, STACKS)) for width in range(60, 240)]
    for layout in layouts:
        *others, stacks = (*layout.columns, *layout.folded)
        trends = all(column.trend for column, need in zip(others, NEEDS, strict=True) if need.has_trend)
        assert trends or not stacks.text or layout.folded
    assert layouts[-1].columns[-1].text == 8


def test_forty_columns_count_what_has_no_room() -> None:
    layout = lay_out(44, 29, NEEDS)
    assert layout.folded
    assert layout.folded[-1].key == "cost"


def test_a_click_finds_its_column() -> None:
    layout = MatrixLayout(10, (ColumnPlace("a", "A", 4), ColumnPlace("b", "B", 4)))
    assert layout.column_at(5) is None
    assert layout.column_at(12) == "a"
    assert layout.column_at(20) == "b"
    assert layout.column_at(99) is None
