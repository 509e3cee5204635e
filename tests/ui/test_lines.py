"""Lines of text, sparklines and moments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.known import NOW
from widgets.line import Run, apart, cut, fit, text_of, width_of, wrap
from widgets.spark import sparkline, squeeze
from widgets.times import moment_text

words = st.text(alphabet="ab cé語●", max_size=12)


@given(st.lists(words, max_size=5), st.integers(0, 40))
def test_a_fitted_line_is_exactly_as_wide_as_it_was_asked_to_be(texts: list[str], width: int) -> None:
    assert width_of(fit(tuple(Run(text) for text in texts), width)) == width


def test_what_is_cut_is_marked_and_what_only_loses_blanks_is_not() -> None:
    assert text_of(fit((Run("production"),), 6)) == "produ…"
    assert text_of(fit((Run("prod"), Run("uction")), 4)) == "pro…"
    assert text_of(fit((Run("prod"), Run("   ")), 5)) == "prod "
    assert text_of(fit((Run("prod  "),), 4)) == "prod"
    assert cut("production", 1) == "…"


def test_the_right_end_stays_when_the_left_one_gives_way() -> None:
    assert text_of(apart((Run("a long left part"),), (Run("12:00"),), 12)) == "a long…12:00"


@given(st.text(max_size=60), st.integers(4, 30))
def test_wrapped_text_keeps_every_letter_and_fits(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


def test_a_word_without_width_is_kept_where_there_is_no_room_for_it() -> None:
    assert wrap("00000000000 \x1b", 11) == ["00000000000", "\x1b"]


def test_an_arn_is_parted_after_its_separators() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:checkout-with-a-long-name"
    assert wrap(f"the {arn}", 30) == [
        "the",
        "arn:aws:lambda:eu-west-1:",
        "111122223333:function:",
        "checkout-with-a-long-name",
    ]
    assert wrap("x" * 12, 5) == ["xxxxx", "xxxxx", "xx"]


def test_a_hole_in_a_trend_is_a_blank_and_a_zero_is_not() -> None:
    assert sparkline((0.0, None, 4.0), 3) == "▁ █"
    assert sparkline((0.0, 0.0), 4) == "  ▁▁"
    assert sparkline((None, None), 4) == "    "


def test_a_steady_course_far_from_zero_is_a_line_in_the_middle() -> None:
    assert sparkline((93.0, 93.0, 93.0), 3) == "▄▄▄"


def test_a_spike_of_one_point_survives_a_narrow_cell() -> None:
    values = [0.0] * 59 + [9.0]
    assert squeeze(values, 6) == [0.0, 0.0, 0.0, 0.0, 0.0, 9.0]
    assert sparkline(values[::-1], 6)[0] == "█"


def test_moments_are_as_short_as_they_are_clear() -> None:
    assert moment_text(NOW - 360, NOW) == "14:26"
    assert moment_text(NOW - 86_400, NOW) == "Sun 14:32"
    assert moment_text(NOW - 30 * 86_400, NOW) == "2026-01-31"


def test_below_its_limit_a_trend_tells_how_far_there_is_to_go() -> None:
    assert sparkline((0.0, 0.1, 0.4, 0.0), 4, 5.0) == "▁▁▁▁"
    assert sparkline((24.0, 25.0, 24.0), 3, 80.0) == "▃▃▃"
    assert sparkline((40.0, 79.0), 2, 80.0) == "▅█"


def test_beyond_its_limit_a_trend_tells_its_course() -> None:
    assert sparkline((0.0, 0.0, 7.0), 3, 5.0) == "▁▁█"
    assert sparkline((-1.0, 3.0), 2, 5.0) == sparkline((-1.0, 3.0), 2)
