"""What stands in a cell of the matrix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.ids import EnvironmentId
from cockpit.model.service import Headline
from cockpit.model.snapshot import Cell, EnvironmentState
from cockpit.model.verdict import Health
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.specs import LAMBDA
from widgets.glyphs import verdict
from widgets.line import Line, text_of, width_of
from widgets.matrix import worst_first
from widgets.matrix_cells import cell_line, folded_line, name_line, name_widths, need_of, tag_of
from widgets.matrix_layout import ColumnPlace

CELL = Cell(
    environment=EnvironmentId("shop", "prod"),
    service="lambda",
    health=Health.OK,
    headline=Headline("err 0.1 %", (1.0, 2.0, 3.0)),
    slots=(),
    resources=(),
    findings=(),
    observed_at=NOW - 30,
)
WIDE = ColumnPlace("lambda", "LAMBDA", 12, 6, figure=9)
NARROW = ColumnPlace("lambda", "LAM", 0)


def drawn(cell: Cell | None, place: ColumnPlace = WIDE) -> str:
    line = cell_line(cell, place, 600.0, NOW)
    assert width_of(line) == place.width
    return text_of(line).rstrip()


def roles(line: Line) -> set[str]:
    return {run.role for run in line if run.text.strip()}


def test_a_good_cell_has_glyph_figure_and_trend() -> None:
    assert drawn(CELL) == "● err 0.1 %    ▃▆█"


def test_severity_is_never_colour_alone() -> None:
    for health, mark in ((Health.WARNING, "▲"), (Health.CRITICAL, "✖"), (Health.UNKNOWN, "?"), (Health.OK, "●")):
        assert drawn(replace(CELL, health=health), NARROW) == mark


def test_trends_line_up_behind_the_figures_unless_a_text_is_longer() -> None:
    assert drawn(replace(CELL, headline=Headline("7 %", (1.0, 2.0, 3.0)))) == "● 7 %          ▃▆█"
    assert drawn(replace(CELL, headline=Headline("err 0.1 % thr 3", (1.0, 2.0)))) == "● err 0.1 % thr 3"


def test_old_data_shows_its_age_instead_of_its_trend() -> None:
    assert drawn(replace(CELL, observed_at=NOW - 480)) == "● err 0.1 % 8 min"


def test_an_unknown_cell_says_why_and_keeps_the_last_value_dimmed() -> None:
    cell = replace(CELL, health=Health.UNKNOWN, note="stale 12 min")
    line = cell_line(cell, ColumnPlace("lambda", "LAMBDA", 24), 600.0, NOW)
    assert text_of(line).rstrip() == "? stale 12 min · err 0.1 %"
    assert roles(line) == {"unknown", "dim"}


def test_a_narrow_unknown_cell_keeps_the_word_that_matters() -> None:
    cell = replace(CELL, health=Health.UNKNOWN, note="denied lambda:ListFunctions")
    assert drawn(cell, ColumnPlace("lambda", "LAMBDA", 9)) == "? denied"


def test_a_cell_that_nobody_looked_at_waits_and_is_not_green() -> None:
    cell = replace(CELL, health=Health.UNKNOWN, headline=None, observed_at=None, note="waiting", pending=True)
    line = cell_line(cell, WIDE, 600.0, NOW)
    assert text_of(line).rstrip() == "○ waiting"
    assert roles(line) == {"waiting"}


def test_no_such_service_is_a_dash() -> None:
    assert drawn(None) == "–"


def test_a_long_figure_is_cut_at_its_first_part() -> None:
    cell = replace(CELL, headline=Headline("1 936 · 3 dead"))
    assert drawn(cell, ColumnPlace("lambda", "LAMBDA", 7)) == "● 1 936"


def state(name: str) -> EnvironmentState:
    found = fleet().environment(EnvironmentId(*name.split("/")))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "tag"),
    [("tim-combo/prod", "PROD"), ("timeclout/pr123", "found"), ("scheduler/dev", ""), ("daywatch/production", "PROD")],
)
def test_protected_and_discovered_environments_carry_a_tag_in_words(name: str, tag: str) -> None:
    assert tag_of(state(name)).text == tag


def test_another_protected_environment_is_tagged_too() -> None:
    shared = replace(state("tim-combo/prod"), id=EnvironmentId("tim-combo", "static"))
    assert tag_of(shared).text == "LOCK"
    assert tag_of(shared, whole=True).text == "PROTECTED"


def test_a_pattern_of_which_nothing_is_known_yet_is_shown_as_one() -> None:
    searched = replace(state("timeclout/pr123"), id=EnvironmentId("timeclout", "pr{number}"))
    assert tag_of(searched).text == ""
    assert "timeclout pr* " in text_of(name_line(searched, name_widths((searched,)), 32))


def test_names_line_up() -> None:
    environments = (state("tim-combo/prod"), state("trinity/development"))
    widths = name_widths(environments)
    lines = [text_of(name_line(one, widths, 32)) for one in environments]
    assert lines[0].startswith("✖ tim-combo prod        PROD")
    assert lines[1].startswith("? trinity   development ")


def test_the_worst_come_first_and_equals_keep_their_configured_order() -> None:
    ordered = [str(one.id) for one in worst_first(fleet().environments)]
    assert ordered[:2] == ["scheduler/staging", "tim-combo/prod"]
    assert ordered[2:6] == ["tim-combo/dev", "tim-combo/test", "trinity/development", "trinity/production"]
    assert ordered[6:8] == ["scheduler/production", "scheduler/dev"]
    assert ordered[8:10] == ["timeclout/production", "timeclout/pr123"]


def test_an_environment_is_waiting_only_while_the_rest_of_it_is_ok() -> None:
    waiting = state("scheduler/dev")
    assert verdict(waiting) is None
    wrong = replace(waiting.cells["sqs"], pending=False, health=Health.WARNING)
    assert verdict(replace(waiting, cells={**waiting.cells, "sqs": wrong})) is Health.WARNING
    fine = replace(CELL, pending=False)
    assert verdict(replace(waiting, cells={**waiting.cells, "sqs": fine})) is None


def test_a_trend_is_coloured_beyond_its_limit_only() -> None:
    place = replace(WIDE, limit=5.0)
    high = replace(CELL, health=Health.CRITICAL, headline=Headline("7 %", (1.0, 1.0, 1.0, 1.0, 7.0, 7.2)))
    line = cell_line(high, place, 600.0, NOW)
    assert [run.role for run in line if set(run.text) & set("▁▂▃▄▅▆▇█")] == ["trend", "critical"]
    calm = replace(CELL, headline=Headline("1 %", (1.0, 7.0, 1.0)))
    assert "critical" not in roles(cell_line(calm, place, 600.0, NOW))


def test_a_column_never_shrinks_when_its_texts_do() -> None:
    long = need_of(LAMBDA, [replace(CELL, headline=Headline("1 940 · 3 dead", (1.0, 2.0)))], None)
    short = need_of(LAMBDA, [replace(CELL, headline=Headline("3"))], long)
    assert (short.figure, short.words, short.has_trend) == (long.figure, long.words, True)


def test_the_worst_of_the_folded_columns_is_told_by_name() -> None:
    folded = (ColumnPlace("rds", "DATABASE", 0), ColumnPlace("alarms", "ALARMS", 0), ColumnPlace("cost", "COST", 0))
    staging = state("scheduler/staging")
    assert text_of(folded_line(staging, folded, None, 8)) == "✖ alarms"
    assert text_of(folded_line(staging, folded, "cost", 8)).rstrip() == "●"
    assert text_of(folded_line(state("tim-combo/prod"), folded, None, 8)).rstrip() == "●"
    assert text_of(folded_line(state("timeclout/pr123"), folded, None, 8)).rstrip() == "–"


def test_where_room_is_short_the_name_of_a_protected_environment_is_its_tag() -> None:
    prod = state("tim-combo/prod")
    line = name_line(prod, name_widths((prod,)), 20, tagged=True)
    assert text_of(line).rstrip() == "✖ tim-combo PROD"
    assert [run.text for run in line if run.role == "tag"] == ["PROD"]
