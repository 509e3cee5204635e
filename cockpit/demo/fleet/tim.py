"""Tim-Combo: back ends in two accounts of 311 functions each, every front end in a third.

The bad release: version 42 of `tim-prod-checkout` went live minutes ago and fails seven times in a hundred.
"""

from __future__ import annotations

from functools import partial

from cockpit.demo.fleet.parts import (
    DAY,
    HOUR,
    MINUTE,
    Alarm,
    Composite,
    Database,
    Distribution,
    Function,
    Site,
    Spend,
    Version,
)
from cockpit.demo.telemetry.functions import Conduct
from cockpit.demo.telemetry.noise import seed

REGION = "us-east-2"

BAD_FUNCTION, BAD_VERSION, GOOD_VERSION = "tim-prod-checkout", 42, 41
BAD_AGE = 8 * MINUTE
"""Rounded to a minute when it is seeded, so that five whole bad minutes are in before the first look."""

_MAIN: tuple[tuple[str, float, float], ...] = (
    ("checkout", 340.0, 180.0),
    ("login", 96.0, 110.0),
    ("token-refresh", 150.0, 34.0),
    ("search", 128.0, 150.0),
    ("uploads-sign", 22.0, 45.0),
    ("health", 4.0, 7.0),
)
THINGS = (
    "accounts", "addresses", "calendars", "cards", "contracts", "customers", "devices", "files", "invoices",
    "locations", "messages", "orders", "projects", "reports", "timesheets",
)  # fmt: skip
_DEEDS = ("list", "get", "create", "update", "delete", "export", "import", "archive", "notify", "audit")
_ALIASED = frozenset({"orders-create", "orders-update"})
_DRIFTED = frozenset({"invoices-export", "timesheets-import", "cards-notify"})
"""Where the sandbox lags behind development: another code hash."""
_CHECKOUT_NOW = ("CURRENCY_TABLE", "LOG_LEVEL", "NODE_ENV", "TABLE_NAME")
_CHECKOUT_BEFORE = ("LOG_LEVEL", "NODE_ENV", "PRICE_LIST_URL", "TABLE_NAME")
"""What the bad release no longer has is what it fails for."""
_SHARE = {"dev": 0.02, "test": 0.04, "stage": 0.12, "prod": 1.0}


def site() -> tuple[Site, ...]:
    """What Tim-Combo has in AWS."""
    return (
        Site(
            "tim-sandbox",
            REGION,
            functions=(*_functions("prod", 156), *_functions("stage", 155)),
            databases=_sandbox_databases(),
            alarms=_alarms(),
            composites=_composites(),
        ),
        Site(
            "tim-dev",
            REGION,
            functions=(*_functions("dev", 156), *_functions("test", 155)),
            databases=(
                Database("tim-dev", "db.t3.small", 9.0, 14.0, storage_gib=40, free_gib=22.0, tags=tags_of("dev")),
                Database("tim-test", "db.t3.small", 12.0, 17.0, storage_gib=40, free_gib=19.0, tags=tags_of("test")),
            ),
            alarms=(_cpu_alarm("tim-dev"), _cpu_alarm("tim-test")),
        ),
        Site("tim-media", "us-east-1", distributions=_distributions()),
    )


def tags_of(environment: str) -> dict[str, str]:
    """The tags of an environment."""
    return {"system": "tim-combo", "environment": environment}


def stack_of(environment: str, thing: str) -> str:
    """The stack that holds the functions of one of `THINGS`, or the main ones (`app`)."""
    return f"tim-{environment}-{thing}"


def _suffixes() -> tuple[tuple[str, float, float], ...]:
    """Name, calls a minute in production, milliseconds. Most functions are seldom called, a few often."""
    rest = []
    for thing in THINGS:
        for deed in _DEEDS:
            rank = seed(thing, deed) % 1000 / 1000
            rest.append((f"{thing}-{deed}", round(0.05 * 10 ** (2.6 * rank * rank), 3), 40.0 + seed(deed, thing) % 190))
    return (*_MAIN, *rest)


def _functions(environment: str, count: int) -> tuple[Function, ...]:
    return tuple(_function(environment, *suffix) for suffix in _suffixes()[:count])


def _function(environment: str, suffix: str, per_minute: float, median_ms: float) -> Function:
    name = f"tim-{environment}-{suffix}"
    main = suffix in {name for name, _, _ in _MAIN}
    lags = environment in {"stage", "prod"} and suffix in _DRIFTED
    production = environment == "prod"
    return Function(
        name=name,
        per_minute=per_minute * _SHARE[environment],
        conduct=Conduct(
            error_percent=0.1 if name == BAD_FUNCTION else 0.04 if production else 0.0, median_ms=median_ms
        ),
        code=f"{suffix}-previous" if lags else suffix,
        memory_mb=(256, 512, 1024)[seed(suffix) % 3],
        timeout_seconds=29,
        age=BAD_AGE if name == BAD_FUNCTION else (2 + seed(name) % 40) * DAY,
        versions=_versions(environment, suffix),
        variables=_CHECKOUT_NOW if name == BAD_FUNCTION else ("LOG_LEVEL", "NODE_ENV", "TABLE_NAME"),
        layers=("shop-telemetry:14",) if name == BAD_FUNCTION else (),
        tags=tags_of(environment),
        stack=stack_of(environment, "app" if main else suffix.partition("-")[0]),
    )


