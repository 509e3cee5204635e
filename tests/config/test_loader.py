"""Where settings come from, which source wins, and what they mean together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.config.loader import ConfigurationError, NoConfiguration, load
from cockpit.config.settings import Polling
from cockpit.model.rule import Threshold
from tests.config.conftest import GOOD, Load, bare
from tests.config.small_catalogue import SMALL


def sentences(caught: pytest.ExceptionInfo[ConfigurationError]) -> list[str]:
    return [str(problem) for problem in caught.value.problems]


# Which file


def test_the_named_file_goes_before_the_variable_the_folder_and_the_users_own(tmp_path: Path) -> None:
    places = {
        "flag": tmp_path / "flag.toml",
        "variable": tmp_path / "variable.toml",
        "folder": tmp_path / "profiles.toml",
        "user": tmp_path / "xdg" / "cockpit" / "profiles.toml",
    }
    places["user"].parent.mkdir(parents=True)
    for name, place in places.items():
        place.write_text(f'theme = "{name}"\n{GOOD}', encoding="utf-8")
    named = bare(tmp_path, {"COCKPIT_CONFIG": "variable.toml"})
    assert load(SMALL, path=Path("flag.toml"), environ=named, cwd=tmp_path).theme == "flag"
    assert load(SMALL, environ=named, cwd=tmp_path).theme == "variable"
    assert load(SMALL, environ=bare(tmp_path), cwd=tmp_path).theme == "folder"
    places["folder"].unlink()
    assert load(SMALL, environ=bare(tmp_path), cwd=tmp_path).theme == "user"


def test_without_any_file_it_says_where_it_looked_and_offers_the_demo(tmp_path: Path) -> None:
    with pytest.raises(NoConfiguration) as caught:
        load(SMALL, environ=bare(tmp_path), cwd=tmp_path)
    (sentence,) = sentences(caught)
    assert str(tmp_path / "profiles.toml") in sentence
    assert str(tmp_path / "xdg" / "cockpit" / "profiles.toml") in sentence
    assert "--demo" in sentence


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_named_file_that_is_not_there_is_never_replaced_by_another(tmp_path: Path, by_variable: bool) -> None:
    (tmp_path / "profiles.toml").write_text(GOOD, encoding="utf-8")
    environ = bare(tmp_path, {"COCKPIT_CONFIG": "gone.toml"} if by_variable else {})
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, path=None if by_variable else Path("gone.toml"), environ=environ, cwd=tmp_path)
    assert sentences(caught) == ["gone.toml: there is no such file"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").mkdir()
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, environ=bare(tmp_path), cwd=tmp_path)
    assert sentences(caught) == ["profiles.toml: is a folder, not a file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "profiles.toml"
    file.write_text(GOOD, encoding="utf-8")
    file.chmod(0)
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, environ=bare(tmp_path), cwd=tmp_path)
    assert sentences(caught) == ["profiles.toml: may not be read by this user: check its permissions"]


@pytest.mark.parametrize("name", ["~nobody-of-that-name/profiles.toml", "a\0b.toml", "x" * 300 + ".toml", "good/.."])
def test_a_name_that_leads_to_no_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "good").mkdir()
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, path=Path(name), environ=bare(tmp_path), cwd=tmp_path)
    assert len(sentences(caught)) == 1
    assert str(caught.value).isprintable()


def test_an_endless_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(SMALL, path=Path("/dev/zero"), environ=bare(tmp_path), cwd=tmp_path)
    assert sentences(caught) == ["/dev/zero: is larger than 5 MB, which no configuration is"]


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5_000])
def test_what_overwhelms_the_parser_is_one_sentence(load_text: Load, text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(text)
    assert len(sentences(caught)) == 1


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert list(load(SMALL, environ=bare(tmp_path), cwd=tmp_path).accounts) == ["dev"]


# Which source wins


def test_variables_go_before_the_file_and_flags_before_both(load_text: Load) -> None:
    text = f"[polling]\nconcurrency = 1\nconcurrency_per_account = 1\npace = 1.0\ncall_timeout = '1s'\n{GOOD}"
    variables = {
        "COCKPIT_POLLING__CONCURRENCY": "2",
        "COCKPIT_POLLING__PACE": "2",
        "COCKPIT_POLLING__CALL_TIMEOUT": "2s",
        "COCKPIT_POLLING__CEILING_USD_PER_DAY": "0.5",
    }
    polling = load_text(text, environ=variables, **{"polling.pace": 3.0}).polling
    assert polling == Polling(
        ceiling_usd_per_day=0.5, concurrency=2, concurrency_per_account=1, call_timeout_seconds=2.0, pace=3.0
    )


def test_what_nobody_gives_keeps_its_default(load_text: Load) -> None:
    settings = load_text(environ={"COCKPIT_THEME": "", "COCKPIT_POLLING__PACE": " "}, theme=None)
    assert settings.polling == Polling()
    assert settings.theme == "cockpit-dark"
    assert not settings.read_only
    assert settings.sentry is None


@pytest.mark.parametrize(
    ("file", "variable", "flag", "expected"),
    [
        (True, None, None, True),
        (True, "false", False, True),
        (False, "true", False, True),
        (False, "1", None, True),
        (None, "yes", None, True),
        (False, "false", True, True),
        (None, None, True, True),
        (False, "false", False, False),
        (None, "0", None, False),
        (None, None, None, False),
    ],
)
def test_read_only_is_never_lifted(
    load_text: Load, file: bool | None, variable: str | None, flag: bool | None, expected: bool
) -> None:
    text = GOOD if file is None else f"read_only = {str(file).lower()}\n{GOOD}"
    environ = {} if variable is None else {"COCKPIT_READ_ONLY": variable}
    assert load_text(text, environ=environ, read_only=flag).read_only is expected


@pytest.mark.parametrize("flag", [None, False])
@pytest.mark.parametrize("variable", [{}, {"COCKPIT_READ_ONLY": "false"}])
def test_a_read_only_that_is_misspelt_in_the_file_is_never_passed_over(
    load_text: Load, variable: dict[str, str], flag: bool | None
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(f'read_only = "yes"\n{GOOD}', environ=variable, read_only=flag)
    assert sentences(caught) == ['profiles.toml:1: read_only: must be true or false, not "yes"']


@pytest.mark.parametrize(("value", "words"), [("", "is empty"), ("maybe", 'must be true or false, not "maybe"')])
def test_a_read_only_variable_that_says_nothing_is_refused(load_text: Load, value: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(environ={"COCKPIT_READ_ONLY": value})
    (sentence,) = sentences(caught)
    assert sentence.startswith("environment: COCKPIT_READ_ONLY: ")
    assert words in sentence


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("COCKPIT_RAED_ONLY", "1", 'there is no such setting; did you mean "COCKPIT_READ_ONLY"?'),
        ("COCKPIT_POLLING__CONCURENCY", "1", 'there is no such setting; did you mean "COCKPIT_POLLING__CONCURRENCY"?'),
        ("COCKPIT_ACCOUNTS__DEV__ID", "1", "accounts, systems and thresholds are written in the file only"),
        ("COCKPIT_POLLING__CONCURRENCY", "many", 'must be a whole number, not "many"'),
        ("COCKPIT_POLLING__PACE", "-1", "must be more than 0"),
        ("COCKPIT_POLLING__PACE", "inf", "must be a finite number, not inf"),
        ("COCKPIT_POLLING__COST_EVERY", "6", 'has no unit: a duration is written as in "5m"'),
        ("COCKPIT_ASCII", "perhaps", 'must be true or false, not "perhaps"'),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(load_text: Load, name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(environ={name: value})
    assert sentences(caught) == [f"environment: {name}: {sentence}"]


def test_a_variable_for_the_command_itself_is_no_setting(load_text: Load) -> None:
    assert load_text(environ={"COCKPIT_DEBUG": "1"}).sources == ("profiles.toml",)


def test_a_wrong_flag_is_told_by_its_name(load_text: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(**{"polling.pace": 0.0})
    assert sentences(caught) == ["command line: --polling.pace: must be more than 0"]


def test_problems_of_the_file_come_first_and_all_are_told(load_text: Load) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_text(f"theme = 1\n{GOOD}", environ={"COCKPIT_ASCII": "x", "COCKPIT_NEW": "1"})
    assert [problem.file for problem in caught.value.problems] == ["profiles.toml", "environment", "environment"]


def test_the_sources_are_named_in_order(load_text: Load) -> None:
    settings = load_text(environ={"COCKPIT_THEME": "x", "COCKPIT_ASCII": "1"}, read_only=True)
    assert settings.sources == ("profiles.toml", "COCKPIT_ASCII", "COCKPIT_THEME", "--read-only")


def test_only_flags_that_say_something_are_sources(load_text: Load) -> None:
    assert load_text(f"read_only = true\n{GOOD}", read_only=False).sources == ("profiles.toml",)


def test_the_environment_of_the_process_is_not_read(load_text: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_THEME", "from the process")
    monkeypatch.setenv("cockpit_polling__pace", "9")
    settings = load_text()
    assert (settings.theme, settings.polling.pace) == ("cockpit-dark", 1.0)


# The state folder


def test_the_state_folder_is_the_users_unless_it_is_named(load_text: Load, tmp_path: Path) -> None:
    assert load_text().state_dir == tmp_path / "state" / "cockpit"
    assert load_text(f'state_dir = "kept"\n{GOOD}').state_dir == tmp_path / "kept"
    assert load_text(environ={"COCKPIT_STATE_DIR": "/elsewhere"}).state_dir == Path("/elsewhere")
    assert load_text(environ={"COCKPIT_STATE_DIR": "/elsewhere"}, state_dir=Path("/flag")).state_dir == Path("/flag")


def test_a_state_folder_in_a_file_is_beside_that_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "profiles.toml").write_text(f'state_dir = "kept"\n{GOOD}', encoding="utf-8")
    settings = load(SMALL, path=Path("there/profiles.toml"), environ=bare(tmp_path), cwd=tmp_path)
    assert settings.state_dir == tmp_path / "there" / "kept"


# What it means


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
