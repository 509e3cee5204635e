"""What is asked on demand, over a room with nothing behind it: what is paid for, what is kept, what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cockpit.aws.meter import USD_PER_METRIC
from cockpit.aws.metrics import MetricAnswer
from cockpit.engine.courses import MOST_POINTS, period_of
from cockpit.model.inquiry import Detail, LogQuery, Version
from cockpit.model.resource import Resource
from cockpit.model.series import Coverage, Series
from cockpit.model.service import Reader
from cockpit.model.verdict import Outcome
from tests.engine.asking import ONE, Bench
from tests.engine.rooms import DEV, NOW, TINY, Room, failure, settings

HOUR, SIX_HOURS, DAY, WEEK = 3600, 21_600, 86_400, 604_800


@pytest.mark.parametrize(
    ("span", "period", "points"), [(HOUR, 60, 60), (SIX_HOURS, 300, 72), (DAY, 900, 96), (WEEK, 3600, 168)]
)
async def test_a_span_has_a_period_that_fits_and_ends_at_its_newest_complete_point(
    span: int, period: int, points: int
) -> None:
    bench = Bench()
    course = await bench.inquiries().course(ONE.key, span)
    assert set(course.series) == {"errors", "load"}
    for series in course.series.values():
        assert (series.period_seconds, len(series.values)) == (period, points)
        assert series.start % period == series.end % period == 0
        assert NOW - 120 - period < series.end <= NOW - 120
    assert course.cost_usd == pytest.approx(2 * USD_PER_METRIC)
    assert (course.asked_at, course.failures) == (NOW, ())


def test_a_metric_is_never_asked_for_more_finely_than_it_is_published() -> None:
    (errors, _) = TINY.metrics
    assert period_of(HOUR, replace(errors, period_seconds=300)) == 300
    assert period_of(DAY, replace(errors, period_seconds=DAY)) == DAY
    assert all(span / period_of(span, errors) <= MOST_POINTS for span in (HOUR, SIX_HOURS, DAY, WEEK, 4 * WEEK))


async def test_asking_again_within_the_period_costs_nothing() -> None:
    bench = Bench()
    inquiries = bench.inquiries()
    first = await inquiries.course(ONE.key, DAY)
    bench.clock.now += 400
    again = await inquiries.course(ONE.key, DAY)
    assert (bench.asked, again.cost_usd) == (2, 0.0)
    assert again.series == first.series
    bench.clock.now += 500
    later = await inquiries.course(ONE.key, DAY)
    assert bench.asked == 4
    assert later.series["errors"].end == first.series["errors"].end + 900


async def test_many_presses_at_once_are_one_question() -> None:
    bench = Bench()
    inquiries = bench.inquiries()
    courses = await asyncio.gather(*(inquiries.course(ONE.key, WEEK) for _ in range(5)))
    assert bench.asked == 2
    assert len({id(course) for course in courses}) == 1


async def test_one_who_stops_waiting_takes_the_answer_from_nobody() -> None:
    bench = Bench()
    inquiries = bench.inquiries()
    impatient = asyncio.ensure_future(inquiries.course(ONE.key, WEEK))
    patient = asyncio.ensure_future(inquiries.course(ONE.key, WEEK))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).series
    assert bench.asked == 2


def polled(end: int, points: int = 60, **changes: Any) -> Series:
    return Series(end - 60 * points, 60, (5.0,) * points, **changes)


async def test_an_hour_that_polling_has_brought_is_not_asked_for_again() -> None:
    bench = Bench()
    end = int((NOW - 120) // 60) * 60
    bench.resources[ONE.key] = replace(ONE, series={"errors": polled(end), "load": polled(end - 60, 90)})
    course = await bench.inquiries().course(ONE.key, HOUR)
    assert (bench.asked, course.cost_usd) == (0, 0.0)
    assert [len(series.values) for series in course.series.values()] == [60, 60]
    assert course.series["load"].end == end - 60


@pytest.mark.parametrize(
    "kept",
    [
        polled(int((NOW - 1200) // 60) * 60),
        polled(int((NOW - 120) // 60) * 60, 20),
        polled(int((NOW - 120) // 60) * 60, coverage=Coverage.PARTIAL),
        polled(int((NOW + 600) // 60) * 60, 90),
    ],
    ids=["old", "short", "partial", "of another clock"],
)
async def test_what_polling_has_not_brought_whole_is_asked_for(kept: Series) -> None:
    bench = Bench()
    bench.resources[ONE.key] = replace(ONE, series={"errors": kept})
    course = await bench.inquiries().course(ONE.key, HOUR)
    assert bench.asked == 2
    assert course.series["errors"].values == (0.0,) * 60


async def test_a_metric_that_failed_stands_beside_the_others_and_is_tried_again() -> None:
    bench = Bench()
    broken = failure(DEV, Outcome.DENIED, "GetMetricData")
    bench.room.value = lambda query: broken if query.metric == "load" else 3.0
    inquiries = bench.inquiries()
    course = await inquiries.course(ONE.key, DAY)
    assert (set(course.series), course.failures) == ({"errors"}, (broken,))
    assert course.cost_usd == pytest.approx(USD_PER_METRIC)
    bench.room.value = lambda _: 3.0
    assert (await inquiries.course(ONE.key, DAY)).failures == ()
    assert bench.asked == 3


async def test_an_emulator_costs_nothing() -> None:
    bench, configured = Bench(), settings("dev")
    accounts = {"dev": replace(configured.accounts["dev"], emulator=True)}
    course = await bench.inquiries(configured=replace(configured, accounts=accounts)).course(ONE.key, DAY)
    assert (bool(course.series), course.cost_usd) == (True, 0.0)


async def test_what_is_gone_is_said_to_be_gone() -> None:
    inquiries = Bench().inquiries()
    course = await inquiries.course("arn:gone", DAY)
    assert (course.series, [one.code for one in course.failures]) == ({}, ["NotKnown"])
    assert [one.code for one in (await inquiries.detail("arn:gone")).failures] == ["NotKnown"]
    page = await inquiries.logs("arn:gone", LogQuery(NOW))
    assert page.failure is not None
    assert page.failure.code == "NotKnown"


async def test_nobody_waits_for_ever() -> None:
    class Silent(Room):
        async def load(self, *_: Any) -> MetricAnswer:
            await asyncio.sleep(60)
            raise AssertionError

    bench = Bench(room=Silent())
    course = await bench.inquiries(deadline_seconds=0.02).course(ONE.key, DAY)
    (late,) = course.failures
    assert (late.outcome, late.code, late.account) == (Outcome.UNREACHABLE, "DeadlineExceeded", "dev")


async def _versions(reader: Reader, resource: Resource) -> Detail:
    answer: Mapping[str, Any] = await reader.call("ListThings")
    return Detail(resource.key, (Version(str(len(answer["found"].resources)), None, {}),))


async def test_a_detail_is_what_the_service_reads() -> None:
    bench = Bench()
    detail = await bench.inquiries(replace(TINY, detail=_versions)).detail(ONE.key)
    assert ([version.name for version in detail.versions], detail.asked_at) == (["2"], NOW)
    assert await bench.inquiries().detail(ONE.key) == Detail(ONE.key, asked_at=NOW)


async def test_a_detail_that_is_denied_says_so() -> None:
    bench = Bench()
    denied = failure(DEV, Outcome.DENIED)
    bench.room.listings[DEV] = denied
    assert (await bench.inquiries(replace(TINY, detail=_versions)).detail(ONE.key)).failures == (denied,)


async def test_logs_are_not_for_a_shared_screen_but_courses_and_details_are() -> None:
    bench = Bench()
    logged = replace(TINY, logs=lambda _: "/aws/tiny/one", detail=_versions)
    inquiries = bench.inquiries(logged, replace(settings("dev"), read_only=True))
    page = await inquiries.logs(ONE.key, LogQuery(NOW - 60))
    assert page.failure is not None
    assert (page.lines, page.failure.message) == ((), "Not on a shared screen.")
    assert (await inquiries.course(ONE.key, DAY)).series
    assert (await inquiries.detail(ONE.key)).versions
    assert bench.room.asked == [DEV], "only the detail was read"


async def test_a_service_without_logs_says_so() -> None:
    page = await Bench().inquiries().logs(ONE.key, LogQuery(NOW - 60))
    assert page.failure is not None
    assert page.failure.message == "Tiny keeps no log that could be read here."
