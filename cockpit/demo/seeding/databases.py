"""RDS instances and Aurora clusters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cockpit.demo.emulator.rds_alone import rds_backends
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.parts import DAY, Database
from cockpit.demo.telemetry.databases import GIB, DatabaseLoad
from cockpit.demo.telemetry.noise import seed

_CREATED_AGE = 412 * DAY


def put_databases(world: World, account_id: str, region: str, databases: tuple[Database, ...], start: float) -> None:
    """Create the databases of a region as they were at `start`."""
    if not databases:
        return
    backend, place = rds_backends[account_id][region], world.place(account_id, region)
    for part in databases:
        instance = _put(backend, part)
        instance.dbi_resource_id = f"db-{seed(part.name):026X}"
        instance.instance_create_time = instance.created = datetime.fromtimestamp(start - _CREATED_AGE, UTC)
        instance.pending_maintenance = part.maintenance
        place.databases[part.name] = DatabaseLoad(
            part.name,
            part.cpu_percent,
            part.connections,
            part.free_gib * GIB,
            start,
            replica_lag_seconds=0.4 if part.replica_of else None,
            aurora=part.cluster is not None,
        )


def _put(backend: Any, part: Database) -> Any:
    if part.replica_of is not None:
        return backend.create_db_instance_read_replica(
            {
                "db_instance_identifier": part.name,
                "source_db_instance_identifier": part.replica_of,
                "db_instance_class": part.instance_class,
                "db_parameter_group_name": _parameter_group(backend, part),
                "multi_az": part.multi_az,
                "tags": _tags(part),
            }
        )
    if part.cluster is not None and part.cluster not in backend.clusters:
        _put_cluster(backend, part)
    return backend.create_db_instance(_arguments(backend, part))


def _put_cluster(backend: Any, part: Database) -> None:
    cluster = backend.create_db_cluster(
        {
            "db_cluster_identifier": part.cluster,
            "engine": part.engine,
            "engine_version": part.version,
            "master_username": "operator",
            "master_user_password": "not-a-secret",
            "backup_retention_period": part.retention_days,
            "storage_encrypted": True,
            "tags": _tags(part),
        }
    )
    cluster.status = "available"


def _arguments(backend: Any, part: Database) -> dict[str, Any]:
    return {
        "db_instance_identifier": part.name,
        "db_instance_class": part.instance_class,
        "engine": part.engine,
        "engine_version": part.version,
        "allocated_storage": part.storage_gib,
        "storage_type": "gp3",
        "storage_encrypted": True,
        "deletion_protection": True,
        "multi_az": part.multi_az,
        "publicly_accessible": False,
        "backup_retention_period": part.retention_days,
        "master_username": "operator",
        "master_user_password": "not-a-secret",
        "db_cluster_identifier": part.cluster,
        "db_parameter_group_name": _parameter_group(backend, part),
        # Named, so that moto need not make a network for the account.
        "vpc_security_group_ids": ["sg-0c0ffee0c0ffee000"],
        "tags": _tags(part),
    }


def _parameter_group(backend: Any, part: Database) -> str | None:
    if part.max_connections is None:
        return None
    name = f"{part.replica_of or part.name}-tuned"
    if name not in backend.db_parameter_groups:
        group = backend.create_db_parameter_group(
            {
                "db_parameter_group_name": name,
                "db_parameter_group_family": f"{part.engine}{part.version.split('.', maxsplit=1)[0]}",
                "description": "Tuned by hand",
                "tags": [],
            }
        )
        group.update_parameters(
            [
                {
                    "ParameterName": "max_connections",
                    "ParameterValue": str(part.max_connections),
                    "ApplyMethod": "pending-reboot",
                }
            ]
        )
    return name


def _tags(part: Database) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in part.tags.items()]
