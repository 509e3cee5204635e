"""Who is calling, once AWS has said so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified caller."""

    account_id: str
    arn: str
    expires_at: float | None
    """When somebody must log in again, epoch seconds; None where nobody must, or it is not known."""
