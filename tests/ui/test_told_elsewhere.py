"""What the engine tells once for several resources is not green in the rows of the others."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from screens.context import Context
from screens.resource import ResourceScreen
from screens.service_rows import ServiceRows
from screens.sight import View
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.recorded.app import drive_recorded
from tests.ui.specs import CATALOGUE, LAMBDA

PROD = EnvironmentId("tim-combo", "prod")
OWNED = replace(LAMBDA, owner="function")


def rows(snapshot: Snapshot) -> dict[str, tuple[Health, str]]:
    view = View(snapshot, Context(settings(), CATALOGUE, lambda: NOW, FakeEngine(fleet())), NOW)
    return {row.name: (row.health, row.reason) for row in ServiceRows(OWNED, PROD).rows(view)}


def with_lambdas(change: dict[str, Resource], *findings: Finding) -> Snapshot:
    """The fleet, with some of the production functions replaced, and other findings in their cell."""
    whole = fleet()
    state = whole.environment(PROD)
    assert state is not None
    cell = state.cells["lambda"]
    slot = cell.slots[0]
    observation = whole.observations[slot]
    resources = tuple(change.get(one.name, one) for one in observation.resources)
    state = replace(state, cells={**state.cells, "lambda": replace(cell, findings=findings or cell.findings)})
    return replace(
        whole,
        environments=tuple(state if one.id == PROD else one for one in whole.environments),
        observations={**whole.observations, slot: replace(observation, resources=resources)},
    )


def named(name: str) -> Resource:
    state = fleet().environment(PROD)
    assert state is not None
    return next(one for key in state.cells["lambda"].resources if (one := fleet().resource(key)) and one.name == name)


def test_a_function_that_fails_with_its_alias_is_as_bad() -> None:
    failing = replace(named("payments-1"), series=named("checkout:live").series)
    health, reason = rows(with_lambdas({"payments-1": failing}))["payments-1"]
    assert health is Health.CRITICAL
    assert "error rate" in reason


def test_a_function_whose_alias_alone_fails_is_ok() -> None:
    assert rows(with_lambdas({}))["payments-1"] == (Health.OK, "")


def test_what_is_unknown_of_many_is_unknown_in_the_rows_of_those_that_were_not_read() -> None:
    unread = replace(named("events-2"), series={})
    state = fleet().environment(PROD)
    assert state is not None
    slot = state.cells["lambda"].slots[0]
    words = "error rate not read yet"
    many = Finding(PROD, slot, "lambda.error_rate", Health.UNKNOWN, "311 functions", words, None)
    found = rows(with_lambdas({"events-2": unread}, many))
    assert found["events-2"][0] is Health.UNKNOWN
    assert found["search-4"] == (Health.OK, "")


async def test_a_function_is_not_called_well_beside_its_alias_that_fails() -> None:
    async with drive_recorded() as on:
        await on.press("tab", "enter")
        on.screen(ResourceScreen)
        assert on.line("function", "✖ tim-prod-checkout")
