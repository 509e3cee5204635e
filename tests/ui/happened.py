"""What happened in the fleet of the stories, as the store tells it."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.verdict import Health

PROD = EnvironmentId("tim-combo", "prod")
STAGING = EnvironmentId("scheduler", "staging")
_ALIAS = "arn:aws:lambda:eu-west-1:333333333302:function:checkout:live"


# Long: one story, entry by entry.
def happened(now: float) -> tuple[Event, ...]:
    """Entries of three days, numbered in the order in which they were written."""
    minute, hour, day = 60.0, 3600.0, 86_400.0
    told = [
        *_lost("combo-dev", now - 2 * day, EventKind.BEGAN),
        *_lost("combo-dev", now - 2 * day + 40 * minute, EventKind.ENDED),
        _change(now - day - 2 * hour, STAGING, "sched-staging", "sqs", "events", "visibility time-out 30 s → 2 min"),
        _finding(now - day, STAGING, "sched-staging", "rds", "orders", "CPU 91 % > 80 % for 16 min", "rds.cpu"),
        _finding(
            now - day + 50 * minute,
            STAGING,
            "sched-staging",
            "rds",
            "orders",
            "CPU, lasted 50 min",
            "rds.cpu",
            kind=EventKind.ENDED,
            before=Health.WARNING,
            after=Health.OK,
        ),
        *_release(now - 5 * hour, 12),
        _change(now - 8 * minute, PROD, "combo-sandbox", "lambda", "checkout:live", "version 42, published", _ALIAS),
        _change(
            now - 7 * minute,
            PROD,
            "combo-sandbox",
            "lambda",
            "checkout:live",
            "version 41 → 42",
            _ALIAS,
            fact="version",
            exact=False,
        ),
        _change(now - 7 * minute, PROD, "combo-media", "cloudfront", "shop.example", "invalidation created"),
        _finding(
            now - 6 * minute,
            PROD,
            "combo-sandbox",
            "lambda",
            "checkout:live",
            "error rate 7.2 % > 5.0 % for 6 min",
            "lambda.error_rate",
            after=Health.CRITICAL,
            resource=_ALIAS,
        ),
        _finding(
            now - 2 * minute,
            PROD,
            "combo-sandbox",
            "lambda",
            "checkout:live",
            "acknowledged by ann: rolling back, ticket 12",
            "lambda.error_rate",
            kind=EventKind.ACKNOWLEDGED,
            after=None,
            resource=_ALIAS,
        ),
        _finding(
            now - minute,
            STAGING,
            "sched-staging",
            "sqs",
            "events",
            "messages 12\u202f004 > 10\u202f000 for 11 min",
            "sqs.depth",
            kind=EventKind.WORSENED,
            before=Health.WARNING,
            after=Health.CRITICAL,
        ),
    ]
    return tuple(replace(event, number=number) for number, event in enumerate(told, start=1))


def _slot(account: str, service: str) -> SlotId:
    return SlotId(account, "us-east-1" if service == "cloudfront" else "eu-west-1", service)


def _change(
    at: float,
    environment: EnvironmentId,
    account: str,
    service: str,
    subject: str,
    words: str,
    resource: str | None = None,
    *,
    fact: str = "modified_at",
    exact: bool = True,
) -> Event:
    slot = _slot(account, service)
    return Event(
        at, EventKind.CHANGED, environment, slot, subject, words, resource=resource or subject, fact=fact, exact=exact
    )


def _finding(
    at: float,
    environment: EnvironmentId,
    account: str,
    service: str,
    subject: str,
    words: str,
    rule: str,
    *,
    kind: EventKind = EventKind.BEGAN,
    before: Health | None = None,
    after: Health | None = Health.WARNING,
    resource: str | None = None,
) -> Event:
    slot = _slot(account, service)
    key = f"{environment}|{slot}|{resource or subject}|{rule}"
    return Event(at, kind, environment, slot, subject, words, before, after, resource, key)


def _lost(account: str, at: float, kind: EventKind) -> list[Event]:
    """A session that runs out hides two environments with two services each."""
    ended = kind is EventKind.ENDED
    words = "seen again, lasted 40 min" if ended else "the session has expired: aws sso login"
    return [
        _finding(
            at,
            EnvironmentId("tim-combo", name),
            account,
            service,
            f"{account} eu-west-1",
            words,
            "observation",
            kind=kind,
            before=Health.UNKNOWN if ended else None,
            after=Health.OK if ended else Health.UNKNOWN,
        )
        for name in ("dev", "test")
        for service in ("lambda", "rds")
    ]


def _release(at: float, functions: int) -> list[Event]:
    """All functions of an environment are deployed within seconds."""
    return [
        _change(
            at + number, PROD, "combo-sandbox", "lambda", f"handler-{number:02}", "code changed", fact="code_sha256"
        )
        for number in range(functions)
    ]
