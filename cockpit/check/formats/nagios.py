"""One line for Nagios, Icinga, Naemon and Checkmk: text, then performance data.

Monitoring Plugins guidelines: `'label'=value[UOM];warn;crit;min;max`, decimal point, no quote or equals sign in a
label; a range `10` alerts above 10 (and below 0), `10:` alerts below 10. Plugins' output is cut at 4 kB.
"""

from __future__ import annotations

from cockpit.check.report import Report
from cockpit.check.words import excess, one_line, said, shortened, summary, to_ascii, why_exit_code
from cockpit.model.finding import Evidence, Finding
from cockpit.model.rule import Direction
from cockpit.model.units import Unit
from cockpit.model.verdict import Health

_LIMIT_BYTES = 4096
_PERFDATA_BYTES = 2400
"""Room kept for performance data; the rest of the line is for the text."""
_UOM = {Unit.SECONDS: "s", Unit.PERCENT: "%", Unit.BYTES: "B"}


def render(report: Report) -> str:
    """The report in one line of at most 4 kB, ASCII."""
    perfdata = _perfdata(report)
    room = _LIMIT_BYTES - len(perfdata) - len(" | \n")
    return f"{_text(report, room)} | {perfdata}\n"


def _text(report: Report, room: int) -> str:
    _, _, rest = summary(report).partition(": ")
    parts = [rest, *(text for text in [why_exit_code(report)] if text)]
    parts += [_phrase(finding) for finding in report.findings]
    parts += [f"{said(one.mute, report.at)}: {_phrase(one)}" for one in report.muted if one.mute is not None]
    if not report.complete:
        parts += [
            f"{account.name} lacks {', '.join(account.missing_permissions)}"
            for account in report.accounts
            if account.missing_permissions
        ]
    # A bar would begin the performance data.
    text = to_ascii(one_line(f"COCKPIT {report.health.value.upper()} - {'; '.join(parts)}")).replace("|", "/")
    return text if len(text) <= room else f"{text[: room - 4]} ..."


def _phrase(finding: Finding) -> str:
    beyond = excess(finding)
    reason = f"{shortened(finding.reason)} ({beyond})" if beyond else shortened(finding.reason)
    return f"{finding.health.value} {finding.environment} {finding.slot.service} {finding.subject}: {reason}"


def _perfdata(report: Report) -> str:
    """The run's own figures first, then as many findings as there is room for, worst first."""
    items = _own_figures(report)
    used = {item.partition("=")[0] for item in items}
    length = sum(len(item) + 1 for item in items)
    for finding in report.findings:
        item = _finding_item(finding)
        label = item.partition("=")[0]
        if item and label not in used and length + len(item) + 1 <= _PERFDATA_BYTES:
            items.append(item)
            used.add(label)
            length += len(item) + 1
    return " ".join(items)


def _own_figures(report: Report) -> list[str]:
    total = len(report.environments)
    asked = len(report.slots)
    observed = sum(account.count_observed for account in report.accounts)
    items = [f"'environments_{health.value}'={report.count(health)};;;0;{total}" for health in Health]
    items.append(f"'slots_observed'={observed};{asked}:;;0;{asked}")
    items.append(f"'calls'={report.calls};;;0;")
    items.append(f"'cost_usd'={_number(report.cost_usd)};;;0;")
    items.append(f"'duration'={_number(report.took_seconds)}s;;{_number(report.request.timeout_seconds)};0;")
    if report.oldest_data_at is not None:
        items.append(f"'oldest_data'={_number(max(0.0, report.at - report.oldest_data_at))}s;;;0;")
    return items


def _finding_item(finding: Finding) -> str:
    evidence = finding.evidence
    if evidence is None or evidence.value is None:
        return ""
    limit = _range(evidence)
    warning, critical = ("", limit) if finding.health is Health.CRITICAL else (limit, "")
    label = _label(f"{finding.environment} {finding.slot.service} {finding.subject} {finding.rule.partition('.')[2]}")
    figures = f"{_number(evidence.value)}{_UOM.get(evidence.unit, '')};{warning};{critical}"
    return f"'{label}'={figures};0;{100 if evidence.unit is Unit.PERCENT else ''}"


def _range(evidence: Evidence) -> str:
    if evidence.limit is None:
        return ""
    limit = _number(evidence.limit)
    return limit if evidence.direction is Direction.ABOVE else f"{limit}:"


def _label(text: str) -> str:
    plain = to_ascii(one_line(text))
    return "".join("_" if character in "'=|;" else character for character in plain)[:120]


def _number(value: float) -> str:
    """A plain decimal, without exponent or trailing zeros."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
