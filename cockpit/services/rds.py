"""Amazon RDS and Aurora: does every database run, has it room, does its replica follow, is it backed up.

The same calls also list Neptune and DocumentDB; their metrics live elsewhere, so of those the state is judged only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.service import (
    Cadence,
    Call,
    Column,
    Dated,
    Discovery,
    Headline,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
    Watched,
)
from cockpit.model.units import Unit, format_figure
from cockpit.model.verdict import Failure
from cockpit.services._console import database_page
from cockpit.services._rds_rows import Surroundings, cluster, instance, maintenance_of, parameter_group
from cockpit.services._rds_status import publishes_metrics
from cockpit.services._reading import ask_each, failures_in, known


async def discover(reader: Reader, previous: Observation | None, _settled: Settled) -> Discovery:
    """Instances and clusters. Where one list cannot be read, what was known of it stays, beside its failure."""
    instances, clusters, pending = await reader.gather(
        [
            reader.pages("DescribeDBInstances", "DBInstances"),
            reader.pages("DescribeDBClusters", "DBClusters"),
            reader.pages("DescribePendingMaintenanceActions", "PendingMaintenanceActions"),
        ]
    )
    if isinstance(instances, CallFailed) and isinstance(clusters, CallFailed):
        raise instances
    parameters, failures = await _parameters(reader, [] if isinstance(instances, CallFailed) else instances)
    maintenance = None if isinstance(pending, CallFailed) else dict(map(maintenance_of, pending))
    around = Surroundings(maintenance, parameters)
    before = known(previous, "instance", "cluster")
    found: list[Resource] = []
    for kind, rows, make in (("instance", instances, instance), ("cluster", clusters, cluster)):
        if isinstance(rows, CallFailed):
            found += known(previous, kind).values()
        else:
            found += [make(reader, row, around, before) for row in rows]
    return Discovery(tuple(found), (*failures_in((instances, clusters, pending)), *failures))


async def _parameters(
    reader: Reader, instances: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, str | None], tuple[Failure, ...]]:
    """`max_connections` of every parameter group that somebody made; AWS's own hold the documented default."""
    groups = {name for row in instances if (name := parameter_group(row)) and not name.startswith("default.")}
    only = [{"Name": "parameter-name", "Values": ["max_connections"]}]
    answers = await ask_each(
        reader,
        {
            group: reader.pages("DescribeDBParameters", "Parameters", DBParameterGroupName=group, Filters=only)
            for group in sorted(groups)
        },
    )
    values = {
        group: next((row.get("ParameterValue") for row in rows if row["ParameterName"] == "max_connections"), None)
        for group, rows in answers.by_name.items()
    }
    return values, answers.failures


def _share(resource: Resource, metric: str, whole: str) -> float | None:
    part, total = resource.latest(metric), resource.number(whole)
    return 100 * part / total if part is not None and total else None


def _connections_percent(resource: Resource) -> float | None:
    return _share(resource, "connections", "max_connections")


def _free_percent(resource: Resource) -> float | None:
    return _share(resource, "free_storage", "allocated_bytes")


def headline(resources: Sequence[Resource]) -> Headline:
    """A database that does not serve; else the busiest CPU, unless connections or storage are past their warning."""
    down = [one for one in resources if one.facts.get("in_trouble") or one.facts.get("unavailable")]
    if down:
        worst = max(down, key=lambda one: bool(one.facts.get("in_trouble")))
        return Headline(str(worst.facts.get("trouble") or worst.facts.get("status")), label=worst.name)
    measures: list[tuple[float, str, float, str, Resource]] = []
    for one in resources:
        for word, percent, limit, metric in (
            ("cpu", one.latest("cpu"), 80.0, "cpu"),
            ("conn", _connections_percent(one), 80.0, "connections"),
            ("disk", None if (free := _free_percent(one)) is None else 100 - free, 85.0, "free_storage"),
        ):
            # Below its limit only CPU is told: it is the measure of how busy a database is.
            if percent is not None and (word == "cpu" or percent > limit):
                measures.append((percent / limit, word, percent, metric, one))
    if not measures:
        return Headline("–")
    _, word, percent, metric, one = max(measures, key=lambda measure: measure[0])
    text = f"{word} {format_figure(percent, Unit.PERCENT)}"
    return Headline(text, one.series[metric].tail(60).values, one.name)


def _dimensions(resource: Resource) -> Mapping[str, str] | None:
    elsewhere = resource.facts.get("engine") in {"neptune", "docdb"}
    silent = not publishes_metrics(str(resource.facts.get("status")))
    return None if elsewhere or silent else {"DBInstanceIdentifier": resource.name}


def _storage_dimensions(resource: Resource) -> Mapping[str, str] | None:
    return _dimensions(resource) if resource.facts.get("allocated_bytes") else None


def _replica_dimensions(resource: Resource) -> Mapping[str, str] | None:
    aurora = str(resource.facts.get("engine")).startswith("aurora")
    return _dimensions(resource) if resource.facts.get("replica") and not aurora else None


_metric = partial(
    MetricSpec,
    namespace="AWS/RDS",
    kinds=("instance",),
    missing=Missing.UNKNOWN,
    dimensions=_dimensions,
    # RDS publishes later than most.
    delay_seconds=180,
)

METRICS = (
    _metric(id="cpu", name="CPUUtilization", statistic="Average", unit=Unit.PERCENT, label="CPU"),
    _metric(id="connections", name="DatabaseConnections", statistic="Maximum", unit=Unit.COUNT, label="connections"),
    _metric(
        id="free_storage",
        name="FreeStorageSpace",
        statistic="Minimum",
        unit=Unit.BYTES,
        dimensions=_storage_dimensions,
        label="free storage",
    ),
    _metric(
        id="replica_lag",
        name="ReplicaLag",
        statistic="Maximum",
        unit=Unit.SECONDS,
        dimensions=_replica_dimensions,
        label="replica lag",
    ),
)

