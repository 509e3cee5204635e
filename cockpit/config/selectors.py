"""Selectors: patterns that can match, and templates whose placeholders are known."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence

from cockpit.config.problems import Found, KeyPath, or_listed, printable, quoted
from cockpit.config.shape import TargetTable, TemplateTable, WatchedTable


def glob_problem(pattern: str) -> str | None:
    """Why a glob pattern can match no name, or None."""
    if not pattern:
        return 'is empty, which nothing can match: leave the key out, or write a pattern as in "shop-*"'
    if pattern != pattern.strip():
        return f"{quoted(pattern)} begins or ends with a space, which no name does"
    if not _balanced(pattern):
        return f"{quoted(pattern)} has brackets that do not close, which nothing can match"
    return None


def _balanced(pattern: str) -> bool:
    """Whether every `[` of a glob has its `]`. A `]` right behind `[` or `[!` belongs to the set."""
    position = 0
    while position < len(pattern):
        if pattern[position] == "]":
            return False
        if pattern[position] == "[":
            first = position + 1 + (pattern[position + 1 : position + 2] == "!")
            end = pattern.find("]", first + 1)
            if end < 0:
                return False
            position = end
        position += 1
    return True


def patterns_of(target: TargetTable) -> Iterator[tuple[KeyPath, str]]:
    """Every pattern of a target's selectors, with its place in the target."""
    for key, patterns in (("name", target.name), ("stack", target.stack)):
        yield from (((key, position), pattern) for position, pattern in enumerate(patterns or ()))
    yield from ((("tag", name), pattern) for name, pattern in (target.tag or {}).items())


def selector_problems(target: TargetTable, path: KeyPath, braces: Callable[[str], str | None]) -> Iterator[Found]:
    """Selectors that can never match. `braces` says what is wrong with a pattern's placeholders."""
    given: Mapping[str, Sequence[str] | Mapping[str, str] | None] = {
        "name": target.name,
        "tag": target.tag,
        "stack": target.stack,
    }
    for key, value in given.items():
        if value is not None and not value:
            yield (*path, key), "is empty, which nothing can match: name something, or leave the key out"
    for within, pattern in patterns_of(target):
        sentence = glob_problem(pattern) or braces(pattern)
        if sentence:
            yield (*path, *within), sentence


def braces_of(table: WatchedTable) -> Callable[[str], str | None]:
    """The check of placeholders that suits an environment, a template, or a template whose pattern is bad."""
    if not isinstance(table, TemplateTable):
        return _brace_problem
    if pattern_problem(table):
        return lambda _: None
    groups = tuple(re.compile(table.pattern).groupindex)
    return lambda text: placeholder_problem(text, groups)


def _brace_problem(pattern: str) -> str | None:
    if "{" in pattern or "}" in pattern:
        return f"{quoted(pattern)} has a placeholder, which only a template under discover can fill"
    return None


def placeholder_problem(text: str, groups: Sequence[str]) -> str | None:
    """Why a text of a template cannot be filled from its pattern's groups, or None."""
    try:
        fields = [
            (name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(text) if name is not None
        ]
    except ValueError:
        return f"{quoted(text)} has a brace that does not close: a placeholder is written as in {{number}}"
    for name, spec, conversion in fields:
        if name in groups and not spec and not conversion:
            continue
        hint = or_listed(name, groups, none="the pattern has no named group")
        return f"{quoted(text)} uses {{{printable(name)}}}, which is no group of the pattern{hint}"
    return None


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


def name_form(text: str) -> str:
    """A template's name with its placeholders made alike: `pr{number}` and `PR{n}` would name the same things."""
    return "".join(
        f"{literal}{'{}' if name is not None else ''}" for literal, name, _, _ in string.Formatter().parse(text)
    )


def pattern_problem(template: TemplateTable) -> str | None:
    """What is wrong with the regular expression of a template, or None."""
    example = r"as in 'shop-pr(?P<number>\d+)'"
    try:
        with warnings.catch_warnings():
            # What a later Python may read otherwise is told now.
            warnings.simplefilter("error")
            pattern = re.compile(template.pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        reason = error.msg if isinstance(error, re.error) else str(error)
        return f"is not a regular expression ({printable(reason)}), {example}"
    if not pattern.groupindex:
        return f"has no named group, so that nothing could tell one environment from another: write one, {example}"
    if pattern.fullmatch(""):
        return f"matches even an empty name, so everything would be an environment: make it narrower, {example}"
    return None


def template_problems(template: TemplateTable, path: KeyPath) -> Iterator[Found]:
    """What is wrong with the name and title of a template whose pattern is good."""
    groups = tuple(re.compile(template.pattern).groupindex)
    for key, text in (("environment", template.environment), ("title", template.title or "")):
        sentence = placeholder_problem(text, groups)
        if sentence:
            yield (*path, key), sentence
        elif text and not placeholders(text):
            what, example = ("name" if key == "environment" else "title"), quoted(f"{text}{{{groups[0]}}}")
            yield (*path, key), f"uses no group of the pattern, so all would have one {what}: write it as in {example}"
