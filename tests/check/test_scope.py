"""Narrowing the configuration to what was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.check.patterns import matches_environment
from cockpit.check.request import Scope
from cockpit.check.scope import NothingMatches, narrowed, partial_bills
from cockpit.config.settings import Account, Environment, FixedCost, Settings, System, Target
from cockpit.engine.slots import slots_of
from tests.check.factory import ACCOUNTS, CATALOGUE, REGION, environment_id


def target(account: str, *services: str) -> Target:
    return Target(account, (REGION,), services)


def environment(
    name: str, *targets: Target, fixed: tuple[FixedCost, ...] = (), pattern: str | None = None
) -> Environment:
    return Environment(
        environment_id(name), name, targets, monthly_budget_usd=100.0, fixed_costs=fixed, pattern=pattern
    )


SETTINGS = Settings(
    accounts={name: Account(name, number, (REGION,)) for name, number in ACCOUNTS.items()},
    systems=(
        System(
            "shop",
            "Shop",
            (
                environment("shop/prod", target("live", "lambda", "sqs", "cost"), target("media", "lambda", "cost")),
                environment("shop/dev", target("live", "lambda")),
            ),
            templates=(environment("shop/pr{number}", target("live", "lambda"), pattern=r"pr(?P<number>\d+)"),),
        ),
        System("hosted", "Hosted", (environment("hosted/prod", fixed=(FixedCost("platform", 30.0),)),)),
    ),
)


def kept(scope: Scope) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    settings = narrowed(SETTINGS, CATALOGUE, scope)
    environments = (*settings.environments, *settings.templates)
    return {str(e.id): [(t.account, t.services) for t in e.targets] for e in environments}


def test_without_patterns_nothing_changes() -> None:
    assert narrowed(SETTINGS, CATALOGUE, Scope()).systems == SETTINGS.systems


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("shop/prod", ["shop/prod"]),
        ("shop/*", ["shop/prod", "shop/dev", "shop/pr{number}"]),
        ("shop", ["shop/prod", "shop/dev", "shop/pr{number}"]),
        ("*/prod", ["shop/prod", "hosted/prod"]),
        ("shop/pr12", ["shop/pr{number}"]),
        ("shop/pr[0-9]*", ["shop/pr{number}"]),
        ("shop/pr1*", ["shop/pr{number}"]),
        ("shop/d?v", ["shop/dev"]),
    ],
)
def test_environments_and_what_may_become_one_are_chosen_by_pattern(pattern: str, names: list[str]) -> None:
    assert list(kept(Scope(environments=(pattern,)))) == names


def test_an_account_narrows_environments_to_their_part_in_it() -> None:
    assert kept(Scope(accounts=("media",))) == {"shop/prod": [("media", ("lambda",))]}


def test_part_of_a_bill_is_not_judged_against_the_whole_budget() -> None:
    settings = narrowed(SETTINGS, CATALOGUE, Scope(accounts=("media",)))

    assert [e.monthly_budget_usd for e in settings.environments] == [None]
    assert partial_bills(SETTINGS, CATALOGUE, Scope(accounts=("media",))) == (environment_id("shop/prod"),)
    assert partial_bills(SETTINGS, CATALOGUE, Scope(accounts=("*",))) == ()
    assert partial_bills(SETTINGS, CATALOGUE, Scope(accounts=("media",), services=("lambda",))) == ()


def test_a_service_narrows_targets_and_drops_environments_without_it() -> None:
    assert kept(Scope(services=("sqs",))) == {"shop/prod": [("live", ("sqs",))]}


def test_only_the_accounts_that_are_needed_stay_and_with_a_bill_everyone_on_it() -> None:
    payer = {"hub": Account("hub", "777788889999", (REGION,))}
    media = {"media": replace(SETTINGS.accounts["media"], payer="hub")}
    other = {"other": Account("other", "222233334444", (REGION,), payer="hub")}
    settings = replace(SETTINGS, accounts={**SETTINGS.accounts, **media, **payer, **other})

    assert set(narrowed(settings, CATALOGUE, Scope(environments=("shop/dev",))).accounts) == {"live"}
    assert set(narrowed(settings, CATALOGUE, Scope(accounts=("media",))).accounts) == {"media"}
    assert set(narrowed(settings, CATALOGUE, Scope(services=("cost",))).accounts) == {"live", "media", "hub", "other"}
    assert narrowed(settings, CATALOGUE, Scope()).accounts == settings.accounts


def test_asking_for_the_bill_keeps_environments_that_only_have_fixed_lines() -> None:
    assert list(kept(Scope(services=("cost",)))) == ["shop/prod", "hosted/prod"]


def test_who_asks_for_some_services_is_not_told_that_nothing_else_is_watched() -> None:
    assert all(one.asked_in_part for one in narrowed(SETTINGS, CATALOGUE, Scope(services=("cost",))).environments)
    assert not any(one.asked_in_part for one in narrowed(SETTINGS, CATALOGUE, Scope(accounts=("live",))).environments)


def test_another_service_does_not_bring_the_bill_along() -> None:
    settings = narrowed(SETTINGS, CATALOGUE, Scope(services=("lambda",)))

    assert {e.monthly_budget_usd for e in settings.environments} == {None}


def test_only_the_slots_that_are_needed_are_polled() -> None:
    settings = narrowed(SETTINGS, CATALOGUE, Scope(environments=("shop/prod",), services=("lambda",)))

    assert [str(s) for s in slots_of(settings, CATALOGUE)] == ["live/eu-west-1/lambda", "media/eu-west-1/lambda"]


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        (Scope(environments=("shop/prd",)), "No environment matches 'shop/prd'. Did you mean shop/prod"),
        (Scope(environments=("prod",)), "No environment matches 'prod'. Did you mean shop/prod or hosted/prod?"),
        (Scope(environments=("zzz/*",)), "There are: shop/prod, shop/dev, hosted/prod, shop/pr*."),
        (Scope(accounts=("lve",)), "No account matches 'lve'. Did you mean live?"),
        (Scope(services=("lamda",)), "No service matches 'lamda'. Did you mean lambda?"),
        (
            Scope(services=("sqs",), environments=("shop/dev",)),
            "nothing matches all of --env, --account and --service together",
        ),
    ],
)
def test_what_matches_nothing_is_answered_with_what_there_is(scope: Scope, sentence: str) -> None:
    with pytest.raises(NothingMatches) as caught:
        narrowed(SETTINGS, CATALOGUE, scope)
    assert sentence in str(caught.value)


def test_patterns_mind_case_and_the_slash() -> None:
    assert matches_environment(("shop/*",), environment_id("shop/prod"))
    assert not matches_environment(("Shop/*",), environment_id("shop/prod"))
    assert not matches_environment(("prod",), environment_id("shop/prod"))


def test_what_is_left_out_still_tells_what_belongs_to_whom() -> None:
    settings = narrowed(SETTINGS, CATALOGUE, Scope(environments=("shop/prod",), services=("sqs",)))
    (prod,) = settings.environments
    assert prod.targets == (target("live", "sqs"),)
    assert prod.left_out == (target("live", "lambda", "cost"), target("media", "lambda", "cost"))
    assert [str(one.id) for one in settings.elsewhere] == ["shop/dev", "hosted/prod", "shop/pr{number}"]
    assert narrowed(SETTINGS, CATALOGUE, Scope()) == SETTINGS
