"""Arithmetic of bills: months, weeks and days of spending. Pure.

Days are UTC, as Cost Explorer keeps them. It is about a day late: today and yesterday are never taken for whole days.
A day that is not known is None: what is reckoned from it is not known either, and never zero.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce

from cockpit.model.series import Series

DAY_SECONDS = 86_400
WEEK = 7


def utc_day(now: float) -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(now, UTC).date()


def midnight(day: date) -> int:
    """The beginning of a day in UTC, epoch seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def days_in_month(day: date) -> int:
    """How many days the month of `day` has."""
    return calendar.monthrange(day.year, day.month)[1]


def first_of_next_month(day: date) -> date:
    """The day after the last day of the month of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def first_of_last_month(day: date) -> date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_whole_day(day: date) -> date:
    """The newest day that Cost Explorer knows whole on `day`."""
    return day - timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of which parts may not be known."""

    known: float = 0.0
    """Of the parts that are known."""
    unknown: int = 0
    """How many are not."""
    parts: int = 0

    @classmethod
    def of(cls, value: float | None) -> Sum:
        """A sum of one part."""
        return cls(0.0, 1, 1) if value is None else cls(value, 0, 1)

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.known + other.known, self.unknown + other.unknown, self.parts + other.parts)

    @property
    def whole(self) -> float | None:
        """The sum, where every part is known."""
        return None if self.unknown else self.known

    @property
    def nothing_known(self) -> bool:
        """Whether no part is known, of some."""
        return 0 < self.parts == self.unknown


def sum_of(sums: Iterable[Sum]) -> Sum:
    """All together."""
    return reduce(Sum.__add__, sums, Sum())


def added(series: Sequence[Series]) -> Series | None:
    """Day by day together, over all the days of any of them; a day that one of them does not know is not known."""
    if not series:
        return None
    start, end = min(one.start for one in series), max(one.end for one in series)
    columns = zip(*(one.between(start, end) for one in series), strict=True)
    return Series(start, DAY_SECONDS, tuple(_together(column) for column in columns))


def _together(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def before(series: Series | None, day: date) -> Series | None:
    """The days before `day`."""
    if series is None or series.end <= midnight(day):
        return series
    return Series(series.start, DAY_SECONDS, series.between(series.start, max(series.start, midnight(day))))


def spent_on(series: Series | None, day: date) -> float | None:
    """What one day cost."""
    return None if series is None else series.between(midnight(day), midnight(day) + DAY_SECONDS)[0]


def spent_between(series: Series | None, first: date, after: date) -> float | None:
    """What the days from `first` to the one before `after` cost; no days cost nothing."""
    if series is None:
        return None
    return _together(series.between(midnight(first), midnight(max(first, after))))


def month_so_far(series: Series | None, day: date) -> float | None:
    """What this month has cost so far, by the days that are known. Only the newest two may be missing, and not all."""
    first, after = day.replace(day=1), last_whole_day(day) + timedelta(days=1)
    due = spent_between(series, first, after)
    if series is None or due is None:
        return None
    late = series.between(midnight(max(first, after)), midnight(day) + DAY_SECONDS)
    known = [value for value in late if value is not None]
    return due + sum(known) if known or after > first else None


def week(series: Series | None, day: date, *, back: int = 0) -> float | None:
    """What the newest seven whole days cost on `day`, or seven that are `back` weeks older."""
    after = last_whole_day(day) + timedelta(days=1 - WEEK * back)
    return spent_between(series, after - timedelta(days=WEEK), after)


def reckoned(series: Series | None, day: date) -> float | None:
    """What the month of `day` will have cost: whole days as they were, the others as the average of the last week."""
    newest, first = week(series, day), day.replace(day=1)
    whole = max(0, (last_whole_day(day) - first).days + 1)
    spent = spent_between(series, first, first + timedelta(days=whole))
    if newest is None or spent is None:
        return None
    return spent + newest / WEEK * (days_in_month(day) - whole)


@dataclass(frozen=True, slots=True)
class Change:
    """Two spans of days of one length."""

    recent: float
    before: float

    @property
    def usd(self) -> float:
        """How much more."""
        return self.recent - self.before

    @property
    def percent(self) -> float | None:
        """How much more, of what it was; None where there was nothing, or less than that."""
        return 100 * self.usd / self.before if self.before > 0 else None


def week_change(series: Series | None, day: date) -> Change | None:
    """The newest seven whole days and the seven before them."""
    recent, before = week(series, day), week(series, day, back=1)
    return None if recent is None or before is None else Change(recent, before)


def month_change(series: Series | None, day: date) -> Change | None:
    """The whole days of this month and the same days of last month; None before this month has a whole day.

    Where last month was shorter, it counts whole, and this month as many days.
    """
    count = min(last_whole_day(day).day, days_in_month(first_of_last_month(day)))
    if last_whole_day(day) < (first := day.replace(day=1)):
        return None
    spans = (first, first_of_last_month(day))
    recent, before = (spent_between(series, start, start + timedelta(days=count)) for start in spans)
    return None if recent is None or before is None else Change(recent, before)


def budget_a_day(monthly_usd: float | None, fixed_usd: float, day: date) -> float | None:
    """What a day may cost so that the month stays within its budget, after what is fixed."""
    return None if monthly_usd is None else max(0.0, monthly_usd - fixed_usd) / days_in_month(day)


def fixed_so_far(monthly_usd: float, day: date) -> float:
    """How much of a fixed monthly amount counts on `day`: it is spent evenly, `day` included."""
    return monthly_usd * day.day / days_in_month(day)