_judge = partial(Rule, kinds=("instance",), missing=Missing.UNKNOWN)
_state_of = partial(Rule, kinds=("instance", "cluster"), missing=Missing.UNKNOWN, unit=Unit.COUNT)

RULES = (
    _state_of(
        key="rds.status",
        label="in trouble",
        value=FactValue("in_trouble"),
        threshold=Threshold(warning=None, critical=0.0),
        reason_fact="trouble",
    ),
    _state_of(
        key="rds.unavailable",
        label="not available",
        value=FactValue("unavailable"),
        threshold=Threshold(warning=0.0, critical=None),
        reason_fact="status",
    ),
    _judge(
        key="rds.cpu",
        label="CPU",
        value=Metric("cpu"),
        unit=Unit.PERCENT,
        threshold=Threshold(warning=80.0, critical=95.0, for_seconds=900),
    ),
    _judge(
        key="rds.connections",
        label="connections in use",
        value=Ratio(Metric("connections"), FactValue("max_connections")),
        unit=Unit.PERCENT,
        threshold=Threshold(warning=80.0, critical=95.0, for_seconds=300),
    ),
    _judge(
        key="rds.free_storage",
        label="free storage",
        value=Ratio(Metric("free_storage"), FactValue("allocated_bytes")),
        unit=Unit.PERCENT,
        threshold=Threshold(warning=15.0, critical=5.0, for_seconds=300),
        direction=Direction.BELOW,
    ),
    _judge(
        key="rds.replica_lag",
        label="replica lag",
        value=Metric("replica_lag"),
        unit=Unit.SECONDS,
        threshold=Threshold(warning=30.0, critical=300.0, for_seconds=300),
    ),
    _state_of(
        key="rds.backups",
        label="backups kept",
        value=FactValue("backup_retention_days"),
        unit=Unit.DAYS,
        threshold=Threshold(warning=1.0, critical=None),
        direction=Direction.BELOW,
        missing=Missing.NOT_APPLICABLE,
    ),
)

COLUMNS = (
    Column("status", "STATUS", lambda one: one.facts.get("status"), None, 1),
    Column("cpu", "CPU", lambda one: one.latest("cpu"), Unit.PERCENT, 1, numeric=True),
    Column("connections", "CONN", lambda one: one.latest("connections"), Unit.COUNT, 1, numeric=True),
    Column("connections_percent", "OF MAX", _connections_percent, Unit.PERCENT, 2, numeric=True),
    Column("free_percent", "FREE", _free_percent, Unit.PERCENT, 1, numeric=True),
    Column("replica_lag", "LAG", lambda one: one.latest("replica_lag"), Unit.SECONDS, 2, numeric=True),
    Column("kind", "KIND", lambda one: "replica" if one.facts.get("replica") else one.kind, None, 2),
    Column("engine", "ENGINE", lambda one: one.facts.get("engine"), None, 2),
    Column("version", "VERSION", lambda one: one.facts.get("engine_version"), None, 3),
    Column("class", "CLASS", lambda one: one.facts.get("class"), None, 2),
    Column("storage", "STORAGE", lambda one: one.number("allocated_bytes"), Unit.BYTES, 3, numeric=True),
    Column("backups", "BACKUPS", lambda one: one.number("backup_retention_days"), Unit.DAYS, 3, numeric=True),
    Column("maintenance", "MAINTENANCE", lambda one: one.facts.get("pending_maintenance"), None, 3),
    Column("multi_az", "MULTI-AZ", lambda one: "yes" if one.facts.get("multi_az") else "no", None, 4),
)

_BOTH = ("instance", "cluster")

SERVICE = ServiceSpec(
    key="rds",
    title="RDS",
    column="DATABASE",
    order=20,
    billed_as=("Amazon Relational Database Service",),
    reach=Reach.REGIONAL,
    calls=(
        Call("rds", "DescribeDBInstances", "rds:DescribeDBInstances"),
        Call("rds", "DescribeDBClusters", "rds:DescribeDBClusters"),
        Call("rds", "DescribePendingMaintenanceActions", "rds:DescribePendingMaintenanceActions"),
        Call("rds", "DescribeDBParameters", "rds:DescribeDBParameters"),
    ),
    discover=discover,
    discover_seconds=300.0,
    stale_seconds=1200.0,
    metrics=METRICS,
    cadences=(Cadence(("instance",), every_seconds=300.0, close_seconds=60.0),),
    rules=RULES,
    columns=COLUMNS,
    headline=headline,
    selects=("instance", "cluster"),
    watched=(
        Watched("class", "class", _BOTH),
        Watched("engine_version", "engine version", _BOTH),
        Watched("allocated_bytes", "storage", ("instance",), Unit.BYTES),
        Watched("storage_type", "storage type", ("instance",)),
        Watched("multi_az", "multi-AZ", _BOTH),
        Watched("backup_retention_days", "backups kept", _BOTH, Unit.DAYS),
        Watched("deletion_protection", "deletion protection", _BOTH),
        Watched("public", "public", ("instance",)),
        # A failover shows here, or as another zone.
        Watched("writer", "writer", ("cluster",)),
        Watched("zone", "zone", ("instance",)),
        Watched("pending_maintenance", "pending maintenance", _BOTH),
    ),
    dated=(Dated("created_at", lambda _: "created", _BOTH, whole=True),),
    console=database_page,
)
