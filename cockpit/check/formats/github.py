"""GitHub Actions: annotations, worst first, and a summary in Markdown for the run's page.

GitHub shows ten annotations of a kind for each step, so ten are written and the rest is counted in the last line.
Escaping as in GitHub's own toolkit (`@actions/core`, command.ts).
"""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.check.coverage import AccountCoverage
from cockpit.check.report import Report
from cockpit.check.words import one_line, sentence, summary, why_exit_code
from cockpit.model.verdict import Health

_MOST = 10
_KINDS = {Health.CRITICAL: "error", Health.UNKNOWN: "warning", Health.WARNING: "warning"}
_MARKS = {Health.OK: "🟢", Health.WARNING: "🟡", Health.UNKNOWN: "⚪", Health.CRITICAL: "🔴"}


def render(report: Report) -> str:
    """Workflow commands, at most ten, and the summary line."""
    annotations = sorted(_annotations(report), key=lambda entry: -entry[0])
    lines = [text for _, text in annotations[:_MOST]]
    last = " · ".join(part for part in (summary(report), why_exit_code(report)) if part)
    if len(annotations) > _MOST:
        last += f" · {len(annotations) - _MOST} more annotations left out"
    return "\n".join([*lines, one_line(last)]) + "\n"


def summary_markdown(report: Report) -> str:
    """The report for `GITHUB_STEP_SUMMARY`."""
    rows = [
        f"| {_MARKS[e.health]} {e.health.value} | {_cell(str(e.id))} | "
        + "<br>".join(_cell(f"{f.slot.service} {f.subject}: {sentence(f, report.at)}") for f in (*e.findings, *e.muted))
        + " |"
        for e in report.environments
    ]
    lines = [f"### Cockpit: {_cell(summary(report))}", "", "| state | environment | findings |", "|---|---|---|", *rows]
    gaps = [account for account in report.accounts if not account.complete]
    if gaps:
        lines += ["", "| not wholly observed | slots | missing |", "|---|---|---|"]
        lines += [f"| {_cell(a.name)} | {a.count_observed} of {len(a.slots)} | {_cell(_lack(a))} |" for a in gaps]
    return "\n".join([*lines, ""]) + "\n"


def _annotations(report: Report) -> Iterator[tuple[int, str]]:
    for finding in report.findings:
        title = f"{finding.environment} {finding.slot.service} {finding.subject}"
        yield finding.health.rank, _command(_kind(report, finding.health), title, sentence(finding, report.at))
    for finding in report.muted:
        title = f"{finding.environment} {finding.slot.service} {finding.subject}"
        yield 0, _command("notice", title, sentence(finding, report.at))
    for account in report.accounts:
        if not account.complete:
            seen = f"{account.count_observed} of {len(account.slots)} slots observed"
            lack = _lack(account)
            text = f"{seen} · {lack}" if lack else seen
            silent = report.is_excused(account)
            kind = "notice" if silent else _kind(report, Health.UNKNOWN)
            yield 0 if silent else Health.UNKNOWN.rank, _command(kind, f"account {account.name}", text)
    for notice in report.notices:
        yield 0, _command("notice", "cockpit", notice)


def _kind(report: Report, health: Health) -> str:
    return _KINDS[health] if report.fails(health) else "notice"


def _lack(account: AccountCoverage) -> str:
    reasons = dict.fromkeys(slot.reason for slot in account.slots if slot.reason)
    parts = [*(["lacks " + ", ".join(account.missing_permissions)] if account.missing_permissions else [])]
    parts += [reason for reason in reasons if not reason.startswith("denied ")]
    return "; ".join([*parts, *([account.remedy] if account.remedy else [])])


def _command(kind: str, title: str, message: str) -> str:
    return f"::{kind} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Text for a Markdown table."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
