"""Pages of a log: put together, in order, within the time that somebody waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.engine.inquiries import Inquiries
from cockpit.model.inquiry import LogQuery
from cockpit.model.verdict import Failure, Outcome
from tests.engine.asking import ONE, Bench
from tests.engine.rooms import DEV, NOW, TINY, Room, failure


@dataclass
class _LogReader:
    """Pages of events, by token."""

    pages_of: Mapping[str | None, Mapping[str, Any] | Failure]
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append({"operation": operation, **parameters})
        page = self.pages_of[parameters.get("nextToken")]
        if isinstance(page, Failure):
            raise CallFailed(page)
        return page


@dataclass
class _LogRoom(Room):
    log_reader: Any = None

    def reader(self, *_: Any) -> Any:
        return self.log_reader


def event(number: int, at: float = NOW) -> dict[str, Any]:
    return {"eventId": f"{number:056d}", "timestamp": int(at * 1000), "message": f"line {number}\n"}


def logging(pages: Mapping[str | None, Mapping[str, Any] | Failure], **given: Any) -> tuple[Inquiries, _LogReader]:
    reader = _LogReader(pages)
    spec = replace(TINY, logs=lambda one: f"/aws/tiny/{one.name}")
    return Bench(room=_LogRoom(log_reader=reader)).inquiries(spec, **given), reader


async def test_pages_are_put_together_over_empty_ones_and_a_line_comes_once() -> None:
    inquiries, reader = logging(
        {
            None: {"events": [event(2, NOW + 2), event(1, NOW + 1)], "nextToken": "a"},
            "a": {"events": [], "nextToken": "b"},
            "b": {"events": [event(2, NOW + 2), event(3, NOW + 3)]},
        }
    )
    page = await inquiries.logs(ONE.key, LogQuery(NOW, NOW + 60, pattern="?a ?b", limit=500))
    assert [line.text for line in page.lines] == ["line 1", "line 2", "line 3"]
    assert (page.token, page.failure, page.group) == (None, None, "/aws/tiny/one")
    assert reader.asked[0] == {
        "operation": "FilterLogEvents",
        "logGroupName": "/aws/tiny/one",
        "startTime": int(NOW * 1000),
        "endTime": int((NOW + 60) * 1000) - 1,
        "filterPattern": "?a ?b",
        "limit": 500,
    }
    assert [asked["limit"] for asked in reader.asked] == [500, 498, 498]


async def test_a_full_page_leads_on_by_its_token() -> None:
    first, second = [event(1), event(2)], [event(3)]
    inquiries, _ = logging({None: {"events": first, "nextToken": "more"}, "more": {"events": second}})
    page = await inquiries.logs(ONE.key, LogQuery(NOW - 60, limit=2))
    assert (len(page.lines), page.token) == (2, "more")
    rest = await inquiries.logs(ONE.key, LogQuery(NOW - 60, limit=2, token=page.token))
    assert ([line.text for line in rest.lines], rest.token) == (["line 3"], None)


async def test_the_newest_lines_are_shown_oldest_first_too() -> None:
    newest_first = [event(4, NOW + 2), event(3, NOW + 1), event(2, NOW + 1), event(1, NOW)]
    inquiries, reader = logging({None: {"events": newest_first}})
    page = await inquiries.logs(ONE.key, LogQuery(NOW - 60, newest=True))
    assert reader.asked[0]["startFromHead"] is False
    assert [line.text for line in page.lines] == ["line 1", "line 2", "line 3", "line 4"]


async def test_when_the_time_is_up_there_is_a_token() -> None:
    ticks = iter(range(0, 1000, 5))
    inquiries, reader = logging(
        {None: {"events": [], "nextToken": "on"}, "on": {"events": [], "nextToken": "on"}},
        monotonic=lambda: float(next(ticks)),
    )
    page = await inquiries.logs(ONE.key, LogQuery(0.0))
    assert (page.lines, page.token, page.failure) == ((), "on", None)
    assert len(reader.asked) == 2


async def test_a_failure_comes_after_the_lines_that_were_read() -> None:
    late = failure(DEV, Outcome.THROTTLED, "FilterLogEvents")
    inquiries, _ = logging({None: {"events": [event(1)], "nextToken": "a"}, "a": late})
    page = await inquiries.logs(ONE.key, LogQuery(NOW - 60))
    assert ([line.text for line in page.lines], page.token) == (["line 1"], "a")
    assert page.failure is not None
    assert page.failure.outcome is Outcome.THROTTLED


async def test_a_log_group_that_is_not_there_is_explained() -> None:
    missing = replace(failure(DEV, Outcome.INVALID, "FilterLogEvents"), code="ResourceNotFoundException")
    inquiries, _ = logging({None: missing})
    page = await inquiries.logs(ONE.key, LogQuery(NOW - 60))
    assert page.failure is not None
    assert page.failure.message.startswith("There is no log group /aws/tiny/one: nothing has been logged yet")
