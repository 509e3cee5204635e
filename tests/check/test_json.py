"""JSON and its published schema."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from cockpit.check.formats.json_report import SCHEMA_VERSION, render
from cockpit.check.request import CheckRequest
from cockpit.model.verdict import Health, Outcome
from tests.check.factory import Fleet, evidence, finding, healthy, observation, slot, troubled

SCHEMA: dict[str, Any] = json.loads(files("cockpit.check").joinpath("schema", "check-v1.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def parsed(fleet: Fleet, request: CheckRequest | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(fleet.report(request)))
    VALIDATOR.validate(found)
    return found


def test_the_schema_is_one_and_is_strict_about_every_object() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION

    def objects(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for item in node for found in objects(item)]
        if not isinstance(node, dict):
            return []
        here = [node] if node.get("type") == "object" else []
        return here + [found for item in node.values() for found in objects(item)]

    found = objects(SCHEMA)
    assert len(found) > 10
    for each in found:
        assert each["additionalProperties"] is False
        assert sorted(each["required"]) == sorted(each["properties"])


@pytest.mark.parametrize("fleet", [troubled(), healthy(), Fleet(), healthy().ask(slot("gone", "sqs"))])
def test_every_report_is_valid(fleet: Fleet) -> None:
    parsed(fleet)


def test_every_outcome_and_state_is_known_to_the_schema() -> None:
    for outcome in Outcome:
        parsed(Fleet().see(observation(slot(), outcome)).environment("shop/prod", [slot()], health=Health.UNKNOWN))


def test_a_key_too_many_or_too_few_is_not_valid() -> None:
    found = parsed(healthy())
    for broken in ({**found, "extra": 1}, {key: value for key, value in found.items() if key != "notices"}):
        with pytest.raises(ValidationError):
            VALIDATOR.validate(broken)


def test_findings_carry_their_evidence_and_times_are_utc() -> None:
    release = parsed(troubled())["findings"][0]

    assert release["since"] == "2026-09-21T14:07:20Z"
    assert release["changed"] == "version 42, published 2026-09-21T14:06:00Z"
    assert release["evidence"] == {
        "value": 7.2,
        "limit": 5.0,
        "unit": "percent",
        "direction": ">",
        "window_seconds": 300,
        "points": [6.9, None, 7.2],
    }


def test_the_denied_account_names_the_permission_that_is_missing() -> None:
    report = parsed(troubled())
    media = next(account for account in report["accounts"] if account["name"] == "media")

    assert media["missing_permissions"] == ["lambda:ListFunctions"]
    assert media["slots"][0]["failures"][0]["iam_action"] == "lambda:ListFunctions"
    assert (media["slots_asked"], media["slots_observed"], media["slots_unobserved"]) == (1, 0, 1)
    assert media["identity"]["arn"] == "arn:aws:sts::444455556666:assumed-role/cockpit/cockpit"
    assert report["slots"] == {"asked": 3, "observed": 2, "partial": 0, "unobserved": 1}


def test_the_run_tells_what_it_used_and_how_old_its_data_are() -> None:
    report = parsed(healthy())

    assert report["run"] == {"seconds": 4.25, "calls": 12, "cost_usd": 0.004}
    assert report["oldest_data_age_seconds"] == 20.0


def test_figures_that_json_cannot_hold_are_null() -> None:
    odd = finding(slot(), evidence=evidence(math.inf, math.nan))
    fleet = Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd])

    figures = parsed(fleet)["findings"][0]["evidence"]
    assert (figures["value"], figures["limit"]) == (None, None)


def test_the_request_is_repeated_so_that_a_narrow_check_is_not_taken_for_a_wide_one() -> None:
    request = CheckRequest(environments=("shop/*",), services=("lambda",), fail_on=Health.CRITICAL)

    assert parsed(healthy(), request)["request"] == {
        "environments": ["shop/*"],
        "accounts": [],
        "services": ["lambda"],
        "timeout_seconds": 60.0,
        "max_age_seconds": None,
        "fail_on": "critical",
    }
