"""What each mode does. Every import that costs something is made where it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.arguments import Arguments, Mode
from cockpit.cli.output import write_stdout
from cockpit.cli.refusal import NothingConfigured, Refusal

if TYPE_CHECKING:
    from cockpit.config.settings import Settings
    from cockpit.model.service import Catalogue

_OURS = "COCKPIT_DEBUG"
"""A variable for the program itself; the configuration knows nothing of it."""


def perform(arguments: Arguments) -> int:
    """Do what was asked for; the exit code. Raises Refusal."""
    return _MODES[arguments.mode](arguments)


def _version(_: Arguments) -> int:
    from importlib.metadata import PackageNotFoundError, version

    try:
        write_stdout(f"cockpit {version('cockpit')}\n")
    except PackageNotFoundError:
        write_stdout("cockpit, not installed\n")
    return 0


def _schema(_: Arguments) -> int:
    from importlib.resources import files

    write_stdout(files("cockpit.check").joinpath("schema", "check-v1.json").read_text(encoding="utf-8"))
    return 0


def _policy(_: Arguments) -> int:
    import json

    from cockpit.aws.policy import read_policy
    from cockpit.services import catalogue

    write_stdout(json.dumps(read_policy(catalogue()), indent=2) + "\n")
    return 0


def _validate(arguments: Arguments) -> int:
    from cockpit.config.loader import describe

    with _configured(arguments) as (settings, catalogue):
        write_stdout(describe(_narrowed(settings, catalogue, arguments), catalogue))
    return 0


def _check(arguments: Arguments) -> int:
    with _configured(arguments) as (settings, catalogue):
        from cockpit.cli.checking import check

        return check(settings, catalogue, arguments.request)


def _estimate(arguments: Arguments) -> int:
    with _configured(arguments) as (settings, catalogue):
        from cockpit.cli.estimating import print_estimate

        return print_estimate(_narrowed(settings, catalogue, arguments), catalogue)


def _dashboard(arguments: Arguments) -> int:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refusal("The dashboard needs a terminal; for scripts there is --check.")
    try:
        with _configured(arguments) as (settings, catalogue):
            from screens.crash import Crashed
            from screens.run import run

            try:
                return run(_narrowed(settings, catalogue, arguments), catalogue, demo=arguments.demo)
            except Crashed as crash:
                raise _told(crash) from crash
    except NothingConfigured:
        return _welcome(arguments)


def _told(crash: Exception) -> Refusal:
    """The sentence of a crash, after it was reported where that is wanted."""
    from cockpit.cli import crashes

    cause = crash.__cause__ or crash
    crashes.report(cause)
    if os.environ.get(_OURS) == "1":
        import traceback

        traceback.print_exception(cause)
    return Refusal(str(crash))


def _welcome(arguments: Arguments) -> int:
    """Nothing is configured yet: say what can be done, and do what is chosen."""
    from screens.welcome import Choice, welcome

    chosen = welcome(offer_init=not arguments.read_only)
    if chosen is Choice.DEMO:
        return _dashboard(replace(arguments, demo=True))
    return _init(arguments) if chosen is Choice.INIT else 0


def _init(arguments: Arguments) -> int:
    from cockpit.cli.starting import write_first_file

    write_stdout(write_first_file(arguments.init_path))
    return 0


def _narrowed(settings: Settings, catalogue: Catalogue, arguments: Arguments) -> Settings:
    from cockpit.check.scope import NothingMatches, narrowed

    try:
        return narrowed(settings, catalogue, arguments.scope)
    except NothingMatches as problem:
        raise Refusal(str(problem)) from problem


@contextmanager
def _configured(arguments: Arguments) -> Iterator[tuple[Settings, Catalogue]]:
    """The settings, and the embedded fleet behind them for as long as it is needed."""
    if arguments.demo:
        with _demo_settings(arguments) as configured:
            yield configured
        return
    yield _load(arguments, arguments.config)


@contextmanager
def _demo_settings(arguments: Arguments) -> Iterator[tuple[Settings, Catalogue]]:
    if arguments.config:
        raise Refusal("--demo has a configuration of its own: leave out --config.")
    from cockpit.demo import DemoUnavailable, adopt, embedded_fleet

    try:
        with embedded_fleet() as fleet:
            # First of all: botocore fixes paths when it is imported, and they must not be the user's.
            adopt(fleet.environ)
            settings, catalogue = _load(arguments, fleet.profiles)
            yield replace(settings, state_dir=fleet.state_dir), catalogue
    except DemoUnavailable as problem:
        raise Refusal(str(problem)) from problem


def _load(arguments: Arguments, path: Path | None) -> tuple[Settings, Catalogue]:
    from cockpit.cli import crashes
    from cockpit.config.loader import ConfigurationError, NoConfiguration, load
    from cockpit.services import catalogue

    environ = {name: value for name, value in os.environ.items() if name.upper() != _OURS}
    flags: dict[str, object] = {"read_only": True} if arguments.read_only else {}
    flags["rotate"] = arguments.rotate
    try:
        settings = load(catalogue(), path=path, environ=environ, flags=flags, cwd=Path.cwd())
    except NoConfiguration as problem:
        raise NothingConfigured(str(problem)) from problem
    except ConfigurationError as problem:
        raise Refusal(str(problem)) from problem
    crashes.watch(settings)
    return settings, catalogue()


_MODES: dict[Mode, Callable[[Arguments], int]] = {
    Mode.VERSION: _version,
    Mode.SCHEMA: _schema,
    Mode.POLICY: _policy,
    Mode.VALIDATE: _validate,
    Mode.CHECK: _check,
    Mode.ESTIMATE: _estimate,
    Mode.INIT: _init,
    Mode.DASHBOARD: _dashboard,
}
