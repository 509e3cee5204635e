"""What the cockpit asks on demand, of the embedded fleet, over HTTP: courses, logs, versions, and what they cost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from cockpit.aws.meter import USD_PER_METRIC, Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account, Polling, Settings
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.tim import BAD_FUNCTION
from cockpit.engine.inquiries import Inquiries
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import LogQuery
from cockpit.model.resource import Resource
from cockpit.model.verdict import Outcome
from cockpit.services import catalogue
from tests.demo.conftest import START, Emulator

HOUR, DAY, WEEK = 3600, 86_400, 604_800
GROUP = f"/aws/lambda/{BAD_FUNCTION}"


@dataclass
class Asking:
    """Inquiries over an open room."""

    inquiries: Inquiries
    meter: Meter
    resources: dict[str, Resource]

    def known(self, name: str, account: str = "tim-sandbox", kind: str = "function") -> str:
        """A function that polling has found."""
        region = ACCOUNTS[account].region
        key = f"arn:aws:lambda:{region}:{ACCOUNTS[account].id}:function:{name}"
        facts = {"log_group": f"/aws/lambda/{name}"}
        self.resources[key] = Resource(key, SlotId(account, region, "lambda"), kind, name, facts)
        return key

    @property
    def spent(self) -> float:
        return self.meter.reading(START).cost_usd


@pytest_asyncio.fixture
async def asking(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asking]:
    key = emulator.keys["hub"]
    (tmp_path / "credentials").write_text(
        f"[hub]\naws_access_key_id = {key.key_id}\naws_secret_access_key = {key.secret}\n", encoding="utf-8"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    accounts = {
        name: Account(
            name,
            ACCOUNTS[name].id,
            (ACCOUNTS[name].region,),
            profile="hub",
            role_arn=ACCOUNTS[name].role_arn if ACCOUNTS[name].external_id else None,
            external_id=ACCOUNTS[name].external_id,
            endpoint_url=emulator.endpoint,
        )
        for name in ("hub", "tim-sandbox")
    }
    meter, resources = Meter(0.001, since=START), dict[str, Resource]()
    room = AwsRoom(accounts, Polling(), catalogue(), meter=meter, clock=emulator.clock)
    async with room:
        inquiries = Inquiries(
            room,
            Settings(accounts, ()),
            catalogue(),
            find=resources.get,
            clock=emulator.clock,
        )
        yield Asking(inquiries, meter, resources)
        await inquiries.close()


@pytest.mark.parametrize(("span", "period"), [(HOUR, 60), (DAY, 900), (WEEK, 3600)])
async def test_a_course_is_read_priced_and_metered_once(asking: Asking, span: int, period: int) -> None:
    key = asking.known(BAD_FUNCTION)
    course = await asking.inquiries.course(key, span)
    assert course.failures == ()
    assert set(course.series) == {"invocations", "errors", "throttles", "duration_p99"}
    assert {series.period_seconds for series in course.series.values()} == {period}
    assert all(value is not None for value in course.series["invocations"].values)
    assert course.cost_usd == pytest.approx(4 * USD_PER_METRIC)
    assert asking.spent == pytest.approx(course.cost_usd)
    again = await asking.inquiries.course(key, span)
    assert (again.series, again.cost_usd) == (course.series, 0.0)
    assert asking.spent == pytest.approx(course.cost_usd)


async def test_the_week_before_the_bad_release_is_a_week_of_days(emulator: Emulator, asking: Asking) -> None:
    emulator.clock.now = START + HOUR + 120
    course = await asking.inquiries.course(asking.known(BAD_FUNCTION), WEEK)
    calls = [value or 0.0 for value in course.series["invocations"].values]
    errors = [value or 0.0 for value in course.series["errors"].values]
    for day in range(6):
        hours = calls[day * 24 : day * 24 + 24]
        assert max(hours) > 1.6 * min(hours), "nights are calmer than days"
    assert max(errors[:-2]) < 0.01 * min(calls), "it was well until the release"
    assert errors[-1] > errors[-2] > 3 * max(errors[:-2]), "which is eight minutes of one hour, and all of the next"


async def test_at_the_ceiling_a_course_says_why_there_is_none(asking: Asking) -> None:
    asking.meter.record(account="hub", client="ce", operation="GetCostAndUsage", now=START, cost_usd=0.01)
    course = await asking.inquiries.course(asking.known(BAD_FUNCTION), DAY)
    assert course.series == {}
    assert {failure.code for failure in course.failures} == {"CeilingReached"}
    assert "ceiling" in course.failures[0].message
    assert course.cost_usd == 0.0
    free = await asking.inquiries.logs(asking.known(BAD_FUNCTION), LogQuery(START - 10))
    assert free.lines, "what costs nothing goes on"


async def test_the_newest_lines_of_a_log_and_then_what_follows(emulator: Emulator, asking: Asking) -> None:
    key = asking.known(BAD_FUNCTION)
    page = await asking.inquiries.logs(key, LogQuery(START - HOUR, limit=200, newest=True))
    assert (len(page.lines), page.group, page.failure) == (200, GROUP, None)
    assert [line.at for line in page.lines] == sorted(line.at for line in page.lines)
    assert page.lines[-1].at > START - 5
    assert {"INFO", "REPORT"} <= {line.level for line in page.lines}
    emulator.clock.now = START + 6
    tail = await asking.inquiries.logs(key, LogQuery(page.lines[-1].at))
    new = [line for line in tail.lines if line.id not in {one.id for one in page.lines}]
    assert new
    assert all(line.at >= page.lines[-1].at for line in new)
    older = await asking.inquiries.logs(key, LogQuery(START - HOUR, limit=50, token=page.token, newest=True))
    assert older.lines[-1].at <= page.lines[0].at


async def test_errors_of_the_bad_release_are_found_with_their_stack(asking: Asking) -> None:
    page = await asking.inquiries.logs(
        asking.known(BAD_FUNCTION), LogQuery(START - 300, START, pattern='"TypeError" -INFO', limit=30)
    )
    assert len(page.lines) == 30
    assert {line.level for line in page.lines} == {"ERROR"}
    assert all("at priceOf (/var/task/src/pricing/price.js:88:31)" in line.text for line in page.lines)
    assert page.token


async def test_failures_of_a_log_are_told(asking: Asking) -> None:
    bad_pattern = await asking.inquiries.logs(asking.known(BAD_FUNCTION), LogQuery(START - 60, pattern="a:b"))
    assert bad_pattern.failure is not None
    assert (bad_pattern.failure.code, "a:b" in bad_pattern.failure.message) == ("InvalidParameterException", True)
    missing = await asking.inquiries.logs(asking.known("nobody"), LogQuery(START - 60))
    assert missing.failure is not None
    assert missing.failure.message.startswith("There is no log group /aws/lambda/nobody")
    denied = await asking.inquiries.logs(asking.known("any", "hub"), LogQuery(START - 60))
    assert denied.failure is not None
    assert (denied.failure.outcome, denied.failure.iam_action) == (Outcome.DENIED, "logs:FilterLogEvents")


async def test_the_bad_release_beside_the_one_before(asking: Asking) -> None:
    detail = await asking.inquiries.detail(asking.known(BAD_FUNCTION))
    assert (detail.failures, detail.asked_at) == ((), START)
    assert [version.name for version in detail.versions] == ["$LATEST", "42", "41", "40", "39"]
    bad, good = detail.versions[1], detail.versions[2]
    assert (bad.aliases, good.aliases) == ((("live", 1.0),), ())
    assert bad.at is not None
    assert START - 600 < bad.at < START
    differing = {name for name in bad.facts if bad.facts[name] != good.facts[name]}
    assert differing == {"description", "code_sha256", "code_bytes", "memory_mb", "environment_keys", "layers"}
    assert (good.facts["layers"], bad.facts["layers"]) == ("shop-telemetry:13", "shop-telemetry:14")
    assert asking.spent == 0.0
