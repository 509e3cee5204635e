"""What somebody has muted is told in every format and counted in no exit code; what is unknown is never called ok."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cockpit.check.formats import github, json_report, junit, nagios, openmetrics, renderer, text
from cockpit.check.report import Report, build_report
from cockpit.check.request import FORMATS, CheckRequest
from cockpit.check.words import summary
from cockpit.engine.muted import with_mutes
from cockpit.engine.sweep import sweep
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.store.history import FILE_NAME, History
from tests.check.factory import CATALOGUE, NOW, Fleet, failure, finding, observation, slot, troubled
from tests.check.test_json import VALIDATOR
from tests.engine.rooms import CATALOGUE as TINY
from tests.engine.rooms import Clock, Room
from tests.engine.rooms import settings as room_settings

BLIND = slot("media")


def word(key: str, kind: MuteKind = MuteKind.MUTED) -> Mute:
    return Mute(key, kind, "ticket 12", "ann", NOW - 600, NOW + 3600)


def reported(fleet: Fleet, muted: set[str] | None = None, kind: MuteKind = MuteKind.MUTED, **request: object) -> Report:
    """The report on a fleet of which these findings are muted; None: all of them."""
    shot = fleet.snapshot()
    keys = {one.key for one in shot.findings} if muted is None else muted
    marked = with_mutes(shot, {key: word(key, kind) for key in keys})
    return build_report(marked, CheckRequest(**request), CATALOGUE, asked=fleet.asked)  # type: ignore[arg-type]


def broken() -> Fleet:
    """Wholly seen, and critical."""
    return Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[finding(slot())])


def blind() -> Fleet:
    """One environment of which nothing can be seen, and the account says why."""
    told = finding(
        BLIND, Health.UNKNOWN, rule="observation", subject="media eu-west-1", reason="denied", failure=failure(BLIND)
    )
    seen = observation(BLIND, Outcome.DENIED, age=None)
    return Fleet().see(seen).environment("shop/prod", [BLIND], findings=[told], headline="")


def test_what_is_muted_is_told_apart_and_fails_nothing() -> None:
    report = reported(broken())
    assert (report.health, report.exit_code) == (Health.OK, 0)
    assert not report.findings
    assert [one.subject for one in report.muted] == ["checkout:live"]
    assert summary(report).startswith("OK: 1 ok · 1 finding muted · 1 of 1 slots observed")


def test_what_is_acknowledged_counts_and_says_by_whom() -> None:
    report = reported(broken(), kind=MuteKind.ACKNOWLEDGED)
    assert (report.health, report.exit_code) == (Health.CRITICAL, 2)
    assert "acknowledged by ann 14:03 UTC until 15:13 UTC: ticket 12" in text.render(report)


def test_a_muted_unknown_is_unknown_still_and_does_not_exit_with_3() -> None:
    loud, quiet = reported(blind(), set()), reported(blind())
    assert (loud.health, loud.exit_code) == (Health.UNKNOWN, 3)
    assert (quiet.health, quiet.exit_code, quiet.complete) == (Health.UNKNOWN, 0, False)
    assert "exit code 0, because what is unknown is muted" in text.render(quiet)


def test_a_gap_that_one_environment_has_not_muted_is_an_unknown_still() -> None:
    fleet = blind()
    other = replace(finding(BLIND, Health.UNKNOWN, environment="shop/dev", rule="observation"), subject="media")
    fleet.environment("shop/dev", [BLIND], findings=[other], headline="")
    prod = {one.key for one in fleet.snapshot().findings if one.environment.environment == "prod"}
    assert reported(fleet, prod).exit_code == 3
    assert reported(fleet).exit_code == 0


def test_a_gap_that_nobody_tells_of_cannot_be_muted() -> None:
    fleet = blind().see(observation(slot("media", "sqs"), Outcome.DENIED, age=None))
    assert reported(fleet).exit_code == 3


def test_a_run_whose_time_was_up_is_not_excused_by_a_mute() -> None:
    told = finding(BLIND, Health.UNKNOWN, rule="observation", reason="not looked at yet")
    fleet = Fleet().ask(BLIND).environment("shop/prod", [BLIND], findings=[told], headline="")
    assert reported(fleet).exit_code == 3


def test_what_counts_beside_a_muted_unknown_gives_the_exit_code() -> None:
    fleet = blind().see(observation(slot()))
    fleet.environment("shop/dev", [slot()], findings=[finding(slot(), Health.WARNING, environment="shop/dev")])
    hidden = {one.key for one in fleet.snapshot().findings if one.health is Health.UNKNOWN}
    report = reported(fleet, hidden)
    assert (report.health, report.exit_code) == (Health.UNKNOWN, 1)
    assert "exit code 1, because what is unknown is muted" in nagios.render(report)
    let_pass = reported(fleet, hidden, fail_on=Health.UNKNOWN)
    assert let_pass.exit_code == 0
    assert "--fail-on unknown lets warning pass and what is unknown is muted" in github.render(let_pass)


@given(st.sets(st.integers(0, 2)))
def test_the_exit_code_is_that_of_what_is_not_muted(numbers: set[int]) -> None:
    every = [one.key for one in troubled().snapshot().findings]
    report = reported(troubled(), {every[number] for number in numbers})
    counting = [one.health for one in troubled().snapshot().findings if one.key not in {every[n] for n in numbers}]
    assert report.exit_code == Health.worst((Health.OK, *counting)).exit_code
    assert report.health is not Health.OK
    assert len(report.findings) + len(report.muted) == len(every)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_of_it(name: str) -> None:
    shown = renderer(name)(reported(broken()))
    assert "checkout" in shown
    assert "muted" in shown


def test_text_does_not_call_it_well() -> None:
    lines = text.render(reported(broken())).splitlines()
    assert lines[0] == "⊘ OK       shop/prod  1 muted"
    assert lines[1].startswith("  ⊘ critical, not counted: lambda  checkout:live  error rate")
    assert lines[1].endswith("muted until 15:13 UTC by ann: ticket 12")
    assert text.render(reported(broken()), text.Paint(ascii_only=True)).isascii()


def test_json_has_them_apart_with_who_and_until_when() -> None:
    found = json.loads(json_report.render(reported(broken())))
    VALIDATOR.validate(found)
    assert isinstance(VALIDATOR, Draft202012Validator)
    assert (found["health"], found["exit_code"], found["findings"]) == ("ok", 0, [])
    assert (found["environments"][0]["findings"], found["environments"][0]["muted"]) == (0, 1)
    assert found["muted"][0]["mute"] == {
        "kind": "muted",
        "by": "ann",
        "note": "ticket 12",
        "at": "2026-09-21T14:03:20Z",
        "until": "2026-09-21T15:13:20Z",
    }


@pytest.mark.parametrize("fleet", [broken(), blind()])
def test_junit_skips_it_and_never_passes_it(fleet: Fleet) -> None:
    root = ET.fromstring(junit.render(reported(fleet)))  # noqa: S314 - our own document
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    case = root.find("testsuite/testcase")
    assert case is not None
    skipped = case.find("skipped")
    assert skipped is not None
    assert "muted until 15:13 UTC by ann" in skipped.get("message", "")


def test_nagios_tells_it_last_and_openmetrics_in_a_metric_of_its_own() -> None:
    assert "; muted until 15:13 UTC by ann: ticket 12: critical shop/prod" in nagios.render(reported(broken()))
    lines = openmetrics.render(reported(broken())).splitlines()
    assert any(line.startswith("cockpit_muted_finding{") for line in lines)
    assert not any(line.startswith("cockpit_finding{") for line in lines)


def test_github_notes_it_without_a_warning() -> None:
    shown = github.render(reported(blind()))
    assert "::warning" not in shown
    assert "::error" not in shown
    assert "::notice title=shop/prod lambda media eu-west-1::" in shown
    assert "muted until" in github.summary_markdown(reported(broken()))


def swept(shot: Snapshot, account: str) -> Report:
    return build_report(shot, CheckRequest(), TINY, asked=[one for one in shot.observations if one.account == account])


async def test_a_check_in_another_process_sees_the_mute_and_its_end(tmp_path: Path) -> None:
    clock, room = Clock(), Room()
    room.value = lambda query: 50.0 if query.metric == "errors" else 1.0
    dashboard = History.open(tmp_path / FILE_NAME, clock=clock)

    async def check() -> Report:
        history = History.open(tmp_path / FILE_NAME, clock=clock)
        look = sweep(room_settings("dev"), TINY, history=history, clock=clock, deadline=5.0, open_room=room.opened())
        shot = await look
        history.close()
        return swept(shot, "dev")

    before = await check()
    assert before.exit_code == 2
    dashboard.mute(Mute(before.findings[0].key, MuteKind.MUTED, "ticket 12", "ann", clock.now, clock.now + 60.0))
    dashboard.flush()
    quiet = await check()
    assert (quiet.exit_code, len(quiet.muted)) == (0, 1)
    clock.now += 61.0
    assert (await check()).exit_code == 2
    dashboard.close()
