"""A small service with one rule of every form, and resources with the points that a test wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import Clearance, Direction, FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.series import Coverage, Series
from cockpit.model.service import Cadence, Discovery, Headline, MetricSpec, Reach, ServiceSpec
from cockpit.model.units import Unit

NOW = 1_760_000_000.0
"""A whole multiple of 80 s, not of 60: windows must be aligned to be right."""
DELAY = 120
END = int((NOW - DELAY) // 60) * 60
"""End of the newest complete window."""
SLOT = SlotId("shop", "eu-west-1", "thing")


async def _nothing(*_: Any) -> Discovery:
    return Discovery(())


def metric(name: str, missing: Missing = Missing.ZERO, **changes: Any) -> MetricSpec:
    spec = MetricSpec(
        id=name,
        namespace="AWS/Thing",
        name=name.title(),
        statistic="Sum",
        unit=Unit.COUNT,
        kinds=("account", "thing"),
        dimensions=lambda resource: None if resource.facts.get("no_metrics") else {"Name": resource.name},
        missing=missing,
        delay_seconds=DELAY,
    )
    return replace(spec, **changes)


RATE = Rule(
    "thing.error_rate",
    ("thing",),
    "error rate",
    Ratio(Metric("errors"), Metric("calls")),
    Unit.PERCENT,
    Threshold(2.0, 5.0, 300),
    missing=Missing.ZERO,
    cleared_by=Clearance("errors", 0.0),
)
LOAD = Rule("thing.load", ("thing",), "load", Metric("load"), Unit.PERCENT, Threshold(60.0, 80.0, 300))
ROOM = Rule(
    "thing.room", ("thing",), "free room", Metric("room"), Unit.BYTES, Threshold(2e9, 1e9, 300), Direction.BELOW
)
SLOW = Rule(
    "thing.slow",
    ("thing",),
    "p99",
    Metric("p99"),
    Unit.SECONDS,
    Threshold(None, 2.0, 300),
    missing=Missing.ZERO,
    samples="calls",
    minimum_samples=20,
    cleared_by=Clearance("longest", None),
)
HITS = Rule(
    "thing.hits",
    ("thing",),
    "hit rate",
    Metric("hits"),
    Unit.PERCENT,
    Threshold(50.0, None, 300),
    Direction.BELOW,
    missing=Missing.NOT_APPLICABLE,
)
DEPTH = Rule(
    "thing.depth",
    ("thing",),
    "messages",
    Metric("depth"),
    Unit.COUNT,
    Threshold(1000.0, 5000.0, 600),
    fallback=FactValue("depth_now"),
)
SHARE = Rule(
    "thing.share",
    ("thing",),
    "connections of the maximum",
    Ratio(Metric("connections"), FactValue("most")),
    Unit.PERCENT,
    Threshold(80.0, 95.0, 300),
)
STATE = Rule(
    "thing.state",
    ("thing",),
    "in alarm",
    FactValue("ringing"),
    Unit.COUNT,
    Threshold(None, 0.0),
    since_fact="ringing_since",
    reason_fact="words",
)
BACKUPS = Rule(
    "thing.backups", ("thing",), "days of backups", FactValue("days"), Unit.DAYS, Threshold(7.0, 1.0), Direction.BELOW
)
ANY = Rule(
    "thing.any", ("thing",), "throttles", Metric("throttles"), Unit.COUNT, Threshold(0.0, None, 0), missing=Missing.ZERO
)

METRICS = (
    metric("errors"),
    metric("calls"),
    metric("load", Missing.UNKNOWN),
    metric("room", Missing.UNKNOWN),
    metric("p99"),
    metric("longest"),
    metric("hits", Missing.NOT_APPLICABLE),
    metric("depth", Missing.UNKNOWN),
    metric("connections", Missing.UNKNOWN),
    metric("throttles"),
)

SERVICE = ServiceSpec(
    key="thing",
    title="Things",
    column="THINGS",
    order=1,
    reach=Reach.REGIONAL,
    calls=(),
    discover=_nothing,
    discover_seconds=300,
    stale_seconds=900,
    metrics=METRICS,
    cadences=(Cadence(("account",), 60, 60), Cadence(("thing",), 1800, 120)),
    rules=(RATE, LOAD, ROOM, SLOW, HITS, DEPTH, SHARE, STATE, BACKUPS, ANY),
    columns=(),
    headline=lambda resources: Headline(str(len(resources))),
)


def series(values: Sequence[float | None], *, end: int = END, coverage: Coverage = Coverage.COMPLETE) -> Series:
    """One value a minute, the newest before `end`."""
    return Series(end - 60 * len(values), 60, tuple(values), coverage)


def thing(
    points: Mapping[str, Series | Sequence[float | None]] | None = None,
    facts: Mapping[str, Fact] | None = None,
    *,
    kind: str = "thing",
    name: str = "one",
) -> Resource:
    """A thing with these series (lists end with the newest complete point) and facts."""
    laid = {key: value if isinstance(value, Series) else series(value) for key, value in (points or {}).items()}
    return Resource(f"arn:{name}", SLOT, kind, name, facts or {}, series=laid, shared=kind == "account")
