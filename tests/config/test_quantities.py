"""Durations, sizes, percentages and money, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.config.quantities import BadQuantity, duration_seconds, quantity
from cockpit.model.units import DURATION_SECONDS, SIZE_BYTES, Unit

FIGURES = st.decimals(min_value=0, max_value=10**6, places=3)
SPACES = st.sampled_from(["", " "])


@given(FIGURES, st.sampled_from(sorted(DURATION_SECONDS)), SPACES)
def test_a_duration_is_its_figure_times_its_suffix(figure: object, suffix: str, space: str) -> None:
    expected = float(str(figure)) * DURATION_SECONDS[suffix]
    assert duration_seconds(f"{figure}{space}{suffix}") == pytest.approx(expected, abs=1e-8)


@given(FIGURES, st.sampled_from(sorted(SIZE_BYTES)), SPACES)
def test_a_size_is_its_figure_times_its_suffix(figure: object, suffix: str, space: str) -> None:
    assert quantity(f"{figure}{space}{suffix}", Unit.BYTES) == pytest.approx(float(str(figure)) * SIZE_BYTES[suffix])


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_parts_of_a_duration_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert duration_seconds(f"{hours}h {minutes}m {seconds}s") == hours * 3600 + minutes * 60 + seconds


@given(FIGURES)
def test_a_percentage_keeps_its_figure(figure: object) -> None:
    assert quantity(f"{figure}%", Unit.PERCENT) == float(str(figure))


def _is_figure_or_sentence(value: object, unit: Unit) -> bool:
    try:
        return 0 <= quantity(value, unit) < float("inf")
    except BadQuantity as sentence:
        return str(sentence).isprintable()


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text())))
def test_anything_is_a_finite_figure_or_one_sentence(value: object) -> None:
    for unit in Unit:
        assert _is_figure_or_sentence(value, unit)


@pytest.mark.parametrize(
    ("value", "unit", "figure"),
    [
        (1000, Unit.COUNT, 1000),
        (0.5, Unit.COUNT, 0.5),
        ("$4.10", Unit.USD, 4.1),
        ("20 USD", Unit.USD, 20),
        (20, Unit.USD, 20),
        ("5/s", Unit.PER_SECOND, 5),
        ("2w", Unit.DAYS, 14),
        ("36h", Unit.DAYS, 1.5),
        ("310ms", Unit.SECONDS, 0.31),
        ("1_000ms", Unit.SECONDS, 1),
        ("0s", Unit.SECONDS, 0),
    ],
)
def test_each_unit_has_its_own_way_of_writing(value: object, unit: Unit, figure: float) -> None:
    assert quantity(value, unit) == figure


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("5", Unit.SECONDS, "has no unit"),
        (5, Unit.PERCENT, "has no unit"),
        ("5m", Unit.PERCENT, "is a duration, but this is a percentage"),
        ("5%", Unit.COUNT, "is a percentage, but this is a plain number"),
        ("5GiB", Unit.SECONDS, "is a size, but this is a duration"),
        ("5 min", Unit.SECONDS, "its units are ms, s, m, h, d, w"),
        ("5gb", Unit.BYTES, "its units are B, KB, MB"),
        ("-5m", Unit.SECONDS, "must not be negative"),
        (-1, Unit.COUNT, "must not be negative"),
        (float("nan"), Unit.COUNT, "must be a finite figure"),
        (10**400, Unit.USD, "must be a finite figure"),
        (True, Unit.COUNT, "not true"),
        ([5], Unit.COUNT, "not a list"),
        ("soon", Unit.SECONDS, "is not a duration"),
        ("", Unit.SECONDS, "is not a duration"),
        ("5m soon", Unit.SECONDS, "is not a duration"),
    ],
)
def test_what_is_not_a_quantity_of_its_unit_is_refused_with_the_reason(value: object, unit: Unit, words: str) -> None:
    with pytest.raises(BadQuantity, match=words):
        quantity(value, unit)
