"""What RDS answers about instances, clusters, maintenance and parameters."""

from __future__ import annotations

from typing import Any

from cockpit.model.resource import Resource
from cockpit.model.service import Discovery, Settled
from cockpit.services.rds import SERVICE, discover
from tests.services.recorded import ACCOUNT_ID, REGION, Answer, RecordedReader, named, observed


def arn(kind: str, name: str) -> str:
    return f"arn:aws:rds:{REGION}:{ACCOUNT_ID}:{kind}:{name}"


def instance(name: str, **more: Any) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": arn("db", name),
        "DBInstanceClass": "db.t3.medium",
        "DBInstanceStatus": "available",
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "AllocatedStorage": 100,
        "BackupRetentionPeriod": 7,
        "MultiAZ": False,
        "DBParameterGroups": [{"DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "in-sync"}],
        "TagList": [{"Key": "stage", "Value": "prod"}, {"Key": "aws:cloudformation:stack-name", "Value": "shop"}],
        **more,
    }


def cluster(name: str, **more: Any) -> dict[str, Any]:
    return {
        "DBClusterIdentifier": name,
        "DBClusterArn": arn("cluster", name),
        "Status": "available",
        "Engine": "aurora-mysql",
        "EngineVersion": "8.0.mysql_aurora.3.08.0",
        "AllocatedStorage": 1,
        "BackupRetentionPeriod": 1,
        "DBClusterMembers": [
            {"DBInstanceIdentifier": f"{name}-1", "IsClusterWriter": True},
            {"DBInstanceIdentifier": f"{name}-2", "IsClusterWriter": False},
        ],
        **more,
    }


def answers(*instances: dict[str, Any], **more: Answer) -> dict[str, Answer]:
    return {
        "DescribeDBInstances": {"DBInstances": list(instances)},
        "DescribeDBClusters": {"DBClusters": []},
        "DescribePendingMaintenanceActions": {"PendingMaintenanceActions": []},
        "DescribeDBParameters": {"Parameters": []},
        **more,
    }


async def look(reader: RecordedReader, previous: Discovery | None = None) -> Discovery:
    return await discover(reader, observed(SERVICE, previous) if previous else None, Settled({}))


async def one(**more: Any) -> Resource:
    return named(await look(RecordedReader(SERVICE, answers(instance("main", **more)))), "main")
