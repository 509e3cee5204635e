"""What the AWS room raises on purpose. Needs no boto, so that whoever only catches it starts at once.

AwsError
├── CallFailed        a call that was made, or could not be made; carries a `Failure`
└── UndeclaredCall    a defect: a service asked for what it did not declare
"""

from __future__ import annotations

from cockpit.model.verdict import Failure


class AwsError(Exception):
    """Anything that this room raises on purpose."""


class CallFailed(AwsError):  # noqa: N818 - said as what happened
    """A call failed; `failure` says how, in words for an operator."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.operation} in {failure.account}/{failure.region}: {failure.message}")
        self.failure = failure


class UndeclaredCall(AwsError):  # noqa: N818 - said as what happened
    """A service asked for an operation that it did not declare, or that is no read."""
