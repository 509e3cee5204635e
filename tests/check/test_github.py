"""GitHub Actions: annotations and the summary page."""

from __future__ import annotations

from cockpit.check.formats.github import render, summary_markdown
from cockpit.check.request import CheckRequest
from cockpit.model.verdict import Health
from tests.check.factory import Fleet, finding, healthy, observation, slot, troubled


def test_annotations_come_worst_first_and_the_summary_last() -> None:
    assert render(troubled().report()).splitlines() == [
        (
            "::error title=shop/prod lambda checkout%3Alive::error rate 7.2 %25 > 5.0 %25 for 6 min · 1.4 × the limit"
            " · since 14:07 UTC · version 42, published 14:06 UTC"
        ),
        "::warning title=media/prod lambda eu-west-1::denied lambda:ListFunctions",
        "::warning title=account media::0 of 1 slots observed · lacks lambda:ListFunctions",
        (
            "::warning title=events/staging sqs events::1 204 messages > 1 000 for 11 min"
            " · 1.2 × the limit · since 14:07 UTC"
        ),
        "CRITICAL: 1 critical, 1 unknown, 1 warning, 1 ok · 2 of 3 slots observed · 12 calls, $0.004",
    ]


def test_at_most_ten_annotations_are_written_and_the_rest_is_counted() -> None:
    many = [finding(slot(), Health.WARNING, subject=f"function-{n}") for n in range(24)]
    many.append(finding(slot(), Health.CRITICAL, subject="the worst"))
    lines = render(
        Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=many).report()
    ).splitlines()

    assert len([line for line in lines if line.startswith("::")]) == 10
    assert lines[0].startswith("::error title=shop/prod lambda the worst::")
    assert lines[-1].endswith("15 more annotations left out")


def test_no_text_can_give_a_command_of_its_own() -> None:
    odd = finding(slot(), subject="a,b:c\n::error::x", reason="100% \r\n::set-output name=x::y")
    lines = render(
        Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd]).report()
    ).splitlines()

    assert len(lines) == 2
    assert lines[0].startswith("::error title=shop/prod lambda a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax::100%25  ::set-output")


def test_what_fail_on_lets_pass_is_a_notice() -> None:
    lines = render(troubled().report(CheckRequest(fail_on=Health.CRITICAL))).splitlines()

    assert [line.split(" ")[0] for line in lines[:-1]] == ["::error", "::notice", "::notice", "::notice"]


def test_notices_of_the_run_are_told() -> None:
    assert "::notice title=cockpit::the store was damaged" in render(
        healthy().report(notices=("the store was damaged",))
    )


def test_the_summary_page_has_a_row_for_each_environment_and_gap() -> None:
    odd = finding(slot(), subject="a|b", reason="<script>")
    page = summary_markdown(
        Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd]).report()
    )

    assert page.startswith("### Cockpit: CRITICAL: 1 critical · 1 of 1 slots observed")
    assert "| 🔴 critical | shop/prod | lambda a\\|b: &lt;script> · since 14:07 UTC |" in page
    assert "| media | 0 of 1 | lacks lambda:ListFunctions |" in summary_markdown(troubled().report())
