"""What a file in `cockpit/services/` exports: everything that the cockpit knows about one watched service, as data.

Only `discover` does something, and it can do it only through a `Reader`, which refuses every call that the
service did not declare.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.inquiry import Detail
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import Missing, Rule
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure


@dataclass(frozen=True, slots=True)
class Call:
    """One API operation that a service may use, under the names that botocore and IAM give it."""

    client: str
    """botocore service name (`lambda`, `cloudwatch`)."""
    operation: str
    """API operation as in botocore's model (`ListFunctions`)."""
    iam: str
    """IAM action (`lambda:ListFunctions`)."""
    on_demand: bool = False
    """Made only when somebody asks (a log), so that nothing is made ready for it."""
    also_iam: tuple[str, ...] = ()
    """Further IAM actions without which AWS refuses it."""


class Reader(Protocol):
    """The read gateway as a service sees it: one account, one region, declared calls only."""

    @property
    def slot(self) -> SlotId:
        """The slot that is being polled."""

    @property
    def account_id(self) -> str:
        """12-digit id of the account, verified."""

    @property
    def now(self) -> float:
        """Epoch seconds at the start of the poll."""

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """One call. Raises `cockpit.aws.errors.CallFailed`, which carries a `Failure`."""

    async def pages(self, operation: str, items: str, **parameters: Any) -> list[Any]:
        """Every page of a paginated operation: the concatenated lists found under `items` (a JMESPath)."""

    async def gather(self, calls: Sequence[Awaitable[Any]]) -> list[Any]:
        """Run calls side by side, bounded. A `CallFailed` takes the place of its result; nothing is lost."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a look at a slot's control plane found. `failures` are the parts that could not be seen."""

    resources: tuple[Resource, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a service may need to know from the configuration, without knowing the configuration."""

    options: Mapping[str, Any]
    """Service-specific options of the account, validated: cost tags, payer, linked account ids …"""


Discover = Callable[[Reader, Observation | None, Settled], Awaitable[Discovery]]
"""`(reader, previous observation, settings of this service for this account) → discovery`."""


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One CloudWatch metric, for every resource of some kinds."""

    id: str
    """How rules and columns call it (`errors`)."""
    namespace: str
    name: str
    statistic: str
    """`Sum`, `Average`, `Maximum`, `p99` … Statistics of one metric in one request bill as one metric."""
    unit: Unit
    kinds: tuple[str, ...]
    dimensions: Callable[[Resource], Mapping[str, str] | None]
    """None: this resource has no such metric."""
    missing: Missing
    period_seconds: int = 60
    delay_seconds: int = 120
    """The newest points are not complete yet; they are not asked for."""
    scale: float = 1.0
    """Factor from CloudWatch's unit to ours (0.001 for milliseconds)."""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the metrics of some resource kinds are read."""

    kinds: tuple[str, ...]
    every_seconds: float
    """While nothing suggests that something is wrong."""
    close_seconds: float
    """While something is wrong, cannot be ruled out, or is being looked at. Never longer than `every_seconds`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the resource table."""

    key: str
    title: str
    value: Callable[[Resource], Fact]
    unit: Unit | None = None
    """How to show a number; None for text."""
    priority: int = 1
    """1 is shown first when room is short."""
    numeric: bool = False
    age: bool = False
    """The value is an epoch second; show the age."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure that stands for a service in one cell: `err 7.2 %`, `1 204`, and its course."""

    text: str
    trend: tuple[float | None, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """What an environment's configuration says about money."""

    environment: EnvironmentId
    monthly_budget_usd: float | None
    fixed_lines: tuple[tuple[str, float], ...]
    """(name, dollars a month) of what no AWS bill holds."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A fact whose change is worth an entry in the timeline."""

    fact: str
    label: str
    """`version`: the entry reads `version 41 → 42`."""
    kinds: tuple[str, ...]
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact that says when something was changed, so that it is told even if nobody was watching then."""

    fact: str
    """Epoch seconds."""
    words: Callable[[Resource], str]
    """`version 42, published`; the reader adds the moment."""
    kinds: tuple[str, ...]
    whole: bool = False
    """True where every change of the resource moves it: what else differs from the look before was changed then."""


class Reach(enum.Enum):
    """Where a service is polled."""

    REGIONAL = "regional"
    GLOBAL = "global"
    """Once an account, in us-east-1."""


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """A watched service. One file in `cockpit/services/` exports one as `SERVICE`."""

    key: str
    title: str
    column: str
    """Heading of its cell in the home matrix (`LAMBDA`, `DATABASE`)."""
    order: int
    """Place among the columns; where room is short, the last give way first."""
    reach: Reach
    calls: tuple[Call, ...]
    discover: Discover
    discover_seconds: float
    """Cadence of the control-plane look."""
    stale_seconds: float
    """Data older than this concludes nothing."""
    metrics: tuple[MetricSpec, ...]
    cadences: tuple[Cadence, ...]
    rules: tuple[Rule, ...]
    columns: tuple[Column, ...]
    headline: Callable[[Sequence[Resource]], Headline]
    """From the resources of one environment, never empty."""
    shared_between_processes: bool = False
    """True where each look costs money: a look by any process on this machine serves them all."""
    dollars_per_call: Mapping[str, float] | None = None
    """Operation → dollars, where a call itself is billed (Cost Explorer)."""
    summarise: Callable[[Sequence[Resource], Money, float], Resource] | None = None
    """`(resources of one environment, money, now) → one resource that is judged in their place`: a bill is judged
    for the environment, not for each account. The sequence may be empty where only fixed lines exist."""
    minor: bool = False
    """True where the glyph of its cell is enough until every other column has its course."""
    selects: tuple[str, ...] = ()
    """Resource kinds that selectors apply to; others follow the resource they belong to, or are shared."""
    owner: str | None = None
    """Relation (`Resource.related`) that leads to the resource whose environment this one shares."""
    watched: tuple[Watched, ...] = ()
    dated: tuple[Dated, ...] = ()
    billed_as: tuple[str, ...] = ()
    """What bills call it: values of Cost Explorer's dimension SERVICE (`AWS Lambda`)."""
    console: Callable[[Resource], str | None] | None = None
    """Path and fragment of the resource's page in the AWS console, from `/` (`/lambda/home?region=…#/functions/…`)."""
    logs: Callable[[Resource], str | None] | None = None
    """Log group of a resource, where it has one."""
    detail: Callable[[Reader, Resource], Awaitable[Detail]] | None = None
    """Reads about one resource what is not polled, through declared calls."""

    def metric(self, metric_id: str) -> MetricSpec | None:
        """The metric called `metric_id`."""
        return next((spec for spec in self.metrics if spec.id == metric_id), None)

    def cadence_of(self, kind: str) -> Cadence | None:
        """The cadence that reads metrics of resources of `kind`."""
        return next((cadence for cadence in self.cadences if kind in cadence.kinds), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a configuration may refer to: the keys of services, rules and actions."""

    services: tuple[ServiceSpec, ...]
    actions: tuple[str, ...] = ()

    def service(self, key: str) -> ServiceSpec | None:
        """The service called `key`."""
        return next((spec for spec in self.services if spec.key == key), None)

    def rule(self, key: str) -> Rule | None:
        """The rule called `key`."""
        return next((rule for spec in self.services for rule in spec.rules if rule.key == key), None)
