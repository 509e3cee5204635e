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

METRICS = ("CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory", "ReadIOPS", "WriteIOPS", "ReadLatency", "WriteLatency", "ReplicaLag", "AuroraReplicaLag")


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
        load = DAY[minute % MINUTES_A_DAY]
        if metric == "CPUUtilization":
            return round(min(100.0, max(0.5, self.cpu_percent * load * (1 + 0.15 * swing(self._cpu, minute)))), 2)
        if metric == "DatabaseConnections":
            return float(max(0, round(self.connections * (1 + 0.02 * swing(self._connections, minute)))))
        if metric == "FreeStorageSpace" and not self.aurora:
            return self._free(minute)
        if metric == "FreeableMemory":
            return round(700 * _MIB * (1 + 0.05 * swing(self._connections, minute)))
        if metric in ("ReadIOPS", "WriteIOPS"):
            return round(self.cpu_percent * 3 * load * (1 + 0.3 * swing(self._cpu, minute + len(metric))), 1)
        if metric in ("ReadLatency", "WriteLatency"):
            return round(0.0012 * (1 + 0.4 * swing(self._lag, minute)), 6)
        if metric == "ReplicaLag" and not self.aurora:
            return self._lagging(minute, 1.0)
        return self._lagging(minute, 1000.0) if metric == "AuroraReplicaLag" and self.aurora else None

    def _free(self, minute: int) -> float:
        gone = self.shrinks_bytes_a_day * (minute * 60 - self.since) / 86_400
        return float(max(0, int((self.free_bytes - gone) // 4096) * 4096))

    def _lagging(self, minute: int, scale: float) -> float | None:
        if self.replica_lag_seconds is None:
            return None
        return round(self.replica_lag_seconds * scale * (1 + 0.5 * swing(self._lag, minute)), 3)
