"""Where a configuration comes from: one TOML file, `COCKPIT_*` variables, flags; later wins."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource

from cockpit.config.problems import ConfigurationError, KeyPath, NoConfiguration, Problem, did_you_mean, one_line
from cockpit.config.shape import PollingTable, Profiles, SentryTable
from cockpit.config.syntax import syntax_problem

ENVIRONMENT = "environment"
COMMAND_LINE = "command line"

_PREFIX = "COCKPIT_"
_LARGEST_FILE_BYTES = 5_000_000

CONFIG_VARIABLE = "COCKPIT_CONFIG"
"""Names the file."""

NO_SETTINGS = frozenset({CONFIG_VARIABLE, "COCKPIT_DEBUG"})
"""Variables that are read elsewhere. COCKPIT_DEBUG asks the command for tracebacks."""

VARIABLES: Mapping[str, tuple[str, ...]] = {
    **{f"{_PREFIX}{name.upper()}": (name,) for name in ("read_only", "state_dir", "theme", "ascii", "rotate")},
    **{f"{_PREFIX}POLLING__{name.upper()}": ("polling", name) for name in PollingTable.model_fields},
    **{f"{_PREFIX}SENTRY__{name.upper()}": ("sentry", name) for name in SentryTable.model_fields},
}
"""Variable → setting."""

_FILE_TABLES = tuple(f"{_PREFIX}{table}" for table in ("ACCOUNTS", "SYSTEMS", "THRESHOLDS", "KEYS"))
_IN_FILE_ONLY = "accounts, systems, thresholds and keys are written in the file only"

_TYPES: Mapping[KeyPath, type] = {
    ("read_only",): bool,
    ("ascii",): bool,
    ("polling", "concurrency"): int,
    ("polling", "concurrency_per_account"): int,
    ("polling", "pace"): float,
}
"""What is not text."""


@dataclass(frozen=True, slots=True)
class Document:
    """The file as read."""

    path: Path
    shown: str
    """How messages call it: relative to the working folder where it is inside."""
    text: str
    tables: dict[str, Any]


def find_file(path: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The configuration file. A named one is not searched for elsewhere. Raises `NoConfiguration`."""
    if path is not None:
        return cwd / at_home(path)
    if environ.get(CONFIG_VARIABLE):
        return cwd / at_home(Path(environ[CONFIG_VARIABLE]))
    places = (cwd / "profiles.toml", config_folder(environ) / "profiles.toml")
    for place in places:
        if _may_be_there(place):
            return place
    raise NoConfiguration(places)


def at_home(path: Path) -> Path:
    """`path` with a leading `~` replaced; as it is where there is no such home."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _may_be_there(place: Path) -> bool:
    """Whether reading `place` would tell something: also where this user may not even look."""
    try:
        return place.exists()
    except OSError:
        return True


def config_folder(environ: Mapping[str, str]) -> Path:
    """The folder for this user's configuration."""
    return _folder(environ.get("XDG_CONFIG_HOME"), platformdirs.user_config_path("cockpit"))


def state_folder(environ: Mapping[str, str]) -> Path:
    """The folder for what the program remembers from one run to the next."""
    return _folder(environ.get("XDG_STATE_HOME"), platformdirs.user_state_path("cockpit"))


def _folder(base: str | None, usual: Path) -> Path:
    # platformdirs reads the environment of the process; the one that was passed in goes first.
    return Path(base) / "cockpit" if base and Path(base).is_absolute() else usual


def read_document(path: Path, cwd: Path) -> Document:
    """Read and parse the file. Raises `ConfigurationError` with one problem."""
    shown = one_line(str(path.relative_to(cwd) if path.is_relative_to(cwd) else path))
    text = _read_text(path, shown)
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise ConfigurationError([Problem(shown, "", 1, "is nested too deeply to be read")]) from None
    except ValueError as error:
        raise ConfigurationError([syntax_problem(shown, text, error)]) from None
    if not tables:
        advice = "is empty: profiles.example.toml shows what it may hold"
        raise ConfigurationError([Problem(shown, "", 1, advice)])
    return Document(path, shown, text, tables)


def _read_text(path: Path, shown: str) -> str:
    def refused(message: str, line: int | None = None) -> ConfigurationError:
        return ConfigurationError([Problem(shown, "", line, message)])

    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise refused("there is no such file") from None
    except IsADirectoryError:
        raise refused("is a folder, not a file") from None
    except PermissionError:
        raise refused("may not be read by this user: check its permissions") from None
    except (OSError, ValueError) as error:
        raise refused(f"cannot be read: {getattr(error, 'strerror', None) or 'the name is not valid'}") from None
    if len(data) > _LARGEST_FILE_BYTES:
        raise refused(f"is larger than {_LARGEST_FILE_BYTES // 1_000_000} MB, which no configuration is")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise refused("is not UTF-8 text; save it as UTF-8", data.count(b"\n", 0, error.start) + 1) from None


def cockpit_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The `COCKPIT_*` variables that are settings or ought to be, by their upper-case name."""
    ours = {name.upper(): value for name, value in environ.items() if name.upper().startswith(_PREFIX)}
    return {name: value for name, value in ours.items() if name not in NO_SETTINGS}


def variable_problems(variables: Mapping[str, str]) -> Iterator[Problem]:
    """Variables that are no setting, and the one that may not be empty."""
    for name, value in sorted(variables.items()):
        if name not in VARIABLES:
            hint = did_you_mean(name, (*VARIABLES, *NO_SETTINGS))
            sentence = _IN_FILE_ONLY if name.startswith(_FILE_TABLES) else f"there is no such setting{hint}"
            yield Problem(ENVIRONMENT, name, None, sentence)
        elif name == "COCKPIT_READ_ONLY" and not value.strip():
            # Others count as not given, but whoever set this one meant to be safe.
            yield Problem(ENVIRONMENT, name, None, "is empty: write true or false")


class VariablesSource(EnvSettingsSource):
    """The environment source of pydantic-settings, over variables that were passed in."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        given = {name: value for name, value in variables.items() if name in VARIABLES and value.strip()}
        self.env_vars = {name.lower(): value for name, value in given.items()}


def tables_of_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    """Variables as nested tables, with numbers and yes or no as such: a variable can only hold text."""
    return {
        key: {inner: _typed((key, inner), text) for inner, text in value.items()}
        if isinstance(value, dict)
        else _typed((key,), value)
        for key, value in VariablesSource(Profiles, variables)().items()
    }


def _typed(setting: KeyPath, text: Any) -> Any:
    try:
        return TypeAdapter(_TYPES[setting]).validate_python(text) if setting in _TYPES else text
    except ValidationError:
        return text  # the shape tells what is wrong with it


def tables_of_flags(flags: Mapping[str, object]) -> dict[str, Any]:
    """Flags as nested tables: `{"polling.pace": 2.0}` or `{"polling": {"pace": 2.0}}`. None means not given."""
    tables: dict[str, Any] = {}
    for name, value in flags.items():
        if value is None:
            continue
        *outer, last = name.split(".")
        table = tables
        for part in outer:
            table = table.setdefault(part, {})
        if isinstance(value, Mapping):
            table.setdefault(last, {}).update(tables_of_flags(value))
        else:
            table[last] = str(value) if isinstance(value, Path) else value
    return tables
