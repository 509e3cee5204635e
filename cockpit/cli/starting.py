"""`--init`: a first profiles.toml from the AWS profiles that exist. Never writes over anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from cockpit.cli.refusal import Refusal
from cockpit.config.first_file import FirstFile, FoundProfile, first_file
from cockpit.config.loader import ConfigurationError, NoConfiguration, load
from cockpit.config.sources import CONFIG_VARIABLE, at_home, config_folder, find_file
from cockpit.model.service import Catalogue

_NAME = "profiles.toml"


def write_first_file(path: Path | None) -> str:
    """Write the file; what to tell about it. Raises Refusal, or OSError, and leaves nothing behind then."""
    from cockpit.services import catalogue

    target = _target(path)
    known = catalogue()
    found = _profiles()
    first = first_file(
        found,
        [spec.key for spec in known.services if not spec.shared_between_processes],
        [spec.key for spec in known.services if spec.shared_between_processes],
    )
    if not first.accounts:
        raise Refusal(_nobody_known(first.unknown))
    _write(target, first.text)
    try:
        _prove(target, known)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return _told(target, first)


def _target(path: Path | None) -> Path:
    """Where it goes. Without a path that is the user's own folder, and only if nothing is configured yet."""
    if path is not None:
        named = Path.cwd() / at_home(path)
        target = named / _NAME if named.is_dir() else named
    else:
        environ = {name: value for name, value in os.environ.items() if name != CONFIG_VARIABLE}
        try:
            existing = find_file(None, environ, Path.cwd())
        except NoConfiguration:
            target = config_folder(os.environ) / _NAME
        else:
            raise Refusal(f"There is a configuration already: {existing}. To write another, name it: --init FILE.")
    if target.exists():
        raise Refusal(f"{target} exists already, and is never written over. Name another file: --init FILE.")
    return target


def _profiles() -> Sequence[FoundProfile]:
    from cockpit.aws.profiles import found_profiles, identified

    try:
        found = found_profiles()
    except ValueError as problem:
        raise Refusal(f"The AWS configuration cannot be read: {problem}") from problem
    if not found:
        raise Refusal(
            "There is no AWS profile to begin with: ~/.aws/config names none. `aws configure sso` makes one;\n"
            "or copy profiles.example.toml and fill it in; or look at the demo: cockpit --demo."
        )
    return asyncio.run(identified(found))


def _nobody_known(unknown: Sequence[FoundProfile]) -> str:
    lines = [f"{one.name}: {one.problem}{f'; log in: {one.login}' if one.login else ''}." for one in unknown]
    return "\n".join(["No AWS profile tells its account, so there is nothing to write yet:", *lines])


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # "x": whoever was quicker keeps their file. Ids of accounts are nobody else's business.
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refusal(f"{target} exists already, and is never written over.") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _prove(target: Path, catalogue: Catalogue) -> None:
    """Read it as any other configuration is read."""
    environ = {name: value for name, value in os.environ.items() if not name.upper().startswith("COCKPIT_")}
    try:
        load(catalogue, path=target, environ=environ, cwd=target.parent)
    except ConfigurationError as problem:
        raise Refusal(f"The AWS profiles make no valid configuration; nothing was written.\n{problem}") from problem


def _told(target: Path, first: FirstFile) -> str:
    def counted(count: int, word: str) -> str:
        return f"{count} {word}{'' if count == 1 else 's'}"

    groups = first.environments
    total = sum(len(names) for names in groups.values())
    counts = (counted(len(first.accounts), "account"), counted(len(groups), "system"), counted(total, "environment"))
    lines = [
        f"Wrote {target}: {', '.join(counts)}.",
        "",
        *(f"  {system}: {', '.join(names)}" for system, names in groups.items()),
    ]
    if any(one.protected for one in first.accounts):
        lines += ["", "* protected, because of its name"]
    if first.unknown:
        lines += ["", "Left out, as comments in the file:"]
        lines += [
            f"  {one.name}: {one.problem}{f'; log in: {one.login}' if one.login else ''}" for one in first.unknown
        ]
    lines += [
        "",
        "Look through it: names of systems and environments are guesses, and where environments share an account,",
        "say what belongs to which. Then: cockpit --validate, cockpit --estimate, cockpit.",
    ]
    return "\n".join(lines) + "\n"
