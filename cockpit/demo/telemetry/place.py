"""Everything that reports metrics in one region of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cockpit.demo.telemetry import databases, distributions, queues
from cockpit.demo.telemetry.databases import DatabaseLoad
from cockpit.demo.telemetry.distributions import DistributionLoad
from cockpit.demo.telemetry.functions import METRICS, FunctionLoad, Minute, Routing, account_sample, sample_of
from cockpit.demo.telemetry.queues import QueueLoad
from cockpit.demo.telemetry.samples import Sample

_CACHED_MINUTES = 600
_FOREVER = 10**12
"""A minute after every change."""


class Metric(NamedTuple):
    """A metric as CloudWatch identifies it."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    """Sorted by name. Only the exact combination exists."""


class Settling(NamedTuple):
    """How a namespace's newest minutes come in."""

    hidden_seconds: float
    """Nothing is known this long after a minute has ended."""
    complete_seconds: float
    """By then all of it is known."""


SETTLING = {
    "AWS/Lambda": Settling(0, 100),
    "AWS/SQS": Settling(0, 60),
    "AWS/RDS": Settling(90, 90),
    "AWS/CloudFront": Settling(60, 270),
}

Minutes = Callable[[int], "Sample | None"]
"""Epoch minute → sample."""

Memo = dict[str, dict[int, Minute]]
"""Function → minute → what happened: one request asks for several metrics of the same minutes."""


class Place:
    """The reporting resources of a (account, region), by name."""

    def __init__(self) -> None:
        self.functions: dict[str, FunctionLoad] = {}
        self.queues: dict[str, QueueLoad] = {}
        self.databases: dict[str, DatabaseLoad] = {}
        self.distributions: dict[str, DistributionLoad] = {}
        self._account_samples: dict[tuple[str, int], Sample | None] = {}

    def route(self, function: str, at: float, routing: Routing) -> None:
        """From `at` on, the traffic of a function goes another way."""
        self.functions[function].routing.change(at, routing)
        self.forget_sums()

    def forget_sums(self) -> None:
        """What the account reports is worked out anew: its functions changed."""
        self._account_samples.clear()

    def minutes(self, metric: Metric, now: float, memo: Memo) -> Minutes | None:
        """Samples of a metric as they are known at `now`, or None if nothing reports it."""
        source = self._source(metric, now, memo)
        if source is None:
            return None
        settling = SETTLING[metric.namespace]
        known = int((now - settling.hidden_seconds) // 60)
        return lambda minute: source(minute) if minute < known else None

    def metrics(self) -> Iterator[Metric]:
        """Every metric that has had data lately."""
        for name in sorted(METRICS) if self.functions else ():
            yield Metric("AWS/Lambda", name, ())
            for load in self.functions.values():
                own = ("FunctionName", load.name)
                yield Metric("AWS/Lambda", name, (own,))
                yield Metric("AWS/Lambda", name, (own, ("Resource", _resource(load, _FOREVER))))
        for namespace, key, names, metrics in (
            ("AWS/SQS", "QueueName", self.queues, queues.METRICS),
            ("AWS/RDS", "DBInstanceIdentifier", self.databases, databases.METRICS),
        ):
            yield from (Metric(namespace, metric, ((key, name),)) for name in names for metric in metrics)
        for found in self.distributions:
            dimensions = (("DistributionId", found), ("Region", "Global"))
            yield from (Metric("AWS/CloudFront", metric, dimensions) for metric in distributions.METRICS)

    def _source(self, metric: Metric, now: float, memo: Memo) -> Minutes | None:
        if metric.namespace == "AWS/Lambda":
            return self._lambda(metric, now, memo)
        values = dict(metric.dimensions)
        names = tuple(values)
        if metric.namespace == "AWS/SQS" and names == ("QueueName",):
            return self._queue(self.queues.get(values["QueueName"]), metric, now)
        if metric.namespace == "AWS/RDS" and names == ("DBInstanceIdentifier",):
            return self._database(self.databases.get(values["DBInstanceIdentifier"]), metric)
        if metric.namespace == "AWS/CloudFront" and names == ("DistributionId", "Region"):
            found = self.distributions.get(values["DistributionId"]) if values["Region"] == "Global" else None
            return self._distribution(found, metric, now)
        return None

    @staticmethod
    def _queue(queue: QueueLoad | None, metric: Metric, now: float) -> Minutes | None:
        if queue is None:
            return None
        return lambda minute: queue.sample(metric.name, minute, settled(metric.namespace, minute, now))

    @staticmethod
    def _database(database: DatabaseLoad | None, metric: Metric) -> Minutes | None:
        return None if database is None else lambda minute: database.sample(metric.name, minute)

    @staticmethod
    def _distribution(found: DistributionLoad | None, metric: Metric, now: float) -> Minutes | None:
        if found is None:
            return None
        return lambda minute: found.sample(metric.name, minute, settled(metric.namespace, minute, now))

    def _lambda(self, metric: Metric, now: float, memo: Memo) -> Minutes | None:
        if metric.name not in METRICS:
            return None
        if not metric.dimensions:
            return lambda minute: self._account(metric.name, minute, now)
        values = dict(metric.dimensions)
        load = self.functions.get(values.pop("FunctionName", ""))
        if load is None:
            return None
        version = values.pop("ExecutedVersion", None)
        resource = values.pop("Resource", None)
        if values or (version is not None and resource is None):
            return None
        done = memo.setdefault(load.name, {})

        def sample(minute: int) -> Sample | None:
            if resource is not None and resource != _resource(load, minute):
                return None
            happened = done.get(minute)
            if happened is None:
                happened = done[minute] = load.minute(minute, settled("AWS/Lambda", minute, now))
            return sample_of(metric.name, happened, version)

        return sample

    def _account(self, name: str, minute: int, now: float) -> Sample | None:
        share = settled("AWS/Lambda", minute, now)
        if share < 1:
            return account_sample(name, self._all(minute, share))
        key = (name, minute)
        if key not in self._account_samples:
            if len(self._account_samples) > _CACHED_MINUTES * len(METRICS):
                self._account_samples.clear()
            everything = self._all(minute, 1.0)
            self._account_samples.update({(metric, minute): account_sample(metric, everything) for metric in METRICS})
        return self._account_samples[key]

    def _all(self, minute: int, share: float) -> list[Minute]:
        return [load.minute(minute, share) for load in self.functions.values()]


def settled(namespace: str, minute: int, now: float) -> float:
    """The share of a minute's data that is in by `now`."""
    late = now - (minute + 1) * 60
    complete = SETTLING[namespace].complete_seconds
    return 1.0 if late >= complete else 0.5 + 0.5 * max(0.0, late) / complete


def _resource(load: FunctionLoad, minute: int) -> str:
    """The `Resource` dimension of the traffic: `name:alias`, or the name where callers use none."""
    alias = load.routing.at(minute * 60 + 59).alias
    return f"{load.name}:{alias}" if alias else load.name
