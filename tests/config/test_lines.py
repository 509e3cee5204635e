"""Line numbers of keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.config.lines import line_numbers, nearest_line
from cockpit.config.problems import KeyPath

EXAMPLE = Path(__file__).parents[2] / "profiles.example.toml"

TEXT = """\
a.b = 1
[x."y z"]
k = { m = [1, { "q.r" = 2 }] }

[[x.list]]
name = "first"
tag = { A = "b" }
[x.list.inner]
z = 1
[[x.list]]
many = [
    # a remark is no item
    "a",
    "b",
]
[[x.list.deep]]
[[x.list.deep]]
w = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("a", "b"), 1),
        (("x",), 2),
        (("x", "y z"), 2),
        (("x", "y z", "k", "m"), 3),
        (("x", "y z", "k", "m", 1, "q.r"), 3),
        (("x", "list"), 5),
        (("x", "list", 0), 5),
        (("x", "list", 0, "tag", "A"), 7),
        (("x", "list", 0, "inner"), 8),
        (("x", "list", 0, "inner", "z"), 9),
        (("x", "list", 1), 10),
        (("x", "list", 1, "many", 0), 13),
        (("x", "list", 1, "many", 1), 14),
        (("x", "list", 1, "deep", 1), 17),
        (("x", "list", 1, "deep", 1, "w"), 18),
    ],
)
def test_a_key_is_on_the_line_where_it_is_first_named(path: KeyPath, line: int) -> None:
    assert line_numbers(TEXT)[path] == line


@pytest.mark.parametrize(
    ("path", "line"), [(("x", "list", 1, "missing"), 10), (("x", "new", "key"), 2), (("elsewhere",), 1), ((), 1)]
)
def test_a_missing_key_is_told_where_it_should_have_been(path: KeyPath, line: int) -> None:
    assert nearest_line(line_numbers(TEXT), path) == line


def paths_of(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths_of(inner, (*path, key))


def test_every_key_of_the_example_has_a_line_that_names_it() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    numbers, lines = line_numbers(text), text.splitlines()
    paths = list(paths_of(tomllib.loads(text), ()))
    assert len(paths) > 200
    for path in paths:
        if isinstance(path[-1], str):
            assert path[-1] in lines[numbers[path] - 1], path
