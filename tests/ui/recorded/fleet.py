"""What was recorded, and the snapshot that is judged from it. `python -m tests.ui.recorded.record` records anew."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from cockpit.config.loader import load
from cockpit.config.settings import Settings
from cockpit.engine.board import build_snapshot
from cockpit.model.event import Event
from cockpit.model.inquiry import Course, Detail, LogPage
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import AccountState, MeterReading, Snapshot
from cockpit.services import catalogue

FILE = Path(__file__).with_name("fleet.json.gz")
PROFILES = Path("cockpit/demo/profiles.toml")
SPANS = (3600, 21600, 86400, 604800)


@dataclass(frozen=True)
class Recording:
    """Everything that the screens ask an engine for."""

    now: float
    observations: tuple[Observation, ...]
    accounts: tuple[AccountState, ...]
    meter: MeterReading
    first_seen: Mapping[str, float]
    events: tuple[Event, ...]
    newest_event: int
    courses: tuple[Course, ...]
    pages: Mapping[str, LogPage]
    details: tuple[Detail, ...]


ADAPTER = TypeAdapter(Recording)


def write(recording: Recording) -> None:
    """Keep it. The same recording makes the same file."""
    # Empty mappings are views that JSON does not know.
    text = ADAPTER.dump_json(recording, fallback=dict, warnings=False)
    FILE.write_bytes(gzip.compress(text, 9, mtime=0))


@cache
def recorded() -> Recording:
    """What was kept."""
    return ADAPTER.validate_json(gzip.decompress(FILE.read_bytes()))


def demo_settings(**flags: object) -> tuple[Settings, Catalogue]:
    """The configuration of the embedded fleet."""
    known = catalogue()
    root = Path(__file__).parents[3]
    return load(known, path=root / PROFILES, environ={}, flags=flags, cwd=root), known


@cache
def recorded_snapshot() -> Snapshot:
    """The fleet as it was seen, judged at that moment."""
    seen = recorded()
    settings, known = demo_settings()
    observations = {one.slot: one for one in seen.observations}
    snapshot = build_snapshot(
        settings, known, observations, seen.accounts, seen.meter, seen.now, version=1, first_seen=seen.first_seen
    )
    return _with_events(snapshot, seen.newest_event)


def _with_events(snapshot: Snapshot, newest: int) -> Snapshot:
    from dataclasses import replace

    return replace(snapshot, newest_event=newest)
