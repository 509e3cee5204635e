"""Which names a pattern means, also of environments that a template may yet give. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from cockpit.config.settings import Environment
from cockpit.model.ids import EnvironmentId

_FIELD = re.compile(r"\{([^}]*)\}")
"""A field in the name of a template: `{number}`."""


def matches_environment(patterns: Sequence[str], environment: EnvironmentId) -> bool:
    """Whether one of `patterns` matches; no pattern matches everything."""
    return not patterns or any(_names_environment(pattern, environment) for pattern in patterns)


def is_glob(pattern: str) -> bool:
    """Whether a pattern may match more than one name."""
    return any(character in pattern for character in "*?[")


def as_glob(template: str) -> str:
    """The name of a template as people would write it: `pr{number}` → `pr*`."""
    return _FIELD.sub("*", template)


def may_become(template: Environment, patterns: Sequence[str]) -> bool:
    """Whether an environment made from `template` might match one of `patterns`."""
    return not patterns or any(_may_match(template, *_split(pattern)) for pattern in patterns)


def _may_match(template: Environment, system: str, environment: str) -> bool:
    if not fnmatchcase(template.id.system, system):
        return False
    if is_glob(environment):
        return _can_meet(as_glob(template.id.environment), re.sub(r"\[[^]]+\]", "?", environment))
    # Rather too much than too little: what is found is compared with the pattern again, case and all.
    return re.fullmatch(_names(template), environment, re.IGNORECASE) is not None


def _names(template: Environment) -> str:
    """A regular expression over the names that `template` gives: `pr{number}` → `pr(?:[0-9]+)`."""
    pieces = _FIELD.split(template.id.environment)
    written = re.escape(pieces[0])
    for field, literal in zip(pieces[1::2], pieces[2::2], strict=True):
        written += f"(?:{_group(template.pattern or '', field)}){re.escape(literal)}"
    return written


def _group(pattern: str, name: str) -> str:
    """What stands in the group `name` of a regular expression; anything, where it cannot be taken out."""
    inside = pattern.partition(f"(?P<{name}>")[2]
    depth, place = 1, 0
    while place < len(inside) and depth:
        character = inside[place]
        depth += {"(": 1, ")": -1}.get(character, 0)
        place += 2 if character == "\\" else 1
    try:
        re.compile(inside[: place - 1])
    except re.error:
        return ".+"
    return inside[: place - 1] or ".+"


def _names_environment(pattern: str, environment: EnvironmentId) -> bool:
    system, name = _split(pattern)
    return fnmatchcase(environment.system, system) and fnmatchcase(environment.environment, name)


def _split(pattern: str) -> tuple[str, str]:
    """`system/environment` → its two patterns; without a slash it is a system, with all that it has."""
    system, _, environment = pattern.partition("/")
    return system, environment or "*"


@lru_cache(maxsize=4096)
def _can_meet(one: str, other: str) -> bool:
    """Whether some name matches both globs."""
    if not one and not other:
        return True
    for left, right in ((one, other), (other, one)):
        if left.startswith("*"):
            return _can_meet(left[1:], right) or (bool(right) and _can_meet(left, right[1:]))
    if not one or not other:
        return False
    return (one[0] == other[0] or "?" in (one[0], other[0])) and _can_meet(one[1:], other[1:])
