"""RDS: what an instance reports each minute.

Metrics and units: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (percent, bytes, seconds;
AuroraReplicaLag in milliseconds). A stopped instance says nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.demo.telemetry.noise import DAY, MINUTES_A_DAY, seed, swing
from cockpit.demo.telemetry.samples import Sample, gauge
from cockpit.demo.telemetry.timeline import Timeline

GIB = 2**30
_MIB = 2**20

METRICS = (
    "CPUUtilization",
    "DatabaseConnections",
    "FreeStorageSpace",
    "FreeableMemory",
    "ReadIOPS",
    "WriteIOPS",
    "ReadLatency",
    "WriteLatency",
    "ReplicaLag",
    "AuroraReplicaLag",
)


@dataclass(eq=False)
class DatabaseLoad:
    """An instance as its clients use it."""

    name: str
    cpu_percent: float
    connections: float
    free_bytes: float
    """At `since`."""
    since: float
    """Epoch seconds."""
    shrinks_bytes_a_day: float = 0.05 * GIB
    replica_lag_seconds: float | None = None
    """None: not a replica."""
    aurora: bool = False
    running: Timeline[bool] | None = None

    def __post_init__(self) -> None:
        self._cpu, self._connections, self._lag = (seed(self.name, what) for what in ("cpu", "connections", "lag"))

    def sample(self, metric: str, minute: int) -> Sample | None:
        """A metric of the instance over a minute; None if it has no such metric or said nothing."""
        if self.running is not None and not self.running.at(minute * 60):
            return None
        value = self._value(metric, minute)
        return None if value is None else gauge(value)

    def _value(self, metric: str, minute: int) -> float | None:
        if metric == "FreeStorageSpace":
            # An Aurora instance has no storage of its own.
            return None if self.aurora else self._free(minute)
        if metric == ("AuroraReplicaLag" if self.aurora else "ReplicaLag"):
            return self._lagging(minute, 1000.0 if self.aurora else 1.0)
        load = DAY[minute % MINUTES_A_DAY]
        busy, joined, slow = (swing(series, minute) for series in (self._cpu, self._connections, self._lag))
        return {
            "CPUUtilization": round(min(100.0, max(0.5, self.cpu_percent * load * (1 + 0.15 * busy))), 2),
            "DatabaseConnections": float(max(0, round(self.connections * (1 + 0.02 * joined)))),
            "FreeableMemory": float(round(700 * _MIB * (1 + 0.05 * joined))),
            "ReadIOPS": round(self.cpu_percent * 3 * load * (1 + 0.3 * busy), 1),
            "WriteIOPS": round(self.cpu_percent * 2 * load * (1 + 0.3 * joined), 1),
            "ReadLatency": round(0.0012 * (1 + 0.4 * slow), 6),
            "WriteLatency": round(0.0019 * (1 + 0.4 * slow), 6),
        }.get(metric)

    def _free(self, minute: int) -> float:
        gone = self.shrinks_bytes_a_day * (minute * 60 - self.since) / 86_400
        return float(max(0, int((self.free_bytes - gone) // 4096) * 4096))

    def _lagging(self, minute: int, scale: float) -> float | None:
        if self.replica_lag_seconds is None:
            return None
        return round(self.replica_lag_seconds * scale * (1 + 0.5 * swing(self._lag, minute)), 3)
