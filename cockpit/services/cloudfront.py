"""Amazon CloudFront: is every distribution deployed, does it answer, and does its cache help.

Control plane and metrics are in us-east-1, and every metric wants the dimension `Region=Global`. Cache hit rate and
origin latency exist only with a monitoring subscription, which is paid for: without one they are "not enabled".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import Metric, Missing, Rule, Threshold
from cockpit.model.service import (
    Cadence,
    Call,
    Column,
    Discovery,
    Headline,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
)
from cockpit.model.units import Unit, format_figure
from cockpit.services._cloudfront_changes import DATED, WATCHED, invalidation_facts
from cockpit.services._console import distribution_page
from cockpit.services._reading import STACK_TAG, Answers, ask_each, epoch, joined, known, tag_map

SETTLED_SECONDS = 3600.0
"""Tags and monitoring subscription of a distribution are read again after this long."""

_RECENT_POINTS = 5


async def discover(reader: Reader, previous: Observation | None, _settled: Settled) -> Discovery:
    """Every distribution with its invalidations in progress."""
    listed = await reader.pages("ListDistributions", "DistributionList.Items")
    before = known(previous, "distribution")
    rows = {row["Id"]: row for row in listed}
    due = [row for row in listed if _due(before.get(row["ARN"]), reader.now)]
    # In progress means recent, and the first page holds the hundred most recent ones.
    invalidations = await ask_each(
        reader, {key: reader.call("ListInvalidations", DistributionId=key, MaxItems="100") for key in rows}
    )
    tags = await ask_each(reader, {row["Id"]: reader.call("ListTagsForResource", Resource=row["ARN"]) for row in due})
    monitoring = await ask_each(reader, {row["Id"]: _subscription(reader, row["Id"]) for row in due})
    distributions = [
        _with_settled(_distribution(reader, row, invalidations), before.get(row["ARN"]), tags, monitoring, reader.now)
        for row in listed
        if row["Id"] not in invalidations.gone
    ]
    names = {key: _name(row) for key, row in rows.items()}
    failures = (*invalidations.failures, *tags.failures, *monitoring.failures)
    named = tuple(replace(one, resource=names[one.resource]) if one.resource else one for one in failures)
    return Discovery(tuple(distributions), named)


def _due(then: Resource | None, now: float) -> bool:
    return then is None or now - (then.number("settled_read_at") or 0.0) >= SETTLED_SECONDS


async def _subscription(reader: Reader, distribution: str) -> bool:
    """Whether cache hit rate and origin latency are published."""
    try:
        answer = await reader.call("GetMonitoringSubscription", DistributionId=distribution)
    except CallFailed as failed:
        if failed.failure.code == "NoSuchMonitoringSubscription":
            return False
        raise
    config = answer.get("MonitoringSubscription", {}).get("RealtimeMetricsSubscriptionConfig", {})
    return bool(config.get("RealtimeMetricsSubscriptionStatus") == "Enabled")


def _name(row: Mapping[str, Any]) -> str:
    """What people call it: its first domain name of their own, else its id."""
    aliases = row.get("Aliases", {}).get("Items") or []
    return str(aliases[0]) if aliases else str(row["Id"])


def _distribution(reader: Reader, row: Mapping[str, Any], invalidations: Answers) -> Resource:
    """A distribution as ListDistributions gives it."""
    certificate = row.get("ViewerCertificate", {})
    origins = row.get("Origins", {}).get("Items") or []
    buckets = [origin for origin in origins if "S3OriginConfig" in origin]
    facts: dict[str, Fact] = {
        "status": row["Status"],
        "enabled": row["Enabled"],
        "domain": row["DomainName"],
        "aliases": joined(row.get("Aliases", {}).get("Items")),
        **invalidation_facts(row["Id"], invalidations),
        "detailed_metrics": None,
        "id": row["Id"],
        "comment": row.get("Comment") or None,
        "last_modified": epoch(row.get("LastModifiedTime")),
        "etag": row.get("ETag"),
        "origins": joined([origin["DomainName"] for origin in origins]),
        "origin_access_control": all(map(_guarded, buckets)) if buckets else None,
        "certificate": certificate.get("ACMCertificateArn") or certificate.get("IAMCertificateId"),
        "minimum_tls": certificate.get("MinimumProtocolVersion"),
        "web_acl": row.get("WebACLId") or None,
        "http_version": row.get("HttpVersion"),
        "price_class": row.get("PriceClass"),
        "ipv6": row.get("IsIPV6Enabled"),
    }
    return Resource(row["ARN"], reader.slot, "distribution", _name(row), facts)


def _guarded(origin: Mapping[str, Any]) -> bool:
    """Whether a bucket answers this distribution only: by access control, or by the older access identity."""
    return bool(origin.get("OriginAccessControlId") or origin["S3OriginConfig"].get("OriginAccessIdentity"))


def _with_settled(
    distribution: Resource, then: Resource | None, tags: Answers, monitoring: Answers, now: float
) -> Resource:
    """Add what seldom changes: from this look, else from the one before."""
    key = str(distribution.facts["id"])
    own = then.tags if then else {}
    detailed = then.facts["detailed_metrics"] if then else None
    if key in tags.by_name:
        own = tag_map(tags.by_name[key].get("Tags", {}).get("Items"))
    detailed = monitoring.by_name.get(key, detailed)
    both = key in tags.by_name and key in monitoring.by_name
    read_at: Fact = now if both else (then.facts["settled_read_at"] if then else None)
    facts = {**distribution.facts, "detailed_metrics": detailed, "settled_read_at": read_at}
    return replace(distribution, facts=facts, tags=own, stack=own.get(STACK_TAG))


def _recent_requests(resource: Resource) -> float | None:
    series = resource.series.get("requests")
    return series.tail(_RECENT_POINTS).total if series else None


def _hit_rate(resource: Resource) -> float | None:
    return resource.latest("cache_hit") if resource.facts.get("detailed_metrics") else None


def headline(resources: Sequence[Resource]) -> Headline:
    """The worst server error rate where there are such errors; else how well the caches work, by requests.

    Both are of the newest point. Without a monitoring subscription the error rate is all there is.
    """
    failing = max(resources, key=lambda one: one.latest("error_5xx") or 0.0)
    percent = failing.latest("error_5xx")
    if percent is not None and percent >= _NOTEWORTHY_PERCENT:
        return _headline("5xx", percent, failing, "error_5xx")
    hits = [(rate, _recent_requests(one) or 0.0, one) for one in resources if (rate := _hit_rate(one)) is not None]
    weight = sum(requests for _, requests, _ in hits)
    if hits and weight:
        mean = sum(rate * requests for rate, requests, _ in hits) / weight
        busiest = max(hits, key=lambda hit: hit[1])[2]
        return _headline("hit", mean, busiest, "cache_hit")
    return _headline("5xx", percent, failing, "error_5xx") if percent is not None else Headline("–")


_NOTEWORTHY_PERCENT = 0.5
"""Half of what the rule warns of."""


def _headline(word: str, percent: float, resource: Resource, metric: str) -> Headline:
    course = resource.series[metric].tail(60).values
    return Headline(f"{word} {format_figure(percent, Unit.PERCENT)}", course, resource.name)


def _dimensions(resource: Resource) -> Mapping[str, str] | None:
    """A disabled distribution answers nobody and publishes nothing."""
    if resource.facts.get("enabled") is False:
        return None
    return {"DistributionId": str(resource.facts["id"]), "Region": "Global"}


def _detailed_dimensions(resource: Resource) -> Mapping[str, str] | None:
    return _dimensions(resource) if resource.facts.get("detailed_metrics") else None


# Points of CloudFront settle within minutes of their end; five is a margin of our own.
_metric = partial(
    MetricSpec, namespace="AWS/CloudFront", kinds=("distribution",), missing=Missing.ZERO, delay_seconds=300
)
_rate = partial(_metric, statistic="Average", unit=Unit.PERCENT)

METRICS = (
    _metric(id="requests", name="Requests", statistic="Sum", unit=Unit.COUNT, dimensions=_dimensions, label="requests"),
    _rate(id="error_4xx", name="4xxErrorRate", dimensions=_dimensions, label="4xx rate"),
    _rate(id="error_5xx", name="5xxErrorRate", dimensions=_dimensions, label="5xx rate"),
    _rate(
        id="cache_hit",
        name="CacheHitRate",
        missing=Missing.NOT_APPLICABLE,
        dimensions=_detailed_dimensions,
        label="cache hit rate",
    ),
    _metric(
        id="origin_latency",
        name="OriginLatency",
        statistic="p90",
        unit=Unit.SECONDS,
        missing=Missing.NOT_APPLICABLE,
        dimensions=_detailed_dimensions,
        scale=0.001,
        label="p90 origin latency",
    ),
)

# A rate over fewer requests a minute than this swings from 0 to 100 with a single visitor.
_judge = partial(Rule, kinds=("distribution",), missing=Missing.ZERO, samples="requests", minimum_samples=10)

RULES = (
    _judge(
        key="cloudfront.error_5xx",
        label="5xx rate",
        value=Metric("error_5xx"),
        unit=Unit.PERCENT,
        threshold=Threshold(warning=1.0, critical=5.0, for_seconds=300),
    ),
    _judge(
        key="cloudfront.error_4xx",
        label="4xx rate",
        value=Metric("error_4xx"),
        unit=Unit.PERCENT,
        threshold=Threshold(warning=25.0, critical=None, for_seconds=300),
    ),
    _judge(
        key="cloudfront.origin_latency",
        label="p90 origin latency",
        value=Metric("origin_latency"),
        unit=Unit.SECONDS,
        threshold=Threshold(warning=2.0, critical=None, for_seconds=300),
        missing=Missing.NOT_APPLICABLE,
    ),
)


def _cache_hit(resource: Resource) -> Fact:
    return "not enabled" if resource.facts.get("detailed_metrics") is False else _hit_rate(resource)


def _origin_latency(resource: Resource) -> Fact:
    return "not enabled" if resource.facts.get("detailed_metrics") is False else resource.latest("origin_latency")


def _invalidations(resource: Resource) -> Fact:
    return resource.number("invalidations_in_progress")


def _status(resource: Resource) -> Fact:
    return resource.facts.get("status") if resource.facts.get("enabled") else "Disabled"


COLUMNS = (
    Column("error_5xx", "5XX", lambda one: one.latest("error_5xx"), Unit.PERCENT, 1, numeric=True),
    Column("error_4xx", "4XX", lambda one: one.latest("error_4xx"), Unit.PERCENT, 2, numeric=True),
    Column("requests", "REQUESTS 5M", _recent_requests, Unit.COUNT, 1, numeric=True),
    Column("cache_hit", "CACHE HIT", _cache_hit, Unit.PERCENT, 1, numeric=True),
    Column("origin_latency", "ORIGIN P90", _origin_latency, Unit.SECONDS, 2, numeric=True),
    Column("status", "STATUS", _status, None, 1),
    Column("invalidations", "INVALIDATING", _invalidations, Unit.COUNT, 2, numeric=True),
    Column("domain", "DOMAIN", lambda one: one.facts.get("domain"), None, 3),
    Column("minimum_tls", "TLS", lambda one: one.facts.get("minimum_tls"), None, 4),
    Column("web_acl", "WAF", lambda one: "on" if one.facts.get("web_acl") else "off", None, 4),
    Column("modified", "MODIFIED", lambda one: one.facts.get("last_modified"), None, 3, age=True),
)

SERVICE = ServiceSpec(
    key="cloudfront",
    title="CloudFront",
    column="EDGE",
    order=40,
    billed_as=("Amazon CloudFront",),
    reach=Reach.GLOBAL,
    calls=(
        Call("cloudfront", "ListDistributions", "cloudfront:ListDistributions"),
        Call("cloudfront", "ListInvalidations", "cloudfront:ListInvalidations"),
        Call("cloudfront", "ListTagsForResource", "cloudfront:ListTagsForResource"),
        Call("cloudfront", "GetMonitoringSubscription", "cloudfront:GetMonitoringSubscription"),
    ),
    discover=discover,
    discover_seconds=300.0,
    stale_seconds=1200.0,
    metrics=METRICS,
    # The newest five minutes are never complete, so a look every five would find little news for its price.
    cadences=(Cadence(("distribution",), every_seconds=600.0, close_seconds=60.0),),
    rules=RULES,
    columns=COLUMNS,
    headline=headline,
    selects=("distribution",),
    watched=WATCHED,
    dated=DATED,
    console=distribution_page,
)
