"""What a report concludes, and that incomplete coverage never looks well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.check.coverage import Seen
from cockpit.check.report import Report
from cockpit.check.request import FAIL_LEVELS, FORMATS, CheckRequest
from cockpit.check.words import excess, moment, sentence, summary
from cockpit.model.rule import Direction
from cockpit.model.units import Unit
from cockpit.model.verdict import Health, Outcome
from tests.check.factory import NOW, RELEASE, Fleet, evidence, failure, finding, healthy, observation, slot, troubled

OK, WARNING, CRITICAL, UNKNOWN = Health.OK, Health.WARNING, Health.CRITICAL, Health.UNKNOWN


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        (WARNING, {OK: 0, WARNING: 1, UNKNOWN: 3, CRITICAL: 2}),
        (UNKNOWN, {OK: 0, WARNING: 0, UNKNOWN: 3, CRITICAL: 2}),
        (CRITICAL, {OK: 0, WARNING: 0, UNKNOWN: 0, CRITICAL: 2}),
    ],
)
def test_the_exit_code_is_the_verdict_unless_fail_on_lets_it_pass(fail_on: Health, expected: dict[Health, int]) -> None:
    request = CheckRequest(fail_on=fail_on)

    assert {health: request.exit_code(health) for health in Health} == expected


def test_everything_seen_and_nothing_wrong_is_ok() -> None:
    report = healthy().report()

    assert (report.health, report.exit_code, report.complete) == (OK, 0, True)
    assert summary(report) == "OK: 1 ok · 1 of 1 slots observed · 12 calls, $0.004"


def test_a_slot_that_was_never_reached_is_unknown_and_says_how_long_was_waited() -> None:
    lost = slot("media")
    report = healthy().ask(lost).report(CheckRequest(timeout_seconds=30))

    assert (report.health, report.exit_code, report.complete) == (UNKNOWN, 3, False)
    assert [s.reason for s in report.slots if s.slot == lost] == ["not reached within 30 s"]


def test_a_time_out_exits_with_3_whatever_is_let_pass() -> None:
    denied = observation(slot("media"), Outcome.DENIED)
    assert healthy().see(denied).report(CheckRequest(fail_on=CRITICAL)).exit_code == 0
    assert healthy().see(denied).ask(slot("other")).report(CheckRequest(fail_on=CRITICAL)).exit_code == 3


def test_an_environment_called_ok_over_an_unobserved_slot_is_unknown_all_the_same() -> None:
    blind = slot("media")
    fleet = Fleet().see(observation(slot()), observation(blind, Outcome.EXPIRED))
    report = fleet.environment("shop/prod", [slot(), blind], health=OK).report()

    assert report.environments[0].health is UNKNOWN
    assert report.environments[0].cells[0].health is UNKNOWN
    assert report.environments[0].cells[0].note == "expired"


def test_a_cell_over_a_slot_that_nobody_asked_for_is_unknown() -> None:
    report = Fleet().environment("shop/prod", [slot()]).report()

    assert report.health is UNKNOWN


def test_nothing_to_look_at_is_not_a_good_answer() -> None:
    assert Fleet().report().exit_code == 3


def test_a_region_that_is_not_enabled_counts_as_observed() -> None:
    report = (
        Fleet().see(observation(slot(), Outcome.REGION_DISABLED, age=None)).environment("shop/prod", [slot()]).report()
    )

    assert (report.health, report.complete) == (OK, True)


def test_a_partly_seen_slot_keeps_the_whole_from_ok() -> None:
    report = Fleet().see(observation(slot(), Outcome.PARTIAL)).environment("shop/prod", [slot()]).report()

    assert report.slots[0].seen is Seen.PARTIAL
    assert report.exit_code == 3
    assert "0 of 1 slots observed, 1 in part" in summary(report)


@pytest.mark.parametrize(("age", "max_age", "exit_code"), [(200, 300, 0), (400, 300, 3), (200, None, 3)])
def test_stored_data_count_only_up_to_the_age_that_was_allowed(
    age: float, max_age: float | None, exit_code: int
) -> None:
    fleet = Fleet().see(observation(slot(), age=age, restored=True)).environment("shop/prod", [slot()])

    assert fleet.report(CheckRequest(max_age_seconds=max_age)).exit_code == exit_code


def test_stored_bills_count_as_long_as_they_are_not_stale_because_each_look_costs_money() -> None:
    bill = slot("live", "cost")
    young = Fleet().see(observation(bill, age=3000, restored=True)).environment("shop/prod", [bill])
    old = Fleet().see(observation(bill, age=4000, restored=True)).environment("shop/prod", [bill])

    assert (young.report().exit_code, old.report().exit_code) == (0, 3)


def test_environments_are_sorted_worst_first_and_then_as_configured() -> None:
    assert [str(e.id) for e in troubled().report().environments] == [
        "shop/prod",
        "media/prod",
        "events/staging",
        "quiet/dev",
    ]


def test_coverage_names_the_account_that_lacks_a_permission_first() -> None:
    media, live = troubled().report().accounts

    assert (media.name, media.count_observed, media.missing_permissions) == ("media", 0, ("lambda:ListFunctions",))
    assert (live.name, live.count_observed, live.complete, live.calls) == ("live", 2, True, 12)


def test_only_the_environments_that_were_asked_for_are_reported() -> None:
    report = troubled().report(CheckRequest(environments=("quiet/*", "events")))

    assert [str(e.id) for e in report.environments] == ["events/staging", "quiet/dev"]
    assert {str(f.environment) for f in report.findings} == {"events/staging"}


@pytest.mark.parametrize(("pattern", "exit_code"), [("shop/pr-*", 0), ("shop/pr-7", 3)])
def test_a_discovered_environment_that_is_gone_is_told_and_a_named_one_is_unknown(pattern: str, exit_code: int) -> None:
    report = healthy().report(CheckRequest(environments=("shop/prod", pattern)))

    assert report.exit_code == exit_code
    assert report.notices == (f"No environment matches {pattern!r} now.",)


def test_a_template_that_cannot_be_searched_is_reported_whatever_was_asked_for_of_it() -> None:
    blind = observation(slot("media"), Outcome.DENIED, age=None)
    fleet = healthy().see(blind).environment("shop/pr{number}", [slot("media")], health=UNKNOWN, headline="")
    report = fleet.report(CheckRequest(environments=("shop/pr-7",)))

    assert [str(e.id) for e in report.environments] == ["shop/pr{number}"]
    assert report.exit_code == 3


def test_a_sentence_says_what_by_how_much_since_when_and_what_changed() -> None:
    found = finding(slot(), evidence=evidence(), changed=RELEASE)

    assert sentence(found, NOW) == (
        "error rate 7.2 % > 5.0 % for 6 min · 1.4 × the limit · since 14:07 UTC · version 42, published 14:06 UTC"
    )


def test_a_sentence_has_the_remedy_once_and_no_time_for_what_was_only_just_noticed() -> None:
    expired = failure(slot(), Outcome.EXPIRED)
    bare = finding(slot(), UNKNOWN, reason="expired", since=NOW - 5, failure=expired)
    told = finding(slot(), UNKNOWN, reason=f"expired: {expired.remedy}", since=NOW - 5, failure=expired)

    assert sentence(bare, NOW) == "expired · aws sso login --sso-session dev"
    assert sentence(told, NOW) == "expired: aws sso login --sso-session dev"


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (evidence(36.0, 3.0), "12 × the limit"),
        (evidence(5.01, 5.0), ""),
        (evidence(3.0, 0.0), ""),
        (evidence(None, 5.0), ""),
        (evidence(2e9, 5e9, Unit.BYTES, Direction.BELOW), "0.4 × the limit"),
        (evidence(3.0, 5.0), ""),
        (None, ""),
    ],
)
def test_the_excess_is_told_where_it_says_something(figures, words: str) -> None:
    assert excess(finding(slot(), evidence=figures)) == words


def test_a_moment_of_another_day_has_its_date() -> None:
    assert moment(NOW - 2 * 86400, NOW) == "2026-09-19 14:13 UTC"


outcomes = st.sampled_from([None, *Outcome])
severities = st.lists(st.sampled_from([WARNING, CRITICAL, UNKNOWN]), max_size=4)


def _fleet(outcome: Outcome | None, health: Health, found: list[Health], stored: bool) -> Fleet:
    fleet = Fleet().ask(slot()) if outcome is None else Fleet().see(observation(slot(), outcome, restored=stored))
    findings = [finding(slot(), severity, subject=f"subject {i}") for i, severity in enumerate(found)]
    return fleet.environment("shop/prod", [slot()], health=health, findings=findings)


def _incomplete(report: Report) -> bool:
    return any(each.seen is not Seen.OBSERVED for each in report.slots)


@given(outcomes, st.sampled_from(Health), severities, st.booleans())
def test_incomplete_coverage_never_exits_with_0(
    outcome: Outcome | None, health: Health, found: list[Health], stored: bool
) -> None:
    report = _fleet(outcome, health, found, stored).report()

    unseen = outcome not in {Outcome.OK, Outcome.REGION_DISABLED} or (stored and outcome is Outcome.OK)
    assert _incomplete(report) == unseen
    if unseen:
        assert report.exit_code in {2, 3}
        assert not summary(report).startswith("OK")
        assert all(e.health is not OK for e in report.environments if outcome is not Outcome.PARTIAL or stored)


@given(outcomes, st.sampled_from(Health), severities, st.sampled_from(FAIL_LEVELS), st.sampled_from(FORMATS))
def test_critical_beats_unknown_beats_warning_and_every_format_can_tell_it(
    outcome: Outcome | None, health: Health, found: list[Health], fail_on: Health, form: str
) -> None:
    from cockpit.check.formats import renderer

    report = _fleet(outcome, health, found, stored=False).report(CheckRequest(fail_on=fail_on, format=form))

    parts = {health, *found, *([UNKNOWN] if _incomplete(report) else [])}
    worst = next(each for each in (CRITICAL, UNKNOWN, WARNING, OK) if each in parts)
    assert report.health is worst
    otherwise = UNKNOWN.exit_code if outcome is None else 0
    assert report.exit_code == (worst.exit_code if worst.rank >= fail_on.rank else otherwise)
    told = f'cockpit_health{{state="{worst.value}"}} 1' if form == "openmetrics" else worst.value
    assert told in renderer(form)(report).lower()
