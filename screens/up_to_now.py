"""A course that was asked for, continued by what polling has brought since. Pure.

CloudWatch gives whole periods only where a course ends, which over a week is up to an hour ago: what goes wrong now
would not be on the chart. The newest point may stand for a part of its period.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from types import MappingProxyType

from cockpit.model.series import Series
from cockpit.model.service import MetricSpec

_TOGETHER: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {"Sum": math.fsum, "Average": fmean, "Minimum": min}
)
"""Statistic → that of a longer time from those of its parts."""


def up_to_now(series: Series, polled: Series | None, metric: MetricSpec | None) -> Series:
    """`series` with further periods of the same length, from `polled` where that reaches further."""
    if polled is None or metric is None or series.period_seconds % polled.period_seconds:
        return series
    # The worst of the parts, for a maximum and for percentiles.
    together = _TOGETHER.get(metric.statistic, max)
    values: list[float | None] = []
    for start in range(series.end, polled.end, series.period_seconds):
        # What was polled of a part only would be taken for less than there was.
        known = polled.between(start, min(start + series.period_seconds, polled.end)) if polled.start <= start else ()
        present = [value for value in known if value is not None]
        values.append(together(present) if present else None)
    return replace(series, values=(*series.values, *values)) if values else series


def ends_in_part(series: Series, polled: Series | None) -> bool:
    """Whether the newest period of a continued series was not over when it was polled last."""
    return polled is not None and series.end - series.period_seconds < polled.end < series.end
