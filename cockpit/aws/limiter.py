"""Token buckets for each account, region and API, from the quotas that AWS publishes.

Four fifths of a quota are used at most: the rest is for deployments, consoles and other tools of the same account.
Where AWS publishes nothing the rate is a cautious guess, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aiolimiter import AsyncLimiter

from cockpit.model.service import Call

_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Quota:
    """A rate, and the bucket that calls with the same rate share."""

    bucket: str
    per_second: float
    burst: float


def _published(bucket: str, per_second: float) -> Quota:
    return Quota(bucket, _SHARE * per_second, _SHARE * per_second)


_DEFAULT = Quota("default", 10.0, 20.0)
_GET_METRIC_DATA_POINTS = _published("cloudwatch points", 180_000.0)
"""CloudWatch counts estimated points, also of empty answers: 180,000 a second for windows up to three hours old."""

QUOTAS: Mapping[tuple[str, str], Quota] = MappingProxyType(
    {
        # Lambda service quotas: GetFunction 100, GetPolicy 15, everything else of the control plane shares 15.
        ("lambda", "GetFunction"): _published("lambda GetFunction", 100),
        ("lambda", "GetPolicy"): _published("lambda GetPolicy", 15),
        ("lambda", "*"): _published("lambda", 15),
        # CloudWatch service quotas.
        ("cloudwatch", "GetMetricData"): _published("cloudwatch GetMetricData", 50),
        ("cloudwatch", "DescribeAlarms"): _published("cloudwatch DescribeAlarms", 9),
        ("cloudwatch", "ListMetrics"): _published("cloudwatch ListMetrics", 25),
        ("cloudwatch", "GetMetricStatistics"): _published("cloudwatch GetMetricStatistics", 400),
        # Not published: Steampipe polls with 5 a second and a burst of 10.
        ("cloudfront", "*"): Quota("cloudfront", 4.0, 8.0),
        # Amazon Route 53 quotas: 5 a second for an account.
        ("route53", "*"): _published("route53", 5),
        # Not published: 5 a second is reported.
        ("cloudformation", "*"): Quota("cloudformation", 4.0, 4.0),
        # Not published: about 10 a second is reported, and each call costs a cent.
        ("ce", "*"): Quota("ce", 2.0, 4.0),
        # Not published; SQS takes thousands of calls a second.
        ("sqs", "*"): Quota("sqs", 100.0, 200.0),
        # CloudWatch Logs quotas: 5 to 25 a second by region, and nobody may have more.
        ("logs", "FilterLogEvents"): _published("logs FilterLogEvents", 5),
        # Not published as a number that can be relied on.
        ("sts", "*"): Quota("sts", 20.0, 40.0),
    }
)
"""(botocore client, operation, or `*` for the rest of the client) → quota."""


def quota_of(call: Call) -> Quota:
    """The quota that a call falls under."""
    own = QUOTAS.get((call.client, call.operation)) or QUOTAS.get((call.client, "*"))
    return own or Quota(f"{call.client} (default)", _DEFAULT.per_second, _DEFAULT.burst)


class Limiter:
    """The buckets of every account and region. Lives on one event loop."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str, str], AsyncLimiter] = {}

    async def acquire(self, account_id: str, region: str, call: Call, *, points: int = 0) -> None:
        """Wait until the call fits. `points` are the data points that a GetMetricData call may bring back."""
        if points:
            bucket = self._bucket(account_id, region, _GET_METRIC_DATA_POINTS)
            await bucket.acquire(min(points, bucket.max_rate))
        await self._bucket(account_id, region, quota_of(call)).acquire()

    def _bucket(self, account_id: str, region: str, quota: Quota) -> AsyncLimiter:
        key = (account_id, region, quota.bucket)
        if key not in self._buckets:
            self._buckets[key] = AsyncLimiter(quota.burst, quota.burst / quota.per_second)
        return self._buckets[key]
