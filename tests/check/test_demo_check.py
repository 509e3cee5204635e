"""The whole thread, end to end: the embedded fleet, reached over HTTP, checked once by the program itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from cockpit.demo import DemoFleet, embedded_fleet


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str
    left_behind: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Ended]]:
    """`cockpit --demo --check`, fleet and all; it runs beside the other check, because one account answers slowly."""
    folder = tmp_path_factory.mktemp("alone")

    def run() -> Ended:
        environ = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
        ended = _cockpit("--demo", environ=environ)
        return replace(ended, left_behind=tuple(path.name for path in folder.glob("cockpit-demo-*")))

    with ThreadPoolExecutor() as pool:
        yield pool.submit(run)


@pytest.fixture(scope="module")
def fleet(in_one_go: Future[Ended], tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoFleet]:
    with embedded_fleet(tmp_path_factory.mktemp("state")) as running:
        yield running


def _cockpit(*flags: str, environ: Mapping[str, str]) -> Ended:
    ended = subprocess.run(
        # Longer than the default: a machine that builds has other things to do.
        [sys.executable, "-m", "cockpit", "--check", "--timeout", "120s", *flags],
        capture_output=True,
        text=True,
        env=dict(environ),
        timeout=150,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def check(fleet: DemoFleet, *flags: str) -> Ended:
    environ = {**fleet.environ, "COCKPIT_STATE_DIR": str(fleet.state_dir)}
    return _cockpit("--config", str(fleet.profiles), *flags, environ=environ)


@pytest.fixture(scope="module")
def ended(fleet: DemoFleet) -> Ended:
    return check(fleet, "--format", "json")


@pytest.fixture(scope="module")
def report(ended: Ended) -> dict[str, Any]:
    assert ended.out, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_the_report_is_valid_and_critical(ended: Ended, report: dict[str, Any]) -> None:
    schema = json.loads(files("cockpit.check").joinpath("schema", "check-v1.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(report)

    assert (ended.code, report["exit_code"], report["health"]) == (2, 2, "critical")
    critical = [f"{e['system']}/{e['environment']}" for e in report["environments"] if e["health"] == "critical"]
    assert critical == ["tim-combo/prod"]
    assert report["complete"] is False
    assert ended.err == ""


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


def test_one_bill_tells_the_environments_of_an_account_apart(report: dict[str, Any]) -> None:
    spent = {
        f"{environment['system']}/{environment['environment']}": cell["headline"]
        for environment in report["environments"]
        for cell in environment["cells"]
        if cell["service"] == "cost"
    }
    shares = [spent[f"trinity/{name}"] for name in ("development", "staging", "production")]
    assert len(set(shares)) == 3, shares


def test_the_demo_flag_does_it_in_one_go_for_people_and_leaves_nothing_behind(in_one_go: Future[Ended]) -> None:
    shown = in_one_go.result()

    assert (shown.code, shown.err) == (2, "")
    assert shown.out.startswith("✖ CRITICAL")
    for word in ("tim-prod-checkout", "events", "missing lambda:ListFunctions", "aws sso login"):
        assert word in shown.out
    assert re.search(r"^CRITICAL: \d+ critical, .* \d+ of \d+ slots observed.* calls, \$\d", shown.out, re.MULTILINE)
    assert shown.left_behind == ()


def test_a_narrow_check_polls_only_what_it_needs(fleet: DemoFleet, report: dict[str, Any]) -> None:
    well = next(e for e in report["environments"] if e["health"] == "ok" and e["cells"] and not e["discovered"])
    name = f"{well['system']}/{well['environment']}"
    found = json.loads(check(fleet, "--format", "json", "--env", name).out)

    assert [f"{e['system']}/{e['environment']}" for e in found["environments"]] == [name]
    assert found["slots"]["asked"] < report["slots"]["asked"]
    assert found["run"]["calls"] < report["run"]["calls"]
    assert (found["health"], found["exit_code"], found["complete"]) == ("ok", 0, True)


def test_stored_data_that_are_young_enough_cost_no_call(fleet: DemoFleet, report: dict[str, Any]) -> None:
    found = json.loads(check(fleet, "--format", "json", "--max-age", "1h", "--service", "sqs").out)
    stored = [slot for account in found["accounts"] for slot in account["slots"] if slot["stored"]]

    assert stored
    assert found["run"]["calls"] < report["run"]["calls"] / 4


def test_metrics_for_prometheus_are_valid(fleet: DemoFleet, report: dict[str, Any]) -> None:
    ended = check(fleet, "--format", "openmetrics", "--max-age", "1h")
    families = {family.name: family for family in text_string_to_metric_families(ended.out)}
    states = [sample.labels for sample in families["cockpit_environment_health"].samples if sample.value == 1]

    assert ended.code == 2
    assert {(s["system"], s["environment"]) for s in states} == {
        (e["system"], e["environment"]) for e in report["environments"]
    }
