"""JSON with a versioned schema (`cockpit/check/schema/check-v1.json`). Keys are only ever added within a version."""

from __future__ import annotations

import json
import math
from typing import Any

from cockpit.check.coverage import AccountCoverage, Seen, SlotCoverage
from cockpit.check.report import CellReport, EnvironmentReport, Report
from cockpit.check.words import WORST_FIRST, iso, summary
from cockpit.model.finding import Evidence, Finding
from cockpit.model.mute import Mute
from cockpit.model.verdict import Failure

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """The report as one JSON document. Times are ISO 8601 in UTC; figures are in base units."""
    return json.dumps(document(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    oldest = report.oldest_data_at
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(report.at),
        "health": report.health.value,
        "exit_code": report.exit_code,
        "complete": report.complete,
        "summary": summary(report),
        "request": _request(report),
        "counts": {health.value: report.count(health) for health in WORST_FIRST},
        "slots": {"asked": len(report.slots), **{seen.value: _seen(report.slots, seen) for seen in Seen}},
        "oldest_data_age_seconds": None if oldest is None else _figure(report.at - oldest),
        "run": {"seconds": _figure(report.took_seconds), "calls": report.calls, "cost_usd": _figure(report.cost_usd)},
        "environments": [_environment(environment) for environment in report.environments],
        "findings": [_finding(finding) for finding in report.findings],
        "muted": [_finding(finding) for finding in report.muted],
        "accounts": [_account(account, report.at) for account in report.accounts],
        "notices": list(report.notices),
    }


def _request(report: Report) -> dict[str, Any]:
    request = report.request
    return {
        "environments": list(request.environments),
        "accounts": list(request.accounts),
        "services": list(request.services),
        "timeout_seconds": request.timeout_seconds,
        "max_age_seconds": request.max_age_seconds,
        "fail_on": request.fail_on.value,
    }


def _environment(environment: EnvironmentReport) -> dict[str, Any]:
    return {
        "system": environment.id.system,
        "environment": environment.id.environment,
        "title": environment.title,
        "protected": environment.protected,
        "discovered": environment.discovered,
        "health": environment.health.value,
        "accounts": list(environment.accounts),
        "findings": len(environment.findings),
        "muted": len(environment.muted),
        "cells": [_cell(cell) for cell in environment.cells],
    }


def _cell(cell: CellReport) -> dict[str, Any]:
    return {
        "service": cell.service,
        "health": cell.health.value,
        "headline": cell.headline,
        "note": cell.note,
        "resources": cell.resources,
        "observed_at": iso(cell.observed_at),
        "slots": [{"account": slot.account, "region": slot.region} for slot in cell.slots],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "system": finding.environment.system,
        "environment": finding.environment.environment,
        "account": finding.slot.account,
        "region": finding.slot.region,
        "service": finding.slot.service,
        "rule": finding.rule,
        "health": finding.health.value,
        "subject": finding.subject,
        "resource": finding.resource,
        "reason": finding.reason,
        "since": iso(finding.since),
        "changed": finding.changed and f"{finding.changed.words} {iso(finding.changed.at)}",
        "evidence": None if finding.evidence is None else _evidence(finding.evidence),
        "failure": None if finding.failure is None else _failure(finding.failure),
        "mute": None if finding.mute is None else _mute(finding.mute),
    }


def _mute(mute: Mute) -> dict[str, Any]:
    return {
        "kind": mute.kind.value,
        "by": mute.by,
        "note": mute.note,
        "at": iso(mute.at),
        "until": iso(mute.until),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "value": _figure(evidence.value),
        "limit": _figure(evidence.limit),
        "unit": evidence.unit.value,
        "direction": evidence.direction.value,
        "window_seconds": evidence.window_seconds,
        "points": [_figure(point) for point in evidence.points],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "outcome": failure.outcome.value,
        "service": failure.service,
        "region": failure.region,
        "operation": failure.operation,
        "code": failure.code,
        "message": failure.message,
        "at": iso(failure.at),
        "iam_action": failure.iam_action,
        "remedy": failure.remedy,
        "resource": failure.resource,
        "request_id": failure.request_id,
    }


def _account(account: AccountCoverage, now: float) -> dict[str, Any]:
    return {
        "name": account.name,
        "account_id": account.account_id,
        "identity": {
            "outcome": None if account.outcome is None else account.outcome.value,
            "arn": account.identity_arn,
            "source": account.source,
            "expires_at": iso(account.expires_at),
        },
        "complete": account.complete,
        "missing_permissions": list(account.missing_permissions),
        "remedy": account.remedy,
        "slots_asked": len(account.slots),
        **{f"slots_{seen.value}": _seen(account.slots, seen) for seen in Seen},
        "slots": [_slot(slot, now) for slot in account.slots],
        "failures": [_failure(failure) for failure in account.failures],
        "calls": account.calls,
        "cost_usd": _figure(account.cost_usd),
    }


def _slot(slot: SlotCoverage, now: float) -> dict[str, Any]:
    return {
        "region": slot.slot.region,
        "service": slot.slot.service,
        "seen": slot.seen.value,
        "outcome": None if slot.outcome is None else slot.outcome.value,
        "reason": slot.reason,
        "stored": slot.stored,
        "observed_at": iso(slot.observed_at),
        "age_seconds": None if slot.observed_at is None else _figure(max(0.0, now - slot.observed_at)),
        "failures": [_failure(failure) for failure in slot.failures],
    }


def _seen(slots: tuple[SlotCoverage, ...], seen: Seen) -> int:
    return sum(slot.seen is seen for slot in slots)


def _figure(value: float | None) -> float | None:
    """Figures without the noise of binary fractions; JSON has no NaN or infinity."""
    return round(value, 6) if value is not None and math.isfinite(value) else None
