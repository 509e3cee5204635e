"""TimeClout: one account in eu-west-2; production, and a preview for each open pull request."""

from __future__ import annotations

from cockpit.demo.fleet.parts import DAY, HOUR, MINUTE, Alarm, Composite, Distribution, Function, Site, Spend, Version
from cockpit.demo.telemetry.functions import Conduct

REGION = "eu-west-2"
_HANDLERS: tuple[tuple[str, float, float], ...] = (
    ("AnyCatchallHTTPLambda", 46.0, 38.0),
    ("AnyGraphqlHTTPLambda", 128.0, 74.0),
    ("AnyApiV1AuthCatchallHTTPLambda", 17.0, 52.0),
    ("GetApiV1IcalCatchallHTTPLambda", 9.0, 41.0),
    ("EntityChangedEventLambda", 21.0, 66.0),
    ("LeaveRequestedEventLambda", 1.6, 88.0),
    ("ShiftsPublishedEventLambda", 0.7, 240.0),
    ("InvitationSentEventLambda", 0.4, 96.0),
    ("CalendarSyncScheduledLambda", 0.2, 310.0),
    ("DailyDigestScheduledLambda", 0.05, 270.0),
)
"""Handler, calls a minute and milliseconds, in production."""

RELEASED_AGE = 3 * DAY + 2 * HOUR

PREVIEWS: tuple[tuple[int, float], ...] = ((412, 19 * DAY), (431, 2 * DAY), (436, 5 * HOUR), (438, 50 * MINUTE))
"""Open pull requests and the age of their previews. The first has been forgotten."""


def site() -> tuple[Site, ...]:
    """What TimeClout has in AWS."""
    functions = [_function("Tt3Production", "production", handler, 1.0, RELEASED_AGE) for handler in _HANDLERS]
    for number, age in PREVIEWS:
        functions += [_function(f"Tt3PR{number}", f"pr{number}", handler, 0.01, age) for handler in _HANDLERS]
    return (
        Site("timeclout", REGION, functions=tuple(functions), alarms=_alarms(), composites=_composites()),
        Site("timeclout", "us-east-1", distributions=_distributions()),
    )


def _function(stack: str, environment: str, handler: tuple[str, float, float], share: float, age: float) -> Function:
    name, per_minute, median_ms = handler
    conduct = Conduct(error_percent=0.03 if share == 1.0 else 0.0, median_ms=median_ms)
    return Function(
        name=f"{stack}-{name}",
        per_minute=per_minute * share,
        conduct=conduct,
        code=f"{name}-{environment}",
        memory_mb=1152,
        timeout_seconds=30,
        age=age,
        versions=(
            (Version(87, 24 * DAY), Version(88, 11 * DAY), Version(89, age)) if name == "AnyGraphqlHTTPLambda" else ()
        )
        if share == 1.0
        else (),
        tags={"system": "timeclout", "environment": environment},
        stack=stack,
    )


def _distributions() -> tuple[Distribution, ...]:
    production = Distribution(
        "app.timeclout.example", 640.0, 93.0, "Tt3Production", tags={"system": "timeclout", "environment": "production"}
    )
    previews = (
        Distribution(
            f"{number}.timeclout.example",
            3.0,
            61.0,
            f"Tt3PR{number}",
            detailed=False,
            tags={"system": "timeclout", "environment": f"pr{number}"},
        )
        for number, _ in PREVIEWS
    )
    return (production, *previews)


def _alarms() -> tuple[Alarm, ...]:
    graphql = {"FunctionName": "Tt3Production-AnyGraphqlHTTPLambda"}
    return (
        Alarm(
            "Tt3Production-graphql-errors",
            "AWS/Lambda",
            "Errors",
            graphql,
            threshold=5.0,
            per="Invocations",
            description="GraphQL error rate above 5 %",
        ),
        Alarm(
            "Tt3Production-graphql-slow",
            "AWS/Lambda",
            "Duration",
            graphql,
            threshold=2000.0,
            statistic="p99",
            periods=5,
            description="GraphQL p99 above 2 s",
        ),
        Alarm(
            "Tt3Production-catchall-throttled",
            "AWS/Lambda",
            "Throttles",
            {"FunctionName": "Tt3Production-AnyCatchallHTTPLambda"},
            threshold=0.0,
        ),
    )


def _composites() -> tuple[Composite, ...]:
    return (
        Composite(
            "Tt3Production-api-unhealthy",
            'ALARM("Tt3Production-graphql-errors") OR ALARM("Tt3Production-catchall-throttled")',
            "The API fails or turns callers away",
        ),
    )


def spends() -> tuple[Spend, ...]:
    """What TimeClout costs."""
    production = {"AWS Lambda": 1.1, "Amazon DynamoDB": 1.9, "Amazon CloudFront": 0.7, "AmazonCloudWatch": 0.4}
    preview = {"AWS Lambda": 0.02, "Amazon DynamoDB": 0.09, "Amazon CloudFront": 0.01}
    return (
        Spend("timeclout", "production", production, grows_percent=2.0),
        *(Spend("timeclout", f"pr{number}", preview) for number, _ in PREVIEWS),
        Spend("timeclout", "", {"Amazon Route 53": 0.05}),
    )
