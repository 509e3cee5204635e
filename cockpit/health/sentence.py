"""Reasons in words: short sentences with the figure, the limit and how long."""

from __future__ import annotations

from cockpit.health.window import Points, Window
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Rule
from cockpit.model.units import format_age, format_figure

WITHIN_LIMITS = "within limits"
NO_TRAFFIC = "nothing to judge: no traffic"
RULED_OUT = "ruled out by the account as a whole"


def comparison(rule: Rule, value: float, limit: float) -> str:
    """`7.2 % > 5.0 %`; `just over 80 %` where both would be written the same."""
    figure, bound = format_figure(value, rule.unit), format_figure(limit, rule.unit)
    if figure != bound:
        return f"{figure} {rule.direction.value} {bound}"
    return f"just {'over' if rule.direction is Direction.ABOVE else 'under'} {bound}"


def breach(rule: Rule, resource: Resource, value: float, limit: float, lasting: str) -> str:
    """`error rate 7.2 % > 5.0 % for 6 min`, with AWS's own words where the rule names them.

    A fact that is true or false has no figure: its label says it (`in alarm for 6 min`).
    """
    fact = resource.facts.get(rule.value.name) if isinstance(rule.value, FactValue) else None
    said = rule.label if isinstance(fact, bool) else f"{rule.label} {comparison(rule, value, limit)}"
    words = resource.facts.get(rule.reason_fact) if rule.reason_fact else None
    return f"{said}{lasting}: {words}" if words else f"{said}{lasting}"


def lasting(seconds: float, *, at_least: bool) -> str:
    """` for 6 min`, ` for more than 3 h`, or nothing for what has only just begun."""
    if seconds <= 0:
        return ""
    return f" for {'more than ' if at_least else ''}{format_age(seconds)}"


def no_history(rule: Rule, value: float, limit: float) -> str:
    """A fact is over its limit now, but no point shows for how long."""
    return f"{rule.label} now {comparison(rule, value, limit)}, no history"


def undecided(rule: Rule, points: Points, limit: float, window: Window) -> str:
    """Too few points to decide: `no CPU data for 15 min`, `CPU 91 % > 80 % in 12 of 15 points, 3 missing`."""
    present = [point for point in points if point is not None]
    if not present:
        return f"no {rule.label} data for {format_age(window.seconds)}"
    seen = f"{len(present)} of {len(points)} points, {len(points) - len(present)} missing"
    return f"{rule.label} {comparison(rule, present[-1], limit)} in {seen}"


def last_read(rule: Rule, seconds: float) -> str:
    """`error rate last read 12 min ago`."""
    return f"{rule.label} last read {format_age(seconds)} ago"


def read_ago(reason: str, seconds: float) -> str:
    """The reason with the age of what it rests on."""
    return f"{reason} (read {format_age(seconds)} ago)"
