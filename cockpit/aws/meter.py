"""What the cockpit itself uses: calls, attempts, throttles, failures, billed metrics, dollars; and a daily ceiling."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cockpit.model.snapshot import MeterLine, MeterReading

USD_PER_METRIC = 0.01 / 1000
"""GetMetricData bills each metric requested, whatever the number of points; five statistics of one metric are one."""
STATISTICS_PER_METRIC = 5

PRICES: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        # $0.40 a million (Amazon SQS pricing). The first million a month is free and is counted all the same.
        ("sqs", "GetQueueAttributes"): 0.40 / 1_000_000,
        ("sqs", "ListQueues"): 0.40 / 1_000_000,
        ("sqs", "ListQueueTags"): 0.40 / 1_000_000,
        # $0.01 a thousand (Amazon CloudWatch pricing, API requests), also after a free million.
        ("cloudwatch", "ListMetrics"): 0.01 / 1000,
        ("cloudwatch", "GetMetricStatistics"): 0.01 / 1000,
    }
)
"""(botocore client, operation) → dollars for each call. What is absent is free, or priced by its service."""

_DAY = 86_400
_RATE_WINDOW = 3600.0
_SHORTEST_RATE_WINDOW = 600.0
_READY_SHARE = 0.5
_NEAR = 0.8


def price(client: str, operation: str, dollars_per_call: Mapping[str, float] | None = None) -> float:
    """Dollars for one call; `dollars_per_call` is what the service itself says (`ServiceSpec.dollars_per_call`)."""
    own = (dollars_per_call or {}).get(operation)
    return PRICES.get((client, operation), 0.0) if own is None else own


class Meter:
    """Counts calls and dollars. May be used from any thread.

    The ceiling is for one day (UTC, as AWS bills). Half of it may be spent at once; the other half becomes
    available evenly over the day, so that a fleet that is too dear is polled more slowly instead of going
    dark until midnight. Calls that cost nothing are never refused. What other processes on this machine spend counts
    too, as far as it was told by `share`.
    """

    def __init__(self, ceiling_usd_per_day: float | None = None, *, since: float | None = None) -> None:
        self._ceiling = ceiling_usd_per_day
        self._since = since
        self._lock = threading.Lock()
        self._lines: dict[tuple[str, str, str], MeterLine] = {}
        self._minutes: deque[tuple[int, float]] = deque()
        self._day = 0
        self._spent_today = 0.0
        self._shared_today = 0.0
        self._elsewhere_today = 0.0
        self._reserved = 0.0
        self._refused_at = float("-inf")

    def allows(self, cost_usd: float, now: float) -> bool:
        """Whether a call of this price fits under the ceiling now."""
        with self._lock:
            return self._allows(cost_usd, now)

    def reserve(self, cost_usd: float, now: float) -> bool:
        """Set the price of a call aside before it is made; False where the ceiling refuses it.

        What was reserved is given back by `record(reserved_usd=…)`.
        """
        with self._lock:
            if not self._allows(cost_usd, now):
                self._refused_at = now
                return False
            self._reserved += cost_usd
            return True

    def record(
        self,
        *,
        account: str,
        client: str,
        operation: str,
        now: float,
        attempts: int = 1,
        throttles: int = 0,
        failed: bool = False,
        billed_metrics: int = 0,
        cost_usd: float = 0.0,
        reserved_usd: float = 0.0,
    ) -> None:
        """Count one finished call. `now` is epoch seconds; `attempts` are HTTP requests, retries included."""
        key = (account, client, operation)
        with self._lock:
            self._roll(now)
            line = self._lines.get(key) or MeterLine(account, client, operation)
            self._lines[key] = replace(
                line,
                calls=line.calls + 1,
                attempts=line.attempts + attempts,
                throttles=line.throttles + throttles,
                failures=line.failures + failed,
                billed_metrics=line.billed_metrics + billed_metrics,
                cost_usd=line.cost_usd + cost_usd,
            )
            self._reserved = max(0.0, self._reserved - reserved_usd)
            if cost_usd:
                self._spend(cost_usd, now)

    def reading(self, now: float) -> MeterReading:
        """Everything counted so far."""
        with self._lock:
            self._roll(now)
            return MeterReading(
                since=now if self._since is None else self._since,
                lines=tuple(self._lines[key] for key in sorted(self._lines)),
                ceiling_usd_per_day=self._ceiling,
                usd_per_hour=self._usd_per_hour(now),
                usd_today=self._everywhere_today,
                throttled_by_ceiling=self._near_ceiling(now),
            )

    def share(self, tell: Callable[[int, float], float | None], now: float) -> None:
        """Tell what was spent today and not yet told, and learn what every process together has spent.

        `tell(day, dollars)` gives the total of that day (days since 1970, UTC), or None where nobody listens.
        """
        with self._lock:
            self._roll(now)
            day, untold = self._day, self._spent_today - self._shared_today
        total = tell(day, untold)
        with self._lock:
            if total is not None and day == self._day:
                self._shared_today += untold
                self._elsewhere_today = max(0.0, total - self._shared_today)

    @property
    def _everywhere_today(self) -> float:
        return self._spent_today + self._elsewhere_today

    def _allows(self, cost_usd: float, now: float) -> bool:
        self._roll(now)
        if self._ceiling is None or cost_usd <= 0:
            return True
        return self._everywhere_today + self._reserved + cost_usd <= self._allowance(now)

    def _allowance(self, now: float) -> float:
        """Dollars that may have been spent by this time of the day."""
        assert self._ceiling is not None  # noqa: S101 - both callers have asked
        return self._ceiling * (_READY_SHARE + (1 - _READY_SHARE) * (now % _DAY) / _DAY)

    def _near_ceiling(self, now: float) -> bool:
        if self._ceiling is None:
            return False
        refused_lately = now - self._refused_at < _SHORTEST_RATE_WINDOW
        return refused_lately or self._everywhere_today > _NEAR * self._allowance(now)

    def _spend(self, cost_usd: float, now: float) -> None:
        self._spent_today += cost_usd
        minute = int(now // 60)
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1] = (minute, self._minutes[-1][1] + cost_usd)
        else:
            self._minutes.append((minute, cost_usd))

    def _usd_per_hour(self, now: float) -> float:
        since = now if self._since is None else self._since
        seconds = min(_RATE_WINDOW, max(_SHORTEST_RATE_WINDOW, now - since))
        return sum(usd for _, usd in self._minutes) * 3600.0 / seconds

    def _roll(self, now: float) -> None:
        """Start a new day, and forget minutes that are out of the rate's window."""
        if self._since is None:
            self._since = now
        day = int(now // _DAY)
        if day > self._day:
            self._day, self._spent_today = day, 0.0
            self._shared_today = self._elsewhere_today = 0.0
        while self._minutes and self._minutes[0][0] * 60 < now - _RATE_WINDOW:
            self._minutes.popleft()
