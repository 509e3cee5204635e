"""Whatever stands in the file, the answer is settings or sentences, never anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.config.loader import ConfigurationError, load
from cockpit.config.settings import Settings
from tests.config.conftest import bare
from tests.config.small_catalogue import SMALL

LINES = (Path(__file__).parents[2] / "profiles.example.toml").read_text(encoding="utf-8").splitlines()
VALUES = st.sampled_from(
    [
        "1",
        "-1",
        "1.5",
        "nan",
        "true",
        '""',
        '"x"',
        "[]",
        "[1]",
        '["x"]',
        "{}",
        "{ a = 1 }",
        "1979-05-27",
        "[[[]]]",
        "[{}]",
    ]
)
SMALL_RUN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def answer(data: bytes) -> Settings | ConfigurationError:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "profiles.toml").write_bytes(data)
        try:
            return load(SMALL, environ=bare(folder), cwd=folder)
        except ConfigurationError as error:
            return error


def assert_is_an_answer(data: bytes) -> None:
    result = answer(data)
    if isinstance(result, ConfigurationError):
        assert result.problems
        assert all(str(problem).isprintable() and problem.message for problem in result.problems)


@SMALL_RUN
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert_is_an_answer(data)


@SMALL_RUN
@given(st.data())
def test_the_example_with_other_values(data: st.DataObject) -> None:
    lines = list(LINES)
    keyed = [number for number, line in enumerate(lines) if " = " in line and not line.startswith((" ", "#"))]
    for number in data.draw(st.lists(st.sampled_from(keyed), min_size=1, max_size=4, unique=True)):
        lines[number] = f"{lines[number].partition(' = ')[0]} = {data.draw(VALUES)}"
    assert_is_an_answer("\n".join(lines).encode())


@SMALL_RUN
@given(st.data())
def test_the_example_with_lines_lost_doubled_and_moved(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(lines) - 1))
        line = lines.pop(position)
        for _ in range(data.draw(st.integers(0, 2))):
            lines.insert(data.draw(st.integers(0, len(lines))), line)
    assert_is_an_answer("\n".join(lines).encode())


@SMALL_RUN
@given(st.data())
def test_the_example_with_characters_changed(data: st.DataObject) -> None:
    text = "\n".join(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(text) - 1))
        text = (
            text[:position]
            + data.draw(st.sampled_from(['"', "'", "[", "]", "{", "}", "=", ".", "#", "\\", "\n", "", "0"]))
            + text[position + 1 :]
        )
    assert_is_an_answer(text.encode())
