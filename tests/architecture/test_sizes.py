"""No file over 300 lines and no function over 40, unless a comment beside it says why.

A function's docstring does not count: nobody should be brief there for the sake of a number. The comment begins with
`# Long:`, in the first ten lines of a file, or on the line of a `def` or right above it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("cockpit", "screens", "widgets", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
EXCUSE = "# Long:"


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = ast.get_docstring(node) is not None
    return (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0


def too_long(source: str, *, file_lines: int = 300, function_lines: int = 40) -> Iterator[str]:
    lines = source.splitlines()
    if len(lines) > file_lines and not any(EXCUSE in line for line in lines[:10]):
        yield f"{len(lines)} lines"
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
        above = min((each.lineno for each in node.decorator_list), default=node.lineno) - 2
        beside = lines[max(0, above) : node.lineno]
        if length > function_lines and not any(EXCUSE in line for line in beside):
            yield f"line {node.lineno}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    assert list(too_long(path.read_text(encoding="utf-8"))) == []


def test_what_is_too_long_is_found_and_an_excuse_is_heard() -> None:
    function = "def work():\n" + "    a = 1\n" * 41
    assert list(too_long(function)) == ["line 1: work has 42 lines"]
    assert list(too_long(f"# Long: one table of one protocol.\n{function}")) == []
    assert list(too_long(f'def work():\n    """{chr(10) * 30}"""\n' + "    a = 1\n" * 39)) == []
    assert list(too_long("a = 1\n" * 301)) == ["301 lines"]
    assert list(too_long("# Long: one table.\n" + "a = 1\n" * 301)) == []
