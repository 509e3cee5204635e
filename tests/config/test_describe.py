"""What `cockpit --validate` prints."""

from __future__ import annotations

from pathlib import Path

from cockpit.config.describe import describe, slots_of
from cockpit.config.loader import load
from cockpit.engine import slots as engine
from tests.config.conftest import GOOD, Load, bare
from tests.config.small_catalogue import SMALL

RICH = """
[accounts.hub]
id = "444455556666"
regions = ["us-east-1"]
role_arn = "arn:aws:iam::444455556666:role/cockpit-read"
external_id = "hunter2"
endpoint_url = "http://localhost:4566"

[accounts.member]
id = "777788889999"
regions = ["eu-west-2", "eu-west-1"]
payer = "hub"

[systems.rich]
title = "Rich"

[systems.rich.environments.prod]
protected = true
actions = ["lambda.roll_back"]
monthly_budget_usd = 300
targets = [
    { account = "member", services = ["lambda", "cost"] },
    { account = "member", services = ["cloudfront"], tag = { Stage = "prod" } },
]
thresholds = { "lambda.error_rate" = { critical = "20%" } }
fixed_costs = [{ name = "hosting", usd = 15 }]
links = [{ title = "Runbook", url = "https://wiki.example/" }]

[[systems.rich.environments.prod.resources]]
match = "checkout*"
thresholds = { "lambda.duration_p99" = { critical = "3s" } }

[thresholds]
"sqs.depth" = { warning = 50 }
"""


def test_it_tells_what_was_understood(load_text: Load) -> None:
    text = describe(load_text(GOOD + RICH, environ={"COCKPIT_READ_ONLY": "1"}), SMALL)
    for part in (
        "configuration from profiles.toml, COCKPIT_READ_ONLY",
        "yes, nothing can be changed",
        "at most $2.00 a day",
        "2 environments",
        "3 accounts",
        "ambient credentials → arn:aws:iam::444455556666:role/cockpit-read (with external id) at http://localhost:4566",
        "billed to hub",
        "rich: Rich",
        "prod  (protected; budget $300 a month; actions lambda.roll_back)",
        "member  eu-west-2, eu-west-1  cloudfront  tagged Stage=prod",
        "lambda.error_rate  warning > 2.0 %, critical > 20 % for 5 min",
        "checkout*: lambda.duration_p99  warning > 2.0 s, critical > 3.0 s for 5 min",
        "fixed cost hosting  $15.00 a month",
        "Runbook  https://wiki.example/",
    ):
        assert part in text


def test_a_threshold_of_the_whole_fleet_is_told_once(load_text: Load) -> None:
    text = describe(load_text(GOOD + RICH), SMALL)
    assert text.count("sqs.depth  warning > 50, no critical for 10 min") == 1


def test_where_an_environment_deviates_from_the_fleet_it_is_told_there(load_text: Load) -> None:
    stages = "".join(
        f'[systems.shop.environments.{name}]\ntargets = [{{ account = "dev", services = ["sqs"] }}]\n'
        for name in ("one", "two", "three")
    )
    changed = 'thresholds = { "sqs.depth" = { warning = 1000 } }\n[thresholds]\n"sqs.depth" = { warning = 50 }\n'
    text = describe(load_text(GOOD + stages + changed), SMALL)
    assert text.count("sqs.depth  warning > 50, no critical for 10 min") == 1
    assert text.count("sqs.depth  warning > 1\u202f000, no critical for 10 min") == 1
    assert text.index("> 50") < text.index("three") < text.index("> 1\u202f000")


def test_it_tells_no_secret(load_text: Load) -> None:
    dsn = '[sentry]\ndsn = "https://hunter3@sentry.example/1"\n'
    text = describe(load_text(dsn + GOOD + RICH), SMALL)
    assert "to Sentry as production" in text
    assert "hunter" not in text


def test_its_count_of_slots_is_that_of_the_engine(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(GOOD + RICH, encoding="utf-8")
    settings = load(SMALL, environ=bare(tmp_path), cwd=tmp_path)
    assert slots_of(settings, SMALL) == set(engine.slots_of(settings, SMALL))
    # dev: lambda and sqs in two regions; member: lambda in two, cloudfront once; the bill at the payer.
    assert len(slots_of(settings, SMALL)) == 8
