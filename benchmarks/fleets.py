"""Settings of the recorded fleets: N accounts in two regions, six services, every account reached by AssumeRole."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from benchmarks.shape import REGIONS, account_id
from cockpit.config.settings import Account, Environment, Polling, Settings, System, Target
from cockpit.model.ids import EnvironmentId

SERVICES = ("lambda", "rds", "sqs", "cloudfront", "alarms", "cost")


def settings(accounts: int, endpoint: str, *, concurrency: int = 200) -> Settings:
    """One environment for each account."""
    configured = {
        name: Account(
            name=name,
            id=account_id(index),
            regions=REGIONS,
            profile="hub",
            role_arn=f"arn:aws:iam::{account_id(index)}:role/read",
            endpoint_url=endpoint,
        )
        for index, name in enumerate((f"account-{number:03d}" for number in range(accounts)), start=1)
    }
    environments = tuple(
        Environment(
            id=EnvironmentId("orders", name),
            title=f"orders {name}",
            targets=(Target(account=name, regions=REGIONS, services=SERVICES),),
            monthly_budget_usd=500.0,
        )
        for name in configured
    )
    return Settings(
        accounts=configured,
        systems=(System("orders", "Orders", environments),),
        # The ceiling is out of the way: what polling costs is what is measured.
        polling=Polling(ceiling_usd_per_day=1e6, concurrency=concurrency, concurrency_per_account=24),
        state_dir=Path(tempfile.mkdtemp(prefix="cockpit-bench-")),
    )


def profiles_text(accounts: int, endpoint: str) -> str:
    """The same fleet as a configuration file, for the program as users start it."""
    lines = ["[polling]", "ceiling_usd_per_day = 1000.0"]
    for name, account in settings(accounts, endpoint).accounts.items():
        lines += [
            f"[accounts.{name}]",
            f'id = "{account.id}"',
            'profile = "hub"',
            f'role_arn = "{account.role_arn}"',
            f"regions = {json.dumps(REGIONS)}",
            f'endpoint_url = "{endpoint}"',
            f"[systems.orders.environments.{name}]",
            "monthly_budget_usd = 500.0",
            f"[[systems.orders.environments.{name}.targets]]",
            f'account = "{name}"',
            f"services = {json.dumps(SERVICES)}",
        ]
    return "\n".join(lines) + "\n"


def hermetic() -> None:
    """Keep the user's AWS configuration out, and give the hub profile its invented keys."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    (folder / "config").write_text("[profile hub]\nregion = eu-west-1\n")
    (folder / "credentials").write_text("[hub]\naws_access_key_id = AKIAHUB\naws_secret_access_key = recorded\n")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
