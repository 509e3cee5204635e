"""The flags of the program, and one clear sentence for each way to get them wrong. Imports next to nothing."""

from __future__ import annotations

import argparse
import difflib
import enum
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cockpit.check.request import DEFAULT_TIMEOUT_SECONDS, FAIL_LEVELS, FORMATS, CheckRequest, Scope
from cockpit.cli.refusal import UsageError
from cockpit.model.verdict import Health

_DESCRIPTION = "A terminal cockpit for many environments in many AWS accounts."

_EXAMPLES = """\
examples:
  cockpit                                        the dashboard
  cockpit --demo                                 the dashboard on the embedded fleet; needs no AWS
  cockpit --check --env shop/production          one look, for scripts
  cockpit --check --env 'shop/*' --format json   the same, for programs
  cockpit --check --fail-on critical --format nagios
  cockpit --validate --config team.toml          is the configuration right?
  cockpit --read-only --rotate 20s               a screen on a wall
  cockpit --init                                 a first profiles.toml, from your AWS profiles

exit codes of --check: 0 ok, 1 warning, 2 critical, 3 unknown. Critical beats unknown beats warning. What is milder
than --fail-on exits 0, but is still shown. 3 as well for wrong usage, a time-out or a crash.
"""

_CHECK_FLAGS = ("timeout", "max_age", "fail_on", "format", "output")


