"""What GetMetricData answered, statistic by statistic: a series, or the reason why there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.aws.metrics import Batch, Statistic
from cockpit.model.series import Coverage, Series, from_points
from cockpit.model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a statistic has no series."""

    outcome: Outcome
    code: str
    message: str


Answer = Series | Unanswered


@dataclass(slots=True)
class _Result:
    """The pages of one entry, put together."""

    status: str = ""
    points: list[tuple[float, float]] = field(default_factory=list)
    message: str = ""


def read_pages(
    batch: Batch, pages: Sequence[Mapping[str, Any]]
) -> tuple[dict[Statistic, Answer], tuple[Unanswered, ...]]:
    """The answer to each statistic of a batch, and what CloudWatch said about the request as a whole.

    A result may be spread over pages, each with its own StatusCode; the last one counts. A message about the
    whole request means that not everything was looked at, so its series are partial at best. An entry that no
    page mentions is unanswered: an empty series would be a claim that nothing happened.
    """
    results = _gather(pages)
    remarks = tuple(
        Unanswered(Outcome.PARTIAL, str(remark.get("Code", "Message")), str(remark.get("Value", "")))
        for page in pages
        for remark in page.get("Messages", ())
    )
    answers = {
        statistic: _answer(statistic, results.get(f"m{index}"), remarked=bool(remarks))
        for index, statistic in enumerate(batch.statistics)
    }
    return answers, remarks


def scaled(series: Series, factor: float) -> Series:
    """The series in another unit."""
    if factor == 1.0:
        return series
    return replace(series, values=tuple(None if value is None else value * factor for value in series.values))


def _gather(pages: Iterable[Mapping[str, Any]]) -> dict[str, _Result]:
    results: dict[str, _Result] = {}
    for page in pages:
        for part in page.get("MetricDataResults", ()):
            result = results.setdefault(part["Id"], _Result())
            result.status = part.get("StatusCode", "")
            moments = (moment.timestamp() for moment in part.get("Timestamps", ()))
            result.points.extend(zip(moments, part.get("Values", ()), strict=False))
            for remark in part.get("Messages", ()):
                result.message = str(remark.get("Value", "")) or result.message
    return results


def _answer(statistic: Statistic, result: _Result | None, *, remarked: bool) -> Answer:
    if result is None:
        return Unanswered(Outcome.INVALID, "MissingResult", "CloudWatch left this metric out of its answer.")
    if result.status == "Forbidden":
        return Unanswered(Outcome.DENIED, "Forbidden", result.message or "CloudWatch may not show this metric.")
    if result.status == "InternalError":
        return Unanswered(Outcome.UNREACHABLE, "InternalError", result.message or "CloudWatch failed inside.")
    if result.status not in {"Complete", "PartialData"}:
        return Unanswered(Outcome.INVALID, "UnknownStatus", "CloudWatch gave this metric no status that is known.")
    whole = result.status == "Complete" and not remarked
    return from_points(
        result.points,
        start=statistic.start,
        end=statistic.end,
        period_seconds=statistic.period_seconds,
        coverage=Coverage.COMPLETE if whole else Coverage.PARTIAL,
    )
