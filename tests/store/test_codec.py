"""What is written is what is read; anything else is refused."""

import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.series import Series
from cockpit.store.codec import MalformedRow, decode, encode
from tests.store.observations import ACCOUNT_ID, observation


def test_an_observation_comes_back_as_it_was_but_marked_as_restored() -> None:
    seen = observation(functions=3)
    assert decode(seen.slot, ACCOUNT_ID, encode(seen)) == replace(seen, restored=True)


def test_an_observation_of_nothing_comes_back() -> None:
    seen = replace(observation(functions=0), observed_at=None, discovered_at=None, metrics_at={}, failures=())
    assert decode(seen.slot, ACCOUNT_ID, encode(seen)) == replace(seen, restored=True)


@given(st.lists(st.none() | st.floats(allow_nan=False), max_size=30), st.text(st.characters(codec="utf-8")))
def test_every_value_and_every_text_comes_back(values: list[float | None], text: str) -> None:
    seen = observation()
    (function,) = seen.resources
    changed = replace(function, name=text, tags={text: text}, series={"errors": Series(60, 60, tuple(values))})
    seen = replace(seen, resources=(changed,))
    assert decode(seen.slot, ACCOUNT_ID, encode(seen)).resources == (changed,)


def test_idle_points_share_one_zero() -> None:
    seen = observation(functions=2)
    resources = tuple(replace(one, series={"errors": Series(0, 60, (0.0,))}) for one in seen.resources)
    first, second = decode(seen.slot, ACCOUNT_ID, encode(replace(seen, resources=resources))).resources
    assert first.series["errors"].values[0] is second.series["errors"].values[0]


def test_a_row_of_another_account_is_refused() -> None:
    seen = observation()
    with pytest.raises(MalformedRow):
        decode(seen.slot, "444455556666", encode(seen))


@pytest.mark.parametrize(
    "blob", [b"", b"\x00" * 40, zlib.compress(b"{}"), zlib.compress(b"[]"), zlib.compress(b"{"), zlib.compress(b"\xff")]
)
def test_what_is_no_observation_is_refused(blob: bytes) -> None:
    with pytest.raises(MalformedRow):
        decode(observation().slot, ACCOUNT_ID, blob)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 7),
        (3, {"memory_mb": [1]}),
        (3, []),
        (4, {"team": 1}),
        (6, {"errors": [0, 0, [], "complete"]}),
        (6, {"errors": [0, 60, ["1"], "complete"]}),
        (6, {"errors": [0, 60, [True], "complete"]}),
        (6, {"errors": [0, 60, [], "fine"]}),
        (7, 1),
        (8, 5),
    ],
)
def test_a_resource_with_a_wrong_type_anywhere_is_refused(place: int, value: object) -> None:
    seen = observation()
    header, line = zlib.decompress(encode(seen)).decode().split("\n")
    row = json.loads(line)
    row[place] = value
    with pytest.raises(MalformedRow):
        decode(seen.slot, ACCOUNT_ID, zlib.compress("\n".join([header, json.dumps(row)]).encode()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", "green"),
        ("attempted_at", None),
        ("observed_at", "now"),
        ("metrics_at", {"function": None}),
        ("failures", [["denied"]]),
        ("account_id", 1),
    ],
)
def test_a_header_with_a_wrong_value_is_refused(name: str, value: object) -> None:
    seen = observation()
    header, line = zlib.decompress(encode(seen)).decode().split("\n")
    with pytest.raises(MalformedRow):
        decode(
            seen.slot,
            ACCOUNT_ID,
            zlib.compress("\n".join([json.dumps(json.loads(header) | {name: value}), line]).encode()),
        )
