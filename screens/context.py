"""What every screen is given: the settings, the catalogue and the clock. The engine stays with the app."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from cockpit.config.settings import Settings
from cockpit.model.ids import SlotId
from cockpit.model.service import Catalogue, ServiceSpec
from cockpit.model.snapshot import Snapshot


class Source(Protocol):
    """The engine, as the interface sees it. Nothing here blocks."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot, at once."""

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` for each new snapshot, on a thread of the source's own; what it returns ends that."""

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Poll now; None is everything."""

    def pause(self, paused: bool) -> None:  # noqa: FBT001 - the engine's signature
        """Stop or resume polling."""

    def look_at(self, slots: Collection[SlotId]) -> None:
        """What is on screen."""


@dataclass(frozen=True)
class Context:
    """What every screen is given."""

    settings: Settings
    catalogue: Catalogue
    clock: Callable[[], float]
    demo: bool = False

    @property
    def specs(self) -> tuple[ServiceSpec, ...]:
        """Services in the order of their columns."""
        return tuple(sorted(self.catalogue.services, key=lambda spec: spec.order))

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed: by flag, or because no environment allows any action that there is."""
        environments = (*self.settings.environments, *self.settings.templates)
        known = set(self.catalogue.actions)
        return self.settings.read_only or not any(known & set(environment.actions) for environment in environments)

    @property
    def slow_services(self) -> frozenset[str]:
        """Services whose every look costs money, and whose data is hours old by design."""
        return frozenset(spec.key for spec in self.catalogue.services if spec.shared_between_processes)
