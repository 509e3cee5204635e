"""Line numbers of keys. Loaded only when there is a problem to tell: `tomllib` keeps no places, a grammar does."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

import tree_sitter
import tree_sitter_toml

from cockpit.config.problems import KeyPath

_TABLES = {"table", "table_array_element"}


def line_numbers(text: str) -> Mapping[KeyPath, int]:
    """Key path → line, from 1, of every key and list item of a valid TOML text."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    for node in parser.parse(text.encode()).root_node.named_children:
        places = _of_table(node, counts) if node.type in _TABLES else _of_pair(node, ())
        for path, line in places:
            lines.setdefault(path, line)
    return lines


def nearest_line(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of `path`, or of the table that should have held it; the first for what belongs at the top."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def _of_table(node: tree_sitter.Node, counts: dict[KeyPath, int]) -> Iterator[tuple[KeyPath, int]]:
    children = node.named_children
    header = _resolved(_key_parts(children[0]), counts)
    if node.type == "table_array_element":
        position = counts.get(header, 0)
        counts[header] = position + 1
        yield from _prefixes((), header, _line(node))
        header = (*header, position)
    yield from _prefixes((), header, _line(node))
    for child in children[1:]:
        if child.type == "pair":
            yield from _of_pair(child, header)


def _resolved(parts: tuple[str, ...], counts: Mapping[KeyPath, int]) -> KeyPath:
    """A header's path; a name that stands for a list of tables means its newest one, except as the last name."""
    path: KeyPath = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if index < len(parts) - 1 and path in counts:
            path = (*path, counts[path] - 1)
    return path


def _of_pair(node: tree_sitter.Node, table: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if node.type != "pair":
        return
    key, value = (child for child in node.named_children if child.type != "comment")
    parts = _key_parts(key)
    yield from _prefixes(table, parts, _line(node))
    yield from _of_value(value, (*table, *parts))


def _of_value(node: tree_sitter.Node, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if node.type == "inline_table":
        for child in node.named_children:
            yield from _of_pair(child, path)
    elif node.type == "array":
        items = (child for child in node.named_children if child.type != "comment")
        for position, item in enumerate(items):
            yield (*path, position), _line(item)
            yield from _of_value(item, (*path, position))


def _prefixes(table: KeyPath, parts: KeyPath, line: int) -> Iterator[tuple[KeyPath, int]]:
    for end in range(1, len(parts) + 1):
        yield (*table, *parts[:end]), line


def _key_parts(node: tree_sitter.Node) -> tuple[str, ...]:
    """The names in a key, as TOML reads them: quotes and escapes are undone by the parser that knows them."""
    text = node.text or b""
    parts: list[str] = []
    tables: object = tomllib.loads(f"{text.decode()} = 0")
    while isinstance(tables, dict):
        (name, tables), *_ = tables.items()
        parts.append(name)
    return tuple(parts)


def _line(node: tree_sitter.Node) -> int:
    return node.start_point[0] + 1
