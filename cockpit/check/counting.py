"""What counts for the exit code: everything, but what somebody has muted. Pure.

A report tells what is unknown even where it is muted; only its exit code does not count it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cockpit.model.finding import Finding
from cockpit.model.ids import SlotId
from cockpit.model.snapshot import Cell, EnvironmentState, health_of
from cockpit.model.verdict import Health


def counting(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that count."""
    return tuple(finding for finding in findings if finding.counts)


def muted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that do not."""
    return tuple(finding for finding in findings if not finding.counts)


def is_excused(slot: SlotId, findings: Iterable[Finding]) -> bool:
    """Whether everything that is said about what could not be seen of a slot is muted; what nobody tells is not."""
    told = [finding for finding in findings if finding.slot == slot and finding.health is Health.UNKNOWN]
    return bool(told) and not counting(told)


def excused_slots(slots: Iterable[SlotId], states: Collection[EnvironmentState]) -> frozenset[SlotId]:
    """The slots whose gaps are muted in every environment that draws on them."""
    drawing = {
        slot: [state for state in states if any(slot in cell.slots for cell in state.cells.values())] for slot in slots
    }
    return frozenset(
        slot for slot, mine in drawing.items() if mine and all(is_excused(slot, state.findings) for state in mine)
    )


def counted_in_cell(cell: Cell, gaps: Iterable[SlotId]) -> Health:
    """What counts of a cell. `gaps` are its slots that were not observed."""
    heard = (finding.health for finding in counting(cell.findings))
    unheard = [Health.UNKNOWN for slot in gaps if not is_excused(slot, cell.findings)]
    return Health.worst((Health.OK, *heard, *unheard, unexplained(cell.health, cell.findings)))


def counted_in_environment(state: EnvironmentState, cells: Iterable[Health]) -> Health:
    """What counts of an environment, given what counts of its cells."""
    heard = (finding.health for finding in counting(state.findings))
    return Health.worst((Health.OK, *heard, *cells, unexplained(state.health, state.findings)))


def unexplained(health: Health, findings: Iterable[Finding]) -> Health:
    """A verdict that is worse than all findings tell counts as it is; nothing can mute it."""
    return health if health.rank > health_of(findings).rank else Health.OK
