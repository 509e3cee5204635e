"""Where a report ends up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.check.request import CheckRequest
from cockpit.cli.checking import deliver
from tests.check.factory import healthy, troubled


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_results_are_on_standard_output_and_nothing_else_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    deliver(healthy().report())
    out, err = capfd.readouterr()

    assert out.splitlines()[-1].startswith("OK: 1 ok")
    assert "\x1b" not in out
    assert err == ""


def test_a_standard_output_that_was_closed_costs_the_words_and_not_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    deliver(troubled().report())
    deliver(troubled().report(CheckRequest(format="json")))


def test_machine_formats_are_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    deliver(troubled().report(CheckRequest(format="json")))

    assert json.loads(capfdbinary.readouterr().out.decode("utf-8"))["health"] == "critical"


def test_an_output_file_takes_the_place_of_standard_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "fleet.prom"
    deliver(healthy().report(CheckRequest(format="openmetrics", output=target)))

    assert capfd.readouterr() == ("", "")
    assert target.read_text().endswith("# EOF\n")


def test_github_gets_its_summary_page_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    deliver(troubled().report(CheckRequest(format="github")))

    assert page.read_text(encoding="utf-8").startswith("before\n### Cockpit: CRITICAL")
    assert capfd.readouterr().out.startswith("::error ")


def test_only_the_github_format_writes_the_summary_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    deliver(troubled().report())

    assert not (tmp_path / "summary.md").exists()


def test_a_summary_page_that_cannot_be_written_costs_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "missing" / "summary.md"))
    deliver(troubled().report(CheckRequest(format="github")))
    out, err = capfd.readouterr()

    assert out.splitlines()[-1].startswith("CRITICAL")
    assert err == "cockpit: the step summary could not be written: No such file or directory\n"
