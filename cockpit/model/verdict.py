"""Verdicts: how healthy a thing is, and how a look at it ended.

The two are kept apart on purpose. An `Outcome` says what happened to a request; a `Health` says what we may
conclude. Anything but a complete look concludes `UNKNOWN`, never `OK`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Health(enum.Enum):
    """State of a cell, an environment or the fleet. The exit code is the one that monitoring plugins use."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Badness: critical beats unknown beats warning beats ok."""
        return _RANK[self]

    @property
    def exit_code(self) -> int:
        """0 ok, 1 warning, 2 critical, 3 unknown."""
        return _EXIT_CODE[self]

    @staticmethod
    def worst(verdicts: Iterable[Health]) -> Health:
        """The worst of `verdicts`. Nothing looked at is `UNKNOWN`: an empty answer is not a good one."""
        return max(verdicts, key=lambda verdict: verdict.rank, default=Health.UNKNOWN)


_RANK = {Health.OK: 0, Health.WARNING: 1, Health.UNKNOWN: 2, Health.CRITICAL: 3}
_EXIT_CODE = {Health.OK: 0, Health.WARNING: 1, Health.CRITICAL: 2, Health.UNKNOWN: 3}


class Outcome(enum.Enum):
    """How one poll of a slot, or one call, ended."""

    OK = "ok"
    PARTIAL = "partial"
    """Some resources or metrics were read, others were not; `failures` says which."""
    DENIED = "denied"
    """The caller lacks an IAM permission."""
    EXPIRED = "expired"
    """The session or token has run out; somebody must log in."""
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    """No answer: network, time-out, or the service itself failed."""
    INVALID = "invalid"
    """The answer, the credentials or the configuration make no sense (a wrong account, for one)."""
    REGION_DISABLED = "region_disabled"
    """The account has not opted in to the region. Not an error: there is nothing there to watch."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be seen, in words that an operator can act on. Carries no secret."""

    outcome: Outcome
    account: str
    """Configured account name."""
    region: str
    service: str
    """Service key (`lambda`), or `sts` for identity and credentials."""
    operation: str
    """API operation (`ListFunctions`), or `credentials`."""
    code: str
    """The AWS error code (`AccessDeniedException`) or our own (`DeadlineExceeded`)."""
    message: str
    """One sentence."""
    at: float
    """Epoch seconds."""
    iam_action: str | None = None
    """The permission that is missing, when denied (`lambda:ListFunctions`)."""
    remedy: str | None = None
    """What to do, typically a command (`aws sso login --sso-session dev`)."""
    resource: str | None = None
    """Resource name or key, where only one resource failed."""
    request_id: str | None = None

    @property
    def summary(self) -> str:
        """The failure in a few words, for a cell: `denied lambda:ListFunctions`, `expired`, `throttled`."""
        if self.outcome is Outcome.DENIED and self.iam_action:
            return f"denied {self.iam_action}"
        return self.outcome.value.replace("_", " ")
