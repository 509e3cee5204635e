"""What is read from afar: the fleet in large letters; and what it costs in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.verdict import Health
from screens.money import cost_line
from tests.ui.driving import drive
from tests.ui.fleet import fleet
from widgets.band import Counts, FleetBand, band_lines
from widgets.letters import large
from widgets.line import Line, text_of, width_of

WRONG: Counts = {Health.CRITICAL: 1, Health.WARNING: 2, Health.UNKNOWN: 7, Health.OK: 9}


def roles(lines: tuple[Line, ...]) -> set[str]:
    return {run.role for line in lines for run in line if run.text.strip()}


def test_a_letter_keeps_its_dots_in_half_the_lines() -> None:
    assert large("1", whole_cells=True) == (" █ ", "██ ", " █ ", " █ ", "███")
    assert large("1") == (" ▄ ", "▀█ ", "▄█▄")


@pytest.mark.parametrize("width", [160, 176, 200, 240])
def test_the_band_fills_its_width_whatever_it_is(width: int) -> None:
    for whole in (False, True):
        assert {width_of(line) for line in band_lines(WRONG, width, whole_cells=whole)} == {width}


def test_only_the_worst_has_a_ground_and_what_is_none_is_quiet() -> None:
    assert roles(band_lines(WRONG, 200)) == {"critical-ground", "warning", "unknown", "ok"}
    assert roles(band_lines({Health.WARNING: 3, Health.OK: 1}, 200)) == {"dim", "warning-ground", "ok"}
    assert roles(band_lines({Health.OK: 12}, 200)) == {"dim", "ok-ground"}


def test_a_wall_is_not_green_while_somebody_waits_for_a_first_look() -> None:
    lines = band_lines({Health.OK: 12, None: 2}, 200)
    assert roles(lines) == {"dim", "ok", "waiting"}
    assert "○ 2 waiting" in text_of(lines[-1])


def test_numbers_stand_where_they_stood() -> None:
    def start(counts: Counts) -> int:
        line = band_lines(counts, 200)[0]
        return next(width_of(line[:at]) for at, run in enumerate(line) if run.role.startswith("warning"))

    assert start(WRONG) == start({**WRONG, Health.CRITICAL: 12})


async def test_a_wall_screen_tells_the_fleet_in_large_letters_and_a_small_one_on_one_line() -> None:
    async with drive(size=(200, 60)) as on:
        assert on.app.screen.query_one(FleetBand).display
        assert on.line("▄▄▄ ▄▄  ▄ ▄▄▄")
        await on.resize(80, 24)
        assert not on.app.screen.query_one(FleetBand).display
        assert "✖ 2" in on.lines()[0]


async def test_what_large_letters_tell_is_not_told_again_above_them() -> None:
    async with drive(size=(200, 60)) as on:
        assert "critical" not in on.lines()[0]
        await on.press("enter")
        assert "✖ 2 critical" in on.lines()[0]


def test_a_number_stands_by_its_glyph_and_apart_from_its_word() -> None:
    line = band_lines({Health.OK: 1, Health.WARNING: 1}, 220)[2]
    told = next(run.text for run in line if run.role.startswith("ok"))
    glyph, number, word = large("●")[2], large("1")[2], large("OK")[2]
    before, after = told.split(number, 1)
    assert len(before) - len(before.rstrip()) < len(after) - len(after.lstrip())
    assert glyph in before
    assert word in after


async def test_in_ascii_the_letters_are_larger_and_plain() -> None:
    async with drive(size=(200, 60), ascii=True) as on:
        assert on.text().isascii()
        assert on.line("###", "#   #")


def bill(name: str, spent: float | None, budget: float | None = None, **facts: float) -> Resource:
    known = {"month_to_date_usd": spent, "budget_usd": budget, **facts}
    return Resource(f"bill:{name}", SlotId("a", "us-east-1", "cost"), "environment", name, known)


def test_what_things_cost_is_told_against_the_budget() -> None:
    line = cost_line([bill("shop/prod", 357.0, 700.0, forecast_usd=740.0, yesterday_usd=18.65)], 120)
    assert text_of(line) == "this month $357 of $700 (51 %) · forecast $740 · yesterday $18.65"
    assert {run.role for run in line if "forecast" in run.text} == {"warning"}
    short = cost_line([bill("shop/prod", 357.0, 700.0, forecast_usd=740.0)], 40)
    assert text_of(short) == "this month $357 of $700 (51 %)"


def test_several_bills_are_one_sum_and_the_dearest_are_named() -> None:
    bills = [bill("shop/prod", 300.0, 500.0), bill("shop/dev", 20.0, 100.0)]
    assert text_of(cost_line(bills, 120, names=True)) == (
        "this month $320 of $600 (53 %) · shop/prod $300 · shop/dev $20.00"
    )


def test_a_bill_that_is_not_known_is_no_sum() -> None:
    assert cost_line([bill("shop/prod", 300.0), bill("shop/dev", None)], 120) == ()
    assert cost_line([], 120) == ()


async def test_a_wall_tells_what_the_fleet_costs() -> None:
    known = replace(fleet(), bills=(bill("tim-combo/prod", 357.0, 700.0), bill("no-such/environment", 9.0)))
    async with drive(known, size=(200, 60)) as on:
        assert on.line(" COST ", "this month $357 of $700 (51 %)")


def test_a_bill_that_is_not_in_dollars_is_told_in_its_currency() -> None:
    one = bill("shop/prod", 357.0, 700.0)
    yuan = replace(one, facts={**one.facts, "currency": "CNY"})
    assert text_of(cost_line([yuan], 120)) == "this month CNY 357"
    assert cost_line([one, yuan], 120) == ()
