"""The five systems as they are configured, with invented ids, and what is wrong with them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from cockpit.config.settings import Account, Environment, Settings, System
from cockpit.model.ids import EnvironmentId, SlotId

NOW = 1_772_461_920.0
"""2026-03-02 14:32 UTC."""

ACCOUNTS = {
    "timeclout": "111111111111",
    "sched-local": "000000000000",
    "sched-dev": "222222222201",
    "sched-staging": "222222222202",
    "sched-prod": "222222222203",
    "combo-dev": "333333333301",
    "combo-sandbox": "333333333302",
    "combo-media": "333333333303",
    "trinity-nonprod": "444444444401",
    "trinity-prod": "444444444402",
}

ENVIRONMENTS: tuple[tuple[str, str, bool, bool, tuple[str, ...], str], ...] = (
    # system, environment, protected, discovered, accounts, services
    ("timeclout", "production", True, False, ("timeclout",), "lambda cloudfront alarms cost"),
    ("timeclout", "pr123", False, True, ("timeclout",), "lambda cloudfront"),
    ("timeclout", "pr131", False, True, ("timeclout",), "lambda cloudfront"),
    ("scheduler", "local", False, False, ("sched-local",), "lambda sqs"),
    ("scheduler", "dev", False, False, ("sched-dev",), "lambda rds sqs alarms cost"),
    ("scheduler", "staging", False, False, ("sched-staging",), "lambda rds sqs alarms cost"),
    ("scheduler", "production", True, False, ("sched-prod",), "lambda rds sqs alarms cost"),
    ("tim-combo", "dev", False, False, ("combo-dev", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "test", False, False, ("combo-dev", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "stage", False, False, ("combo-sandbox", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("tim-combo", "prod", True, False, ("combo-sandbox", "combo-media"), "lambda rds cloudfront alarms cost"),
    ("trinity", "development", False, False, ("trinity-nonprod",), "lambda cloudfront alarms cost"),
    ("trinity", "staging", False, False, ("trinity-nonprod",), "lambda cloudfront alarms cost"),
    ("trinity", "production", True, False, ("trinity-prod",), "lambda cloudfront alarms cost"),
    ("daywatch", "staging", False, False, (), "cost"),
    ("daywatch", "production", True, False, (), "cost"),
)


def settings(**more: object) -> Settings:
    """Settings of the same fleet."""
    grouped = itertools.groupby(ENVIRONMENTS, key=lambda row: row[0])
    systems = tuple(
        System(
            system,
            system,
            tuple(
                Environment(EnvironmentId(system, row[1]), f"{system} {row[1]}", (), protected=row[2])
                for row in rows
                if not row[3]
            ),
        )
        for system, rows in grouped
    )
    accounts = {name: Account(name, number, ("eu-west-1",)) for name, number in ACCOUNTS.items()}
    return replace(Settings(accounts, systems), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Story:
    """What goes on in the fleet. Each trouble can be left out."""

    now: float = NOW
    functions: int = 12
    """Functions of each environment."""
    bad_release: bool = True
    queue: bool = True
    database: bool = True
    denied: bool = True
    expired: bool = True
    stale: bool = True
    pending: bool = True


@dataclass(frozen=True)
class Scene:
    """One service of one environment."""

    story: Story
    environment: EnvironmentId
    slot: SlotId

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self.story.now

    @property
    def place(self) -> str:
        """`system/environment`."""
        return str(self.environment)

    @property
    def bad_release(self) -> bool:
        """Whether the bad release is here."""
        return self.story.bad_release and self.place == "tim-combo/prod" and self.slot.service == "lambda"

    @property
    def queue_grows(self) -> bool:
        """Whether the queue grows here, with its alarm."""
        return self.story.queue and self.place == "scheduler/staging"

    @property
    def database_is_busy(self) -> bool:
        """Whether the database near its limit is here."""
        return self.story.database and self.place == "scheduler/production" and self.slot.service == "rds"

    @property
    def is_stale(self) -> bool:
        """Whether nothing new was seen for long."""
        return self.story.stale and self.place == "trinity/development" and self.slot.service == "alarms"

    @property
    def is_pending(self) -> bool:
        """Whether nobody has looked yet."""
        return self.story.pending and self.place == "scheduler/dev"
