"""Everything about one account, as rows of label and text."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.snapshot import AccountState, MeterLine, MeterReading
from cockpit.model.units import Unit, format_age, format_counted, format_figure
from cockpit.model.verdict import Failure
from widgets.facts import FactRow, section
from widgets.logins import identity_words, session_words
from widgets.status import RATE_SECONDS


def account_rows(account: AccountState, meter: MeterReading, now: float) -> Sequence[FactRow]:
    """Failures first, then who the cockpit is there, then what it asked and what that cost."""
    failures = [row for index, failure in enumerate(account.failures) for row in failure_rows(failure, index, now)]
    told = {failure.remedy for failure in account.failures}
    identity = {
        "account id": account.account_id,
        "who": identity_words(account.identity_arn) or "not verified yet",
        "caller": account.identity_arn or "",
        "identity check": account.outcome.value.replace("_", " ") if account.outcome else "waiting",
        "credentials": account.source,
        "login": account.login or "",
        "session": session_words(account, now).text,
        "regions": ", ".join(account.regions),
        "last poll": f"{format_age(now - account.last_poll_at)} ago"
        if account.last_poll_at is not None
        else "none yet",
        "remedy": account.remedy if account.remedy and account.remedy not in told else "",
        **{f"label {name}": text for name, text in account.labels.items()},
    }
    lines = sorted(meter.of_account(account.name), key=lambda line: (-line.cost_usd, -line.calls, line.operation))
    calls = [
        FactRow(f"call|{line.client}|{line.operation}", f"{line.client}:{line.operation}", _call_text(line))
        for line in lines
    ]
    if len(lines) > 1:
        calls.insert(0, FactRow("calls", "together", _call_text(_together(lines))))
    return [
        *section("FAILURES", failures),
        *section("IDENTITY", [FactRow(f"identity|{name}", name, text) for name, text in identity.items() if text]),
        *section("CALLS SINCE THE START", calls),
    ]


def _together(lines: Sequence[MeterLine]) -> MeterLine:
    return MeterLine(
        lines[0].account,
        "",
        "",
        calls=sum(line.calls for line in lines),
        throttles=sum(line.throttles for line in lines),
        failures=sum(line.failures for line in lines),
        billed_metrics=sum(line.billed_metrics for line in lines),
        cost_usd=sum(line.cost_usd for line in lines),
    )


def _call_text(line: MeterLine) -> str:
    parts = [
        format_counted(line.calls, "call"),
        format_figure(line.cost_usd, Unit.USD),
        f"{format_figure(line.billed_metrics, Unit.COUNT)} metrics" if line.billed_metrics else "",
        f"{line.failures} failed" if line.failures else "",
        f"{line.throttles} throttled" if line.throttles else "",
    ]
    return " · ".join(part for part in parts if part)


def failure_rows(failure: Failure, index: int, now: float) -> list[FactRow]:
    """A failure in words: what, why, which permission is missing, and what to do."""
    where = " ".join(part for part in (failure.region, failure.service, failure.operation, failure.resource) if part)
    rows = [
        FactRow(f"failure|{index}|what", where, f"{failure.summary} ({failure.code})", role="unknown"),
        FactRow(f"failure|{index}|why", "", f"{failure.message} ({format_age(now - failure.at)} ago)"),
    ]
    if failure.iam_action:
        rows.append(FactRow(f"failure|{index}|iam", "missing permission", failure.iam_action))
    if failure.remedy:
        rows.append(FactRow(f"failure|{index}|remedy", "remedy", failure.remedy, role="strong"))
    return rows


def spending_text(meter: MeterReading, now: float) -> str:
    """What looking at everything costs: `225 calls · 3 throttled · $0.05 of $2.00 today · $0.0041/h`."""
    throttles = sum(line.throttles for line in meter.lines)
    today = format_figure(meter.usd_today, Unit.USD)
    ceiling = f" of {format_figure(meter.ceiling_usd_per_day, Unit.USD)}" if meter.ceiling_usd_per_day else ""
    parts = [
        format_counted(meter.calls, "call") if meter.calls else "",
        f"{format_figure(throttles, Unit.COUNT)} throttled" if throttles else "",
        f"{today}{ceiling} today",
        # What was spent at once at the start says nothing about an hour.
        f"{format_figure(meter.usd_per_hour, Unit.USD)}/h" if now - meter.since >= RATE_SECONDS else "",
    ]
    return " · ".join(part for part in parts if part)
