"""The demo's own configuration: it loads, and everything it names is in the fleet."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from cockpit.config.loader import load
from cockpit.config.settings import Settings
from cockpit.demo.fleet.accounts import ACCOUNTS, KEY_PROFILES, PAID_BY_HUB, SSO_PROFILE
from cockpit.demo.fleet.catalogue import sites, spends
from cockpit.demo.fleet.stacks import stacks
from cockpit.demo.process import profiles_text
from cockpit.services import catalogue

ENDPOINT = "http://127.0.0.1:54321"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("demo") / "profiles.toml"
    path.write_text(profiles_text(ENDPOINT), encoding="utf-8")
    return load(catalogue(), path=path, environ={}, cwd=Path("/"))


def test_every_account_is_reached_at_the_emulator(settings: Settings) -> None:
    assert {name: account.id for name, account in settings.accounts.items()} == {
        name: account.id for name, account in ACCOUNTS.items()
    }
    assert {account.endpoint_url for account in settings.accounts.values()} == {ENDPOINT}
    assert {account.profile for account in settings.accounts.values()} == {*KEY_PROFILES, SSO_PROFILE}


def test_roles_and_external_ids_are_those_that_the_emulator_knows(settings: Settings) -> None:
    for name, account in settings.accounts.items():
        if account.role_arn:
            assert (account.role_arn, account.external_id) == (ACCOUNTS[name].role_arn, ACCOUNTS[name].external_id)


def test_one_payer_answers_for_every_account_that_has_a_bill(settings: Settings) -> None:
    billed = {name for name, account in settings.accounts.items() if not account.emulator}
    assert settings.accounts.keys() - billed == {"scheduler-local"}
    assert {account.payer for name, account in settings.accounts.items() if name in billed - {"hub"}} == {"hub"}
    assert billed == PAID_BY_HUB


def test_the_five_systems_have_their_environments(settings: Settings) -> None:
    found = {system.name: [one.id.environment for one in system.environments] for system in settings.systems}
    assert found == {
        "timeclout": ["production"],
        "scheduler": ["local", "dev", "staging", "production"],
        "tim-combo": ["dev", "test", "stage", "prod", "static"],
        "trinity": ["development", "staging", "production"],
        "daywatch": ["staging", "production"],
    }
    (template,) = settings.templates
    assert template.id.environment == "pr{number}"


def test_every_selector_finds_something(settings: Settings) -> None:
    named = {
        (site.account, service): [part.domain if service == "cloudfront" else part.name for part in parts]
        for site in sites()
        for service, parts in (
            ("lambda", site.functions),
            ("sqs", site.queues),
            ("rds", site.databases),
            ("cloudfront", site.distributions),
            ("alarms", site.alarms),
        )
        if parts
    }
    named |= {(account, "stacks"): [part.name for part in parts] for (account, _), parts in stacks().items()}
    for environment in settings.environments:
        for target in environment.targets:
            for service in set(target.services) - {"cost"}:
                names = named[target.account, service]
                patterns = target.names or target.stacks or ("*",)
                assert any(fnmatchcase(name, pattern) for name in names for pattern in patterns), (
                    environment.id,
                    service,
                )


def test_previews_are_found_by_their_pattern(settings: Settings) -> None:
    (template,) = settings.templates
    names = [function.name for site in sites() for function in site.functions]
    numbers = {found["number"] for name in names if (found := re.search(template.pattern or "", name))}
    assert numbers == {"412", "431", "436", "438"}


def test_costs_stay_within_their_budgets(settings: Settings) -> None:
    daily: dict[tuple[str, str], float] = {}
    for spend in spends():
        key = (spend.account, spend.environment)
        daily[key] = daily.get(key, 0.0) + sum(spend.daily.values())
    for environment in settings.environments:
        own = [
            daily.get((t.account, environment.id.environment), 0.0) for t in environment.targets if "cost" in t.services
        ]
        fixed = sum(cost.usd for cost in environment.fixed_costs)
        assert sum(own) * 31 + fixed < (environment.monthly_budget_usd or float("inf")), environment.id


def test_no_id_repeats_and_every_id_is_invented() -> None:
    ids = [account.id for account in ACCOUNTS.values()]
    assert len(set(ids)) == len(ids) == 11
    assert all(re.fullmatch(r"\d{12}", identity) and len(set(identity)) <= 4 for identity in ids)
