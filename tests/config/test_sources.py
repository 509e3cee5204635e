"""Where settings come from, and which source wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit.config.loader import ConfigurationError, NoConfiguration, load
from cockpit.config.settings import Polling
from tests.config.conftest import GOOD, Load, bare, sentences
from tests.config.small_catalogue import SMALL

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
        place.write_text(f'state_dir = "{name}"\n{GOOD}', encoding="utf-8")
    named = bare(tmp_path, {"COCKPIT_CONFIG": "variable.toml"})
    assert load(SMALL, path=Path("flag.toml"), environ=named, cwd=tmp_path).state_dir.name == "flag"
    assert load(SMALL, environ=named, cwd=tmp_path).state_dir.name == "variable"
    assert load(SMALL, environ=bare(tmp_path), cwd=tmp_path).state_dir.name == "folder"
    places["folder"].unlink()
    assert load(SMALL, environ=bare(tmp_path), cwd=tmp_path).state_dir.name == "user"


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
    assert settings.theme is None
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
        ("COCKPIT_ACCOUNTS__DEV__ID", "1", "accounts, systems, thresholds and keys are written in the file only"),
        ("COCKPIT_POLLING__CONCURRENCY", "many", 'must be a whole number, not "many"'),
        ("COCKPIT_POLLING__PACE", "-1", "must be more than 0"),
        ("COCKPIT_POLLING__PACE", "inf", "must be a finite number, not inf"),
        ("COCKPIT_POLLING__COST_EVERY", "6", 'has no unit: a duration is written as in "5m"'),
        ("COCKPIT_KEYS__APP", "x", "accounts, systems, thresholds and keys are written in the file only"),
        ("COCKPIT_THEME", "cockpit-drak", 'there is no theme "cockpit-drak"; did you mean "cockpit-dark"?'),
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
    settings = load_text(environ={"COCKPIT_THEME": "nord", "COCKPIT_ASCII": "1"}, read_only=True)
    assert settings.sources == ("profiles.toml", "COCKPIT_ASCII", "COCKPIT_THEME", "--read-only")


def test_only_flags_that_say_something_are_sources(load_text: Load) -> None:
    assert load_text(f"read_only = true\n{GOOD}", read_only=False).sources == ("profiles.toml",)


def test_the_environment_of_the_process_is_not_read(load_text: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_THEME", "from the process")
    monkeypatch.setenv("cockpit_polling__pace", "9")
    settings = load_text()
    assert (settings.theme, settings.polling.pace) == (None, 1.0)


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