def _versions(environment: str, suffix: str) -> tuple[Version, ...]:
    if environment == "prod" and suffix == "checkout":
        bad = Conduct(error_percent=7.1, median_ms=205.0)
        good = partial(Version, memory_mb=512, variables=_CHECKOUT_BEFORE, layers=("shop-telemetry:13",))
        return (
            good(39, 33 * DAY, description="release 2.17.0", layers=("shop-telemetry:12",)),
            good(40, 19 * DAY, description="release 2.18.0"),
            good(GOOD_VERSION, 6 * DAY + 3 * HOUR, description="release 2.18.1"),
            Version(BAD_VERSION, BAD_AGE, conduct=bad, description="release 2.19.0"),
        )
    main = suffix in {name for name, _, _ in _MAIN}
    if environment not in {"stage", "prod"} or not (main or suffix in _ALIASED):
        return ()
    newest = 12 + seed(suffix) % 20
    return (
        Version(newest - 1, 19 * DAY, description="release 2.18.0"),
        Version(newest, 6 * DAY, description="release 2.18.1"),
    )


def _sandbox_databases() -> tuple[Database, ...]:
    tags = tags_of("prod")
    return (
        Database("tim-stage", "db.t3.medium", 16.0, 31.0, storage_gib=80, free_gib=47.0, tags=tags_of("stage")),
        Database("tim-prod", "db.r6g.large", 34.0, 122.0, storage_gib=400, free_gib=236.0, multi_az=True, tags=tags),
        Database(
            "tim-prod-replica",
            "db.r6g.large",
            18.0,
            40.0,
            storage_gib=400,
            free_gib=236.0,
            replica_of="tim-prod",
            tags=tags,
        ),
        Database(
            "tim-prod-reporting-1",
            "db.r6g.large",
            27.0,
            18.0,
            engine="aurora-postgresql",
            version="16.4",
            cluster="tim-prod-reporting",
            tags=tags,
        ),
    )


def _distributions() -> tuple[Distribution, ...]:
    hosts = (
        ("dev", "dev.", 6.0, 58.0),
        ("test", "test.", 9.0, 64.0),
        ("stage", "stage.", 21.0, 78.0),
        ("prod", "app.", 1900.0, 94.0),
    )
    apps = (
        Distribution(
            f"{prefix}tim-combo.example",
            per_minute,
            hit_percent,
            f"tim-app-{environment}",
            detailed=environment == "prod",
            tags=tags_of(environment),
        )
        for environment, prefix, per_minute, hit_percent in hosts
    )
    return (*apps, Distribution("tim-combo.example", 820.0, 97.0, "tim-static", tags=tags_of("static")))


def _cpu_alarm(database: str) -> Alarm:
    return Alarm(
        f"{database}-database-cpu",
        "AWS/RDS",
        "CPUUtilization",
        {"DBInstanceIdentifier": database},
        threshold=80.0,
        statistic="Average",
        periods=15,
        missing="missing",
    )


def _alarms() -> tuple[Alarm, ...]:
    errors = (
        Alarm(
            f"tim-prod-{suffix}-errors",
            "AWS/Lambda",
            "Errors",
            {"FunctionName": f"tim-prod-{suffix}"},
            threshold=10.0,
            description=f"More than 10 errors a minute in {suffix}",
        )
        for suffix in ("checkout", "login", "search", "token-refresh")
    )
    rates = (
        Alarm(
            f"tim-prod-{suffix}-error-rate",
            "AWS/Lambda",
            "Errors",
            {"FunctionName": f"tim-prod-{suffix}"},
            threshold=5.0,
            periods=5,
            per="Invocations",
            description="Error rate above 5 % for 5 minutes",
        )
        for suffix in ("orders-create", "uploads-sign")
    )
    slow = Alarm(
        "tim-prod-search-slow",
        "AWS/Lambda",
        "Duration",
        {"FunctionName": "tim-prod-search"},
        threshold=2000.0,
        statistic="p99",
        periods=5,
    )
    return (*errors, *rates, slow, _cpu_alarm("tim-prod"), _cpu_alarm("tim-stage"))


def _composites() -> tuple[Composite, ...]:
    return (
        Composite(
            "tim-prod-shop-unhealthy",
            'ALARM("tim-prod-checkout-errors") OR ALARM("tim-prod-login-errors")',
            "Customers cannot buy",
        ),
    )


def spends() -> tuple[Spend, ...]:
    """What Tim-Combo costs."""

    def daily(share: float, database: float) -> dict[str, float]:
        return {
            "Amazon Relational Database Service": database,
            "AWS Lambda": 3.2 * share,
            "Amazon API Gateway": 1.8 * share,
            "Amazon Cognito": 0.7 * share,
            "AmazonCloudWatch": 0.9 * share,
        }

    edge = "Amazon CloudFront"
    return (
        Spend("tim-dev", "dev", daily(0.05, 1.2)),
        Spend("tim-dev", "test", daily(0.08, 1.2)),
        Spend("tim-sandbox", "stage", daily(0.2, 2.3)),
        Spend("tim-sandbox", "prod", daily(1.0, 9.4), grows_percent=2.0, busy={"AmazonCloudWatch": 160}),
        *(Spend("tim-media", name, {edge: usd, "Amazon Simple Storage Service": usd / 6}) for name, usd in _EDGE_USD),
    )


_EDGE_USD = (("dev", 0.04), ("test", 0.05), ("stage", 0.1), ("prod", 2.7), ("static", 1.1))
