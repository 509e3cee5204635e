"""Selectors: which resources of a slot a target names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate

from cockpit.config.settings import Target
from cockpit.model.resource import Resource
from cockpit.model.service import ServiceSpec


@dataclass(frozen=True, slots=True)
class Selector:
    """The selectors of a target, ready to be matched. Those that are given must all match; globs mind their case."""

    names: re.Pattern[str] | None
    tags: tuple[tuple[str, re.Pattern[str]], ...]
    stacks: re.Pattern[str] | None
    words: str
    """As people write them: `names checkout-*, tag stage=prod`; empty where none is given."""

    def matches(self, resource: Resource) -> bool:
        """Whether the target names this resource."""
        if self.names is not None and not self.names.match(resource.name):
            return False
        if self.stacks is not None and not (resource.stack and self.stacks.match(resource.stack)):
            return False
        return all(pattern.match(resource.tags.get(tag, "")) for tag, pattern in self.tags)

    def may_match_name(self, name: str) -> bool:
        """Whether a thing of which only the name is known could match."""
        return self.names is None or self.names.match(name) is not None


def selector_of(target: Target) -> Selector:
    """Compile the selectors of a target."""
    words = [f"names {', '.join(target.names)}"] if target.names else []
    words += [f"tag {tag}={pattern}" for tag, pattern in target.tags.items()]
    words += [f"stacks {', '.join(target.stacks)}"] if target.stacks else []
    return Selector(
        names=_any_of(target.names),
        tags=tuple((tag, re.compile(translate(pattern))) for tag, pattern in target.tags.items()),
        stacks=_any_of(target.stacks),
        words=", ".join(words),
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """What the selectors of one environment find in one slot."""

    resources: tuple[Resource, ...]
    unmatched: tuple[str, ...]
    """`Selector.words` of those that match nothing here."""
    names: frozenset[str]
    """Names and keys of `resources`."""


def select(spec: ServiceSpec, selectors: Sequence[Selector], resources: Iterable[Resource]) -> Selection:
    """The resources of a slot that belong to an environment with these selectors (one for each of its targets).

    Selectors apply to the kinds in `ServiceSpec.selects`. What has an owner (an alias its function, a dead-letter
    queue its source) goes where the owner goes; where the owner is not in sight, selectors apply to the thing itself.
    What is shared by the account belongs to everyone.
    """
    everything = tuple(resources)
    chosen: dict[str, Resource] = {}
    matched: set[str] = set()
    followers: list[Resource] = []
    in_sight = {one.key for one in everything} | {one.name for one in everything}
    for one in everything:
        owner = one.related.get(spec.owner) if spec.owner else None
        if one.shared:
            chosen[one.key] = one
        elif owner in in_sight and not (spec.selects and one.kind in spec.selects):
            followers.append(one)
        else:
            by = [selector.words for selector in selectors if selector.matches(one)]
            matched.update(by)
            if by:
                chosen[one.key] = one
    _follow(spec.owner or "", followers, chosen)
    unmatched = tuple(one.words for one in selectors if one.words not in matched)
    names = frozenset(chosen) | {one.name for one in chosen.values()}
    return Selection(tuple(one for one in everything if one.key in chosen), unmatched, names)


def _follow(relation: str, followers: Sequence[Resource], chosen: dict[str, Resource]) -> None:
    """Add followers of what is chosen, and followers of those."""
    names = {one.name for one in chosen.values()}
    waiting = list(followers)
    while waiting:
        found = [one for one in waiting if one.related[relation] in chosen or one.related[relation] in names]
        if not found:
            return
        chosen.update((one.key, one) for one in found)
        names.update(one.name for one in found)
        waiting = [one for one in waiting if one.key not in chosen]


def _any_of(globs: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(translate, globs))) if globs else None
