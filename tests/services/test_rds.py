"""RDS: instances and clusters, what their words mean, and looks that bring only a part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.verdict import Health
from cockpit.services._rds_status import in_trouble, publishes_metrics, serves
from cockpit.services.rds import SERVICE
from tests.services.rds_answers import answers, arn, cluster, instance, look, one
from tests.services.recorded import NOW, RecordedReader, Refusal, named
from tests.services.samples import verdict


async def test_an_instance_tells_its_state_size_and_tags() -> None:
    main = await one()
    assert main.facts["status"] == "available"
    assert main.facts["in_trouble"] is False
    assert main.facts["unavailable"] is False
    assert main.facts["allocated_bytes"] == 100 * 2**30
    assert main.facts["backup_retention_days"] == 7
    assert main.tags["stage"] == "prod"
    assert main.stack == "shop"


async def test_a_cluster_tells_its_members_and_its_writer() -> None:
    found = await look(RecordedReader(SERVICE, answers(DescribeDBClusters={"DBClusters": [cluster("core")]})))
    core = named(found, "core")
    assert core.kind == "cluster"
    assert core.facts["members"] == "core-1, core-2"
    assert core.facts["writer"] == "core-1"


async def test_an_aurora_instance_has_no_storage_of_its_own() -> None:
    member = await one(Engine="aurora-mysql", DBClusterIdentifier="core", AllocatedStorage=1)
    assert member.facts["allocated_bytes"] is None
    assert member.related["cluster"] == "core"
    asked = {metric.id for metric in SERVICE.metrics if metric.dimensions(member) is not None}
    assert asked == {"cpu", "connections"}


async def test_only_a_replica_has_a_lag_to_ask_for() -> None:
    lag = SERVICE.metric("replica_lag")
    assert lag is not None
    replica = await one(ReadReplicaSourceDBInstanceIdentifier="other")
    assert lag.dimensions(replica) == {"DBInstanceIdentifier": "main"}
    assert lag.dimensions(await one()) is None


async def test_broken_replication_is_trouble_although_the_instance_is_available() -> None:
    infos = [{"StatusType": "read replication", "Normal": False, "Status": "error", "Message": "…"}]
    replica = await one(ReadReplicaSourceDBInstanceIdentifier="other", StatusInfos=infos)
    judged = verdict(SERVICE, "rds.status", replica)
    assert judged is not None
    assert judged.health is Health.CRITICAL
    assert judged.reason == "in trouble: read replication error"


@pytest.mark.parametrize(
    ("status", "trouble", "unavailable"),
    [
        ("available", Health.OK, Health.OK),
        ("backing-up", Health.OK, Health.OK),
        ("modifying", Health.OK, Health.OK),
        ("stopped", Health.OK, Health.WARNING),
        ("rebooting", Health.OK, Health.WARNING),
        ("a-word-of-tomorrow", Health.OK, Health.WARNING),
        ("storage-full", Health.CRITICAL, Health.OK),
        ("failed", Health.CRITICAL, Health.OK),
        ("incompatible-parameters", Health.CRITICAL, Health.OK),
        ("inaccessible-encryption-credentials-recoverable", Health.CRITICAL, Health.OK),
    ],
)
async def test_status_words(status: str, trouble: Health, unavailable: Health) -> None:
    main = await one(DBInstanceStatus=status)
    for rule, health in (("rds.status", trouble), ("rds.unavailable", unavailable)):
        judged = verdict(SERVICE, rule, main)
        assert judged is not None
        assert judged.health is health
        assert health is Health.OK or status in judged.reason


def test_no_status_is_both_good_and_bad() -> None:
    for status in ("available", "stopped", "failed", "storage-full", "rebooting"):
        assert not (serves(status) and in_trouble(status))
    assert publishes_metrics("storage-full")


async def test_the_silence_of_a_stopped_database_is_no_riddle() -> None:
    stopped = await one(DBInstanceStatus="stopped")
    assert all(metric.dimensions(stopped) is None for metric in SERVICE.metrics)
    assert verdict(SERVICE, "rds.cpu", stopped) is None


async def test_neptune_and_documentdb_are_listed_and_not_measured_as_rds() -> None:
    graph = await one(Engine="neptune")
    assert all(metric.dimensions(graph) is None for metric in SERVICE.metrics)
    assert verdict(SERVICE, "rds.status", graph) is not None


PENDING = {
    "PendingMaintenanceActions": [
        {
            "ResourceIdentifier": arn("db", "main"),
            "PendingMaintenanceActionDetails": [
                {"Action": "system-update", "ForcedApplyDate": datetime.fromtimestamp(NOW + 86400, UTC)},
                {"Action": "db-upgrade", "AutoAppliedAfterDate": datetime.fromtimestamp(NOW + 3600, UTC)},
            ],
        }
    ]
}


async def test_pending_maintenance_is_told_with_its_earliest_date() -> None:
    reader = RecordedReader(SERVICE, answers(instance("main"), DescribePendingMaintenanceActions=PENDING))
    main = named(await look(reader), "main")
    assert main.facts["pending_maintenance"] == "system-update, db-upgrade"
    assert main.facts["maintenance_at"] == NOW + 3600


async def test_denied_maintenance_keeps_what_was_known() -> None:
    first = await look(RecordedReader(SERVICE, answers(instance("main"), DescribePendingMaintenanceActions=PENDING)))
    denied = answers(instance("main"), DescribePendingMaintenanceActions=Refusal())
    second = await look(RecordedReader(SERVICE, denied), first)
    assert named(second, "main").facts["pending_maintenance"] == "system-update, db-upgrade"
    assert len(second.failures) == 1


async def test_denied_clusters_leave_the_instances_and_the_clusters_of_before() -> None:
    both = answers(instance("main"), DescribeDBClusters={"DBClusters": [cluster("core")]})
    first = await look(RecordedReader(SERVICE, both))
    second = await look(RecordedReader(SERVICE, answers(instance("main"), DescribeDBClusters=Refusal())), first)
    assert {resource.name for resource in second.resources} == {"main", "core"}
    assert [failure.operation for failure in second.failures] == ["DescribeDBClusters"]


async def test_both_lists_denied_fail_the_look() -> None:
    with pytest.raises(CallFailed):
        await look(RecordedReader(SERVICE, answers(DescribeDBInstances=Refusal(), DescribeDBClusters=Refusal())))
