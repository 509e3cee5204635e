"""Words that every format shares. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from cockpit.check.coverage import Seen
from cockpit.check.report import Report
from cockpit.model.finding import Finding
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.rule import Direction
from cockpit.model.text import harmless
from cockpit.model.units import format_counted
from cockpit.model.verdict import Health

_TO_ASCII = str.maketrans(
    {"·": "-", "×": "x", "–": "-", "—": "-", "…": "...", "≥": ">=", "≤": "<=", "→": "->", "\u202f": " "}
)

WORST_FIRST = (Health.CRITICAL, Health.UNKNOWN, Health.WARNING, Health.OK)

_READ_CHARACTERS = 180

_NEW_SECONDS = 60.0
"""What is younger has only just been noticed: since when it has been so is not known."""


def summary(report: Report) -> str:
    """The report in one line: verdict, environments by state, coverage, what the run used."""
    counts = ", ".join(f"{report.count(health)} {health.value}" for health in WORST_FIRST if report.count(health))
    spent = f"{format_counted(report.calls, 'call')}, ${report.cost_usd:.3f}"
    muted = f" · {format_counted(len(report.muted), 'finding')} muted" if report.muted else ""
    return f"{report.health.value.upper()}: {counts or 'no environment'}{muted} · {coverage(report)} · {spent}"


def coverage(report: Report) -> str:
    """`62 of 65 slots observed, 1 in part`."""
    seen = Counter(slot.seen for slot in report.slots)
    text = f"{seen[Seen.OBSERVED]} of {len(report.slots)} slots observed"
    return f"{text}, {seen[Seen.PARTIAL]} in part" if seen[Seen.PARTIAL] else text


def why_exit_code(report: Report) -> str:
    """Why the exit code is not that of the verdict; empty where it is."""
    if report.exit_code == report.health.exit_code:
        return ""
    passing = not report.exit_code and report.counted is not Health.OK
    reasons = [
        f"--fail-on {report.request.fail_on.value} lets {report.counted.value} pass" if passing else "",
        "what is unknown is muted" if report.counted is not report.health else "",
    ]
    return f"exit code {report.exit_code}, because {' and '.join(reason for reason in reasons if reason)}"


def sentence(finding: Finding, now: float) -> str:
    """What is wrong, by how much, since when, what changed, what to do, and what somebody said about it."""
    parts = [shortened(finding.reason), excess(finding)]
    if finding.since is not None and now - finding.since >= _NEW_SECONDS:
        parts.append(f"since {moment(finding.since, now)}")
    parts.append(changed(finding, now))
    remedy = (finding.failure.remedy if finding.failure else None) or ""
    parts.append("" if remedy in finding.reason else remedy)
    parts.append(said(finding.mute, now) if finding.mute is not None else "")
    return one_line(" · ".join(part for part in parts if part))


def said(mute: Mute, now: float) -> str:
    """`acknowledged by ann 14:32 UTC: on it`, `muted until 15:00 UTC by ann: ticket 12`."""
    note = f": {mute.note}" if mute.note else ""
    until = f" until {moment(mute.until, now)}" if mute.until is not None else ""
    if mute.kind is MuteKind.MUTED:
        return f"muted{until} by {mute.by}{note}"
    return f"acknowledged by {mute.by} {moment(mute.at, now)}{until}{note}"


def changed(finding: Finding, now: float) -> str:
    """What changed about then: `version 42, published 14:24 UTC`; empty where nothing did."""
    return f"{finding.changed.words} {moment(finding.changed.at, now)}" if finding.changed else ""


def shortened(text: str) -> str:
    """`text` cut to what people read; AWS's own words about an alarm may be a thousand characters long."""
    return text if len(text) <= _READ_CHARACTERS else f"{text[: _READ_CHARACTERS - 1].rstrip()}…"


def excess(finding: Finding) -> str:
    """How far a figure is beyond its limit: `1.4 × the limit`; empty where that says nothing."""
    evidence = finding.evidence
    if evidence is None or evidence.value is None or not evidence.limit or evidence.limit <= 0:
        return ""
    ratio = evidence.value / evidence.limit
    # A hair's breadth is not worth words, and a figure within its limit (of what is unknown) is no excess.
    beyond = ratio >= 1.05 if evidence.direction is Direction.ABOVE else ratio <= 0.95
    if not beyond:
        return ""
    return f"{ratio:.0f} × the limit" if ratio >= 10 else f"{ratio:.1f} × the limit"


def moment(at: float, now: float) -> str:
    """A time as people read it: `14:26 UTC`, with the date where it is not today's."""
    then, today = datetime.fromtimestamp(at, UTC), datetime.fromtimestamp(now, UTC)
    return then.strftime("%H:%M UTC" if then.date() == today.date() else "%Y-%m-%d %H:%M UTC")


def iso(at: float | None) -> str | None:
    """A time as machines read it: ISO 8601, UTC, whole seconds."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_ascii(text: str) -> str:
    """`text` for outputs that hold nothing else."""
    return text.translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")


def one_line(text: str) -> str:
    """`text` without line breaks, escape sequences of terminals and signs that turn the writing round."""
    return harmless(text).strip()
