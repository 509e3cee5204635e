"""How often things are due, and how failures are spaced."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.config.settings import Polling
from cockpit.engine.cadence import backoff_seconds, intervals_of, next_look, share_of
from cockpit.model.ids import SlotId
from cockpit.model.verdict import Outcome
from tests.engine.rooms import DEV, NOW, TINY

REGION = "eu-west-1"


def test_near_the_ceiling_metrics_are_read_half_as_often() -> None:
    close = intervals_of(TINY, Polling(pace=2), slowed=True)
    assert (close.kinds["thing"], close.kinds["account"], close.discover) == (2400, 240, 600)


@given(
    last=st.floats(1e9, 2e9),
    every=st.sampled_from([15.0, 60.0, 300.0, 600.0, 3600.0]),
    name=st.text(min_size=1, max_size=8),
)
def test_the_next_look_is_never_far_from_its_cadence_and_then_exact(last: float, every: float, name: str) -> None:
    slot = SlotId(name, REGION, "tiny")
    first = next_look(slot, last, every)
    assert 0.25 * every - 1e-3 <= first - last <= 1.25 * every + 1e-3
    assert next_look(slot, first, every) == pytest.approx(first + every, abs=1e-3)


def test_slots_of_one_account_and_region_are_due_together_and_accounts_are_spread() -> None:
    services = [SlotId("a1", REGION, service) for service in ("lambda", "sqs", "rds")]
    assert len({next_look(slot, NOW, 60) for slot in services}) == 1
    accounts = {next_look(SlotId(f"a{number}", REGION, "sqs"), NOW, 60) for number in range(60)}
    seconds = sorted(at - NOW for at in accounts)
    assert max(b - a for a, b in itertools.pairwise(seconds)) < 12


def test_jitter_is_the_same_in_every_process() -> None:
    assert share_of("dev/eu-west-2") == pytest.approx(0.0013761, abs=1e-7)


@given(st.sampled_from(list(Outcome)), st.integers(0, 10**6))
def test_backoff_has_a_ceiling_whatever_happens(outcome: Outcome, failures_in_row: int) -> None:
    assert 15 <= backoff_seconds(DEV, outcome, failures_in_row) <= 3600 * 1.2
