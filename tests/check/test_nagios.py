"""One line for Nagios and its kin."""

from __future__ import annotations

import re

import pytest

from cockpit.check.formats.nagios import render
from cockpit.check.request import CheckRequest
from cockpit.model.rule import Direction
from cockpit.model.units import Unit
from cockpit.model.verdict import Health, Outcome
from tests.check.factory import Fleet, evidence, finding, healthy, observation, slot, troubled

ITEM = re.compile(r"'([^'=|;]+)'=(-?\d+(?:\.\d+)?)(s|%|B|c)?;([^;]*);([^;]*);([^;]*);([^; ]*)$")


def split(fleet: Fleet, request: CheckRequest | None = None) -> tuple[str, list[str]]:
    line = render(fleet.report(request))
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert len(line.encode()) <= 4096
    assert line.isascii()
    text, _, perfdata = line.rstrip("\n").partition(" | ")
    return text, re.findall(r"'[^']*'=\S*", perfdata)


def one(figures: object, health: Health = Health.CRITICAL, **changes: object) -> str:
    found = finding(slot(), health, evidence=figures, **changes)  # type: ignore[arg-type]
    fleet = Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[found])
    return split(fleet)[1][-1]


def test_the_line_tells_the_verdict_and_the_worst_first() -> None:
    text, _ = split(troubled())

    assert text.startswith("COCKPIT CRITICAL - 1 critical, 1 unknown, 1 warning, 1 ok - 2 of 3 slots observed")
    assert "critical shop/prod lambda checkout:live: error rate 7.2 % > 5.0 % for 6 min (1.4 x the limit)" in text
    assert text.index("shop/prod") < text.index("media/prod") < text.index("events/staging")
    assert text.endswith("media lacks lambda:ListFunctions")


def test_performance_data_are_well_formed() -> None:
    for fleet in (troubled(), healthy(), Fleet()):
        items = split(fleet)[1]
        assert len({ITEM.match(item).group(1) for item in items}) == len(items)


def test_the_own_figures_come_first() -> None:
    assert split(healthy())[1] == [
        "'environments_ok'=1;;;0;1",
        "'environments_warning'=0;;;0;1",
        "'environments_critical'=0;;;0;1",
        "'environments_unknown'=0;;;0;1",
        "'slots_observed'=1;1:;;0;1",
        "'calls'=12;;;0;",
        "'cost_usd'=0.004;;;0;",
        "'duration'=4.25s;;60;0;",
        "'oldest_data'=20s;;;0;",
    ]


@pytest.mark.parametrize(
    ("figures", "health", "expected"),
    [
        (evidence(7.2, 5.0), Health.CRITICAL, "=7.2%;;5;0;100"),
        (evidence(7.2, 5.0), Health.WARNING, "=7.2%;5;;0;100"),
        (evidence(2e9, 5e9, Unit.BYTES, Direction.BELOW), Health.CRITICAL, "=2000000000B;;5000000000:;0;"),
        (evidence(2.5, 2.0, Unit.SECONDS), Health.WARNING, "=2.5s;2;;0;"),
        (evidence(3, 7, Unit.DAYS, Direction.BELOW), Health.WARNING, "=3;7:;;0;"),
        (evidence(412.5, 400, Unit.USD), Health.CRITICAL, "=412.5;;400;0;"),
        (evidence(1.0, None, Unit.COUNT), Health.CRITICAL, "=1;;;0;"),
        (evidence(1e-5, 0.0, Unit.COUNT), Health.CRITICAL, "=0;;0;0;"),
    ],
)
def test_ranges_alert_on_the_bad_side_of_the_limit(figures: object, health: Health, expected: str) -> None:
    assert one(figures, health) == f"'shop/prod lambda checkout:live error_rate'{expected}"


def test_labels_hold_no_sign_that_would_end_them() -> None:
    assert one(evidence(), subject="it's=a|b;c é").startswith("'shop/prod lambda it_s_a_b_c ? error_rate'=")


def test_a_figure_that_is_not_known_is_left_out() -> None:
    assert one(evidence(None)).startswith("'oldest_data'")


def test_text_cannot_begin_performance_data_or_another_line() -> None:
    found = finding(slot(), reason="bad | 'fake'=1\nOK", evidence=evidence())
    text, items = split(Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[found]))

    assert "bad / 'fake'=1 OK" in text
    assert not any("fake" in item for item in items)


def test_hundreds_of_findings_fit_into_4_kb_and_no_item_is_cut() -> None:
    many = [finding(slot(), subject=f"function-{n:03}", evidence=evidence()) for n in range(400)]
    text, items = split(Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=many))

    assert text.endswith(" ...")
    assert all(ITEM.match(item) for item in items)
    assert len(items) > 20


def test_what_fail_on_lets_pass_is_still_told() -> None:
    text, _ = split(healthy().see(observation(slot("media"), Outcome.DENIED)), CheckRequest(fail_on=Health.CRITICAL))

    assert text.startswith("COCKPIT UNKNOWN")
    assert "exit code 0, because --fail-on critical lets unknown pass" in text
