"""A first profiles.toml: whatever the AWS profiles are called, it can be loaded, and says what was guessed."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.config.first_file import FoundProfile, first_file, guessed
from cockpit.config.loader import load
from cockpit.config.settings import Settings
from cockpit.services import catalogue

CATALOGUE = catalogue()
SERVICES = ["lambda", "rds", "sqs"]
SHOP = (
    FoundProfile("shop-prod-admin", "111122223333", "eu-west-1", "AdministratorAccess"),
    FoundProfile("shop-prod", "111122223333", "eu-west-1", "ReadOnlyAccess"),
    FoundProfile("shop-dev", "444455556666", None),
    FoundProfile("default", None, problem="it has no credentials"),
)


def loaded(folder: Path, text: str) -> Settings:
    file = folder / "profiles.toml"
    file.write_text(text, encoding="utf-8")
    return load(CATALOGUE, path=file, environ={}, cwd=folder)


def test_profiles_become_accounts_and_environments_of_their_systems(tmp_path: Path) -> None:
    first = first_file(SHOP, SERVICES, ["cost"])
    understood = loaded(tmp_path, first.text)
    assert {name: (one.id, one.profile, one.regions) for name, one in understood.accounts.items()} == {
        "shop-prod": ("111122223333", "shop-prod", ("eu-west-1",)),
        "shop-dev": ("444455556666", "shop-dev", ("eu-west-1",)),
    }
    assert [(str(one.id), one.protected) for one in understood.environments] == [
        ("shop/prod", True),
        ("shop/dev", False),
    ]
    assert understood.environments[0].targets[0].services == tuple(SERVICES)
    assert first.environments == {"shop": ("prod*", "dev")}


def test_what_is_guessed_or_missing_is_said_in_the_file() -> None:
    text = first_file(SHOP, SERVICES, ["cost"]).text
    assert 'profile = "shop-prod"    # also: shop-prod-admin' in text
    assert 'regions = ["eu-west-1"]    # a guess: the profile names none' in text
    assert "# Left out, because its account id is not known: it has no credentials." in text
    assert "aws sts get-caller-identity --profile default" in text
    assert '"cost" is left out' in text


def test_an_emulator_is_reached_at_its_address(tmp_path: Path) -> None:
    found = FoundProfile("local", "000000000000", "eu-west-1", endpoint_url="http://localhost:4566")
    account = loaded(tmp_path, first_file([found], SERVICES, []).text).accounts["local"]
    assert (account.endpoint_url, account.emulator) == ("http://localhost:4566", True)


@pytest.mark.parametrize(
    ("profile", "guess"),
    [
        ("shop-prod", ("shop", "prod")),
        ("prod.shop", ("shop", "prod")),
        ("web_shop-staging-ReadOnly", ("web-shop", "staging")),
        ("production", ("main", "production")),
        ("default", ("main", "default")),
        ("AdministratorAccess-111122223333", ("main", "AdministratorAccess-111122223333")),
        ("product-live", ("product", "live")),
    ],
)
def test_system_and_environment_are_guessed_from_the_name(profile: str, guess: tuple[str, str]) -> None:
    assert guessed(profile) == guess


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text(string.ascii_letters + "-_. ", min_size=1, max_size=8).map(lambda name: f"{name}-prod"),
    st.sampled_from(["Shop-Dev", "shop-dev", "shop_dev", '"', "a\\b", "\x7f", "ünïcode-dev", "-", "prod-", "x\ny = 1"]),
)
PROFILES = st.builds(
    FoundProfile,
    name=NAMES,
    account_id=st.one_of(st.none(), st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")),
    region=st.sampled_from([None, "eu-west-1", "us-gov-west-1"]),
    role=st.sampled_from(["", "ReadOnlyAccess", "Admin"]),
    endpoint_url=st.sampled_from([None, "http://localhost:4566", "not an address"]),
    problem=st.sampled_from(["", "it has no credentials"]),
)


@settings(max_examples=80, deadline=None)
@given(found=st.lists(PROFILES, max_size=6))
def test_whatever_the_profiles_are_called_the_file_can_be_loaded(
    found: list[FoundProfile], tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = first_file(found, SERVICES, ["cost"])
    if not first.accounts:
        return
    named = [one for one in found if one.name.strip() and one.name.isprintable()]
    understood = loaded(tmp_path_factory.mktemp("first"), first.text)
    assert {one.id for one in understood.accounts.values()} == {one.account_id for one in named if one.account_id}
    assert all(one.profile in {profile.name for profile in found} for one in understood.accounts.values())
