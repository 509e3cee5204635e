"""`profiles.example.toml`: the five systems, in order, invented, and explained."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import BaseModel

from cockpit.config import shape
from cockpit.config.loader import describe, load
from cockpit.config.settings import Settings
from cockpit.services import catalogue
from tests.config.conftest import bare

EXAMPLE = Path(__file__).parents[2] / "profiles.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")

FLEET = {
    "timeclout": ["production"],
    "scheduler": ["local", "dev", "staging", "production"],
    "tim-combo": ["dev", "test", "stage", "prod", "static"],
    "trinity": ["development", "staging", "production"],
    "daywatch": ["staging", "production"],
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(catalogue(), path=EXAMPLE, environ=bare(tmp_path), cwd=tmp_path)


def test_it_holds_the_five_systems(settings: Settings) -> None:
    assert {s.name: [e.id.environment for e in s.environments] for s in settings.systems} == FLEET
    assert [str(template.id) for template in settings.templates] == ["timeclout/pr{number}"]


def test_its_ids_are_distinct(settings: Settings) -> None:
    assert len({account.id for account in settings.accounts.values()}) == len(settings.accounts)


def test_its_addresses_lead_nowhere(settings: Settings) -> None:
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\"\s]+", TEXT)}
    assert len(hosts) > 5
    assert {host for host in hosts if not host.endswith(".example")} == {"localhost"}


def test_production_is_protected_and_nothing_may_be_changed(settings: Settings) -> None:
    protected = {str(e.id) for e in settings.environments if e.protected}
    assert {"timeclout/production", "scheduler/production", "tim-combo/prod", "trinity/production"} <= protected
    assert not [e.id for e in settings.environments if e.actions]


def test_an_environment_draws_on_two_accounts_and_an_account_serves_five(settings: Settings) -> None:
    drawn = {str(e.id): {target.account for target in e.targets} for e in settings.environments}
    assert drawn["tim-combo/prod"] == {"tim-sandbox", "tim-media"}
    assert sum("tim-media" in accounts for accounts in drawn.values()) == 5
    assert drawn["daywatch/production"] == set()


def test_the_budgets_are_those_of_the_fleet(settings: Settings) -> None:
    budgets = {str(e.id): e.monthly_budget_usd for e in settings.environments}
    assert [budgets[f"scheduler/{name}"] for name in ("dev", "staging", "production")] == [100, 200, 500]
    assert (
        30
        <= sum(c.usd for e in settings.environments if str(e.id) == "daywatch/production" for c in e.fixed_costs)
        <= 40
    )


def test_a_single_resource_has_its_own_limit(settings: Settings) -> None:
    prod = next(e for e in settings.environments if str(e.id) == "tim-combo/prod")
    assert [(o.match, o.thresholds["lambda.error_rate"].warning) for o in prod.overrides] == [
        ("tim-prod-checkout*", 1.0)
    ]
    assert prod.thresholds["lambda.error_rate"].warning == 2.0


def test_every_key_that_exists_is_shown() -> None:
    tables = [table for table in vars(shape).values() if isinstance(table, type) and issubclass(table, BaseModel)]
    keys = {key for table in tables for key in table.model_fields}
    assert len(keys) > 40
    assert {key for key in keys if not re.search(rf"\b{key}\b( =|\.|\]|s\])", TEXT)} == set()


def test_what_was_understood_can_be_printed(settings: Settings) -> None:
    text = describe(settings, catalogue())
    assert "5 systems" not in text
    for system, environments in FLEET.items():
        assert f"\n{system}: " in text
        assert all(f"\n  {environment}  (" in text for environment in environments)
    assert "timeclout-4d1c" not in text
