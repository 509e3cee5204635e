"""A snapshot with what people said about its findings, and when what they said is over. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cockpit.engine.cells import ACCOUNT_KIND
from cockpit.health.window import metric_ids
from cockpit.model.finding import Finding
from cockpit.model.ids import SlotId
from cockpit.model.mute import Mute
from cockpit.model.observation import Observation
from cockpit.model.rule import Rule
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Cell, EnvironmentState, Snapshot, finding_order, health_of
from cockpit.model.verdict import Health

_KEY = re.compile(r"([^|]*)\|([^|/]*)/([^|/]*)/([^|]*)\|(.*)\|([^|]*)", re.DOTALL)
"""As `Finding.key` is written; only what it is about may hold a bar."""


def with_mutes(snapshot: Snapshot, mutes: Mapping[str, Mute]) -> Snapshot:
    """The snapshot with its findings marked, and judged anew where that changes something.

    `mutes` by finding key is all that holds; what was marked before and is not in it counts again.
    """
    if not mutes and not snapshot.mutes:
        return snapshot
    return replace(
        snapshot,
        environments=tuple(_environment(state, mutes) for state in snapshot.environments),
        mutes=tuple(sorted(mutes.values(), key=lambda mute: (-mute.at, mute.finding))),
    )


def _environment(state: EnvironmentState, mutes: Mapping[str, Mute]) -> EnvironmentState:
    if not _touched(state.findings, mutes):
        return state
    cells = {service: _cell(cell, mutes) for service, cell in state.cells.items()}
    found = _marked(state.findings, mutes)
    inside = {finding.key for cell in cells.values() for finding in cell.findings}
    loose = health_of(finding for finding in found if finding.key not in inside)
    health = Health.worst((loose, *(cell.health for cell in cells.values())))
    return replace(state, cells=cells, findings=found, health=health)


def _cell(cell: Cell, mutes: Mapping[str, Mute]) -> Cell:
    if not _touched(cell.findings, mutes):
        return cell
    found = _marked(cell.findings, mutes)
    return replace(cell, findings=found, health=health_of(found))


def _touched(findings: Iterable[Finding], mutes: Mapping[str, Mute]) -> bool:
    return any(finding.mute is not None or finding.key in mutes for finding in findings)


def _marked(findings: Iterable[Finding], mutes: Mapping[str, Mute]) -> tuple[Finding, ...]:
    marked = (replace(one, mute=_said(one, mutes)) for one in findings)
    return tuple(sorted(marked, key=finding_order))


def _said(finding: Finding, mutes: Mapping[str, Mute]) -> Mute | None:
    """What was said about it, unless it has become worse than what was spoken of."""
    mute = mutes.get(finding.key)
    return mute if mute is not None and mute.covers(finding.health) else None


def over(snapshot: Snapshot, catalogue: Catalogue, mutes: Mapping[str, Mute]) -> tuple[str, ...]:
    """Acknowledgements without end whose finding is gone, by finding key.

    Gone is what was looked at since, and is well. What could not be seen, was not looked at, or is no business of this
    process tells nothing.
    """
    endless = [mute for mute in mutes.values() if mute.until is None]
    if not endless:
        return ()
    standing = {finding.key for finding in snapshot.findings}
    cells = {str(state.id): state.cells for state in snapshot.environments}
    return tuple(
        mute.finding for mute in endless if mute.finding not in standing and _is_well(mute, snapshot, catalogue, cells)
    )


def _is_well(mute: Mute, snapshot: Snapshot, catalogue: Catalogue, cells: Mapping[str, Mapping[str, Cell]]) -> bool:
    """Whether what the finding was about was looked at since, and can be seen."""
    found = _KEY.fullmatch(mute.finding)
    if found is None:
        # The table is everybody's; what is no key is no finding either.
        return False
    environment, *place, about, rule_key = found.groups()
    slot = SlotId(*place)
    cell = cells.get(environment, {}).get(slot.service)
    spec = catalogue.service(slot.service)
    observation = snapshot.observations.get(slot)
    if cell is None or cell.pending or spec is None or observation is None:
        return False
    if _is_hidden(about, None if spec.summarise else slot, cell.findings):
        return False
    resource = snapshot.resource(about)
    rule = next((rule for rule in spec.rules if rule.key == rule_key), None)
    kinds = (resource.kind, ACCOUNT_KIND) if resource is not None else ()
    seen_at = _seen_at(observation, rule, kinds)
    return seen_at is not None and seen_at > mute.at


def _is_hidden(about: str, slot: SlotId | None, findings: Iterable[Finding]) -> bool:
    """Whether it can be seen at present: something unseen, of it or of its whole slot (None: any), may hide it."""
    return any(
        finding.health is Health.UNKNOWN
        and slot in {None, finding.slot}
        and (finding.resource is None or finding.resource == about)
        for finding in findings
    )


def _seen_at(observation: Observation, rule: Rule | None, kinds: Collection[str]) -> float | None:
    """When that was read which a rule judges of a thing of these kinds; of a thing that is gone, when it was listed."""
    if rule is None:
        return observation.observed_at
    if not kinds or not metric_ids(rule):
        return observation.discovered_at
    # The account's own metrics clear what they rule out; then those of the thing itself are not read.
    known = [observation.metrics_at[kind] for kind in kinds if kind in observation.metrics_at]
    return max(known, default=None)
