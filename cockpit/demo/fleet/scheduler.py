"""Event scheduler: an account for each environment, and one on a developer's machine.

In staging the queue `events` grows: something sends faster than the dispatcher works. In production the database is
near the connections that it allows.
"""

from __future__ import annotations

from cockpit.demo.fleet.parts import (
    DAY,
    HOUR,
    MINUTE,
    Alarm,
    Composite,
    Database,
    Function,
    Queue,
    Site,
    Spend,
    Version,
)
from cockpit.demo.telemetry.functions import Conduct

REGION = "eu-west-1"
_FUNCTIONS: tuple[tuple[str, float, float, str], ...] = (
    ("api-events", 118.0, 46.0, "api"),
    ("api-schedules", 64.0, 52.0, "api"),
    ("api-webhooks", 31.0, 39.0, "api"),
    ("api-authorizer", 205.0, 12.0, "api"),
    ("health", 2.0, 8.0, "api"),
    ("schedule-sweeper", 1.0, 640.0, "scheduler"),
    ("schedule-trigger", 22.0, 130.0, "scheduler"),
    ("event-dispatcher", 90.0, 145.0, "queue"),
    ("webhook-sender", 74.0, 210.0, "queue"),
    ("dead-letter-reporter", 0.3, 90.0, "queue"),
    ("database-migrator", 0.0, 900.0, "database"),
)
_SHARE = {"local": 0.02, "dev": 0.05, "staging": 0.35, "production": 1.0}
RELEASED = {"local": 2 * HOUR, "dev": 5 * HOUR, "staging": 26 * HOUR, "production": 9 * DAY}
"""Environment → since when its functions are as they are."""

STAGING_BACKLOG_AGE, STAGING_BACKLOG_PER_MINUTE, STAGING_BACKLOG_MOST = 31 * MINUTE, 62.0, 6000.0
"""1000 messages were passed 15 minutes before the start; after some 70 minutes it levels off, so that a demo that is
left open keeps to its story."""


def site() -> tuple[Site, ...]:
    """What the event scheduler has in AWS."""
    return (
        Site("scheduler-local", "us-east-1", functions=_functions("local"), queues=_queues("local")),
        *(
            Site(
                f"scheduler-{environment}",
                REGION,
                functions=_functions(environment),
                queues=_queues(environment),
                databases=_databases(environment),
                alarms=_alarms(environment),
                composites=_composites(environment),
            )
            for environment in ("dev", "staging", "production")
        ),
    )


def _tags(environment: str) -> dict[str, str]:
    return {"system": "scheduler", "environment": environment}


def _functions(environment: str) -> tuple[Function, ...]:
    age = RELEASED[environment]
    return tuple(
        Function(
            name=f"scheduler-{name}",
            per_minute=per_minute * _SHARE[environment],
            conduct=Conduct(error_percent=0.02 if environment == "production" else 0.0, median_ms=median_ms),
            code=f"{name}-{environment}",
            memory_mb=512,
            timeout_seconds=60,
            json_log=True,
            age=age,
            versions=_versions(environment, name, age),
            tags=_tags(environment),
            stack=f"scheduler-{environment}-{stack}",
        )
        for name, per_minute, median_ms, stack in _FUNCTIONS
    )


def _versions(environment: str, name: str, age: float) -> tuple[Version, ...]:
    # Blue-green: what is deployed to staging and production is a version behind an alias.
    if environment not in {"staging", "production"} or name == "database-migrator":
        return ()
    newest = 23 if environment == "staging" else 19
    return (Version(newest - 2, age + 20 * DAY), Version(newest - 1, age + 8 * DAY), Version(newest, age))


def _queues(environment: str) -> tuple[Queue, ...]:
    share, tags = _SHARE[environment], _tags(environment)
    growing = environment == "staging"
    return (
        Queue("events-dlq", 0.0, kept=3 if growing else 0, kept_age=24 * MINUTE, tags=tags),
        Queue(
            "events",
            420.0 if growing else 900.0 * share,
            dead_letters="events-dlq",
            backlog_age=STAGING_BACKLOG_AGE if growing else 0.0,
            backlog_per_minute=STAGING_BACKLOG_PER_MINUTE if growing else 0.0,
            backlog_most=STAGING_BACKLOG_MOST,
            tags=tags,
        ),
        Queue("webhooks-dlq", 0.0, tags=tags),
        Queue("webhooks", 640.0 * share, dead_letters="webhooks-dlq", tags=tags),
    )


