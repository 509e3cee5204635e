"""Filter patterns of CloudWatch Logs, as far as people type them.

Terms, phrases, alternatives, exclusions, regular expressions, and one or more comparisons of JSON fields. Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from cockpit.demo.emulator.gate import fail

Test = Callable[[str], bool]
_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%]+))(?=\s|$)')
_PLAIN = re.compile(r"[\w]+")
_COMPARISON = re.compile(r'\s*\$\.([\w.]+)\s*(!=|<=|>=|=|<|>)\s*(?:"([^"]*)"|([^\s"]+))\s*')
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compiled(pattern: str) -> Test:
    """Whether a message matches. Raises InvalidParameterException for a pattern that CloudWatch would refuse."""
    text = pattern.strip()
    if not text:
        return lambda _: True
    if text.startswith("{") and text.endswith("}"):
        return _json_test(text[1:-1])
    if text.startswith(("{", "[")):
        raise _invalid()
    return _terms(text)


def _terms(text: str) -> Test:
    wanted: dict[str, list[Test]] = {"": [], "?": [], "-": []}
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            raise _invalid()
        sign, phrase, expression, term = found.groups()
        wanted[sign].append(_term(phrase, expression, term))
        at = found.end()
    # Alternatives count only where nothing is demanded.
    either = [] if wanted[""] else wanted["?"]
    return lambda message: (
        all(test(message) for test in wanted[""])
        and (not either or any(test(message) for test in either))
        and not any(test(message) for test in wanted["-"])
    )


def _term(phrase: str | None, expression: str | None, term: str | None) -> Test:
    if expression is not None:
        try:
            return _searched(re.compile(expression))
        except re.error:
            raise _invalid() from None
    if phrase is not None:
        return _contains(phrase.replace('\\"', '"'))
    if term is None or not _PLAIN.fullmatch(term):
        raise fail("InvalidParameterException", f"Invalid character(s) in term '{term}'")
    return _contains(term)


def _contains(term: str) -> Test:
    return lambda message: term in message


def _searched(expression: re.Pattern[str]) -> Test:
    return lambda message: expression.search(message) is not None


def _json_test(text: str) -> Test:
    comparisons = []
    for part in text.split("&&"):
        found = _COMPARISON.fullmatch(part)
        if found is None:
            raise _invalid()
        comparisons.append(found.groups())

    def test(message: str) -> bool:
        try:
            told = json.loads(message)
        except ValueError:
            return False
        return isinstance(told, dict) and all(_compares(told, *one) for one in comparisons)

    return test


def _compares(told: Mapping[str, Any], path: str, sign: str, text: str | None, bare: str | None) -> bool:
    value: Any = told
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    if sign in _ORDER:
        try:
            return _ORDER[sign](float(value), float(bare or text or ""))
        except (TypeError, ValueError):
            return False
    same = str(value) == (text if text is not None else bare)
    return same if sign == "=" else not same


def _invalid() -> Exception:
    return fail("InvalidParameterException", "Invalid filter pattern")
