"""Rewrites the generated parts of the documentation: `python -m docs.generate`, or with `--check` to compare only.

A generated part stands between `<!-- name -->` and `<!-- /name -->`, each on a line of its own. Everything else in
those files is written by hand. A part may have an argument: `<!-- door cockpit.aws.room:AwsRoom -->`.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from docs.reference import check, configuration, doors, interface, keys, permissions, services

ROOT = Path(__file__).parents[1]

PARTS: Mapping[str, Callable[[], str]] = {
    "rules": services.default_rules,
    "services": services.every_service,
    "map": doors.rooms,
    "order": doors.order,
    "policy": permissions.policy,
    "actions": permissions.actions,
    "keys of the file": configuration.keys_of_the_file,
    "variables": configuration.variables,
    "units": configuration.units,
    "keys": keys.every_key,
    "filter": keys.filter_language,
    "flags": check.flags,
    "formats": check.examples,
}
"""Name of a part → what belongs there."""

FILES: Mapping[Path, Callable[[], str]] = {ROOT / "cockpit" / "config" / "interface.json": interface.data}
"""Files that are made as a whole → what they hold."""

_WITH_ARGUMENT: Mapping[str, Callable[[str], str]] = {"door": doors.door, "modules": doors.modules}

_PART = re.compile(
    r"(?P<begin>^<!-- (?P<name>[a-z][^/\n]*?) -->\n).*?(?P<end>^<!-- /(?P=name) -->$)", re.MULTILINE | re.DOTALL
)
_BY_HAND = frozenset({"figures"})
"""Parts that somebody fills in after measuring."""


def pages() -> list[Path]:
    """The files that may hold generated parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def regenerated(text: str) -> str:
    """`text` with every generated part as the code is now. Raises KeyError for a part that nothing generates."""
    return _PART.sub(lambda found: found["begin"] + _content(found) + found["end"], text)


def _content(found: re.Match[str]) -> str:
    name = found["name"]
    if name in _BY_HAND:
        return found[0].removeprefix(found["begin"]).removesuffix(found["end"])
    return f"\n{_made(name).strip()}\n\n"


@cache
def _made(name: str) -> str:
    kind, _, argument = name.partition(" ")
    return _WITH_ARGUMENT[kind](argument) if kind in _WITH_ARGUMENT else PARTS[name]()


def main(arguments: list[str]) -> int:
    """Rewrite the files; with `--check` change nothing, and exit with 1 where something is out of date."""
    # Examples show times of day; they must not depend on where they are made.
    os.environ["TZ"] = "UTC"
    time.tzset()
    now = [(page, regenerated(page.read_text("utf-8"))) for page in pages()]
    now += [(file, made()) for file, made in FILES.items()]
    stale = [(file, new) for file, new in now if new != file.read_text("utf-8")]
    for page, new in stale:
        sys.stdout.write(f"{page.relative_to(ROOT)} is out of date\n")
        if "--check" not in arguments:
            page.write_text(new, "utf-8")
    if stale:
        sys.stdout.write("make docs brings it up to date\n" if "--check" in arguments else "written\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
