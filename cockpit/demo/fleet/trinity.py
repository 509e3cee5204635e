"""Trinity: development and staging share an account that answers slowly; production's role may not read Lambda."""

from __future__ import annotations

from cockpit.demo.fleet.parts import DAY, HOUR, Alarm, Composite, Distribution, Function, Queue, Site, Spend
from cockpit.demo.telemetry.functions import Conduct

REGION = "us-east-1"
_FUNCTIONS: tuple[tuple[str, float, float], ...] = (
    ("auth", 44.0, 62.0),
    ("rooms", 38.0, 71.0),
    ("votes", 90.0, 48.0),
    ("matches", 26.0, 120.0),
    ("media-sync", 1.0, 720.0),
    ("recommendations", 17.0, 260.0),
    ("realtime-publish", 72.0, 33.0),
    ("users", 21.0, 58.0),
    ("notifications", 6.0, 140.0),
    ("analytics", 11.0, 95.0),
    ("cleanup", 0.1, 480.0),
    ("health", 2.0, 9.0),
)
_SHARE = {"dev": 0.03, "staging": 0.15, "prod": 1.0}
RELEASED = {"dev": 3 * HOUR, "staging": 2 * DAY, "prod": 12 * DAY}
"""Stage → since when its functions are as they are."""


def site() -> tuple[Site, ...]:
    """What Trinity has in AWS. Global and regional services are both in us-east-1."""
    return (
        Site(
            "trinity-production",
            REGION,
            functions=_functions("prod"),
            queues=_queues("prod"),
            distributions=(_distribution("prod", "api.trinity.example", 520.0, 88.0),),
            alarms=_alarms("prod"),
            composites=(
                Composite(
                    "trinity-prod-unhealthy",
                    'ALARM("trinity-prod-votes-error-rate") OR ALARM("trinity-prod-notifications-depth")',
                    "Votes or notifications fail",
                ),
            ),
        ),
        Site(
            "trinity-shared",
            REGION,
            functions=(*_functions("dev"), *_functions("staging")),
            queues=(*_queues("dev"), *_queues("staging")),
            distributions=(_distribution("staging", "api-staging.trinity.example", 14.0, 71.0),),
            alarms=(*_alarms("dev"), *_alarms("staging")),
        ),
    )


def tags_of(stage: str) -> dict[str, str]:
    """The tags of a stage."""
    names = {"dev": "development", "prod": "production"}
    return {"system": "trinity", "environment": names.get(stage, stage), "stage": stage}


def _functions(stage: str) -> tuple[Function, ...]:
    return tuple(
        Function(
            name=f"trinity-{name}-{stage}",
            per_minute=per_minute * _SHARE[stage],
            conduct=Conduct(error_percent=0.05 if stage == "prod" else 0.0, median_ms=median_ms),
            code=f"{name}-{stage}",
            runtime="nodejs18.x",
            memory_mb=512,
            age=RELEASED[stage],
            tags=tags_of(stage),
            stack=f"trinity-{stage}",
        )
        for name, per_minute, median_ms in _FUNCTIONS
    )


def _queues(stage: str) -> tuple[Queue, ...]:
    dead = f"trinity-notifications-{stage}-dlq"
    return (
        Queue(dead, 0.0, tags=tags_of(stage)),
        Queue(f"trinity-notifications-{stage}", 120.0 * _SHARE[stage], dead_letters=dead, tags=tags_of(stage)),
    )


def _distribution(stage: str, domain: str, per_minute: float, hit_percent: float) -> Distribution:
    return Distribution(
        domain, per_minute, hit_percent, f"trinity-{stage}", detailed=stage == "prod", tags=tags_of(stage)
    )


def _alarms(stage: str) -> tuple[Alarm, ...]:
    return (
        Alarm(
            f"trinity-{stage}-votes-error-rate",
            "AWS/Lambda",
            "Errors",
            {"FunctionName": f"trinity-votes-{stage}"},
            threshold=5.0,
            periods=5,
            per="Invocations",
        ),
        Alarm(
            f"trinity-{stage}-notifications-depth",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": f"trinity-notifications-{stage}"},
            threshold=1000.0,
            statistic="Maximum",
            periods=10,
        ),
    )


def spends() -> tuple[Spend, ...]:
    """What Trinity costs."""

    def daily(share: float) -> dict[str, float]:
        return {
            "AWS Lambda": 0.9 * share,
            "Amazon DynamoDB": 1.6 * share,
            "AWS AppSync": 0.6 * share,
            "Amazon Cognito": 0.3 * share,
            "Amazon CloudFront": 0.5 * share,
            "AmazonCloudWatch": 0.3 * share,
        }

    return (
        Spend("trinity-shared", "development", daily(0.12)),
        Spend("trinity-shared", "staging", daily(0.3), busy={"Amazon DynamoDB": 100}),
        Spend("trinity-production", "production", daily(1.0), grows_percent=4.0),
    )
