"""Names of slots and environments: small, hashable, ordered."""

from __future__ import annotations

from dataclasses import dataclass

GLOBAL_REGION = "us-east-1"
"""Where the control planes and metrics of global services (CloudFront, Cost Explorer) are."""


@dataclass(frozen=True, slots=True, order=True)
class SlotId:
    """The unit of polling: one service in one region of one account."""

    account: str
    """Configured account name, not the 12-digit id."""
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}/{self.service}"


@dataclass(frozen=True, slots=True, order=True)
class EnvironmentId:
    """An environment of a system, written `system/environment`."""

    system: str
    environment: str

    def __str__(self) -> str:
        return f"{self.system}/{self.environment}"
