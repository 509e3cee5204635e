"""What a configuration means when its parts are taken together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.config.loader import ConfigurationError
from cockpit.model.rule import Threshold
from tests.config.conftest import GOOD, Load
from tests.config.small_catalogue import SMALL


def test_a_target_takes_the_regions_of_its_account(load_text: Load) -> None:
    (environment,) = load_text().environments
    assert environment.targets[0].regions == ("eu-west-2", "us-east-1")


def test_selectors_are_one_pattern_or_several(load_text: Load) -> None:
    text = GOOD.replace(
        '"sqs"] }', '"sqs"], name = "a*", stack = ["b", "c"], tag = { K = "d*" }, regions = ["us-east-1"] }'
    )
    (target,) = load_text(text).environments[0].targets
    assert (target.names, target.stacks, dict(target.tags)) == (("a*",), ("b", "c"), {"K": "d*"})
    assert target.regions == ("us-east-1",)


THRESHOLDS = """
[systems.shop.environments.stage]
targets = [{ account = "dev", services = ["lambda", "sqs", "rds"] }]
thresholds.lambda = { error_rate = { critical = "20%" } }
thresholds."sqs.depth" = { warning = false }
thresholds.rds.backups = { warning = "2w" }

[[systems.shop.environments.stage.resources]]
match = "checkout*"
thresholds = { "lambda.error_rate" = { warning = "1%", for = "0s" }, lambda.throttles = { critical = 5 } }

[thresholds]
lambda.error_rate = { for = "10m" }

[thresholds.sqs]
age = { warning = "1h", critical = "off" }
"""


def test_each_level_changes_only_what_it_gives(load_text: Load) -> None:
    prod, stage = load_text(GOOD + THRESHOLDS).environments
    assert prod.thresholds["lambda.error_rate"] == Threshold(2, 5, 600)
    assert prod.thresholds["sqs.age"] == Threshold(3600, None, 0)
    assert stage.thresholds["lambda.error_rate"] == Threshold(2, 20, 600)
    assert stage.thresholds["sqs.depth"] == Threshold(None, None, 600)
    assert stage.thresholds["rds.backups"] == Threshold(14, 1, 0)
    assert stage.thresholds["sqs.age"] == prod.thresholds["sqs.age"]
    (checkout,) = stage.overrides
    assert dict(checkout.thresholds) == {
        "lambda.error_rate": Threshold(1, 20, 0),
        "lambda.throttles": Threshold(0, 5, 0),
    }


def test_thresholds_are_complete_for_every_rule(load_text: Load) -> None:
    (environment,) = load_text().environments
    rules = {rule.key: rule.threshold for spec in SMALL.services for rule in spec.rules}
    assert dict(environment.thresholds) == rules


def test_a_template_keeps_its_placeholders(load_text: Load) -> None:
    template = r"""
[systems.shop.discover.previews]
pattern = 'shop-pr(?P<number>\d+)'
environment = "pr{number}"
targets = [{ account = "dev", services = ["lambda"], name = "shop-pr{number}-*" }]
"""
    (found,) = load_text(GOOD + template).templates
    assert found.pattern == r"shop-pr(?P<number>\d+)"
    assert (found.id.environment, found.title) == ("pr{number}", "shop pr{number}")
    assert found.targets[0].names == ("shop-pr{number}-*",)


def test_fixed_costs_alone_make_an_environment_with_a_bill(load_text: Load) -> None:
    text = """
[systems.site.environments.prod]
fixed_costs = [{ name = "hosting", usd = "$15" }]
thresholds = { cost.over_budget = { critical = "120%" } }
"""
    *_, environment = load_text(GOOD + text).environments
    assert [(cost.name, cost.usd) for cost in environment.fixed_costs] == [("hosting", 15.0)]


def test_a_mistake_hides_no_other_and_makes_none_up(load_text: Load) -> None:
    text = GOOD.replace('id = "111122223333"', "id = 1").replace('"sqs"]', '"sqz"]')
    with pytest.raises(ConfigurationError) as caught:
        load_text(text)
    assert [problem.key for problem in caught.value.problems] == [
        "accounts.dev.id",
        "systems.shop.environments.prod.targets[0].services[1]",
    ]


def test_places_stay_true_when_an_earlier_target_cannot_be_read(load_text: Load) -> None:
    text = """
[[systems.site.environments.prod.targets]]
account = "dev"

[[systems.site.environments.prod.targets]]
account = "gone"
services = ["lambda"]
"""
    with pytest.raises(ConfigurationError) as caught:
        load_text(GOOD + text)
    start = len(GOOD.splitlines())
    assert [(problem.key, problem.line) for problem in caught.value.problems] == [
        ("systems.site.environments.prod.targets[0].services", start + 2),
        ("systems.site.environments.prod.targets[1].account", start + 6),
    ]


def test_places_stay_true_when_many_targets_cannot_be_read(load_text: Load) -> None:
    broken, good = '[[systems.site.environments.prod.targets]]\naccount = "dev"\n', 'services = ["lambda"]\n'
    text = "".join(broken if number in {2, 9, 10} else broken + good for number in range(13))
    with pytest.raises(ConfigurationError) as caught:
        load_text(GOOD + text)
    told = [problem.key.removeprefix("systems.site.environments.prod.") for problem in caught.value.problems]
    assert told == [f"targets[{number}].services" for number in (2, 9, 10)]
    with pytest.raises(ConfigurationError) as caught:
        load_text(GOOD + text.replace('"lambda"', '"lamda"'))
    told = [problem.key.removeprefix("systems.site.environments.prod.targets") for problem in caught.value.problems]
    assert told == [f"[{n}].services{'' if n in {2, 9, 10} else '[0]'}" for n in range(13)]


def test_secrets_are_in_no_representation(load_text: Load) -> None:
    text = GOOD.replace('profile = "dev"', 'role_arn = "arn:aws:iam::111122223333:role/r"\nexternal_id = "hunter2"')
    settings = load_text(f'[sentry]\ndsn = "https://hunter3@sentry.example/1"\n{text}')
    assert settings.accounts["dev"].external_id == "hunter2"
    assert "hunter" not in repr(settings)


def test_a_good_file_needs_no_grammar() -> None:
    code = (
        "import os, sys, pathlib\n"
        "from cockpit.config.loader import load\n"
        "from tests.config.small_catalogue import SMALL\n"
        "load(SMALL, path=pathlib.Path('profiles.toml'), environ={}, cwd=pathlib.Path(sys.argv[1]))\n"
        "sys.exit(any(name.startswith('tree_sitter') for name in sys.modules))\n"
    )
    root = Path(__file__).parents[2]
    folder = Path(__file__).parent / "good"
    assert subprocess.run([sys.executable, "-c", code, str(folder)], cwd=root, check=False).returncode == 0
