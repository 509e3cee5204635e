"""The five systems as hand-made snapshots: a bad release, a growing queue, a database near its limit, an account that
may not read Lambda, an expired session, stale data, cells that nobody has looked at yet, and previews."""

from __future__ import annotations

from functools import lru_cache

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import (
    AccountState,
    Cell,
    EnvironmentState,
    Link,
    MeterLine,
    MeterReading,
    Snapshot,
    finding_order,
)
from cockpit.model.verdict import Health, Outcome
from tests.ui.known import ACCOUNTS, ENVIRONMENTS, Scene, Story
from tests.ui.specs import CATALOGUE
from tests.ui.things import MAKERS
from tests.ui.troubles import failure, findings

_EDGE = frozenset({"cloudfront", "cost"})


def fleet(version: int = 1, **story: object) -> Snapshot:
    """The fleet as one story has it: `fleet(bad_release=False)`, `fleet(functions=400)`."""
    return _fleet(version, Story(**story))  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def _fleet(version: int, told: Story) -> Snapshot:
    made: dict[SlotId, list[Resource]] = {}
    environments = tuple(_environment(told, row, made) for row in ENVIRONMENTS)
    slots = dict.fromkeys(slot for state in environments for cell in state.cells.values() for slot in cell.slots)
    observations = (_observation(told, slot, made.get(slot, ())) for slot in slots)
    return Snapshot(
        version=version,
        at=told.now,
        environments=environments,
        accounts=tuple(_account(told, name) for name in ACCOUNTS),
        observations={one.slot: one for one in observations if one is not None},
        meter=_meter(told),
    )


def _environment(
    story: Story, row: tuple[str, str, bool, bool, tuple[str, ...], str], made: dict[SlotId, list[Resource]]
) -> EnvironmentState:
    system, name, protected, discovered, accounts, services = row
    cells: dict[str, Cell] = {}
    for key in services.split():
        spec = CATALOGUE.service(key)
        assert spec is not None
        scene = Scene(story, EnvironmentId(system, name), _slot(spec, accounts))
        cells[key] = _cell(scene, spec, made)
    found = (finding for cell in cells.values() for finding in cell.findings)
    return EnvironmentState(
        id=EnvironmentId(system, name),
        title=f"{system} {name}",
        protected=protected,
        health=Health.worst(cell.health for cell in cells.values()),
        cells=cells,
        findings=tuple(sorted(found, key=finding_order)),
        links=(Link("runbook", f"https://wiki.example/{system}"),),
        discovered=discovered,
        accounts=accounts,
    )


def _slot(spec: ServiceSpec, accounts: tuple[str, ...]) -> SlotId:
    account = accounts[0] if accounts else "none"
    if spec.key == "cloudfront" and len(accounts) > 1:
        account = accounts[1]
    return SlotId(account, "us-east-1" if spec.key in _EDGE else "eu-west-1", spec.key)


def _cell(scene: Scene, spec: ServiceSpec, made: dict[SlotId, list[Resource]]) -> Cell:
    resources = [] if scene.is_pending else MAKERS[spec.key](scene)
    made.setdefault(scene.slot, []).extend(resources)
    failed = failure(scene.story, scene.slot)
    note = "waiting" if scene.is_pending else failed.summary if failed else "stale 12 min" if scene.is_stale else ""
    age = 1500.0 if failed else 760.0 if scene.is_stale else 35.0
    found = tuple(findings(scene, resources))
    # The denied account was never seen; the expired one was, a while ago.
    seen = bool(resources) and not (failed and failed.iam_action)
    return Cell(
        environment=scene.environment,
        service=spec.key,
        health=Health.worst((Health.OK, *(finding.health for finding in found))),
        headline=spec.headline(resources) if seen else None,
        slots=(scene.slot,),
        resources=tuple(one.key for one in resources) if seen else (),
        findings=found,
        observed_at=scene.now - age if seen else None,
        note=note,
        pending=scene.is_pending,
    )


def _observation(story: Story, slot: SlotId, resources: list[Resource] | tuple[()]) -> Observation | None:
    if slot.account == "none" or (story.pending and slot.account == "sched-dev"):
        return None
    failed = failure(story, slot)
    stale = story.stale and slot == SlotId("trinity-nonprod", "eu-west-1", "alarms")
    return Observation(
        slot=slot,
        account_id=ACCOUNTS[slot.account],
        outcome=failed.outcome if failed else Outcome.OK,
        attempted_at=story.now - 12,
        observed_at=story.now - (1500 if failed else 760 if stale else 35),
        resources=tuple(resources),
        failures=(failed,) if failed else (),
    )


def _account(story: Story, name: str) -> AccountState:
    failed = failure(story, SlotId(name, "eu-west-1", "lambda"))
    expired = failed is not None and failed.outcome is Outcome.EXPIRED
    pending = story.pending and name == "sched-dev"
    known = not pending and not expired
    sso = {"combo-dev": "combo-sso", "combo-sandbox": "media-sso", "combo-media": "media-sso"}
    return AccountState(
        name=name,
        account_id=ACCOUNTS[name],
        regions=("eu-west-1",),
        outcome=None if pending else Outcome.EXPIRED if expired else Outcome.OK,
        identity_arn=f"arn:aws:sts::{ACCOUNTS[name]}:assumed-role/cockpit-read/cockpit" if known else None,
        expires_at=story.now + 11_520 if name in sso and known else None,
        last_poll_at=None if pending else story.now - 12,
        failures=(failed,) if failed else (),
        source=f"profile {name}",
        login=sso.get(name),
        remedy=failed.remedy if failed else None,
    )


def _meter(story: Story) -> MeterReading:
    lines = tuple(
        MeterLine(
            name, "cloudwatch", "GetMetricData", calls=18 + i, attempts=19 + i, billed_metrics=400, cost_usd=0.004
        )
        for i, name in enumerate(ACCOUNTS)
    )
    return MeterReading(story.now - 600, lines, ceiling_usd_per_day=2.0, usd_per_hour=0.0041, usd_today=0.05)
