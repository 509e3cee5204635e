"""What a program that starts shows first: the fleet as it was last judged, aged to now.

It stands for the second that it takes to read and judge what is stored. What has become too old to conclude anything
from is unknown, as ever.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from cockpit.config.settings import Settings
from cockpit.engine.accounts import account_states
from cockpit.engine.muted import with_mutes
from cockpit.engine.sight import stale_after_seconds
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Cell, EnvironmentState, MeterReading, Snapshot, finding_order, health_of
from cockpit.model.units import format_age
from cockpit.model.verdict import Health
from cockpit.store.front_page import FrontPage
from cockpit.store.history import History

KEEP_SECONDS = 30.0
"""How often it is kept while the program runs."""


class FrontPages:
    """Keeps the front page of one configuration in the store; does nothing without a store."""

    def __init__(self, history: History | None, settings: Settings, catalogue: Catalogue) -> None:
        self._history = history
        self._settings = settings
        self._catalogue = catalogue
        self._fingerprint = fingerprint(settings, catalogue)

    def first(self, meter: MeterReading, now: float) -> Snapshot | None:
        """What was kept, aged to `now` and with the mutes that hold now; None where there is nothing."""
        if self._history is None:
            return None
        page = self._history.front_page(self._fingerprint)
        if page is None:
            return None
        return with_mutes(first_snapshot(page, self._settings, self._catalogue, meter, now), self._history.mutes(now))

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a snapshot's front page. One that was not judged by this process is kept already."""
        page = page_of(snapshot) if snapshot.observations else None
        if self._history is not None and page is not None:
            self._history.keep_front_page(self._fingerprint, page)

    async def keep_on(self, newest: Callable[[], Snapshot]) -> None:
        """Keep the newest snapshot's again and again, until cancelled."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            self.keep(newest())


def fingerprint(settings: Settings, catalogue: Catalogue) -> str:
    """Of everything that a judgement depends on beside what was seen."""
    services = [(spec.key, [(rule.key, rule.threshold) for rule in spec.rules]) for spec in catalogue.services]
    ids = {name: account.id for name, account in settings.accounts.items()}
    return hashlib.sha256(repr((ids, settings.systems, settings.elsewhere, services)).encode()).hexdigest()


def page_of(snapshot: Snapshot) -> FrontPage | None:
    """The front page of a snapshot; None where not everything has been looked at yet."""
    cells = [cell for environment in snapshot.environments for cell in environment.cells.values()]
    if not cells or any(cell.pending for cell in cells):
        return None
    return FrontPage(snapshot.at, snapshot.environments, snapshot.accounts, snapshot.newest_event)


def nothing_yet(settings: Settings, meter: MeterReading, now: float) -> Snapshot:
    """Before anything is known: nothing, and so nothing is green."""
    return Snapshot(
        version=0,
        at=now,
        environments=(),
        accounts=account_states(settings.accounts, {}, {}),
        observations={},
        meter=meter,
    )


def first_snapshot(
    page: FrontPage, settings: Settings, catalogue: Catalogue, meter: MeterReading, now: float
) -> Snapshot:
    """The page as a snapshot without resources, at `now` (epoch seconds)."""
    polling = settings.polling
    limits = {spec.key: stale_after_seconds(spec, polling, polling.pace) for spec in catalogue.services}
    environments = tuple(_aged(environment, limits, now) for environment in page.environments)
    said = {one.mute.finding: one.mute for state in environments for one in state.findings if one.mute is not None}
    return Snapshot(
        version=0,
        at=now,
        environments=environments,
        accounts=page.accounts,
        observations={},
        meter=meter,
        newest_event=page.newest_event,
        mutes=tuple(said.values()),
    )


def _aged(environment: EnvironmentState, limits: Mapping[str, float], now: float) -> EnvironmentState:
    inside = {finding.key for cell in environment.cells.values() for finding in cell.findings}
    loose = [finding for finding in environment.findings if finding.key not in inside]
    cells = {key: _aged_cell(cell, limits.get(key, 0.0), now) for key, cell in environment.cells.items()}
    findings = (*loose, *(finding for cell in cells.values() for finding in cell.findings))
    return replace(
        environment,
        cells=cells,
        findings=tuple(sorted(findings, key=finding_order)),
        health=Health.worst((health_of(loose), *(cell.health for cell in cells.values()))),
    )


def _aged_cell(cell: Cell, limit: float, now: float) -> Cell:
    """A cell that is too old concludes nothing; its last value stays, with its age."""
    age = None if cell.observed_at is None else now - cell.observed_at
    if age is None or 0 <= age <= limit:
        return cell
    return replace(cell, health=Health.UNKNOWN, findings=(), note=f"stale {format_age(age)}" if age > 0 else "stale")
