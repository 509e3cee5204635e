"""Rules of composite alarms: `ALARM("a") OR (ALARM(b) AND NOT OK("c"))`.

moto cannot store a composite alarm by its API and never evaluates one. Grammar:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cockpit.demo.emulator.alarm_state import ALARM, OK, UNSURE, State

_TOKEN = re.compile(
    r"""\s*(?:(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<parenthesis>[()])
    |(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<bare>[^()"'\s]+))\s*\))""",
    re.VERBOSE,
)


class RuleError(ValueError):
    """The text is no alarm rule."""


def children(rule: str) -> tuple[str, ...]:
    """Names of the alarms that a rule mentions. Raises `RuleError`."""
    return tuple(dict.fromkeys(name for kind, name in _tokens(rule) if name))


def state_of_rule(rule: str, states: Mapping[str, State]) -> State:
    """The state of a composite alarm, given those of its children; a child that is unknown is INSUFFICIENT_DATA."""
    now = {name: state.value for name, state in states.items()}
    value = _value(rule, now)
    changes = sorted({state.since for state in states.values() if state.since is not None}, reverse=True)
    for moment in changes:
        then = {
            name: state.before if state.since is not None and state.since >= moment else state.value
            for name, state in states.items()
        }
        before = _value(rule, then)
        if before != value:
            return State(value, moment, before, _reason(value, states, moment))
    return State(value, None, value, _reason(value, states, None))


def _value(rule: str, states: Mapping[str, str]) -> str:
    tokens = list(_tokens(rule))
    result = _either(tokens, states)
    if tokens:
        raise RuleError(rule)
    return ALARM if result else OK


def _reason(value: str, states: Mapping[str, State], moment: float | None) -> str:
    cause = next((name for name, state in states.items() if moment is not None and state.since == moment), None)
    if cause is None:
        return "Unchecked: Initial alarm creation"
    return f"{cause} transitioned to {states[cause].value}, which set this composite alarm to {value}"


def _tokens(rule: str) -> Iterator[tuple[str, str]]:
    """`(word, parenthesis or state; name of an alarm)`."""
    position, end = 0, len(rule.rstrip())
    while position < end:
        found = _TOKEN.match(rule, position)
        if found is None:
            raise RuleError(rule)
        name = found["double"] or found["single"] or found["bare"] or ""
        yield str(found["word"] or found["parenthesis"] or found["state"]), name.rpartition(":alarm:")[2]
        position = found.end()


def _either(tokens: list[tuple[str, str]], states: Mapping[str, str]) -> bool:
    result = _both(tokens, states)
    while tokens and tokens[0][0] == "OR":
        tokens.pop(0)
        result = _both(tokens, states) or result
    return result


def _both(tokens: list[tuple[str, str]], states: Mapping[str, str]) -> bool:
    result = _one(tokens, states)
    while tokens and tokens[0][0] == "AND":
        tokens.pop(0)
        result = _one(tokens, states) and result
    return result


def _one(tokens: list[tuple[str, str]], states: Mapping[str, str]) -> bool:
    if not tokens:
        raise RuleError("it ends too early")
    kind, name = tokens.pop(0)
    if kind == "NOT":
        return not _one(tokens, states)
    if kind == "(":
        result = _either(tokens, states)
        if not tokens or tokens.pop(0)[0] != ")":
            raise RuleError("a parenthesis does not close")
        return result
    if name:
        return states.get(name, UNSURE) == kind
    if kind in {"TRUE", "FALSE"}:
        return kind == "TRUE"
    raise RuleError(kind)
