"""The whole thread, end to end: the embedded fleet, reached over HTTP, checked once by the program itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from cockpit.demo import DemoFleet, embedded_fleet


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoFleet]:
    with embedded_fleet(tmp_path_factory.mktemp("state")) as running:
        yield running


def check(fleet: DemoFleet, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cockpit", "--check", "--config", str(fleet.profiles), *flags],
        capture_output=True,
        text=True,
        env={**fleet.environ, "COCKPIT_STATE_DIR": str(fleet.state_dir), "COVERAGE_PROCESS_START": ""},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def ended(fleet: DemoFleet) -> subprocess.CompletedProcess[str]:
    return check(fleet, "--format", "json")


@pytest.fixture(scope="module")
def report(ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ended.stdout, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_the_report_is_valid_and_critical(ended: subprocess.CompletedProcess[str], report: dict[str, Any]) -> None:
    schema = json.loads(files("cockpit.check").joinpath("schema", "check-v1.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(report)

    assert (ended.returncode, report["exit_code"], report["health"]) == (2, 2, "critical")
    assert report["complete"] is False
    assert ended.stderr == ""


def test_the_bad_release_is_critical_with_its_figures_and_what_was_published(report: dict[str, Any]) -> None:
    release = next(f for f in report["findings"] if f["rule"] == "lambda.error_rate" and f["health"] == "critical")

    assert "tim-prod-checkout" in release["subject"]
    assert release["evidence"]["value"] > release["evidence"]["limit"]
    assert release["since"] is not None
    assert "version" in (release["changed"] or "")


def test_the_growing_queue_is_named(report: dict[str, Any]) -> None:
    queues = [f for f in report["findings"] if f["service"] == "sqs" and "events" in f["subject"]]

    assert {f["health"] for f in queues} & {"warning", "critical"}


def test_the_denied_account_is_unknown_and_names_the_permission(report: dict[str, Any]) -> None:
    denied = [account for account in report["accounts"] if "lambda:ListFunctions" in account["missing_permissions"]]
    assert denied

    blind = {(account["name"], slot["service"]) for account in denied for slot in account["slots"] if slot["reason"]}
    assert (denied[0]["name"], "lambda") in blind
    cells = [
        cell
        for environment in report["environments"]
        for cell in environment["cells"]
        if cell["service"] == "lambda" and any(slot["account"] == denied[0]["name"] for slot in cell["slots"])
    ]
    assert cells
    assert all(cell["health"] in {"unknown", "critical"} for cell in cells)


def test_the_expired_account_tells_how_to_log_in(report: dict[str, Any]) -> None:
    expired = [account for account in report["accounts"] if account["identity"]["outcome"] == "expired"]

    assert expired
    assert all("login" in (account["remedy"] or "") for account in expired)
    assert all(account["slots_observed"] == 0 for account in expired)


def test_no_environment_with_an_unobserved_slot_is_ok(report: dict[str, Any]) -> None:
    unseen = {
        (account["name"], slot["region"], slot["service"])
        for account in report["accounts"]
        for slot in account["slots"]
        if slot["seen"] == "unobserved"
    }
    assert unseen
    for environment in report["environments"]:
        slots = {(s["account"], s["region"], c["service"]) for c in environment["cells"] for s in c["slots"]}
        if slots & unseen:
            assert environment["health"] != "ok", environment["title"]


def test_calls_and_dollars_are_metered(report: dict[str, Any]) -> None:
    assert report["run"]["calls"] > 50
    assert 0 < report["run"]["cost_usd"] < 1
    assert sum(account["calls"] for account in report["accounts"]) <= report["run"]["calls"]


def test_text_says_the_same_for_people(fleet: DemoFleet) -> None:
    shown = check(fleet)

    assert shown.returncode == 2
    first = shown.stdout.splitlines()[0]
    assert first.startswith("✖ CRITICAL")
    for word in ("tim-prod-checkout", "events", "missing lambda:ListFunctions", "login"):
        assert word in shown.stdout
    assert re.search(r"^CRITICAL: \d+ critical, .* \d+ of \d+ slots observed.* calls, \$\d", shown.stdout, re.MULTILINE)


def test_a_narrow_check_polls_only_what_it_needs(fleet: DemoFleet, report: dict[str, Any]) -> None:
    well = next(e for e in report["environments"] if e["health"] == "ok" and e["cells"] and not e["discovered"])
    name = f"{well['system']}/{well['environment']}"
    found = json.loads(check(fleet, "--format", "json", "--env", name).stdout)

    assert [f"{e['system']}/{e['environment']}" for e in found["environments"]] == [name]
    assert found["slots"]["asked"] < report["slots"]["asked"]
    assert found["run"]["calls"] < report["run"]["calls"]
    assert (found["health"], found["exit_code"], found["complete"]) == ("ok", 0, True)


def test_stored_data_that_are_young_enough_cost_no_call(fleet: DemoFleet, report: dict[str, Any]) -> None:
    found = json.loads(check(fleet, "--format", "json", "--max-age", "1h", "--service", "sqs").stdout)
    stored = [slot for account in found["accounts"] for slot in account["slots"] if slot["stored"]]

    assert stored
    assert found["run"]["calls"] < report["run"]["calls"] / 4


def test_metrics_for_prometheus_are_valid(fleet: DemoFleet) -> None:
    ended = check(fleet, "--format", "openmetrics", "--max-age", "1h")
    families = {family.name: family for family in text_string_to_metric_families(ended.stdout)}

    states = [s for s in families["cockpit_environment_health"].samples if s.value == 1]
    assert ("sandbox" in ended.stdout) or len(states) > 5
    assert ended.returncode == 2


def test_the_demo_flag_does_the_same_in_one_go_and_leaves_nothing_running(tmp_path: Path) -> None:
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "cockpit", "--demo", "--check"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert "tim-prod-checkout" in ended.stdout
    assert time.monotonic() - began < 60
    assert list(tmp_path.glob("cockpit-demo-*")) == []
