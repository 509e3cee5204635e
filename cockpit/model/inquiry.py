"""Questions that are asked only when somebody wants to know: a longer course, logs, versions, a login."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from cockpit.model.resource import Fact
from cockpit.model.series import Series
from cockpit.model.verdict import Failure


@dataclass(frozen=True, slots=True)
class Course:
    """The metrics of one resource over a span of time."""

    resource: str
    span_seconds: int
    series: Mapping[str, Series]
    """Metric id → series, with a period that fits the span. A `Sum` is the sum over that period."""
    failures: tuple[Failure, ...] = ()
    asked_at: float = 0.0
    cost_usd: float = 0.0
    """What asking cost."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which log lines of a resource."""

    start: float
    """Epoch seconds, inclusive."""
    end: float | None = None
    """Epoch seconds, exclusive; None: up to now."""
    pattern: str = ""
    """A CloudWatch Logs filter pattern; empty: all lines."""
    limit: int = 1000
    token: str | None = None
    """`LogPage.token` of the page before, to go on."""
    newest: bool = False
    """Where there are more than `limit`: the newest ones, and the token leads to older ones."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line."""

    id: str
    """CloudWatch's event id: unique, so that a line that is read twice is shown once."""
    at: float
    """Epoch seconds."""
    level: str
    """`ERROR`, `WARN`, `INFO`, `DEBUG`, `REPORT` (the runtime's own lines), or empty where the line does not tell."""
    text: str
    stream: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some log lines, oldest first whatever was asked for."""

    lines: tuple[LogLine, ...]
    token: str | None = None
    """More can be had with this."""
    failure: Failure | None = None
    group: str = ""
    """Log group that was read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a thing, as its control plane tells it."""

    name: str
    """`42`, `$LATEST`."""
    at: float | None
    """Epoch seconds of publication."""
    facts: Mapping[str, Fact]
    """What can differ between versions: code hash, size, runtime, memory, time-out, layers, names of environment
    variables (never their values)."""
    aliases: tuple[tuple[str, float], ...] = ()
    """(alias, share of its traffic 0–1) that point here."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What is read about one resource only when somebody looks at it."""

    resource: str
    versions: tuple[Version, ...] = ()
    """Newest first."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    asked_at: float = 0.0


class LoginState(enum.Enum):
    """How far a login is."""

    STARTING = "starting"
    WAITING = "waiting"
    """Somebody must confirm the code in a browser."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self in {LoginState.DONE, LoginState.FAILED, LoginState.CANCELLED}


@dataclass(frozen=True, slots=True)
class LoginStep:
    """Where a login stands. Carries no secret: the device code stays in the AWS room."""

    login: str
    """As `AccountState.login`."""
    state: LoginState
    accounts: tuple[str, ...] = ()
    """Accounts that it revives."""
    url: str = ""
    """Where the code is confirmed."""
    user_code: str = ""
    ends_at: float | None = None
    """Until when the code can be confirmed, epoch seconds."""
    message: str = ""
    """One sentence where it failed."""
