"""The two lines at the top."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.verdict import Outcome
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from widgets.line import Run, text_of, width_of
from widgets.logins import login_name
from widgets.status import Place, second_line, top_line

PLACE = Place(scope=("5 systems", "16 environments", "10 accounts"), read_only=True, demo=True)
FLEET = fleet()


def top(width: int, place: Place = PLACE) -> str:
    line = top_line(FLEET, place, NOW, width)
    assert width_of(line) == width
    return text_of(line)


def second(width: int, **changes: object) -> str:
    line = second_line(replace(FLEET, **changes), PLACE, NOW, width)  # type: ignore[arg-type]
    assert width_of(line) == width
    return text_of(line)


def test_a_wide_header_counts_in_glyph_figure_and_word() -> None:
    line = top(200)
    assert line.startswith(" cockpit   5 systems · 16 environments · 10 accounts  ")
    counts = "✖ 2 critical  ▲ 1 warning  ? 4 unknown  ● 8 ok  ○ 1 waiting  DEMO  READ-ONLY  14:32 "
    assert line.endswith(counts)


def test_a_narrow_header_keeps_the_counts_and_drops_words() -> None:
    assert top(80).startswith(" cockpit   5 systems  ")
    assert top(80).endswith("✖ 2  ▲ 1  ? 4  ● 8  ○ 1  DEMO  READ-ONLY  14:32 ")


@pytest.mark.parametrize("width", [70, 80, 120])
def test_where_one_is_beats_how_the_fleet_is(width: int) -> None:
    place = replace(PLACE, trail=("tim-combo/prod", "Lambda"), tag=Run("PROD", "tag"))
    assert "tim-combo/prod › Lambda PROD" in top(width, place)
    assert "READ-ONLY" in top(width, place)


def test_the_second_line_tells_age_bill_sessions_and_errors() -> None:
    line = second(120)
    assert "oldest data 25 min · ? combo-sso expired, 1 account unseen · 225 calls · $0.04 so far" in line
    assert line.rstrip().endswith("! 2 errors")


def test_a_wide_header_tells_what_is_left_of_every_session() -> None:
    assert "media-sso 3 h 12 m left" in second(160)


def test_accounts_that_cannot_be_reached_are_counted() -> None:
    accounts = tuple(replace(one, outcome=Outcome.UNREACHABLE) for one in FLEET.accounts[:2])
    assert "? 2 accounts unreachable" in second(120, accounts=accounts)


def test_a_session_that_ends_soon_beats_what_polling_costs() -> None:
    soon = tuple(replace(one, expires_at=NOW + 600) if one.expires_at else one for one in FLEET.accounts)
    line = second(100, accounts=soon)
    assert "media-sso 10 min left" in line
    assert "calls" not in line


def test_what_has_run_out_stays_longest_where_room_is_short() -> None:
    assert second(80).rstrip().endswith("! 2 errors")
    assert "media-sso" not in second(80)
    assert "oldest data 25 min · ? combo-sso expired" in second(60)


def test_data_that_is_hours_old_by_design_does_not_count_as_oldest() -> None:
    slot, observation = next((s, o) for s, o in FLEET.observations.items() if s.service == "cost")
    bills = {**FLEET.observations, slot: replace(observation, observed_at=NOW - 30_000)}
    line = second_line(replace(FLEET, observations=bills), replace(PLACE, slow=frozenset({"cost"})), NOW, 120)
    assert "oldest data 25 min" in text_of(line)


def test_it_says_when_the_ceiling_slows_polling_and_when_it_is_paused() -> None:
    assert "slowed by ceiling" in second(120, meter=replace(FLEET.meter, throttled_by_ceiling=True))
    assert "PAUSED" in text_of(top_line(replace(FLEET, polling=False), PLACE, NOW, 120))


def test_notices_are_counted_beside_the_errors() -> None:
    assert second(120, notices=("The store was set aside.",)).rstrip().endswith("! 2 errors · 1 notice")


def test_before_anything_is_known_it_says_so() -> None:
    assert "no data yet" in second(120, observations={})


def test_a_start_url_is_shown_by_its_host() -> None:
    assert login_name("https://d-1234.awsapps.example/start") == "SSO d-1234.awsapps.example"
    assert login_name("dev-sso") == "dev-sso"


def test_a_long_trail_loses_its_middle_before_its_tag() -> None:
    place = replace(PLACE, trail=("tim-combo/prod", "lambda", "a-function-with-a-rather-long-name:live"))
    place = replace(place, tag=Run("PROD", "tag"))
    assert "cockpit › tim-combo/prod › lambda › a-function" in top(140, place)
    assert top(100, place).startswith(" tim-combo/prod › lambda › a-function-with-a-rather-long-name:live PROD ")
    assert top(92, place).startswith(" tim-combo/prod › a-function-with-a-rather-long-name:live PROD ")
    assert "… PROD  DEMO  READ-ONLY" in top(60, place)


def test_after_an_hour_the_bill_is_a_rate() -> None:
    assert "$0.0041/h" in second(120, meter=replace(FLEET.meter, since=NOW - 7200))
