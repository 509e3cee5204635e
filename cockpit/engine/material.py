"""What a snapshot is made of, and making it: the same for the engine and for the one-shot sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cockpit.config.settings import Settings
from cockpit.engine.bills import shared_whole
from cockpit.engine.board import Board
from cockpit.engine.muted import over, with_mutes
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import AccountState, MeterReading, Snapshot
from cockpit.store.history import History
from cockpit.store.mutes import Mutes
from cockpit.store.standing import Standing


@dataclass(frozen=True, slots=True)
class Material:
    """Everything known at one moment, not yet judged."""

    observations: Mapping[SlotId, Observation]
    accounts: tuple[AccountState, ...]
    meter: MeterReading
    notices: tuple[str, ...]
    polling: bool
    version: int
    now: float


class SnapshotMaker:
    """Judges material. Remembers between builds what still holds; one build at a time."""

    def __init__(self, settings: Settings, catalogue: Catalogue, history: History | None) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._history = history
        self._standing = history or Standing()
        self.mutes = history or Mutes()
        """What people say about findings; without a store it is forgotten at the end."""
        self._board = Board()
        self._shared_bills = shared_whole(settings, catalogue)

    def make(self, material: Material) -> Snapshot:
        """The snapshot of `material`."""
        judged = self._board.build(
            self._settings,
            self._catalogue,
            material.observations,
            material.accounts,
            material.meter,
            material.now,
            version=material.version,
            notices=(*material.notices, *self._shared_bills),
            first_seen=_Since(self._standing, material.now),
            polling=material.polling,
        )
        said = self.mutes.mutes(material.now)
        ended = over(judged, self._catalogue, said)
        if ended:
            self.mutes.unmute(ended)
        told = with_mutes(judged, {key: mute for key, mute in said.items() if key not in ended})
        return replace(told, newest_event=self._history.newest_event) if self._history else told


class _Since(Mapping[str, float]):
    """Finding key → since when it stands. A key that is asked for stands now, if it did not before."""

    def __init__(self, standing: History | Standing, now: float) -> None:
        self._standing = standing
        self._now = now

    def __getitem__(self, key: str) -> float:
        return self._standing.first_seen((key,), self._now)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        # It answers every key, so it is never empty.
        return 1


def notices_of(history: History | None, meter: MeterReading) -> tuple[str, ...]:
    """What the reader should know about store and spending, one sentence each."""
    stored = history.notices if history else ()
    if not meter.throttled_by_ceiling or meter.ceiling_usd_per_day is None:
        return stored
    return (*stored, f"Polling is slowed: the ceiling of ${meter.ceiling_usd_per_day:.2f} a day is near.")
