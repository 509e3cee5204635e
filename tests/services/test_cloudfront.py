"""CloudFront: distributions, invalidations in progress, and metrics that exist only where they are paid for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Discovery, Settled
from cockpit.model.verdict import Health
from cockpit.services.cloudfront import SERVICE, SETTLED_SECONDS, discover
from tests.services.recorded import ACCOUNT_ID, NOW, Answer, Page, RecordedReader, Refusal, named, observed
from tests.services.samples import sample, verdict


def arn(key: str) -> str:
    return f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/{key}"


def distribution(key: str, *aliases: str, enabled: bool = True, **more: Any) -> dict[str, Any]:
    """A row of ListDistributions with everything that CloudFront promises."""
    return {
        "Id": key,
        "ARN": arn(key),
        "Status": "Deployed",
        "LastModifiedTime": datetime.fromtimestamp(NOW - 3600, UTC),
        "DomainName": f"{key.lower()}.cloudfront.example",
        "Aliases": {"Quantity": len(aliases), **({"Items": list(aliases)} if aliases else {})},
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": "s3",
                    "DomainName": "site.s3.example",
                    "OriginAccessControlId": "E0AC",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {"TargetOriginId": "s3", "ViewerProtocolPolicy": "redirect-to-https"},
        "CacheBehaviors": {"Quantity": 0},
        "CustomErrorResponses": {"Quantity": 0},
        "Comment": "the shop",
        "PriceClass": "PriceClass_100",
        "Enabled": enabled,
        "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "Staging": False,
        **more,
    }


def listed(*rows: dict[str, Any]) -> dict[str, Any]:
    page = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(rows)}
    return {"DistributionList": {**page, **({"Items": list(rows)} if rows else {})}}


def invalidations(*statuses: str) -> dict[str, Any]:
    items = [
        {"Id": f"I{index}", "CreateTime": datetime.fromtimestamp(NOW, UTC), "Status": status}
        for index, status in enumerate(statuses)
    ]
    page = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items)}
    return {"InvalidationList": {**page, **({"Items": items} if items else {})}}


def subscription(status: str) -> dict[str, Any]:
    return {
        "MonitoringSubscription": {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": status}}
    }


NONE = Refusal("NoSuchMonitoringSubscription", "A monitoring subscription does not exist")


def answers(**more: Answer) -> dict[str, Answer]:
    return {
        "ListDistributions": listed(distribution("E1", "shop.example", "www.shop.example")),
        "ListInvalidations": invalidations(),
        "ListTagsForResource": {"Tags": {"Items": [{"Key": "stage", "Value": "prod"}, {"Key": "empty"}]}},
        "GetMonitoringSubscription": subscription("Enabled"),
        **more,
    }


async def look(reader: RecordedReader, previous: Discovery | None = None) -> Discovery:
    return await discover(reader, observed(SERVICE, previous) if previous else None, Settled({}))


async def test_a_distribution_goes_by_its_first_domain_and_keeps_its_id() -> None:
    shop = named(await look(RecordedReader(SERVICE, answers())), "shop.example")
    assert shop.key == arn("E1")
    assert shop.facts["id"] == "E1"
    assert shop.facts["aliases"] == "shop.example, www.shop.example"
    assert shop.facts["minimum_tls"] == "TLSv1.2_2021"
    assert shop.facts["origin_access_control"] is True
    assert shop.facts["web_acl"] is None
    assert shop.tags == {"stage": "prod", "empty": ""}


async def test_the_newest_invalidation_is_dated_without_another_call() -> None:
    old, new = (
        {"Id": f"I{at}", "CreateTime": datetime.fromtimestamp(at, UTC), "Status": "Completed"}
        for at in (NOW - 900, NOW - 300)
    )
    page = {
        "InvalidationList": {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 2, "Items": [old, new]}
    }
    dated = named(await look(RecordedReader(SERVICE, answers(ListInvalidations=page))), "shop.example")
    assert dated.facts["invalidated_at"] == NOW - 300
    refused = Refusal("AccessDenied", "no")
    unread = named(await look(RecordedReader(SERVICE, answers(ListInvalidations=refused))), "shop.example")
    assert unread.facts["invalidated_at"] is None
    never = named(await look(RecordedReader(SERVICE, answers())), "shop.example")
    assert never.facts["invalidated_at"] is None


async def test_without_a_domain_of_its_own_it_goes_by_its_id() -> None:
    found = await look(RecordedReader(SERVICE, answers(ListDistributions=listed(distribution("E2")))))
    assert named(found, "E2")


async def test_an_open_bucket_is_told() -> None:
    origin = {"Id": "s3", "DomainName": "site.s3.example", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    row = distribution("E2", Origins={"Quantity": 1, "Items": [origin]})
    found = await look(RecordedReader(SERVICE, answers(ListDistributions=listed(row))))
    assert named(found, "E2").facts["origin_access_control"] is False


async def test_only_invalidations_in_progress_are_counted() -> None:
    several = invalidations("InProgress", "Completed", "InProgress")
    found = await look(RecordedReader(SERVICE, answers(ListInvalidations=several)))
    assert named(found, "shop.example").facts["invalidations_in_progress"] == 2


async def test_invalidations_that_may_not_be_read_are_unknown_and_not_none() -> None:
    found = await look(RecordedReader(SERVICE, answers(ListInvalidations=Refusal())))
    assert named(found, "shop.example").facts["invalidations_in_progress"] is None
    assert [(failure.resource, failure.operation) for failure in found.failures] == [
        ("shop.example", "ListInvalidations")
    ]


@pytest.mark.parametrize(
    ("answer", "enabled"), [(subscription("Enabled"), True), (subscription("Disabled"), False), (NONE, False)]
)
async def test_detailed_metrics_are_enabled_by_a_subscription(answer: Page, enabled: bool) -> None:
    found = await look(RecordedReader(SERVICE, answers(GetMonitoringSubscription=answer)))
    assert named(found, "shop.example").facts["detailed_metrics"] is enabled
    assert found.failures == ()


async def test_a_denied_subscription_is_a_failure_and_unknown() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetMonitoringSubscription=Refusal())))
    assert named(found, "shop.example").facts["detailed_metrics"] is None
    assert [failure.iam_action for failure in found.failures] == ["cloudfront:GetMonitoringSubscription"]


async def test_tags_and_subscription_are_read_once_an_hour() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    soon = RecordedReader(SERVICE, answers(), now=NOW + 300)
    second = await look(soon, first)
    assert soon.times("ListTagsForResource") + soon.times("GetMonitoringSubscription") == 0
    assert named(second, "shop.example").tags == named(first, "shop.example").tags
    assert named(second, "shop.example").facts["detailed_metrics"] is True
    hour = RecordedReader(SERVICE, answers(), now=NOW + SETTLED_SECONDS)
    await look(hour, second)
    assert hour.times("ListTagsForResource") == 1


async def test_an_account_without_distributions_is_empty() -> None:
    assert await look(RecordedReader(SERVICE, answers(ListDistributions=listed()))) == Discovery(())


async def test_a_distribution_deleted_meanwhile_is_gone() -> None:
    def list_invalidations(parameters: Mapping[str, Any]) -> Page:
        return Refusal("NoSuchDistribution") if parameters["DistributionId"] == "E2" else invalidations()

    def subscribed(parameters: Mapping[str, Any]) -> Page:
        return Refusal("NoSuchDistribution") if parameters["DistributionId"] == "E2" else NONE

    rows = listed(distribution("E1", "shop.example"), distribution("E2"))
    more = {"ListInvalidations": list_invalidations, "GetMonitoringSubscription": subscribed}
    found = await look(RecordedReader(SERVICE, answers(ListDistributions=rows, **more)))
    assert [resource.name for resource in found.resources] == ["shop.example"]
    assert found.failures == ()


async def test_denied_distributions_fail_the_look() -> None:
    with pytest.raises(CallFailed):
        await look(RecordedReader(SERVICE, answers(ListDistributions=Refusal("AccessDenied"))))


def edge(name: str = "shop.example", *, detailed: bool | None = True, enabled: bool = True, **metrics: Any) -> Resource:
    facts: dict[str, Fact] = {"id": "E1", "enabled": enabled, "status": "Deployed", "detailed_metrics": detailed}
    return sample(SERVICE, "distribution", name, facts, **metrics)


def test_metrics_are_global() -> None:
    for metric in SERVICE.metrics:
        assert metric.dimensions(edge()) == {"DistributionId": "E1", "Region": "Global"}
        assert metric.delay_seconds == 300


@pytest.mark.parametrize("detailed", [False, None])
def test_without_a_subscription_there_is_no_cache_hit_rate_to_ask_for(detailed: bool | None) -> None:
    there = {metric.id for metric in SERVICE.metrics if metric.dimensions(edge(detailed=detailed)) is not None}
    assert there == {"requests", "error_4xx", "error_5xx"}


def test_a_disabled_distribution_has_no_metrics_and_is_not_unknown() -> None:
    off = edge(enabled=False)
    assert all(metric.dimensions(off) is None for metric in SERVICE.metrics)
    assert all(verdict(SERVICE, rule.key, off) is None for rule in SERVICE.rules)


def test_the_table_says_not_enabled() -> None:
    shown = {column.key: column.value(edge(detailed=False)) for column in SERVICE.columns}
    assert shown["cache_hit"] == "not enabled"
    assert shown["origin_latency"] == "not enabled"


@pytest.mark.parametrize(
    ("rate", "health"), [(1.0, Health.OK), (1.5, Health.WARNING), (5.5, Health.CRITICAL), (None, Health.OK)]
)
def test_server_errors(rate: float | None, health: Health) -> None:
    judged = verdict(SERVICE, "cloudfront.error_5xx", edge(error_5xx=[rate] * 5, requests=[500.0] * 5))
    assert judged is not None
    assert judged.health is health


def test_a_rate_of_a_few_requests_is_not_judged() -> None:
    judged = verdict(SERVICE, "cloudfront.error_5xx", edge(error_5xx=[50.0] * 5, requests=[9.0] * 5))
    assert judged is None or judged.health is Health.OK


def test_slow_origins_are_a_warning_only_where_they_are_measured() -> None:
    slow = edge(origin_latency=[2.5] * 5, requests=[500.0] * 5)
    judged = verdict(SERVICE, "cloudfront.origin_latency", slow)
    assert judged is not None
    assert judged.health is Health.WARNING
    assert verdict(SERVICE, "cloudfront.origin_latency", edge(detailed=False, requests=[500.0] * 5)) is None


def test_the_cell_weighs_cache_hit_rates_by_requests() -> None:
    busy = edge("busy", cache_hit=[90.0], requests=[900.0], error_5xx=[0.0])
    quiet = edge("quiet", cache_hit=[10.0], requests=[100.0], error_5xx=[0.1])
    shown = SERVICE.headline([quiet, busy])
    assert (shown.text, shown.label) == ("hit 82 %", "busy")


def test_the_cell_tells_server_errors_first() -> None:
    failing = edge("failing", cache_hit=[90.0], requests=[900.0], error_5xx=[2.0])
    assert SERVICE.headline([edge("fine", error_5xx=[0.0]), failing]).text == "5xx 2.0 %"


def test_without_a_subscription_the_cell_shows_the_error_rate() -> None:
    assert SERVICE.headline([edge(detailed=False, error_5xx=[0.0], requests=[5.0])]).text == "5xx 0.0 %"
