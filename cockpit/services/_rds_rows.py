"""RDS's rows as resources: what an instance, a cluster and a pending maintenance look like in its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Reader
from cockpit.model.units import SIZE_BYTES
from cockpit.services._rds_connections import default_formula, evaluate
from cockpit.services._rds_status import in_trouble, serves
from cockpit.services._reading import STACK_TAG, epoch, joined, tag_map


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is read beside the lists: pending maintenance by ARN, `max_connections` by parameter group."""

    maintenance: Mapping[str, Mapping[str, Fact]] | None
    parameters: Mapping[str, str | None] = field(default_factory=dict)


def parameter_group(row: Mapping[str, Any]) -> str | None:
    """The parameter group of an instance."""
    groups = row.get("DBParameterGroups") or []
    return str(groups[0]["DBParameterGroupName"]) if groups else None


def maintenance_of(row: Mapping[str, Any]) -> tuple[str, Mapping[str, Fact]]:
    """ARN, and what is about to be done to it, by when."""
    actions = row.get("PendingMaintenanceActionDetails") or []
    dates = ("CurrentApplyDate", "AutoAppliedAfterDate", "ForcedApplyDate")
    moments = [moment for action in actions for date in dates if (moment := epoch(action.get(date))) is not None]
    return row["ResourceIdentifier"], {
        "pending_maintenance": joined([action["Action"] for action in actions]),
        "maintenance_at": min(moments, default=None),
    }


def _upkeep(arn: str, around: Surroundings, before: Mapping[str, Resource]) -> dict[str, Fact]:
    names = ("pending_maintenance", "maintenance_at")
    if around.maintenance is None:
        then = before.get(arn)
        return {name: then.facts.get(name) if then else None for name in names}
    return {**dict.fromkeys(names), **around.maintenance.get(arn, {})}


def _state(status: str, infos: Sequence[Mapping[str, Any]]) -> dict[str, Fact]:
    """Facts about the state. Broken replication shows nowhere else: its lag is then -1, or missing."""
    broken = next((info for info in infos if info.get("Normal") is False), None)
    followed = [str(info.get("Status")) for info in infos if "replication" in info.get("StatusType", "")]
    replication = f"{broken.get('StatusType', 'replication')} {broken.get('Status', '')}".strip() if broken else None
    return {
        "status": status,
        "in_trouble": in_trouble(status) or broken is not None,
        "trouble": status if in_trouble(status) else replication,
        "unavailable": not serves(status) and not in_trouble(status),
        "replication": followed[0] if followed else None,
    }


def _common(row: Mapping[str, Any]) -> dict[str, Fact]:
    return {
        "engine": row["Engine"],
        "engine_version": row.get("EngineVersion"),
        "multi_az": row.get("MultiAZ"),
        "encrypted": row.get("StorageEncrypted"),
        "deletion_protection": row.get("DeletionProtection"),
        "backup_window": row.get("PreferredBackupWindow"),
        "maintenance_window": row.get("PreferredMaintenanceWindow"),
        "restorable_until": epoch(row.get("LatestRestorableTime")),
    }


def instance(reader: Reader, row: Mapping[str, Any], around: Surroundings, before: Mapping[str, Resource]) -> Resource:
    """An instance of DescribeDBInstances; `before` fills in what could not be read now."""
    arn, name, engine = row["DBInstanceArn"], row["DBInstanceIdentifier"], row["Engine"]
    home = row.get("DBClusterIdentifier")
    source = row.get("ReadReplicaSourceDBInstanceIdentifier") or row.get("ReadReplicaSourceDBClusterIdentifier")
    aurora = engine.startswith("aurora")
    facts: dict[str, Fact] = {
        **_state(row.get("DBInstanceStatus", "unknown"), row.get("StatusInfos") or ()),
        "class": row.get("DBInstanceClass"),
        **_max_connections(row, around, before.get(arn)),
        # An Aurora instance has no storage of its own.
        "allocated_bytes": None if aurora else int(row.get("AllocatedStorage", 0) * SIZE_BYTES["GiB"]) or None,
        # A replica and a member of a cluster are backed up where their data comes from.
        "backup_retention_days": None if source or home else row.get("BackupRetentionPeriod"),
        **_upkeep(arn, around, before),
        **_common(row),
        "replica": bool(source),
        "cluster": home,
        "endpoint": (row.get("Endpoint") or {}).get("Address"),
        "zone": row.get("AvailabilityZone"),
        "public": row.get("PubliclyAccessible"),
        "storage_type": row.get("StorageType"),
        "created_at": epoch(row.get("InstanceCreateTime")),
    }
    tags = tag_map(row.get("TagList"))
    related = {key: value for key, value in (("source", source), ("cluster", home)) if value}
    return Resource(arn, reader.slot, "instance", name, facts, tags, related, stack=tags.get(STACK_TAG))


def _max_connections(row: Mapping[str, Any], around: Surroundings, then: Resource | None) -> dict[str, Fact]:
    """How many connections it accepts, and where that is known from."""
    group, instance_class = parameter_group(row), row.get("DBInstanceClass", "")
    default = default_formula(row["Engine"], row.get("EngineVersion", ""))
    if group is None:
        return {"max_connections": None, "max_connections_from": None}
    if group.startswith("default."):
        return {"max_connections": evaluate(default, instance_class), "max_connections_from": "default of its class"}
    if group not in around.parameters:
        # The group could not be read: the limit of before, if there is one.
        names = ("max_connections", "max_connections_from")
        return {name: then.facts.get(name) if then else None for name in names}
    value = around.parameters[group]
    return {"max_connections": evaluate(value or default, instance_class), "max_connections_from": group}


def cluster(reader: Reader, row: Mapping[str, Any], around: Surroundings, before: Mapping[str, Resource]) -> Resource:
    """A cluster of DescribeDBClusters."""
    arn = row["DBClusterArn"]
    members = row.get("DBClusterMembers") or []
    facts: dict[str, Fact] = {
        **_state(row.get("Status", "unknown"), row.get("StatusInfos") or ()),
        "class": row.get("DBClusterInstanceClass"),
        "max_connections": None,
        "allocated_bytes": None,
        "backup_retention_days": row.get("BackupRetentionPeriod"),
        **_upkeep(arn, around, before),
        **_common(row),
        "members": joined([member["DBInstanceIdentifier"] for member in members]),
        "writer": joined([member["DBInstanceIdentifier"] for member in members if member.get("IsClusterWriter")]),
        "endpoint": row.get("Endpoint"),
        "created_at": epoch(row.get("ClusterCreateTime")),
    }
    tags = tag_map(row.get("TagList"))
    return Resource(arn, reader.slot, "cluster", row["DBClusterIdentifier"], facts, tags, stack=tags.get(STACK_TAG))
