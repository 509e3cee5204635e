"""How the panels of an environment arrange themselves, and what those say of which nothing is seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.units import Unit
from cockpit.model.verdict import Health
from screens.environment import EnvironmentScreen
from screens.service import ServiceScreen
from tests.ui.driving import drive
from widgets.board import PanelBoard
from widgets.board_layout import PanelNeed, arrange, column_count, neighbour
from widgets.line import text_of, width_of
from widgets.panel import PanelFacts, Standout, blind_lines, is_blind, need_of, panel_lines
from widgets.plot import Plot

needs = st.lists(
    st.tuples(st.integers(2, 6), st.integers(0, 12), st.integers(0, 20)).map(
        lambda sizes: PanelNeed(sizes[0], sizes[0] + sizes[1], sum(sizes))
    ),
    min_size=1,
    max_size=9,
)


def facts(health: Health | None = Health.OK, *, charted: bool = False, things: int = 0, **more: str) -> PanelFacts:
    plot = Plot("errors", Unit.COUNT, 0.0, 3600.0, (1.0, 2.0)) if charted else None
    named = tuple(Standout(Health.OK, f"thing-{number}", "fine") for number in range(things))
    return PanelFacts(
        "lambda",
        1,
        "LAMBDA",
        health,
        more.get("headline", "1"),
        more.get("note", ""),
        "",
        "",
        (plot,) if plot else (),
        named,
    )


@given(needs, st.integers(40, 240), st.integers(5, 60))
def test_panels_never_overlap_never_leave_the_board_and_have_what_they_need(
    wanted: list[PanelNeed], width: int, room: int
) -> None:
    columns = column_count(width, room, len(wanted))
    places = arrange(wanted, width, room, columns)
    taken: set[tuple[int, int]] = set()
    for need, place in zip(wanted, places, strict=True):
        assert need.least <= place.height <= need.most
        assert place.left >= 0
        assert place.left + place.width <= width
        lines = {(place.column, line) for line in range(place.top, place.top + place.height)}
        assert not lines & taken
        taken |= lines


def test_a_panel_that_has_more_to_say_is_higher_and_none_grows_beyond_that() -> None:
    wanted = [PanelNeed(4, 14, 20), PanelNeed(2, 2, 2), PanelNeed(5, 8, 12)]
    places = arrange(wanted, 60, 60, 1)
    assert [place.height for place in places] == [20, 2, 12]


def test_where_room_is_short_no_panel_is_squeezed_out_by_another() -> None:
    places = arrange([PanelNeed(4, 14, 20), PanelNeed(5, 14, 14)], 60, 14, 1)
    assert [place.height for place in places] == [7, 7]


def test_the_next_panel_goes_where_there_is_most_room() -> None:
    places = arrange([PanelNeed(4, 14, 20), PanelNeed(2, 2, 2), PanelNeed(4, 9, 9)], 120, 30, 2)
    assert [place.column for place in places] == [0, 1, 1]
    assert neighbour(places, 0, 1, 0) == 1
    assert neighbour(places, 1, 0, 1) == 2
    assert neighbour(places, 2, 0, 1) == 2
    assert neighbour(places, 0, -1, 0) == 0


def test_what_cannot_be_seen_is_told_in_few_lines_with_what_would_help() -> None:
    words = "the session has expired · aws sso login --sso-session combo-sso"
    twice = (Standout(Health.UNKNOWN, "combo", words),) * 2
    unseen = PanelFacts("rds", 2, "DATABASE", Health.UNKNOWN, "", "expired", "", "", (), twice)
    assert is_blind(unseen)
    told = " ".join(text_of(line).strip() for line in blind_lines(unseen, 40))
    assert told == words
    assert need_of(unseen, 40).most == 3
    lines = panel_lines(unseen, 40, 3, focused=False)
    assert text_of(lines[0]).endswith("? unknown")
    assert all(width_of(line) == 40 for line in lines)


def test_what_was_seen_once_keeps_its_figures_though_it_is_unknown_now() -> None:
    assert not is_blind(facts(Health.UNKNOWN, headline="cpu 40 %", note="expired"))


def test_what_is_not_known_now_takes_few_lines_and_what_is_remembered_is_quiet() -> None:
    why = Standout(Health.UNKNOWN, "shop eu-west-1", "the session has expired", "expired")
    kept = Standout(Health.UNKNOWN, "shop-db", "cpu 40 %")
    old = replace(facts(Health.UNKNOWN, charted=True, headline="cpu 40 %", note="expired"), standouts=(why, kept))
    assert need_of(old, 60).most == 4
    lines = panel_lines(old, 60, 4, focused=False)
    assert {run.role for run in lines[2] if "session" in run.text} == {"unknown"}
    assert {run.role for run in lines[3] if "cpu" in run.text} == {"dim"}


def test_a_panel_that_waits_takes_two_lines() -> None:
    assert need_of(facts(None, things=9), 60) == PanelNeed(2, 2, 2)


def test_a_chart_wants_room_and_a_short_list_does_not() -> None:
    assert need_of(facts(charted=True, things=3), 60).good > need_of(facts(things=3), 60).most


def test_a_high_panel_has_more_than_one_chart() -> None:
    one = facts(charted=True, things=3)
    plot = one.plots[0]
    shown = replace(one, plots=(plot, replace(plot, title="p99 duration")))
    low, high = (" ".join(text_of(line) for line in panel_lines(shown, 60, lines, focused=False)) for lines in (14, 40))
    assert "errors" in low
    assert "p99 duration" not in low
    assert "p99 duration" in high


def test_a_narrow_panel_tells_the_figure_and_the_whole_name() -> None:
    wrong = Standout(Health.CRITICAL, "tim-prod-checkout:live", "error rate 7.9 % > 5.0 % for 7 min", "7.9 %")
    shown = PanelFacts("lambda", 1, "LAMBDA", Health.CRITICAL, "err 7.9 %", "", "", "", (), (wrong,))
    assert text_of(panel_lines(shown, 38, 3, focused=False)[2]).rstrip() == "✖ tim-prod-checkout:live  7.9 %"


async def test_arrows_and_enter_open_a_service_from_its_panel() -> None:
    async with drive(size=(200, 60)) as on:
        await on.press("j", "enter", "1", "right", "enter")
        on.screen(ServiceScreen)
        assert "tim-combo/prod › RDS" in on.lines()[0]


async def test_a_click_chooses_a_panel_and_a_second_one_opens_it() -> None:
    async with drive() as on:
        await on.press("j", "enter")
        board = on.screen(EnvironmentScreen).query_one(PanelBoard)
        place = board.places[1]
        await on.pilot.click(PanelBoard, offset=(place.left + 5, place.top + 1))
        await on.settle()
        assert board.chosen_index == 1
        await on.pilot.click(PanelBoard, offset=(place.left + 5, place.top + 1))
        await on.settle()
        on.screen(ServiceScreen)
