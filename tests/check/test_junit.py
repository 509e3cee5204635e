"""JUnit XML: a breach is a failure, what was not observed an error."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from cockpit.check.formats.junit import render
from cockpit.check.request import CheckRequest
from cockpit.model.snapshot import EnvironmentState
from cockpit.model.verdict import Health, Outcome
from tests.check.factory import Fleet, environment_id, finding, healthy, observation, slot, troubled


def tree(fleet: Fleet, request: CheckRequest | None = None) -> ET.Element:
    return ET.fromstring(render(fleet.report(request)))  # noqa: S314 - our own document


def marks(root: ET.Element) -> dict[str, list[str]]:
    return {
        f"{case.get('classname')} {case.get('name')}": [child.tag for child in case if child.tag != "system-out"]
        for case in root.iter("testcase")
    }


def test_breaches_fail_and_what_was_not_seen_errs() -> None:
    assert marks(tree(troubled())) == {
        "shop/prod lambda": ["failure"],
        "shop/prod sqs": [],
        "media/prod lambda": ["error"],
        "events/staging sqs": ["failure"],
        "quiet/dev lambda": [],
        "coverage media": ["error"],
        "coverage live": [],
    }


def test_the_totals_are_those_of_the_cases() -> None:
    root = tree(troubled())

    assert [root.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["7", "2", "2", "0"]
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite)


def test_the_message_has_figures_and_time() -> None:
    failure = tree(troubled()).find(".//failure")

    assert failure is not None
    assert failure.get("type") == "critical"
    assert "error rate 7.2 % > 5.0 % for 6 min · 1.4 × the limit · since 14:07 UTC" in failure.get("message", "")


def test_what_fail_on_lets_pass_is_skipped_and_never_passed() -> None:
    found = marks(tree(troubled(), CheckRequest(fail_on=Health.CRITICAL)))

    assert found["shop/prod lambda"] == ["failure"]
    assert found["media/prod lambda"] == ["skipped"]
    assert found["events/staging sqs"] == ["skipped"]
    assert found["coverage media"] == ["skipped"]


def test_an_environment_without_anything_to_watch_is_an_error() -> None:
    fleet = healthy()
    fleet.environments.append(EnvironmentState(environment_id("bare/prod"), "bare", False, Health.UNKNOWN, {}, ()))

    assert marks(tree(fleet))["bare/prod environment"] == ["error"]


def test_text_that_xml_cannot_hold_does_not_break_the_document() -> None:
    odd = finding(slot(), reason='a < b & "c" \x00\x1b[31m ]]> \ufffe \ud800')
    root = tree(Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd]))

    failure = root.find(".//failure")
    assert failure is not None
    assert 'a < b & "c"  [31m ]]> ?' in failure.get("message", "")


def test_a_partly_seen_account_errs_even_where_its_cells_are_well() -> None:
    fleet = Fleet().see(observation(slot(), Outcome.PARTIAL)).environment("shop/prod", [slot()])

    assert marks(tree(fleet)) == {"shop/prod lambda": [], "coverage live": ["error"]}
