"""The words in which the fleet is described. Ages are seconds before the emulator starts; money is dollars a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cockpit.demo.telemetry.functions import Conduct

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a function."""

    number: int
    age: float
    conduct: Conduct | None = None
    """None: it behaves as the function does."""
    description: str = ""
    memory_mb: int | None = None
    """None, here and below: as the function has it now."""
    variables: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function. With versions it has an alias `live` on the newest, moved there when that was published."""

    name: str
    per_minute: float
    conduct: Conduct = field(default_factory=Conduct)
    code: str = ""
    """What its code is made of: equal texts give equal code hashes."""
    runtime: str = "nodejs20.x"
    memory_mb: int = 256
    timeout_seconds: int = 15
    age: float = 6 * DAY
    """Since its last change."""
    versions: tuple[Version, ...] = ()
    variables: tuple[str, ...] = ("LOG_LEVEL", "NODE_ENV", "TABLE_NAME")
    """Names of its environment variables."""
    layers: tuple[str, ...] = ()
    """`name:version`."""
    json_log: bool = False
    """Whether Lambda writes its log as JSON."""
    tags: Mapping[str, str] = field(default_factory=dict)
    stack: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue."""

    name: str
    sent_per_minute: float
    dead_letters: str | None = None
    """Name of its dead-letter queue, which comes before it."""
    kept: int = 0
    """Messages that really are in it."""
    kept_age: float = 0.0
    backlog_age: float = 0.0
    """Since when it grows; 0: it does not."""
    backlog_per_minute: float = 0.0
    backlog_most: float = math.inf
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Database:
    """An RDS instance, or a member of an Aurora cluster."""

    name: str
    instance_class: str
    cpu_percent: float
    connections: float
    storage_gib: int = 100
    free_gib: float = 60.0
    engine: str = "postgres"
    version: str = "16.4"
    replica_of: str | None = None
    cluster: str | None = None
    retention_days: int = 7
    multi_az: bool = False
    max_connections: int | None = None
    """Set in a parameter group of its own; None: the engine's default for its memory."""
    maintenance: str | None = None
    """A pending maintenance action, in AWS's words."""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Distribution:
    """A CloudFront distribution."""

    domain: str
    per_minute: float
    hit_percent: float
    comment: str
    detailed: bool = True
    """Whether there is a (paid) monitoring subscription."""
    error_4xx_percent: float = 0.6
    error_5xx_percent: float = 0.03
    origin_ms: float = 85.0
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric alarm. Its state is worked out from the metrics, as CloudWatch does it."""

    name: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    threshold: float
    statistic: str = "Sum"
    period_seconds: int = 60
    periods: int = 3
    comparison: str = "GreaterThanThreshold"
    missing: str = "notBreaching"
    description: str = ""
    per: str | None = None
    """With it the alarm is on metric math: `100 * metric / per`."""


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite alarm over alarms of the same place."""

    name: str
    rule: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """One region of one account."""

    account: str
    region: str
    functions: tuple[Function, ...] = ()
    queues: tuple[Queue, ...] = ()
    databases: tuple[Database, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    composites: tuple[Composite, ...] = ()


@dataclass(frozen=True, slots=True)
class Spend:
    """What one environment costs in one account, by Cost Explorer's service names."""

    account: str
    environment: str
    """Value of the cost-allocation tag `environment`; empty for what nobody tagged."""
    daily: Mapping[str, float]
    grows_percent: float = 0.0
    """A month."""
    jump_percent: float = 0.0
    """More since the first of the month: something new was switched on."""
    busy: Mapping[str, float] = field(default_factory=dict)
    """Service → percent more in nine days of every eighteen: load tests, a batch."""
