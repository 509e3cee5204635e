"""Queues, distributions and databases where moto is wrong, or answers not at all."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.demo.conftest import START, Emulator
from tests.demo.test_metric_data import ask


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


class TestQueues:
    def test_the_queue_in_staging_has_grown_past_1000_for_more_than_10_minutes(self, emulator: Emulator) -> None:
        depths = metric_of_queue(emulator, START - 900, START - 60)
        assert all(depth > 1000 for depth in depths[-12:])
        assert depths == sorted(depths)

    def test_the_queue_and_its_metric_agree(self, emulator: Emulator) -> None:
        now = depth_of(emulator, "events")
        emulator.clock.now = START + 180
        assert (
            metric_of_queue(emulator, START - 60, START + 60)[0]
            <= now
            <= metric_of_queue(emulator, START, START + 120)[-1]
        )
        assert depth_of(emulator, "events") > now

    def test_its_dead_letters_are_really_there(self, emulator: Emulator) -> None:
        sqs = emulator.of("scheduler-staging", "sqs")
        url = sqs.get_queue_url(QueueName="events-dlq")["QueueUrl"]
        assert depth_of(emulator, "events-dlq") == 3
        policy = sqs.get_queue_attributes(
            QueueUrl=sqs.get_queue_url(QueueName="events")["QueueUrl"], AttributeNames=["RedrivePolicy"]
        )["Attributes"]["RedrivePolicy"]
        assert "events-dlq" in policy
        message = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        emulator.clock.now = START + 240
        assert depth_of(emulator, "events-dlq") == 2
        assert metric_of_queue(emulator, START - 120, START + 180, "events-dlq") == [3, 3, 3, 2, 2]
        sqs.send_message(QueueUrl=url, MessageBody="back again")
        assert depth_of(emulator, "events-dlq") == 3

    def test_a_purged_queue_begins_anew(self, emulator: Emulator) -> None:
        load = emulator.place("scheduler-staging").queues["events"]
        kept = list(load.backlog._moments), list(load.backlog._values)
        sqs = emulator.of("scheduler-staging", "sqs")
        sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="events")["QueueUrl"])
        assert depth_of(emulator, "events") < 20
        emulator.clock.now = START + 300
        assert 200 < depth_of(emulator, "events") < 400
        load.backlog._moments, load.backlog._values = kept


def depth_of(emulator: Emulator, name: str) -> int:
    sqs = emulator.of("scheduler-staging", "sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    wanted = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[wanted])["Attributes"][wanted])


def metric_of_queue(emulator: Emulator, start: float, end: float, name: str = "events") -> list[float]:
    described = {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": name}],
    }
    asked = {"Id": "a", "MetricStat": {"Metric": described, "Period": 60, "Stat": "Maximum"}}
    client = emulator.of("scheduler-staging", "cloudwatch")
    return ask(client, asked, start=int(start // 60) * 60, end=int(end // 60) * 60)["MetricDataResults"][0]["Values"]


class TestCloudFront:
    @pytest.fixture
    def cloudfront(self, emulator: Emulator) -> Any:
        return emulator.of("tim-media", "cloudfront")

    @pytest.fixture
    def ids(self, cloudfront: Any) -> dict[str, str]:
        items = cloudfront.list_distributions()["DistributionList"]["Items"]
        return {item["Aliases"]["Items"][0]: item["Id"] for item in items}

    def test_five_distributions_all_deployed(self, cloudfront: Any, ids: dict[str, str]) -> None:
        items = cloudfront.list_distributions()["DistributionList"]["Items"]
        assert len(ids) == 5
        assert {item["Status"] for item in items} == {"Deployed"}

    def test_only_some_have_a_monitoring_subscription(self, cloudfront: Any, ids: dict[str, str]) -> None:
        found = cloudfront.get_monitoring_subscription(DistributionId=ids["app.tim-combo.example"])
        config = found["MonitoringSubscription"]["RealtimeMetricsSubscriptionConfig"]
        assert config["RealtimeMetricsSubscriptionStatus"] == "Enabled"
        with pytest.raises(cloudfront.exceptions.NoSuchMonitoringSubscription):
            cloudfront.get_monitoring_subscription(DistributionId=ids["dev.tim-combo.example"])
        assert code(cloudfront.get_monitoring_subscription, DistributionId="E0") == "NoSuchDistribution"

    def test_without_it_there_is_no_cache_hit_rate(self, emulator: Emulator, ids: dict[str, str]) -> None:
        def points(domain: str, metric: str) -> int:
            return len(self.series(emulator, ids[domain], metric, START - 900))

        assert points("app.tim-combo.example", "CacheHitRate") == 10
        assert points("dev.tim-combo.example", "CacheHitRate") == 0
        assert points("dev.tim-combo.example", "Requests") > 0

    def test_an_invalidation_takes_a_while_and_empties_the_cache(
        self, emulator: Emulator, cloudfront: Any, ids: dict[str, str]
    ) -> None:
        target = ids["tim-combo.example"]
        made = self.invalidate(cloudfront, target, "one", "/*")
        assert made["Status"] == "InProgress"
        (listed,) = cloudfront.list_invalidations(DistributionId=target)["InvalidationList"]["Items"]
        assert (listed["Id"], listed["Status"]) == (made["Id"], "InProgress")
        emulator.clock.now = START + 60
        done = cloudfront.get_invalidation(DistributionId=target, Id=made["Id"])["Invalidation"]
        assert done["Status"] == "Completed"
        emulator.clock.now = START + 1800
        rates = self.series(emulator, target, "CacheHitRate", START - 300, 1500)
        assert min(rates) < 0.6 * rates[0]
        assert rates[-1] == pytest.approx(rates[0], rel=0.05)

    def test_the_same_reference_is_the_same_invalidation(self, cloudfront: Any, ids: dict[str, str]) -> None:
        target = ids["test.tim-combo.example"]
        first, again = (self.invalidate(cloudfront, target, "same", "/index.html") for _ in range(2))
        assert again["Id"] == first["Id"]
        assert len(cloudfront.list_invalidations(DistributionId=target)["InvalidationList"]["Items"]) == 1
        batch = {"Paths": {"Quantity": 1, "Items": ["/other"]}, "CallerReference": "same"}
        refused = code(cloudfront.create_invalidation, DistributionId=target, InvalidationBatch=batch)
        assert refused == "InvalidationBatchAlreadyExists"

    def test_wildcards_in_progress_are_limited(self, cloudfront: Any, ids: dict[str, str]) -> None:
        target = ids["stage.tim-combo.example"]
        for number in range(15):
            self.invalidate(cloudfront, target, f"w{number}", f"/{number}/*")
        with pytest.raises(cloudfront.exceptions.TooManyInvalidationsInProgress):
            self.invalidate(cloudfront, target, "w15", "/15/*")

    @staticmethod
    def invalidate(cloudfront: Any, target: str, reference: str, path: str) -> dict[str, Any]:
        batch = {"Paths": {"Quantity": 1, "Items": [path]}, "CallerReference": reference}
        return cloudfront.create_invalidation(DistributionId=target, InvalidationBatch=batch)["Invalidation"]

    @staticmethod
    def series(emulator: Emulator, distribution: str, metric: str, start: float, seconds: int = 600) -> list[float]:
        dimensions = [{"Name": "DistributionId", "Value": distribution}, {"Name": "Region", "Value": "Global"}]
        described = {"Namespace": "AWS/CloudFront", "MetricName": metric, "Dimensions": dimensions}
        asked = {"Id": "a", "MetricStat": {"Metric": described, "Period": 60, "Stat": "Average"}}
        client = emulator.of("tim-media", "cloudwatch")
        begin = int(start // 60) * 60
        return ask(client, asked, start=begin, end=begin + seconds)["MetricDataResults"][0]["Values"]


class TestDatabases:
    def test_a_database_is_near_the_connections_it_allows(self, emulator: Emulator) -> None:
        rds = emulator.of("scheduler-production", "rds")
        row = rds.describe_db_instances(DBInstanceIdentifier="scheduler-production")["DBInstances"][0]
        (parameter,) = rds.describe_db_parameters(
            DBParameterGroupName=row["DBParameterGroups"][0]["DBParameterGroupName"],
            Filters=[{"Name": "parameter-name", "Values": ["max_connections"]}],
        )["Parameters"]
        dimensions = [{"Name": "DBInstanceIdentifier", "Value": "scheduler-production"}]
        described = {"Namespace": "AWS/RDS", "MetricName": "DatabaseConnections", "Dimensions": dimensions}
        asked = {"Id": "a", "MetricStat": {"Metric": described, "Period": 60, "Stat": "Maximum"}}
        (result,) = ask(emulator.of("scheduler-production", "cloudwatch"), asked)["MetricDataResults"]
        shares = [100 * value / int(parameter["ParameterValue"]) for value in result["Values"]]
        assert min(shares) > 80
        assert max(shares) < 95
        assert len(shares) >= 58

    def test_the_replica_follows_its_source(self, emulator: Emulator) -> None:
        rows = emulator.of("scheduler-production", "rds").describe_db_instances()["DBInstances"]
        sources = {row["DBInstanceIdentifier"]: row.get("ReadReplicaSourceDBInstanceIdentifier") for row in rows}
        assert sources == {"scheduler-production": None, "scheduler-production-replica": "scheduler-production"}

    def test_a_cluster_has_its_member(self, emulator: Emulator) -> None:
        (cluster,) = emulator.of("tim-sandbox", "rds").describe_db_clusters()["DBClusters"]
        assert (cluster["Status"], cluster["Engine"]) == ("available", "aurora-postgresql")
        assert [member["DBInstanceIdentifier"] for member in cluster["DBClusterMembers"]] == ["tim-prod-reporting-1"]

    def test_pending_maintenance_is_told(self, emulator: Emulator) -> None:
        (row,) = emulator.of("scheduler-staging", "rds").describe_pending_maintenance_actions()[
            "PendingMaintenanceActions"
        ]
        assert row["ResourceIdentifier"].endswith(":db:scheduler-staging")
        assert row["PendingMaintenanceActionDetails"][0]["Action"] == "system-update"
        assert emulator.of("tim-dev", "rds").describe_pending_maintenance_actions()["PendingMaintenanceActions"] == []
