"""Text for people."""

from __future__ import annotations

from cockpit.check.formats.text import Paint, render
from cockpit.check.request import CheckRequest
from cockpit.model.verdict import Health, Outcome
from tests.check.factory import Fleet, failure, finding, healthy, observation, slot, troubled


def test_a_troubled_fleet_is_told_worst_first_with_figures_and_reasons() -> None:
    assert (
        render(troubled().report())
        == """\
✖ CRITICAL shop/prod       PROTECTED
  ✖ lambda  checkout:live  error rate 7.2 % > 5.0 % for 6 min · 1.4 × the limit · since 14:07 UTC · version 42, published 14:06 UTC
  ● sqs err 0.0 %
? UNKNOWN  media/prod
  ? lambda  eu-west-1  denied lambda:ListFunctions
▲ WARNING  events/staging
  ▲ sqs  events  1 204 messages > 1 000 for 11 min · 1.2 × the limit · since 14:07 UTC
● OK       quiet/dev       lambda err 0.0 %

Not wholly observed
? media  444455556666 · 0 of 1 slots observed · missing lambda:ListFunctions
    eu-west-1/lambda: media may not list functions

CRITICAL: 1 critical, 1 unknown, 1 warning, 1 ok · 2 of 3 slots observed · 12 calls, $0.004 · oldest data 20 s
"""  # noqa: E501 - the lines that are printed
    )


def test_a_healthy_fleet_is_a_line_an_environment_and_the_summary() -> None:
    assert render(healthy().report()).splitlines() == [
        "● OK       shop/prod  lambda err 0.0 %",
        "",
        "OK: 1 ok · 1 of 1 slots observed · 12 calls, $0.004 · oldest data 20 s",
    ]


def test_what_fail_on_lets_pass_is_still_told() -> None:
    lines = render(
        healthy().see(observation(slot("media"), Outcome.DENIED)).report(CheckRequest(fail_on=Health.CRITICAL))
    ).splitlines()

    assert lines[-2].startswith("UNKNOWN: 1 ok · 1 of 2 slots observed")
    assert lines[-1] == "exit code 0, because --fail-on critical lets unknown pass"


def test_one_cause_with_many_slots_is_told_once_with_its_remedy() -> None:
    slots = [slot("media", f"service-{n}") for n in range(6)]
    expired = [
        observation(
            each, Outcome.EXPIRED, failures=(failure(each, Outcome.EXPIRED, message="the session has expired"),)
        )
        for each in slots
    ]
    text = render(Fleet().see(*expired).environment("media/prod", slots, health=Health.UNKNOWN).report())

    assert text.count("the session has expired") == 1
    assert "service-0, eu-west-1/service-1, eu-west-1/service-2, eu-west-1/service-3 and 2 more: the session" in text


def test_a_cell_that_is_unknown_without_a_finding_still_says_why() -> None:
    expired = observation(slot(), Outcome.EXPIRED, age=None)
    text = render(Fleet().see(expired).environment("shop/prod", [slot()], headline="").report())

    assert "  ? lambda  expired\n" in text


def test_notices_are_told() -> None:
    assert "\nnote: the store was damaged\n" in render(healthy().report(notices=("the store was damaged",)))


def test_colour_goes_with_the_word_and_never_replaces_it() -> None:
    text = render(troubled().report(), Paint(colour=True))

    assert "\x1b[1;31m✖\x1b[0m \x1b[1;31mCRITICAL\x1b[0m shop/prod" in text
    assert "\x1b" not in render(troubled().report())


def test_signs_have_letters_in_their_place_where_the_output_is_ascii() -> None:
    text = render(troubled().report(), Paint(ascii_only=True))

    assert text.isascii()
    assert text.startswith("X CRITICAL shop/prod")
    assert "1 204 messages > 1 000 for 11 min - 1.2 x the limit - since 14:07 UTC" in text


def test_no_name_or_message_can_move_the_cursor_or_forge_a_line() -> None:
    odd = finding(slot(), subject="x\x1b[2J", reason="broken\n● OK       shop/prod")
    text = render(Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd]).report())

    assert "\x1b" not in text
    assert "  ✖ lambda  x [2J  broken ● OK       shop/prod · since 14:07 UTC\n" in text
