"""Text for people: worst first, aligned, one summary line at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cockpit.check.coverage import AccountCoverage, Seen
from cockpit.check.report import CellReport, EnvironmentReport, Report
from cockpit.check.words import one_line, sentence, shortened, summary, to_ascii, why_exit_code
from cockpit.model.units import format_age
from cockpit.model.verdict import Health

_GLYPHS = {Health.OK: "●", Health.WARNING: "▲", Health.CRITICAL: "✖", Health.UNKNOWN: "?"}
_ASCII_GLYPHS = {Health.OK: "o", Health.WARNING: "!", Health.CRITICAL: "X", Health.UNKNOWN: "?"}
_MUTED, _ASCII_MUTED = "⊘", "z"
_COLOURS = {Health.OK: "32", Health.WARNING: "33", Health.CRITICAL: "1;31", Health.UNKNOWN: "35"}


@dataclass(frozen=True, slots=True)
class Paint:
    """How marks look: colour on a terminal, letters where the output cannot hold signs."""

    colour: bool = False
    ascii_only: bool = False

    def mark(self, health: Health) -> str:
        """The sign of a state, one character wide."""
        return self.tint(health, (_ASCII_GLYPHS if self.ascii_only else _GLYPHS)[health])

    def muted_mark(self) -> str:
        """The sign of what does not count, one character wide."""
        return self.faint(_ASCII_MUTED if self.ascii_only else _MUTED)

    def faint(self, text: str) -> str:
        """`text` that asks for no attention."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def tint(self, health: Health, text: str) -> str:
        """`text` in the colour of a state."""
        return f"\x1b[{_COLOURS[health]}m{text}\x1b[0m" if self.colour else text


PLAIN = Paint()


def render(report: Report, paint: Paint = PLAIN) -> str:
    """The report as text."""
    blocks = [
        _environments(report, paint),
        _gaps(report, paint),
        [f"note: {one_line(notice)}" for notice in report.notices],
        _ending(report, paint),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return to_ascii(text) if paint.ascii_only else text


def _environments(report: Report, paint: Paint) -> list[str]:
    name_width = max((len(str(environment.id)) for environment in report.environments), default=0)
    lines: list[str] = []
    for environment in report.environments:
        lines.append(_heading(environment, name_width, paint))
        if environment.health is not Health.OK or environment.muted:
            lines.extend(_details(environment, report.at, paint))
    return lines


def _heading(environment: EnvironmentReport, name_width: int, paint: Paint) -> str:
    health, quiet = environment.health, bool(environment.muted)
    well = health is Health.OK and not quiet
    # What is well only because something is muted does not look well.
    silent = health is Health.OK and quiet
    word = f"{health.value.upper():8}"
    mark = paint.muted_mark() if silent else paint.mark(health)
    shown = paint.faint(word) if silent else paint.tint(health, word)
    figures = _figures(cell for cell in environment.cells if cell.headline) if well else ""
    tags = ["PROTECTED" if environment.protected and not well else figures]
    tags.append(f"{len(environment.muted)} muted" if quiet else "")
    return f"{mark} {shown} {environment.id!s:{name_width}}  {'  '.join(tag for tag in tags if tag)}".rstrip()


def _figures(cells: Iterable[CellReport]) -> str:
    return " · ".join(one_line(f"{cell.column.lower()} {cell.headline}") for cell in cells)


def _details(environment: EnvironmentReport, now: float, paint: Paint) -> list[str]:
    service_width = max((len(cell.service) for cell in environment.cells), default=0)
    told = (*environment.findings, *environment.muted)
    subject_width = min(32, max((len(finding.subject) for finding in told), default=0))
    lines = []
    for finding in told:
        where = f"{finding.slot.service:{service_width}}  {one_line(finding.subject):{subject_width}}"
        line = f"{where}  {sentence(finding, now)}"
        loud = f"{paint.mark(finding.health)} {line}"
        quiet = f"{paint.muted_mark()} {paint.faint(f'{finding.health.value}, not counted: {line}')}"
        lines.append(f"  {loud if finding.counts else quiet}")
    explained = {finding.slot.service for finding in told}
    lines.extend(
        f"  {paint.mark(cell.health)} {cell.service:{service_width}}  {one_line(cell.note) or 'not observed'}"
        for cell in environment.cells
        if cell.health is not Health.OK and cell.service not in explained
    )
    well = _figures(cell for cell in environment.cells if cell.health is Health.OK and cell.headline and not cell.muted)
    return [*lines, f"  {paint.mark(Health.OK)} {well}"] if well else lines


def _gaps(report: Report, paint: Paint) -> list[str]:
    gaps = [account for account in report.accounts if not account.complete]
    if not gaps:
        return []
    width = max(len(account.name) for account in gaps)
    lines = ["Not wholly observed"]
    for account in gaps:
        lines.append(f"{paint.mark(Health.UNKNOWN)} {account.name:{width}}  {_account_line(account)}")
        lines.extend(f"    {text}" for text in _slot_lines(account))
    return lines


def _account_line(account: AccountCoverage) -> str:
    seen = f"{account.count_observed} of {len(account.slots)} slots observed"
    parts = [account.account_id, seen]
    if account.missing_permissions:
        parts.append(f"missing {', '.join(account.missing_permissions)}")
    if account.remedy:
        parts.append(account.remedy)
    return " · ".join(part for part in parts if part)


def _slot_lines(account: AccountCoverage) -> Iterator[str]:
    """One line for each distinct reason, with the slots that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for slot in account.slots:
        if slot.seen is not Seen.OBSERVED:
            # The message says more than the summary where there is one.
            detail = slot.failures[0].message if slot.failures else slot.reason
            by_reason.setdefault(detail, []).append(f"{slot.slot.region}/{slot.slot.service}")
    for reason, slots in by_reason.items():
        yield f"{_some(slots)}: {shortened(one_line(reason))}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _ending(report: Report, paint: Paint) -> list[str]:
    verdict, _, rest = summary(report).partition(":")
    line = f"{paint.tint(report.health, verdict)}:{rest}"
    if report.oldest_data_at is not None:
        line += f" · oldest data {format_age(report.at - report.oldest_data_at)}"
    passing = why_exit_code(report)
    return [line, passing] if passing else [line]
