"""Frozen settings, as the rest of the cockpit sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.model.ids import EnvironmentId
from cockpit.model.rule import Threshold
from cockpit.model.snapshot import Link


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account (or an emulator of one) and how to reach it."""

    name: str
    id: str
    """12 digits."""
    regions: tuple[str, ...]
    profile: str | None = None
    """AWS profile that credentials start from; None for the ambient chain."""
    role_arn: str | None = None
    """Role to assume with them."""
    external_id: str | None = field(default=None, repr=False)
    session_name: str = "cockpit"
    mfa_serial: str | None = None
    endpoint_url: str | None = None
    endpoint_urls: Mapping[str, str] = field(default_factory=dict)
    """botocore service name → endpoint, for emulators."""
    labels: Mapping[str, str] = field(default_factory=dict)
    payer: str | None = None
    """Account whose Cost Explorer answers for this one too (the management account); None: it asks for itself."""
    cost_tag: str | None = None
    """Cost-allocation tag that tells environments of a shared account apart."""
    emulator: bool = False
    """True for an emulator of AWS: its answers are not billed, and so not priced."""

    def endpoint(self, client: str) -> str | None:
        """Endpoint of a botocore service, or None for AWS's own."""
        return self.endpoint_urls.get(client, self.endpoint_url)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a part of an environment lives. Selectors narrow; those that are given must all match."""

    account: str
    regions: tuple[str, ...]
    services: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Glob patterns; one must match the resource's name."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tag → glob pattern of its value; all must match."""
    stacks: tuple[str, ...] = ()
    """Glob patterns of CloudFormation stack names; one must match."""


@dataclass(frozen=True, slots=True)
class FixedCost:
    """A monthly cost line that no AWS bill holds."""

    name: str
    usd: float


@dataclass(frozen=True, slots=True)
class Override:
    """Thresholds for single resources."""

    match: str
    """Glob pattern of resource names."""
    thresholds: Mapping[str, Threshold]
    """Rule key → threshold, complete."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment, or the template of discovered ones."""

    id: EnvironmentId
    title: str
    targets: tuple[Target, ...]
    protected: bool = False
    actions: tuple[str, ...] = ()
    monthly_budget_usd: float | None = None
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    """Rule key → threshold, complete: defaults of the rule and of the fleet are merged in."""
    overrides: tuple[Override, ...] = ()
    links: tuple[Link, ...] = ()
    fixed_costs: tuple[FixedCost, ...] = ()
    pattern: str | None = None
    """For a template: regular expression over resource names; each distinct match is an environment, named by
    formatting `id.environment` and every selector with the named groups (`pr{number}`)."""
    asked_in_part: bool = False
    """True where a check asks for some services only: what else is not watched is not its business."""
    left_out: tuple[Target, ...] = ()
    """Targets that are not looked at now, because somebody asked for less. They still tell what belongs to it."""


@dataclass(frozen=True, slots=True)
class System:
    """A product."""

    name: str
    title: str
    environments: tuple[Environment, ...]
    templates: tuple[Environment, ...] = ()


@dataclass(frozen=True, slots=True)
class Polling:
    """How hard to poll."""

    ceiling_usd_per_day: float = 2.0
    concurrency: int = 48
    """Calls in flight, over all accounts."""
    concurrency_per_account: int = 10
    call_timeout_seconds: float = 20.0
    """Outer deadline of one call, with its retries."""
    cost_every_seconds: float = 6 * 3600.0
    pace: float = 1.0
    """Factor on every cadence: 2.0 polls half as often."""


@dataclass(frozen=True, slots=True)
class Sentry:
    """Crash reports of the cockpit itself."""

    dsn: str = field(repr=False)
    environment: str = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything configured."""

    accounts: Mapping[str, Account]
    systems: tuple[System, ...]
    polling: Polling = field(default_factory=Polling)
    read_only: bool = False
    sentry: Sentry | None = None
    state_dir: Path = Path()
    """Where the store is; the XDG state folder unless configured."""
    theme: str | None = None
    """Name of a theme; None: the one that was chosen last, else `cockpit-dark`."""
    ascii: bool = False
    rotate_seconds: float | None = None
    """How long the dashboard shows each environment before it goes on by itself; None: it stays where it is."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id → names of its keys with commas between; bindings that are not here keep theirs."""
    elsewhere: tuple[Environment, ...] = ()
    """Environments and templates that are not looked at now, because somebody asked for less. They still draw on their
    accounts: what belongs to them belongs to nobody else."""
    sources: tuple[str, ...] = ()
    """Where the settings came from, in order, for `--validate`."""

    @property
    def environments(self) -> tuple[Environment, ...]:
        """Every configured environment, in order."""
        return tuple(environment for system in self.systems for environment in system.environments)

    @property
    def templates(self) -> tuple[Environment, ...]:
        """Every template of discovered environments."""
        return tuple(template for system in self.systems for template in system.templates)
