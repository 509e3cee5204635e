"""From a snapshot to a report: the verdict, what it rests on, and what could not be seen. Pure.

Every format renders this and nothing else. Two things are enforced here whatever the snapshot says: an
environment with an unobserved slot is never ok, and a check with incomplete coverage is never ok.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cockpit.check.counting import counted_in_cell, counted_in_environment, counting, excused_slots, muted
from cockpit.check.coverage import AccountCoverage, Seen, SlotCoverage, cover
from cockpit.check.patterns import is_glob, matches_environment
from cockpit.check.request import CheckRequest
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Cell, EnvironmentState, Snapshot, finding_order
from cockpit.model.verdict import Health


@dataclass(frozen=True, slots=True)
class CellReport:
    """One service of one environment."""

    service: str
    column: str
    """Heading of the service (`DATABASE`)."""
    health: Health
    headline: str
    """The figure that stands for it; empty where nothing was ever seen."""
    note: str
    """Why it is unknown; empty otherwise."""
    observed_at: float | None
    slots: tuple[SlotId, ...]
    resources: int
    """How many resources were judged."""
    findings: tuple[Finding, ...]
    """Those that count, worst first."""
    muted: tuple[Finding, ...]
    """Those that somebody has muted."""
    counted: Health
    """Its state as far as it counts: without what is muted."""


@dataclass(frozen=True, slots=True)
class EnvironmentReport:
    """One environment."""

    id: EnvironmentId
    title: str
    protected: bool
    discovered: bool
    health: Health
    accounts: tuple[str, ...]
    cells: tuple[CellReport, ...]
    """In the catalogue's order."""
    findings: tuple[Finding, ...]
    """Those that count, worst first."""
    muted: tuple[Finding, ...]
    """Those that somebody has muted, worst first."""
    counted: Health
    """Its state as far as it counts: without what is muted."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one `CheckRequest`."""

    request: CheckRequest
    at: float
    """Epoch seconds."""
    took_seconds: float
    health: Health
    counted: Health
    """As `health`, without what is unknown and muted: what the exit code tells."""
    exit_code: int
    environments: tuple[EnvironmentReport, ...]
    """Worst first, then in configured order."""
    findings: tuple[Finding, ...]
    """Of all environments, those that count: worst first, then longest standing."""
    muted: tuple[Finding, ...]
    """Those that somebody has muted, in the same order."""
    excused: frozenset[SlotId]
    """Slots that were not wholly observed, which everybody whom it concerns has muted."""
    accounts: tuple[AccountCoverage, ...]
    """Least covered first."""
    calls: int
    cost_usd: float
    notices: tuple[str, ...]

    @property
    def slots(self) -> tuple[SlotCoverage, ...]:
        """Every slot asked for."""
        return tuple(slot for account in self.accounts for slot in account.slots)

    @property
    def complete(self) -> bool:
        """Whether every slot asked for was wholly observed."""
        return all(slot.seen is Seen.OBSERVED for slot in self.slots)

    @property
    def oldest_data_at(self) -> float | None:
        """When the oldest data in use was seen, epoch seconds."""
        return min((slot.observed_at for slot in self.slots if slot.observed_at is not None), default=None)

    def count(self, health: Health) -> int:
        """How many environments are in this state."""
        return sum(environment.health is health for environment in self.environments)

    def is_excused(self, account: AccountCoverage) -> bool:
        """Whether everything that was not seen of an account is muted."""
        gaps = [slot.slot for slot in account.slots if slot.seen is not Seen.OBSERVED]
        return bool(gaps) and all(slot in self.excused for slot in gaps)

    def fails(self, health: Health) -> bool:
        """Whether a part in this state fails the check under `--fail-on`."""
        return self.request.exit_code(health) != 0


