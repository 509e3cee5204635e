"""OpenMetrics text, for a Prometheus file target or a push.

Gauges only: the older parsers behind textfile collectors know neither state sets nor info metrics, and a
one-shot run has no counter that goes on from run to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cockpit.check.coverage import Seen
from cockpit.check.report import Report
from cockpit.model.finding import Finding
from cockpit.model.verdict import Health

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    help: str
    samples: Mapping[Labels, float]
    unit: str = ""

    def lines(self) -> Iterator[str]:
        yield f"# TYPE {self.name} gauge"
        if self.unit:
            yield f"# UNIT {self.name} {self.unit}"
        yield f"# HELP {self.name} {self.help}"
        for labels, value in self.samples.items():
            inside = ",".join(f'{name}="{_escape(text)}"' for name, text in labels)
            yield f"{self.name}{{{inside}}} {value:.15g}" if inside else f"{self.name} {value:.15g}"


def render(report: Report) -> str:
    """The report as one exposition, ended by `# EOF`."""
    families = (
        *_verdicts(report),
        *_findings(report.findings),
        *_muted(report.muted),
        *_coverage(report),
        *_run(report),
    )
    lines = [line for family in families if family.samples for line in family.lines()]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _verdicts(report: Report) -> Iterator[_Family]:
    overall: dict[Labels, float] = {(("state", health.value),): float(report.health is health) for health in Health}
    yield _Family("cockpit_health", "State of everything that was checked: 1 for the state that holds.", overall)
    environments = {
        (*_environment(e.id.system, e.id.environment), ("state", health.value)): float(e.health is health)
        for e in report.environments
        for health in Health
    }
    yield _Family("cockpit_environment_health", "State of an environment: 1 for the state that holds.", environments)
    services = {
        (*_environment(e.id.system, e.id.environment), ("service", c.service), ("state", h.value)): float(c.health is h)
        for e in report.environments
        for c in e.cells
        for h in Health
    }
    yield _Family("cockpit_service_health", "State of one service of an environment.", services)


def _findings(findings: Iterable[Finding]) -> Iterator[_Family]:
    present: dict[Labels, float] = {}
    values: dict[Labels, float] = {}
    limits: dict[Labels, float] = {}
    since: dict[Labels, float] = {}
    for finding in findings:
        labels = _finding_labels(finding)
        if labels in present:
            present[labels] += 1.0
            continue
        present[labels] = 1.0
        if finding.since is not None:
            since[labels] = finding.since
        if finding.evidence is not None:
            figures = (*labels, ("unit", finding.evidence.unit.value))
            _put(values, figures, finding.evidence.value)
            _put(limits, figures, finding.evidence.limit)
    yield _Family("cockpit_finding", "Something that is not ok; the number of such findings.", present)
    yield _Family("cockpit_finding_value", "The figure that was judged, in base units.", values)
    yield _Family("cockpit_finding_limit", "The limit that it was judged against, in base units.", limits)
    yield _Family("cockpit_finding_since_timestamp_seconds", "Since when it has been so.", since, "seconds")


def _muted(findings: Iterable[Finding]) -> Iterator[_Family]:
    counts = Counter(_finding_labels(finding) for finding in findings)
    yield _Family(
        "cockpit_muted_finding",
        "Something that is not ok, and that somebody has muted; the number of such findings.",
        {labels: float(count) for labels, count in counts.items()},
    )


def _coverage(report: Report) -> Iterator[_Family]:
    observed: dict[Labels, float] = {}
    ages: dict[Labels, float] = {}
    for slot in report.slots:
        labels = (("account", slot.slot.account), ("region", slot.slot.region), ("service", slot.slot.service))
        observed[labels] = float(slot.seen is Seen.OBSERVED)
        if slot.observed_at is not None:
            ages[labels] = max(0.0, report.at - slot.observed_at)
    expiries: dict[Labels, float] = {
        (("account", account.name),): account.expires_at
        for account in report.accounts
        if account.expires_at is not None
    }
    yield _Family("cockpit_slot_observed", "1 where a service of an account and region was wholly observed.", observed)
    yield _Family("cockpit_slot_data_age_seconds", "Age of what is known of a slot.", ages, "seconds")
    yield _Family(
        "cockpit_account_session_expiry_timestamp_seconds", "When the account's session ends.", expiries, "seconds"
    )


def _run(report: Report) -> Iterator[_Family]:
    yield _Family("cockpit_check_complete", "1 where every slot was wholly observed.", {(): float(report.complete)})
    yield _Family("cockpit_check_calls", "AWS API calls of this check.", {(): float(report.calls)})
    yield _Family("cockpit_check_cost_usd", "What those calls cost, US dollars.", {(): report.cost_usd}, "usd")
    yield _Family("cockpit_check_duration_seconds", "How long the check took.", {(): report.took_seconds}, "seconds")
    yield _Family("cockpit_check_timestamp_seconds", "When the check was made.", {(): report.at}, "seconds")


def _finding_labels(finding: Finding) -> Labels:
    return (
        *_environment(finding.environment.system, finding.environment.environment),
        ("account", finding.slot.account),
        ("region", finding.slot.region),
        ("service", finding.slot.service),
        ("rule", finding.rule),
        ("subject", finding.subject),
        ("severity", finding.health.value),
    )


def _environment(system: str, environment: str) -> Labels:
    return (("system", system), ("environment", environment))


def _put(target: dict[Labels, float], labels: Labels, value: float | None) -> None:
    if value is not None:
        target[labels] = value


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
