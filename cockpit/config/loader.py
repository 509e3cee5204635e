"""`load`: one TOML file, `COCKPIT_*` variables and flags become frozen settings, or sentences that say why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cockpit.config import keys, thresholds
from cockpit.config.account_checks import account_problems
from cockpit.config.convert import to_settings
from cockpit.config.describe import describe
from cockpit.config.environment_checks import system_problems
from cockpit.config.problems import ConfigurationError, Found, KeyPath, NoConfiguration, Problem, dotted
from cockpit.config.reading import Reading, read_profiles
from cockpit.config.scope import Scope
from cockpit.config.settings import Settings
from cockpit.config.shape import Profiles
from cockpit.config.sources import (
    COMMAND_LINE,
    ENVIRONMENT,
    VARIABLES,
    Document,
    at_home,
    cockpit_variables,
    find_file,
    read_document,
    state_folder,
    tables_of_flags,
    tables_of_variables,
    variable_problems,
)
from cockpit.config.wording import reachable
from cockpit.model.service import Catalogue

__all__ = ["ConfigurationError", "NoConfiguration", "Problem", "describe", "load"]

_NO_FLAGS: Mapping[str, object] = MappingProxyType({})


def load(
    catalogue: Catalogue,
    *,
    path: Path | None = None,
    environ: Mapping[str, str],
    flags: Mapping[str, object] = _NO_FLAGS,
    cwd: Path,
) -> Settings:
    """The settings, checked against what `catalogue` knows.

    `path` is the file given by flag; without one `COCKPIT_CONFIG`, `./profiles.toml` and the user's
    configuration folder are tried. `flags` are settings by name (`read_only`, `polling.pace`); None is not given.
    Raises `ConfigurationError` with every problem found, in the order of the file; `NoConfiguration` without a file.
    """
    document = read_document(find_file(path, environ, cwd), cwd)
    variables = cockpit_variables(environ)
    layers = _read_only_stays([tables_of_flags(flags), tables_of_variables(variables), document.tables])
    reading = read_profiles(layers)
    found = [*reading.found, *_meaning(reading, document, catalogue)]
    problems = [*_placed(found, layers, document), *variable_problems(variables)]
    if problems or reading.profiles is None:
        raise ConfigurationError(problems)
    profiles = reading.profiles
    return to_settings(
        profiles,
        catalogue,
        state_dir=_state_dir(profiles, layers, document, environ, cwd),
        sources=_source_names(layers, document, variables),
    )


def _read_only_stays(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Flags and variables without `read_only = false`: it lifts nothing that an earlier source has said or meant."""
    *later, file = layers
    kept = [{key: value for key, value in layer.items() if (key, value) != ("read_only", False)} for layer in later]
    return [*kept, file]


def _meaning(reading: Reading, document: Document, catalogue: Catalogue) -> list[Found]:
    """What is wrong between the parts that could be read; what may only follow from the others is left out."""
    if reading.profiles is None:
        return []
    found = (
        (reading.source_path(path), message)
        for path, message in _checks(reading.profiles, reading, document, catalogue)
    )
    return [(path, message) for path, message in found if not reading.damaged(path)]


def _checks(profiles: Profiles, reading: Reading, document: Document, catalogue: Catalogue) -> Iterable[Found]:
    accounts = document.tables.get("accounts")
    names = frozenset(accounts) if isinstance(accounts, dict) else frozenset()
    clients = frozenset(call.client for spec in catalogue.services for call in spec.calls) | {"sts", "cloudwatch"}
    defaults = thresholds.defaults(catalogue)
    fleet = thresholds.merged(defaults, profiles.thresholds, catalogue)
    scope = Scope(profiles, catalogue, names, fleet, reading.damaged)
    yield from keys.problems(profiles.keys)
    yield from account_problems(profiles.accounts, names=names, clients=clients)
    yield from thresholds.problems(profiles.thresholds, ("thresholds",), defaults, catalogue, watched=None)
    yield from system_problems(scope)


def _placed(found: Iterable[Found], layers: list[dict[str, Any]], document: Document) -> list[Problem]:
    """Problems with the source that each came from: the file's first, line by line."""
    flags, variables, _ = layers
    problems = []
    lines: Mapping[KeyPath, int] | None = None
    for path, message in dict.fromkeys(found):
        if _from(flags, path):
            problems.append(Problem(COMMAND_LINE, f"--{dotted(path).replace('_', '-')}", None, message))
        elif _from(variables, path):
            problems.append(Problem(ENVIRONMENT, _variable(path), None, message))
        else:
            lines = _lines(document) if lines is None else lines
            written = _as_written(document, path)
            problems.append(Problem(document.shown, dotted(written), _nearest(lines, written), message))
    return sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))


def _from(layer: Mapping[str, Any], path: KeyPath) -> bool:
    return bool(path) and (reachable(layer, path) or (len(path) > 1 and reachable(layer, path[:-1])))


def _as_written(document: Document, path: KeyPath) -> KeyPath:
    """`path` without the position in a list where the file has a single text instead of a list."""
    *outer, last = path or ("",)
    single = isinstance(last, int) and reachable(document.tables, tuple(outer)) and not reachable(document.tables, path)
    return tuple(outer) if single else path


def _variable(path: KeyPath) -> str:
    return next((name for name, setting in VARIABLES.items() if setting == path), dotted(path))


def _lines(document: Document) -> Mapping[KeyPath, int]:
    # Only a mistake needs line numbers; the parser that knows them stays unloaded until there is one.
    from cockpit.config.lines import line_numbers

    return line_numbers(document.text)


def _nearest(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    from cockpit.config.lines import nearest_line

    return nearest_line(lines, path)


def _state_dir(
    profiles: Profiles, layers: list[dict[str, Any]], document: Document, environ: Mapping[str, str], cwd: Path
) -> Path:
    """A relative folder is beside the file that names it; from a variable or flag, under the working folder."""
    if profiles.state_dir is None:
        return state_folder(environ)
    flags, variables, _ = layers
    elsewhere = "state_dir" in flags or "state_dir" in variables
    return (cwd if elsewhere else document.path.parent) / at_home(Path(profiles.state_dir))


def _source_names(layers: list[dict[str, Any]], document: Document, variables: Mapping[str, str]) -> tuple[str, ...]:
    flags = (f"--{name.replace('_', '-')}" for name in layers[0])
    return (document.shown, *sorted(name for name, value in variables.items() if value.strip()), *flags)
