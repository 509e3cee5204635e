"""Environments that come and go: found by a template's pattern over resource names. Pure."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cockpit.config.settings import Environment, Target
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.service import ServiceSpec

Groups = tuple[tuple[str, str], ...]
"""Named groups of one match, by name."""


def matches_in(template: Environment, spec: ServiceSpec, resources: Iterable[Resource]) -> frozenset[Groups]:
    """Distinct matches of the template's pattern among the names of a slot's resources.

    Only kinds that selectors apply to are searched. Stack names are searched too where the template selects by stack.
    """
    pattern = re.compile(template.pattern or "")
    by_stack = any(target.stacks for target in template.targets)
    found: set[Groups] = set()
    for resource in resources:
        if resource.shared or (spec.selects and resource.kind not in spec.selects):
            continue
        for text in (resource.name, resource.stack if by_stack else None):
            match = pattern.search(text) if text else None
            if match is not None:
                found.add(tuple(sorted((name, value or "") for name, value in match.groupdict().items())))
    return frozenset(found)


def environment_of(template: Environment, groups: Groups) -> Environment:
    """The environment that one match stands for: its name, title, selectors and links filled in."""
    values = dict(groups)
    # What was captured is meant literally, also where a glob is made of it.
    literally = {name: glob.escape(value) for name, value in groups}
    return replace(
        template,
        id=EnvironmentId(template.id.system, template.id.environment.format_map(values)),
        title=template.title.format_map(values),
        targets=tuple(_filled(target, literally) for target in template.targets),
        left_out=tuple(_filled(target, literally) for target in template.left_out),
        links=tuple(replace(link, url=_filled_url(link.url, values)) for link in template.links),
        pattern=None,
    )


def in_natural_order(environments: Iterable[Environment]) -> list[Environment]:
    """By name, numbers by value: `pr9` before `pr10`."""
    return sorted(environments, key=lambda one: [_part(text) for text in re.split(r"(\d+)", one.id.environment)])


def _filled(target: Target, values: Mapping[str, str]) -> Target:
    return replace(
        target,
        names=tuple(pattern.format_map(values) for pattern in target.names),
        tags={tag: pattern.format_map(values) for tag, pattern in target.tags.items()},
        stacks=tuple(pattern.format_map(values) for pattern in target.stacks),
    )


def _filled_url(url: str, values: Mapping[str, str]) -> str:
    """Braces of a URL that name no group stay as they are."""
    for name, value in values.items():
        url = url.replace("{" + name + "}", value)
    return url


def _part(text: str) -> tuple[int, int, str]:
    return (1, int(text), "") if text.isdigit() else (0, 0, text)
