"""The things in the fleet, with three hours of telemetry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from cockpit.model.resource import Fact, Resource
from cockpit.model.series import Series
from tests.ui.known import ACCOUNTS, Scene

POINTS = 180
NAMES = ("checkout", "payments", "events", "users", "search", "mailer", "import", "export", "webhook", "report")


def wave(seed: int, length: int, low: float, high: float) -> tuple[float | None, ...]:
    """Something that looks like traffic."""
    return tuple(
        low + (high - low) * (0.5 + 0.35 * math.sin(seed + i / 7) + 0.15 * math.sin(seed * 3 + i / 2))
        for i in range(length)
    )


def series(values: Sequence[float | None], *, now: float, period: int = 60, delay: int = 120) -> Series:
    """Values that end `delay` seconds ago."""
    end = int((now - delay) // period) * period
    return Series(end - period * len(values), period, tuple(values))


def thing(scene: Scene, kind: str, name: str, facts: Mapping[str, Fact], **more: object) -> Resource:
    """A resource of a scene."""
    slot = scene.slot
    place = f"{slot.service}:{slot.region}:{ACCOUNTS.get(slot.account, '')}"
    key = f"arn:aws:{place}:{kind}/{scene.environment.environment}-{name}"
    return Resource(key, slot, kind, name, facts, **more)  # type: ignore[arg-type]


def lambdas(scene: Scene) -> list[Resource]:
    """An alias and functions; the third one has a hole in its data."""
    return [_lambda(scene, index) for index in range(scene.story.functions)]


def _lambda(scene: Scene, index: int) -> Resource:
    now, alias = scene.now, index == 0
    seed = index + len(scene.place)
    calls = wave(seed, POINTS, 80, 240)
    errors: list[float | None] = [0.0 if (i + seed) % 37 else 1.0 for i in range(POINTS)]
    if scene.bad_release and alias:
        errors = [0.072 * (calls[i] or 0) if i >= POINTS - 8 else 0.0 for i in range(POINTS)]
    if index == 3:
        errors = [None if 130 < i < 150 else value for i, value in enumerate(errors)]
        calls = tuple(None if 130 < i < 150 else value for i, value in enumerate(calls))
    facts: dict[str, Fact] = {
        "runtime": "python3.12" if index % 3 else "nodejs20.x",
        "memory_mb": 512 if index % 2 else 1024,
        "timeout_seconds": 30,
        "version": str(42) if alias else "$LATEST",
        "last_modified": now - 480 - index * 36_000,
        "code_sha256": "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2j3k4l5z6x7c=",
    }
    return thing(
        scene,
        "alias" if alias else "function",
        "checkout:live" if alias else f"{NAMES[index % len(NAMES)]}-{index}",
        facts,
        tags={"team": "shop" if index % 2 else "core", "stack": scene.place.replace("/", "-")},
        related={"function": "payments-1"} if alias else {},
        series={
            "invocations": series(calls, now=now),
            "errors": series(errors, now=now),
            "duration_p99": series(wave(seed + 2, POINTS, 0.12, 0.9), now=now),
        },
    )


def databases(scene: Scene) -> list[Resource]:
    """One instance."""
    cpu: tuple[float | None, ...] = wave(len(scene.place), POINTS, 20, 45)
    if scene.database_is_busy:
        cpu = tuple(min(93.0, 40 + i * 0.33) for i in range(POINTS))
    free = tuple(40 * 2.0**30 - i * 2.0**24 for i in range(POINTS))
    return [
        thing(
            scene,
            "instance",
            f"{scene.environment.system}-db",
            {"status": "available", "engine": "postgres 16.3", "class": "db.t4g.large", "backup_retention_days": 7},
            series={
                "cpu": series(cpu, now=scene.now, delay=180),
                "free_storage": series(free, now=scene.now, delay=180),
            },
        )
    ]


def queues(scene: Scene) -> list[Resource]:
    """A queue and its dead-letter queue."""
    grown = [float(max(3, (i - 150) * 41)) for i in range(POINTS)]
    depth = grown if scene.queue_grows else [float(round(value or 0)) for value in wave(3, POINTS, 0, 12)]
    return [
        thing(
            scene,
            "queue",
            "events",
            {"depth": depth[-1], "in_flight": 14, "delayed": 0},
            related={"dead_letter_queue": "events-dlq"},
            series={"visible": series(depth, now=scene.now)},
        ),
        thing(scene, "dlq", "events-dlq", {"depth": 0.0, "in_flight": 0}),
    ]


def distributions(scene: Scene) -> list[Resource]:
    """One distribution."""
    name, system = scene.environment.environment, scene.environment.system
    return [
        thing(
            scene,
            "distribution",
            f"{name}-web",
            {"status": "Deployed", "domain": f"{name}.{system}.example", "enabled": True},
            series={"cache_hit": series(wave(len(scene.place), POINTS, 86, 97), now=scene.now, delay=300)},
        )
    ]


def alarms(scene: Scene) -> list[Resource]:
    """Five alarms."""
    return [
        thing(
            scene,
            "metric_alarm",
            f"{scene.environment.system}-{NAMES[index]}",
            {"state": "ALARM" if scene.queue_grows and index == 0 else "OK", "state_since": scene.now - 660},
        )
        for index in range(5)
    ]


def bills(scene: Scene) -> list[Resource]:
    """The environment's bill."""
    spent = 40.0 + 11 * len(scene.place)
    return [
        thing(
            scene,
            "environment",
            scene.place,
            {"month_to_date_usd": spent, "budget_usd": 500.0, "budget_used_percent": spent / 5},
            series={"daily_usd": series(wave(2, 30, 6, 14), now=scene.now, period=86_400, delay=0)},
        )
    ]


MAKERS: Mapping[str, Callable[[Scene], list[Resource]]] = {
    "lambda": lambdas,
    "rds": databases,
    "sqs": queues,
    "cloudfront": distributions,
    "alarms": alarms,
    "cost": bills,
}