def _databases(environment: str) -> tuple[Database, ...]:
    tags = _tags(environment)
    if environment == "dev":
        return (Database("scheduler-dev", "db.t3.micro", 7.0, 6.0, storage_gib=20, free_gib=13.0, tags=tags),)
    if environment == "staging":
        return (
            Database(
                "scheduler-staging",
                "db.t3.medium",
                24.0,
                38.0,
                storage_gib=50,
                free_gib=31.0,
                maintenance="system-update",
                tags=tags,
            ),
        )
    return _production_databases(tags)


def _production_databases(tags: dict[str, str]) -> tuple[Database, ...]:
    return (
        Database(
            "scheduler-production",
            "db.m6g.large",
            46.0,
            353.0,
            storage_gib=200,
            free_gib=88.0,
            multi_az=True,
            max_connections=400,
            tags=tags,
        ),
        Database(
            "scheduler-production-replica",
            "db.m6g.large",
            21.0,
            60.0,
            storage_gib=200,
            free_gib=88.0,
            replica_of="scheduler-production",
            max_connections=400,
            tags=tags,
        ),
    )


def _error_rate_alarms(environment: str) -> tuple[Alarm, ...]:
    return tuple(
        Alarm(
            f"scheduler-{environment}-{name}-error-rate",
            "AWS/Lambda",
            "Errors",
            {"FunctionName": f"scheduler-{name}"},
            threshold=5.0,
            periods=5,
            per="Invocations",
            description="Error rate above 5 % for 5 minutes",
        )
        for name in ("api-events", "event-dispatcher")
    )


def _alarms(environment: str) -> tuple[Alarm, ...]:
    return (
        *_error_rate_alarms(environment),
        Alarm(
            f"scheduler-{environment}-events-depth",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": "events"},
            threshold=1000.0,
            statistic="Maximum",
            periods=10,
            description="More than 1000 messages for 10 minutes",
        ),
        Alarm(
            f"scheduler-{environment}-database-cpu",
            "AWS/RDS",
            "CPUUtilization",
            {"DBInstanceIdentifier": f"scheduler-{environment}"},
            threshold=80.0,
            statistic="Average",
            periods=15,
            missing="breaching",
            description="CPU above 80 % for 15 minutes",
        ),
        Alarm(
            f"scheduler-{environment}-throttles",
            "AWS/Lambda",
            "Throttles",
            {"FunctionName": "scheduler-event-dispatcher"},
            threshold=0.0,
            periods=1,
            description="Any throttle",
        ),
    )


def _composites(environment: str) -> tuple[Composite, ...]:
    if environment == "dev":
        return ()
    name = f"scheduler-{environment}"
    return (
        Composite(
            f"{name}-delivery-at-risk",
            f'ALARM("{name}-events-depth") OR ALARM("{name}-event-dispatcher-error-rate")',
            "Events may be delivered late",
        ),
    )


def spends() -> tuple[Spend, ...]:
    """What the event scheduler costs."""

    def daily(share: float, database: float) -> dict[str, float]:
        return {
            "Amazon Relational Database Service": database,
            "AWS Lambda": 2.4 * share,
            "Amazon Simple Queue Service": 0.9 * share,
            "Amazon API Gateway": 1.3 * share,
            "AmazonCloudWatch": 0.8 * share,
            "EC2 - Other": 1.08,
        }

    return (
        Spend("scheduler-dev", "dev", daily(0.1, 0.62), busy={"AWS Lambda": 300}),
        Spend("scheduler-staging", "staging", daily(0.5, 2.1), grows_percent=3.0),
        Spend("scheduler-production", "production", daily(1.0, 6.1), grows_percent=2.0),
    )