class Mode(enum.Enum):
    """What the program is asked to do."""

    DASHBOARD = "dashboard"
    CHECK = "check"
    VALIDATE = "validate"
    ESTIMATE = "estimate"
    POLICY = "policy"
    SCHEMA = "schema"
    INIT = "init"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The command line, understood."""

    mode: Mode
    request: CheckRequest
    """What to look at, in every mode; the rest of it only matters to `Mode.CHECK`."""
    config: Path | None = None
    demo: bool = False
    read_only: bool = False
    rotate: str | None = None
    """How long each environment is shown, as it was written; the configuration tells what is wrong with it."""
    init_path: Path | None = None
    """The file that `Mode.INIT` writes; None: the usual one."""

    @property
    def scope(self) -> Scope:
        """What to look at."""
        return self.request.scope


class _Parser(argparse.ArgumentParser):
    """argparse exits with 2 for wrong usage, which monitoring reads as critical; this raises instead."""

    def error(self, message: str) -> NoReturn:
        text = message.removeprefix("argument ")
        text = text.replace(": expected one argument", " needs a value")
        text = text.replace(": not allowed with argument", " cannot go together with")
        raise UsageError(f"{text[:1].upper()}{text[1:]}." if not text.endswith((".", "?")) else text)


def parse(argv: Sequence[str]) -> Arguments:
    """Understand the command line. Raises UsageError; SystemExit(0) after `--help`."""
    parser = build_parser()
    given, rest = parser.parse_known_args(list(argv))
    if rest:
        raise UsageError(_unknown(rest[0], parser))
    mode = Mode.INIT if given.init is not None else Mode(given.mode or Mode.DASHBOARD.value)
    used = next((name for name in _CHECK_FLAGS if getattr(given, name) is not None), None)
    if used and mode is not Mode.CHECK:
        raise UsageError(f"--{used.replace('_', '-')} says how a check is made: add --check.")
    if given.rotate is not None and mode not in {Mode.DASHBOARD, Mode.VALIDATE}:
        raise UsageError(f"--rotate is for the dashboard: leave out --{mode.value}.")
    if mode is Mode.INIT and (given.demo or given.config):
        raise UsageError("--init writes a file from your AWS profiles: leave out --demo and --config.")
    return Arguments(
        mode=mode,
        request=_request(given),
        config=given.config,
        demo=given.demo,
        read_only=given.read_only,
        rotate=given.rotate,
        init_path=Path(given.init) if given.init else None,
    )


def _request(given: argparse.Namespace) -> CheckRequest:
    return CheckRequest(
        environments=tuple(given.env),
        accounts=tuple(given.account),
        services=tuple(given.service),
        timeout_seconds=given.timeout or DEFAULT_TIMEOUT_SECONDS,
        max_age_seconds=given.max_age,
        fail_on=given.fail_on or Health.WARNING,
        format=given.format or FORMATS[0],
        output=given.output,
    )


def build_parser() -> argparse.ArgumentParser:
    """The parser itself; what generates shell completion reads it as well."""
    parser = _Parser(
        prog="cockpit",
        usage="cockpit [--check | --validate | --estimate | --policy | --schema | --init] [flags]",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=_formatter,
        allow_abbrev=False,
        add_help=False,
    )
    _add_modes(parser)
    _add_sources(parser)
    _add_scope(parser)
    _add_check_flags(parser)
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30, width=100)


def _add_modes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to do (the dashboard, unless one is given)")
    one = group.add_mutually_exclusive_group()
    for mode, text in (
        (Mode.CHECK, "look once, print the verdict, exit with it"),
        (Mode.VALIDATE, "print what was understood of the configuration"),
        (Mode.ESTIMATE, "print the calls and dollars a day that polling will cost"),
        (Mode.POLICY, "print the IAM policy of just the reads that the cockpit makes"),
        (Mode.SCHEMA, "print the JSON Schema of --check --format json"),
        (Mode.VERSION, "print the version"),
    ):
        one.add_argument(f"--{mode.value}", dest="mode", action="store_const", const=mode.value, help=text)
    one.add_argument(
        "--init", nargs="?", const="", metavar="FILE", help="write a first profiles.toml from your AWS profiles"
    )
    group.add_argument("-h", "--help", action="help", help="print this")


def _add_sources(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to read")
    group.add_argument("--config", type=Path, metavar="FILE", help="instead of ./profiles.toml and the user's own")
    group.add_argument("--demo", action="store_true", help="the embedded fleet: an emulator on this machine")
    group.add_argument("--read-only", action="store_true", help="for a shared screen: nothing private, no actions")
    group.add_argument("--rotate", metavar="TIME", help="go from environment to environment, 20s each")


def _add_scope(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to look at (patterns such as 'shop/*'; each may be repeated)")
    for flag, metavar, text in (
        ("--env", "SYSTEM/ENVIRONMENT", "environments; SYSTEM alone means all of its own"),
        ("--account", "NAME", "accounts, by their configured names"),
        ("--service", "KEY", "services: lambda, rds, sqs ..."),
    ):
        group.add_argument(flag, action="append", default=[], metavar=metavar, help=text, type=_pattern)


def _add_check_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to check (with --check)")
    levels = {health.value: health for health in FAIL_LEVELS}
    group.add_argument(
        "--timeout", type=_duration, metavar="TIME", help=f"longest run; {DEFAULT_TIMEOUT_SECONDS:.0f}s by default"
    )
    group.add_argument(
        "--max-age",
        type=_duration,
        metavar="TIME",
        help="use stored data up to this age, such as 5m, and poll only the rest",
    )
    group.add_argument(
        "--fail-on",
        type=lambda text: levels[_one_of(levels)(text)],
        metavar="LEVEL",
        help=f"mildest state that fails: {', '.join(levels)} (default: {FAIL_LEVELS[0].value})",
    )
    group.add_argument("--format", type=_one_of(FORMATS), metavar="FORMAT", help=", ".join(FORMATS))
    group.add_argument("--output", type=Path, metavar="FILE", help="write there, whole or not at all, not to stdout")


def _one_of(known: Sequence[str] | dict[str, Health]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text in known:
            return text
        raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(known)}{_near(text, tuple(known))}")

    return chosen


def _pattern(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the pattern is empty")
    return text.strip()


def _duration(text: str) -> float:
    """Seconds of `90`, `90s`, `5m`; more than nothing."""
    from cockpit.config.quantities import BadQuantity, duration_seconds

    try:
        seconds = float(text) if text.replace(".", "", 1).isdecimal() else duration_seconds(text)
    except BadQuantity as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError("must be longer than nothing")
    return seconds


def _unknown(word: str, parser: argparse.ArgumentParser) -> str:
    if not word.startswith("-"):
        return f"{word!r} is not a flag; to look at one environment, say --env {word}."
    flag = word.partition("=")[0]
    # The mappings of argparse are private; the usage of each action is not.
    flags = [name for action in parser._actions for name in action.option_strings]  # noqa: SLF001 - no door
    near = _near(flag, flags)
    return f"There is no flag {flag}{near}{'' if near else ';'} cockpit --help lists them."


def _near(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, 1, cutoff=0.7)
    return f", did you mean {close[0]}?" if close else ""
