"""The accounts of the embedded fleet. Every id is invented."""

from __future__ import annotations

from dataclasses import dataclass

ROLE_NAME = "cockpit-read"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account and the oddities that make it worth watching."""

    name: str
    id: str
    region: str
    """Where its regional services are."""
    external_id: str | None = None
    """What AssumeRole must bring."""
    reads_lambda: bool = True
    """False: the role's policy says nothing about Lambda."""
    delay_seconds: float = 0.0
    """Added to every answer."""

    @property
    def role_arn(self) -> str:
        """The role that the cockpit assumes."""
        return f"arn:aws:iam::{self.id}:role/{ROLE_NAME}"


HUB = DemoAccount("hub", "111122223333", "us-east-1")
"""The management account: people and keys live here, and it pays for the others."""

_MEMBERS = (
    DemoAccount("timeclout", "222233334444", "eu-west-2", "timeclout-4d1c"),
    DemoAccount("scheduler-local", "000000000000", "us-east-1"),
    DemoAccount("scheduler-dev", "333344445551", "eu-west-1", "scheduler-9b02"),
    DemoAccount("scheduler-staging", "333344445552", "eu-west-1", "scheduler-9b02"),
    DemoAccount("scheduler-production", "333344445553", "eu-west-1", "scheduler-c7e5"),
    DemoAccount("tim-dev", "444455556661", "us-east-2", "tim-combo-18af"),
    DemoAccount("tim-sandbox", "444455556662", "us-east-2", "tim-combo-63de"),
    DemoAccount("tim-media", "444455556663", "us-east-1", "tim-combo-a05b"),
    DemoAccount("trinity-shared", "555566667771", "us-east-1", "trinity-2c91", delay_seconds=1.0),
    DemoAccount("trinity-production", "555566667772", "us-east-1", "trinity-e640", reads_lambda=False),
)

ACCOUNTS: dict[str, DemoAccount] = {account.name: account for account in (HUB, *_MEMBERS)}

PAID_BY_HUB = frozenset(ACCOUNTS) - {"scheduler-local"}
"""The accounts of the organization: everything but the emulator on somebody's machine."""

KEY_PROFILES = {"hub": "hub", "local": "scheduler-local"}
"""AWS profile with static keys → account that the keys belong to."""

SSO_PROFILE = "media-sso"
"""AWS profile whose login has run out, and the name of its SSO session."""
SSO_ACCOUNT = "tim-media"
SSO_ROLE = "CockpitRead"
"""Permission set that the profile asks for."""
SSO_REGION = "us-east-2"
