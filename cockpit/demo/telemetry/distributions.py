"""CloudFront: what a distribution reports each minute, in us-east-1, with `Region=Global`.

Metrics: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html. The
additional ones (cache hit rate, origin latency) exist only with a monitoring subscription; error rates are percent,
latency is milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from cockpit.demo.telemetry.noise import DAY, MINUTES_A_DAY, rounded, seed, swing, uniform
from cockpit.demo.telemetry.samples import Part, Sample
from cockpit.demo.telemetry.timeline import Timeline

_REFILL_SECONDS = 600.0
"""How long a cache takes to fill again after it was emptied."""

METRICS = (
    "Requests",
    "BytesDownloaded",
    "4xxErrorRate",
    "5xxErrorRate",
    "TotalErrorRate",
    "CacheHitRate",
    "OriginLatency",
)


@dataclass(eq=False)
class DistributionLoad:
    """A distribution as its viewers use it."""

    id: str
    per_minute: float
    hit_percent: float
    error_4xx_percent: float = 0.6
    error_5xx_percent: float = 0.03
    origin_ms: float = 85.0
    detailed: Timeline[bool] = field(default_factory=lambda: Timeline(False))  # noqa: FBT003 - the value itself
    """Whether there is a monitoring subscription."""
    emptied: list[float] = field(default_factory=list)
    """When the whole cache was invalidated, epoch seconds."""

    def __post_init__(self) -> None:
        self._requests, self._errors, self._hits = (seed(self.id, what) for what in ("requests", "errors", "hits"))

    def sample(self, metric: str, minute: int, settled: float = 1.0) -> Sample | None:
        """A metric of the distribution over a minute; None if it has no such metric or no data point."""
        busy = self.per_minute * DAY[minute % MINUTES_A_DAY] * (1 + 0.18 * swing(self._requests, minute))
        requests = math.floor(rounded(busy, uniform(self._requests, minute * 3 + 1)) * settled)
        if requests <= 0:
            return None
        if metric == "Requests":
            return Sample(requests, requests, 1.0, 1.0, (Part(requests, 1.0, 0.0),))
        if metric == "BytesDownloaded":
            size = 41_000.0 * (1 + 0.1 * swing(self._hits, minute))
            return Sample(requests, requests * size, 200.0, size * 30, (Part(requests, size / 2, 1.2),))
        rate = self._rate(metric, minute)
        if rate is not None:
            # A rate is weighed by its requests: over several minutes its Average is the rate of all of them.
            return Sample(requests, rate * requests, rate, rate, (Part(requests, rate, 0.0),))
        if metric == "OriginLatency" and self.detailed.at(minute * 60):
            return self._latency(requests, minute)
        return None

    def _rate(self, metric: str, minute: int) -> float | None:
        sway = 1 + 0.25 * swing(self._errors, minute)
        if metric == "4xxErrorRate":
            return self.error_4xx_percent * sway
        if metric == "5xxErrorRate":
            return self.error_5xx_percent * sway
        if metric == "TotalErrorRate":
            return (self.error_4xx_percent + self.error_5xx_percent) * sway
        if metric == "CacheHitRate" and self.detailed.at(minute * 60):
            return self._hit_rate(minute)
        return None

    def _hit_rate(self, minute: int) -> float:
        moment = minute * 60 + 30
        ages = [moment - emptied for emptied in self.emptied if emptied <= moment]
        full = 1.0 if not ages else min(1.0, 0.35 + 0.65 * min(ages) / _REFILL_SECONDS)
        return min(99.9, self.hit_percent * full * (1 + 0.02 * swing(self._hits, minute)))

    def _latency(self, requests: int, minute: int) -> Sample:
        misses = max(1.0, requests * (1 - self._hit_rate(minute) / 100))
        median = self.origin_ms * (1 + 0.1 * swing(self._hits, minute + 7))
        sigma = 0.5
        return Sample(
            misses,
            misses * median * math.exp(sigma * sigma / 2),
            median / 4,
            median * 4,
            (Part(misses, median, sigma),),
        )
