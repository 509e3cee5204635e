"""Figures of Lambda functions over the newest minutes: error rates, and the one that stands for an environment."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.service import Headline
from cockpit.model.units import Unit, format_figure

_RECENT_POINTS = 5
_FRESH_SECONDS = 900
_COURSE_SECONDS = 3600
_RATE = ("errors", "invocations")
_ACCOUNT_WIDE = ("account", "traffic")


def recent(resource: Resource, metric: str) -> float | None:
    """Sum of the newest points of a metric, or None where it was never read."""
    series = resource.series.get(metric)
    return series.tail(_RECENT_POINTS).total if series else None


def error_percent(resource: Resource) -> float | None:
    """Errors per invocation over the newest five points; None without traffic."""
    errors, invocations = recent(resource, "errors"), recent(resource, "invocations")
    return 100 * errors / invocations if errors is not None and invocations else None


def _course(resources: Sequence[Resource]) -> tuple[float | None, ...]:
    """Error rate of the newest hour, point by point over all of `resources`; None where there was no traffic."""
    errors, invocations = ([one.series[key] for one in resources if key in one.series] for key in _RATE)
    if not errors or not invocations:
        return ()
    end = min(max(series.end for series in read) for read in (errors, invocations))
    start = max(end - _COURSE_SECONDS, min(series.start for series in invocations))
    rates = zip(_added(errors, start, end), _added(invocations, start, end), strict=True)
    return tuple(100 * bad / total if total else None for bad, total in rates)


def _added(series: Sequence[Series], start: int, end: int) -> list[float]:
    columns = zip(*(one.between(start, end) for one in series), strict=True)
    return [sum(filter(None, column)) for column in columns]


def _sustained(resource: Resource) -> float:
    """The error rate that no recent minute was below: 0 where one minute was good, or without traffic."""
    course = _course([resource])[-_RECENT_POINTS:]
    return min((percent or 0.0 for percent in course), default=0.0)


def _read_until(resource: Resource) -> int:
    return min((one.end for key, one in resource.series.items() if key in _RATE), default=0)


def headline(resources: Sequence[Resource]) -> Headline:
    """The error rate of what fails steadily, if anything does; else of everything together.

    An average over hundreds of functions hides the one that fails, and the worst of hundreds is always some function
    that failed once: so the worst *sustained* rate is shown, as the rule judges it. Functions are read seldom while
    their accounts have no errors at all; then the accounts speak for them. Without traffic it says `idle`.
    """
    newest = max(map(_read_until, resources), default=0)
    if not newest:
        return Headline("–")
    fresh = [one for one in resources if _read_until(one) > newest - _FRESH_SECONDS]
    own = [one for one in fresh if one.kind not in _ACCOUNT_WIDE]
    functions = [one for one in own if one.kind == "function"]
    throttled = sum(recent(one, "throttles") or 0.0 for one in functions)
    # Of equals the alias is named: it is what answers its callers.
    worst = max(own, key=lambda one: (_sustained(one), one.kind == "alias"), default=None)
    if worst is not None and (_sustained(worst) > 0):
        return Headline(_text(error_percent(worst), throttled), _course([worst]), worst.name)
    accounts = [one for one in resources if one.kind == "account"]
    clear = accounts and all(one in fresh and recent(one, "errors") == 0 for one in accounts)
    together = [one for one in resources if one.kind in _ACCOUNT_WIDE] if clear or not functions else functions
    errors, invocations = (sum(recent(one, key) or 0.0 for one in together) for key in ("errors", "invocations"))
    return Headline(_text(100 * errors / invocations if invocations else None, throttled), _course(together))


def _text(percent: float | None, throttled: float) -> str:
    text = "idle" if percent is None else f"err {format_figure(percent, Unit.PERCENT)}"
    return f"{text} thr {format_figure(throttled, Unit.COUNT)}" if throttled else text
