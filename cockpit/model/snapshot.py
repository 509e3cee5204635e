"""Everything known at one moment. Immutable; the interface and the check read nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.mute import Mute
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Headline
from cockpit.model.verdict import Failure, Health, Outcome


@dataclass(frozen=True, slots=True)
class Cell:
    """One service of one environment."""

    environment: EnvironmentId
    service: str
    health: Health
    headline: Headline | None
    """None where nothing was ever seen."""
    slots: tuple[SlotId, ...]
    resources: tuple[str, ...]
    """Keys of the environment's resources of this service."""
    findings: tuple[Finding, ...]
    """Worst first, muted ones last."""
    observed_at: float | None
    """Of the oldest slot; None if one was never observed."""
    note: str = ""
    """Why it is unknown, in two or three words: `denied lambda:ListFunctions`, `waiting`, `stale 12 min`."""
    pending: bool = False
    """True until every slot has been attempted once."""

    @property
    def muted(self) -> int:
        """How many of its findings are muted, and so do not count."""
        return sum(not finding.counts for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Link:
    """A runbook, a dashboard."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """One environment as judged now."""

    id: EnvironmentId
    title: str
    """As people write it: `tim-combo prod`."""
    protected: bool
    health: Health
    cells: Mapping[str, Cell]
    """Service key → cell. A service that no target names is absent."""
    findings: tuple[Finding, ...]
    """Of all cells, worst first, muted ones last."""
    links: tuple[Link, ...] = ()
    monthly_budget_usd: float | None = None
    discovered: bool = False
    """True for an environment that was found by a pattern (a pull-request preview)."""
    accounts: tuple[str, ...] = ()

    @property
    def muted(self) -> int:
        """How many of its findings are muted, and so do not count."""
        return sum(not finding.counts for finding in self.findings)


@dataclass(frozen=True, slots=True)
class MeterLine:
    """Calls of one (account, client, operation) since the start."""

    account: str
    client: str
    operation: str
    calls: int = 0
    attempts: int = 0
    """HTTP attempts, with retries."""
    throttles: int = 0
    failures: int = 0
    billed_metrics: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class MeterReading:
    """What the cockpit itself has used."""

    since: float
    lines: tuple[MeterLine, ...] = ()
    ceiling_usd_per_day: float | None = None
    usd_per_hour: float = 0.0
    """Recent rate."""
    usd_today: float = 0.0
    """Since midnight UTC, by every process that shares the store."""
    throttled_by_ceiling: bool = False
    """True while polling is slowed because the ceiling is near."""

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(line.calls for line in self.lines)

    @property
    def cost_usd(self) -> float:
        """All dollars."""
        return sum(line.cost_usd for line in self.lines)

    def of_account(self, account: str) -> tuple[MeterLine, ...]:
        """The lines of one account."""
        return tuple(line for line in self.lines if line.account == account)


@dataclass(frozen=True, slots=True)
class AccountState:
    """One configured account."""

    name: str
    account_id: str
    """Configured 12-digit id."""
    regions: tuple[str, ...]
    outcome: Outcome | None
    """Of the newest identity check; None before the first."""
    identity_arn: str | None
    """Verified caller."""
    expires_at: float | None
    """End of the session, epoch seconds; None where it does not end or is not known."""
    last_poll_at: float | None
    failures: tuple[Failure, ...] = ()
    """Open failures: of the identity check and of the slots' newest attempts."""
    source: str = ""
    """Where the credentials come from: `profile dev-sso`, `role cockpit-read via hub`."""
    login: str | None = None
    """The login (SSO start URL or session) that it depends on."""
    remedy: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    portal_url: str | None = None
    """Start URL of the access portal that leads to the account's console, where its credentials come from one."""
    portal_role: str | None = None
    """Permission set under which the portal opens it."""
    console_role: str | None = None
    """Role to switch to in the console where there is no portal: what follows `role/` in the configured role's ARN."""


@dataclass(frozen=True)
class Snapshot:
    """The fleet at one moment."""

    version: int
    at: float
    environments: tuple[EnvironmentState, ...]
    """In configured order; sorting is the reader's business."""
    accounts: tuple[AccountState, ...]
    observations: Mapping[SlotId, Observation]
    meter: MeterReading
    notices: tuple[str, ...] = ()
    """One-sentence notices: a store file set aside, polling slowed by the ceiling."""
    bills: tuple[Resource, ...] = ()
    """The resources that `ServiceSpec.summarise` made, one an environment with money in view."""
    polling: bool = True
    """False while paused."""
    newest_event: int = 0
    """Number of the newest entry of the timeline (`Event.number`); who shows a part asks again when this grows."""
    mutes: tuple[Mute, ...] = ()
    """Everything that is acknowledged or muted now, newest first, whether its finding stands or not."""

    @cached_property
    def health(self) -> Health:
        """Of the whole fleet."""
        return Health.worst(environment.health for environment in self.environments)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first, then oldest first; muted ones last."""
        found = (finding for environment in self.environments for finding in environment.findings)
        return tuple(sorted(found, key=finding_order))

    def environment(self, wanted: EnvironmentId) -> EnvironmentState | None:
        """The environment called `wanted`."""
        return next((environment for environment in self.environments if environment.id == wanted), None)

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        seen = (observation.resources for observation in self.observations.values())
        return {resource.key: resource for group in (*seen, self.bills) for resource in group}

    def resource(self, key: str) -> Resource | None:
        """The resource with this key."""
        return self._resources.get(key)

    @cached_property
    def oldest_data_at(self) -> float | None:
        """When the oldest data in use was seen, epoch seconds."""
        moments = [o.observed_at for o in self.observations.values() if o.observed_at is not None]
        return min(moments, default=None)


def finding_order(finding: Finding) -> tuple[bool, int, bool, float, str]:
    """Sort key: what counts first; worst first; what nobody has seen yet before what is acknowledged.

    Then longest standing, then by name so that equals keep their places.
    """
    seen = finding.mute is not None
    return (not finding.counts, -finding.health.rank, seen, finding.since or float("inf"), finding.key)


def health_of(findings: Iterable[Finding]) -> Health:
    """What findings conclude about what they are of. A muted one does not count, but nothing unseen is ever ok."""
    told = (one.health for one in findings if one.counts or one.health is Health.UNKNOWN)
    return Health.worst((Health.OK, *told))
