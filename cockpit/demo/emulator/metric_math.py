"""Metric math, the arithmetic of it: `100 * errors / invocations`.

moto echoes an id and nothing more. Operators and missing points as in
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html: a point exists where every
series has one, and nowhere where it would be divided by 0. Functions (SEARCH, RATE, …) are refused, not guessed at.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

from cockpit.demo.emulator.gate import fail

Points = Mapping[int, float]
"""Epoch second → value."""

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(expression: str, series: Mapping[str, Points]) -> Points:
    """The series of an expression over other series, by id."""
    try:
        result = _value(ast.parse(expression, mode="eval").body, series)
    except (SyntaxError, KeyError, TypeError):
        raise fail("ValidationError", f"Error in expression '{expression}': it is not arithmetic over ids.") from None
    if not isinstance(result, Mapping):
        raise fail("ValidationError", f"Error in expression '{expression}': it is not a time series.")
    return result


def _value(node: ast.expr, series: Mapping[str, Points]) -> Points | float:
    if isinstance(node, ast.Name):
        return series[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return _applied(_OPERATORS[type(node.op)], _value(node.left, series), _value(node.right, series))
    raise TypeError


def _applied(apply: Callable[[float, float], float], left: Points | float, right: Points | float) -> Points | float:
    moments = [set(side) for side in (left, right) if isinstance(side, Mapping)]
    if not moments:
        return apply(left, right)  # type: ignore[arg-type]  # numbers or series
    found: dict[int, float] = {}
    for moment in sorted(set.intersection(*moments)):
        first = left[moment] if isinstance(left, Mapping) else left
        second = right[moment] if isinstance(right, Mapping) else right
        if apply is not operator.truediv or second:
            found[moment] = apply(first, second)
    return found
