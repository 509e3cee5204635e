"""One cell of the matrix: one service of one environment, judged. Pure, with a memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cockpit.config.settings import Polling
from cockpit.engine import findings
from cockpit.engine.deployments import changed_before
from cockpit.engine.membership import ALARMS, Membership, Part
from cockpit.engine.remembered import Remembered
from cockpit.engine.share import Verdict, gathered, unexplained, verdicts_on, without_echoes
from cockpit.engine.sight import Sight, sight_of
from cockpit.model.finding import Finding
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Headline, Money, ServiceSpec
from cockpit.model.snapshot import Cell, finding_order
from cockpit.model.verdict import Health, Outcome

ACCOUNT_KIND = "account"
MOMENT_SECONDS = 30
"""Judgements are made anew this often where nothing new was seen. It divides every period and delay of a metric, so no
window closes later for it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What every cell of one snapshot is made from."""

    observations: Mapping[SlotId, Observation]
    polling: Polling
    pace: float
    now: float
    first_seen: Mapping[str, float]
    remembered: Remembered

    @property
    def moment(self) -> float:
        """The moment that resources are judged at."""
        return self.now // MOMENT_SECONDS * MOMENT_SECONDS

    def sight(self, slot: SlotId, spec: ServiceSpec) -> Sight:
        """How well a slot is seen."""
        return sight_of(self.observations.get(slot), spec, self.polling, self.now, pace=self.pace)


@dataclass(frozen=True, slots=True)
class Judged:
    """A cell, and the bill that was made for it."""

    cell: Cell
    bill: Resource | None = None


def cell_of(scene: Scene, membership: Membership, part: Part) -> Judged:
    """The cell of one service of one environment."""
    sights = {slot: scene.sight(slot, part.service) for slot in part.slots}
    bill = _bill(scene, membership, part)
    found = [*_unseen(scene, membership, part, sights), *_judged(scene, membership, part, sights, bill)]
    if not found:
        found = _nothing(membership, part, sights)
    return Judged(_cell(scene, membership, part, sights, found, bill=bill), bill)


def searching_cell(scene: Scene, membership: Membership, part: Part) -> Cell | None:
    """The cell of a template: what keeps it from knowing its environments; None where nothing does."""
    sights = {slot: scene.sight(slot, part.service) for slot in part.slots}
    unseen = _slots_unseen(membership, sights)
    for slot, sight in sights.items():
        observation = scene.observations.get(slot)
        if observation is not None and not sight.reason:
            unseen.extend(findings.perhaps_more(membership.environment.id, observation))
    found = [replace(one, reason=f"some environments may be missing: {one.reason}") for one in unseen]
    return _cell(scene, membership, part, sights, found, bill=None) if found else None


def _cell(
    scene: Scene,
    membership: Membership,
    part: Part,
    sights: Mapping[SlotId, Sight],
    found: list[Finding],
    *,
    bill: Resource | None,
) -> Cell:
    dated = (findings.dated(finding, scene.first_seen) for finding in found)
    placed = tuple(sorted(dated, key=finding_order))
    own = (bill.key,) if bill else ()
    environment = membership.environment
    keys = scene.remembered.get(
        ("keys", environment.id, environment.pattern, part.service.key),
        (part.resources,),
        lambda: tuple(resource.key for resource in part.resources),
    )
    return Cell(
        environment=environment.id,
        service=part.service.key,
        health=Health.worst((Health.OK, *(finding.health for finding in placed))),
        headline=_headline(scene, membership, part, bill),
        slots=part.slots,
        resources=own + keys if own else keys,
        findings=placed,
        observed_at=_observed_at(scene, part),
        note=_note(sights, placed),
        pending=any(sight.pending for sight in sights.values()),
    )


def _slots_unseen(membership: Membership, sights: Mapping[SlotId, Sight]) -> list[Finding]:
    environment = membership.environment.id
    return [findings.unseen(environment, slot, sight) for slot, sight in sights.items() if sight.reason]


def _unseen(scene: Scene, membership: Membership, part: Part, sights: Mapping[SlotId, Sight]) -> list[Finding]:
    """Slots, and parts of slots, that could not be seen; selectors that find nothing in what was seen."""
    environment = membership.environment.id
    found = _slots_unseen(membership, sights)
    for slot, sight in sights.items():
        observation = scene.observations.get(slot)
        if observation is not None and observation.outcome is Outcome.PARTIAL and not sight.reason:
            mine = {name for one in part.by_slot.get(slot, part.resources) for name in (one.key, one.name)}
            found.extend(findings.partly_unseen(environment, observation, mine))
    for words in part.unmatched:
        found.append(findings.nothing_there(environment, part.slots[0], words, f"nothing matches {words}"))
    return found


def _nothing(membership: Membership, part: Part, sights: Mapping[SlotId, Sight]) -> list[Finding]:
    """A service that an environment names, and of which it has nothing: more likely a mistake than health.

    An account without alarms is a choice.
    """
    if part.service.key == ALARMS or not part.slots:
        return []
    if any(not resource.shared for resource in part.resources):
        return []
    notes = {sight.note for sight in sights.values() if sight.note}
    where = ", ".join(dict.fromkeys(findings.place(slot) for slot in part.slots))
    reason = f"nothing found in {where}" + (f" ({', '.join(sorted(notes))})" if notes else "")
    return [findings.nothing_there(membership.environment.id, part.slots[0], part.service.title, reason)]


def _judged(
    scene: Scene, membership: Membership, part: Part, sights: Mapping[SlotId, Sight], bill: Resource | None
) -> list[Finding]:
    if bill is not None:
        # A bill of which a part is too old, or was never seen, is not judged: that part is told instead.
        if not all(sight.usable for sight in sights.values()):
            return []
        slot = part.slots[0] if part.slots else bill.slot
        on_bill = verdicts_on((bill,), membership.environment, part.service, None, scene.now, pace=scene.pace)
        return [_told(scene, membership, part, slot, verdict) for verdict in on_bill]
    found: list[Finding] = []
    for slot, sight in sights.items():
        if not sight.usable:
            continue
        found.extend(
            _told(scene, membership, part, slot, verdict)
            for verdict in _verdicts(scene, membership, part, slot)
            # That the data of a failing slot grow old is told once, by the failure.
            if not (sight.reason and verdict.judgement.health is Health.UNKNOWN)
        )
    return found


def _told(scene: Scene, membership: Membership, part: Part, slot: SlotId, verdict: Verdict) -> Finding:
    finding = findings.judged(
        membership.environment.id,
        slot,
        verdict,
        lambda resource, since: changed_before(resource, part, membership, since),
    )
    return findings.dated_back(finding, scene.first_seen) if verdict.judgement.since_at_least else finding


def _verdicts(scene: Scene, membership: Membership, part: Part, slot: SlotId) -> tuple[Verdict, ...]:
    environment, spec, resources = membership.environment, part.service, part.by_slot.get(slot, ())
    observation = scene.observations.get(slot)
    failures = observation.failures if observation else ()

    def made() -> tuple[Verdict, ...]:
        clearing = next((one for one in resources if one.kind == ACCOUNT_KIND), None)
        verdicts = verdicts_on(resources, environment, spec, clearing, scene.moment, pace=scene.pace)
        return gathered(unexplained(without_echoes(verdicts, spec.owner), failures))

    key = ("verdicts", environment.id, slot, scene.pace, scene.moment)
    return scene.remembered.get(key, (environment, spec, resources, failures), made)


def _bill(scene: Scene, membership: Membership, part: Part) -> Resource | None:
    environment, summarise = membership.environment, part.service.summarise
    lines = tuple((line.name, line.usd) for line in environment.fixed_costs)
    if summarise is None or not (part.resources or lines):
        return None
    return summarise(part.resources, Money(environment.id, environment.monthly_budget_usd, lines), scene.now)


def _headline(scene: Scene, membership: Membership, part: Part, bill: Resource | None) -> Headline | None:
    if bill is not None:
        return part.service.headline((bill,))
    if not part.resources:
        return None
    key = ("headline", membership.environment.id, part.service.key)
    return scene.remembered.get(key, (part.resources,), lambda: part.service.headline(part.resources))


def _observed_at(scene: Scene, part: Part) -> float | None:
    """Of the slot that was seen longest ago. What is not polled (fixed costs) is as old as the configuration: now."""
    seen = [scene.observations.get(slot) for slot in part.slots]
    if any(one is None for one in seen):
        return None
    moments = [one.observed_at for one in seen if one is not None and one.outcome is not Outcome.REGION_DISABLED]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return None
    return min(known, default=scene.now if not part.slots else None)


def _note(sights: Mapping[SlotId, Sight], found: tuple[Finding, ...]) -> str:
    """The few words for the cell: of a failure before a wait, of a wait before a region that is not enabled."""
    ranked = sorted(sights.values(), key=lambda sight: (not sight.failure, not sight.reason, sight.pending))
    if ranked and ranked[0].reason:
        return ranked[0].note
    failure = next((finding.failure for finding in found if finding.failure), None)
    if failure is not None:
        return failure.summary
    nothing = next((finding for finding in found if finding.reason.startswith("nothing ")), None)
    if nothing is not None:
        return "nothing there"
    return next((sight.note for sight in ranked if sight.note), "")