def build_report(
    snapshot: Snapshot,
    request: CheckRequest,
    catalogue: Catalogue,
    *,
    asked: Collection[SlotId],
    took_seconds: float = 0.0,
    notices: tuple[str, ...] = (),
) -> Report:
    """The report on `snapshot`, which a sweep of the `asked` slots brought."""
    accounts = cover(snapshot, request, catalogue, asked)
    seen = {slot.slot: slot for account in accounts for slot in account.slots}
    states = [state for state in snapshot.environments if _is_asked_for(state, request)]
    environments = sorted(
        (_report_environment(state, catalogue, seen) for state in states), key=lambda e: -e.health.rank
    )
    absent = _absent(request, states)
    gaps = [slot.slot for slot in seen.values() if slot.seen is not Seen.OBSERVED]
    excused = excused_slots(gaps, states)
    nameless = any(not is_glob(pattern) for pattern in absent)
    health = _worst((e.health for e in environments), incomplete=bool(gaps) or nameless)
    counted = _worst((e.counted for e in environments), incomplete=len(gaps) > len(excused) or nameless)
    return Report(
        request=request,
        at=snapshot.at,
        took_seconds=took_seconds,
        health=health,
        counted=counted,
        exit_code=request.exit_code(counted) or _without_attempt(seen.values()),
        environments=tuple(environments),
        findings=_in_order(finding for environment in environments for finding in environment.findings),
        muted=_in_order(finding for environment in environments for finding in environment.muted),
        excused=excused,
        accounts=accounts,
        calls=snapshot.meter.calls,
        cost_usd=snapshot.meter.cost_usd,
        notices=(*notices, *snapshot.notices, *(f"No environment matches {pattern!r} now." for pattern in absent)),
    )


def _worst(verdicts: Iterable[Health], *, incomplete: bool) -> Health:
    return Health.worst([*verdicts, *([Health.UNKNOWN] if incomplete else [])])


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=finding_order))


def _without_attempt(slots: Iterable[SlotCoverage]) -> int:
    """3 where the time was up, or polling could not begin: a verdict that does not exist is not let pass."""
    return Health.UNKNOWN.exit_code if any(slot.outcome is None for slot in slots) else 0


def _report_environment(
    state: EnvironmentState, catalogue: Catalogue, seen: dict[SlotId, SlotCoverage]
) -> EnvironmentReport:
    order = {spec.key: (spec.order, spec.column) for spec in catalogue.services}
    cells = sorted(state.cells.values(), key=lambda cell: order.get(cell.service, (1_000, "")))
    reports = tuple(_report_cell(cell, order.get(cell.service, (0, cell.service))[1], seen) for cell in cells)
    return EnvironmentReport(
        id=state.id,
        title=state.title,
        protected=state.protected,
        discovered=state.discovered,
        health=Health.worst([state.health, *(report.health for report in reports)]),
        accounts=state.accounts,
        cells=reports,
        findings=counting(state.findings),
        muted=muted(state.findings),
        counted=counted_in_environment(state, (report.counted for report in reports)),
    )


def _report_cell(cell: Cell, column: str, seen: dict[SlotId, SlotCoverage]) -> CellReport:
    # A slot that nobody asked for was not observed either.
    unseen = [slot for slot in cell.slots if slot not in seen or seen[slot].seen is Seen.UNOBSERVED]
    gaps = [seen.get(slot) for slot in unseen]
    health = Health.worst([cell.health, Health.UNKNOWN]) if gaps or cell.pending else cell.health
    # One that waits without a slot that is missing cannot be; nobody can have muted it.
    lost = [Health.UNKNOWN] if cell.pending and not gaps else []
    note = cell.note or next((gap.reason for gap in gaps if gap is not None), "")
    return CellReport(
        service=cell.service,
        column=column,
        health=health,
        headline=cell.headline.text if cell.headline else "",
        note=note,
        observed_at=cell.observed_at,
        slots=cell.slots,
        resources=len(cell.resources),
        findings=counting(cell.findings),
        muted=muted(cell.findings),
        counted=Health.worst((counted_in_cell(cell, unseen), *lost)),
    )


def _is_asked_for(state: EnvironmentState, request: CheckRequest) -> bool:
    # A template (`pr{number}`) is there when it cannot be told which environments exist: that must be seen.
    return "{" in state.id.environment or matches_environment(request.environments, state.id)


def _absent(request: CheckRequest, states: Collection[EnvironmentState]) -> list[str]:
    """Patterns that could have matched a discovered environment, and found none."""
    return [p for p in request.environments if not any(matches_environment((p,), state.id) for state in states)]
