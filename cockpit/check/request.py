"""What a one-shot check is asked to do. Standard library only, so that a wrong flag is answered at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cockpit.model.verdict import Health

FORMATS = ("text", "json", "nagios", "openmetrics", "junit", "github")
"""Output formats; each is a module of `cockpit.check.formats`."""

FAIL_LEVELS = (Health.WARNING, Health.UNKNOWN, Health.CRITICAL)
"""What `--fail-on` may name, mildest first."""

DEFAULT_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: glob patterns, any of which may match. Empty means everything."""

    environments: tuple[str, ...] = ()
    """`system/environment`; a pattern without a slash names a system."""
    accounts: tuple[str, ...] = ()
    """Configured account names."""
    services: tuple[str, ...] = ()
    """Service keys."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """One check."""

    environments: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    max_age_seconds: float | None = None
    """Stored data up to this age is used instead of polling; None: poll everything."""
    fail_on: Health = Health.WARNING
    """The mildest state that fails the check, in the order critical > unknown > warning."""
    format: str = "text"
    output: Path | None = None
    """File to write instead of standard output."""

    @property
    def scope(self) -> Scope:
        """The patterns of this check."""
        return Scope(self.environments, self.accounts, self.services)

    def exit_code(self, health: Health) -> int:
        """The exit code for a verdict: 0 below `fail_on`, else 1 warning, 2 critical, 3 unknown."""
        return health.exit_code if health.rank >= self.fail_on.rank else 0
