"""What the checks of systems and environments may refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cockpit.config.problems import KeyPath
from cockpit.config.shape import Profiles
from cockpit.model.rule import Threshold
from cockpit.model.service import Catalogue


@dataclass(frozen=True, slots=True)
class Scope:
    """The configuration that is being checked, and what is known besides."""

    profiles: Profiles
    catalogue: Catalogue
    account_names: frozenset[str]
    """Of the whole file, readable or not."""
    fleet: Mapping[str, Threshold]
    """Thresholds of the whole fleet."""
    damaged: Callable[[KeyPath], bool]
    """Whether part of what is at a path could not be read."""
