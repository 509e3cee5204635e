"""Acknowledging and muting: what the engine does when somebody says something about a finding."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Finding
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age
from cockpit.store.history import History
from cockpit.store.mutes import REREAD_SECONDS, Mutes

_KINDS = {MuteKind.ACKNOWLEDGED: EventKind.ACKNOWLEDGED, MuteKind.MUTED: EventKind.MUTED}


class Muting:
    """What people say, for one engine. `mute` and `unmute` may be called from any thread and return at once."""

    def __init__(
        self,
        store: History | Mutes,
        *,
        clock: Callable[[], float],
        read_only: bool,
        record: Callable[[Sequence[Event]], None],
    ) -> None:
        """Make it.

        Args:
            store: Where it is kept.
            clock: Epoch seconds.
            read_only: Nothing is kept or taken back: a screen that anybody may stand in front of changes nothing.
            record: Adds entries to the timeline.
        """
        self._store = store
        self._clock = clock
        self._read_only = read_only
        self._record = record

    def mute(self, mute: Mute, snapshot: Snapshot) -> None:
        """Keep what was said, in the place of what was said before. `snapshot` tells what the finding is."""
        if self._read_only:
            return
        self._store.mute(mute)
        finding = _finding(snapshot, mute.finding)
        self._record([_event(_KINDS[mute.kind], mute, finding, mute_words(mute), mute.at)])

    def unmute(self, finding: str, by: str, snapshot: Snapshot) -> None:
        """Take back what was said about a finding (key); nothing where nothing was said."""
        now = self._clock()
        said = self._store.mutes(now).get(finding)
        if self._read_only or said is None:
            return
        self._store.unmute((finding,))
        words = f"{said.kind.value} no more, by {by}"
        self._record([_event(EventKind.UNMUTED, said, _finding(snapshot, finding), words, now)])

    async def watch(self, shown: Callable[[], Snapshot], changed: Callable[[], None]) -> None:
        """Call `changed` whenever something else holds than is shown: by another process, or because it has ended."""
        while True:
            await asyncio.sleep(REREAD_SECONDS)
            if self._store.mutes(self._clock()) != {mute.finding: mute for mute in shown().mutes}:
                changed()


def mute_words(mute: Mute) -> str:
    """`muted for 4 h by ann: ticket 12`. For how long, not until when: readers have time zones of their own."""
    lasts = f" for {_lasting(mute.until - mute.at)}" if mute.until is not None else ""
    note = f": {mute.note}" if mute.note else ""
    return f"{mute.kind.value}{lasts} by {mute.by}{note}"


def _lasting(seconds: float) -> str:
    """`1 h`, `1 day`, `7 days`: as it was chosen, where it is a round time."""
    hours = round(seconds / 3600.0)
    if not hours or abs(seconds - hours * 3600.0) >= 1.0:
        return format_age(seconds)
    days, rest = divmod(hours, 24)
    return f"{hours} h" if rest else f"{days} day{'' if days == 1 else 's'}"


def _finding(snapshot: Snapshot, key: str) -> Finding | None:
    return next((finding for finding in snapshot.findings if finding.key == key), None)


def _event(kind: EventKind, mute: Mute, finding: Finding | None, words: str, at: float) -> Event:
    return Event(
        at=at,
        kind=kind,
        environment=finding.environment if finding else None,
        slot=finding.slot if finding else None,
        subject=finding.subject if finding else mute.subject,
        words=words,
        after=finding.health if finding else None,
        resource=finding.resource if finding else None,
        finding=mute.finding,
    )
