"""What is told on screen of what could not be seen."""

from __future__ import annotations

from dataclasses import replace

from cockpit.engine.findings import nothing_polled, unseen
from cockpit.engine.sight import Sight
from cockpit.model.ids import EnvironmentId, SlotId
from screens.context import Context
from screens.sight import View
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.specs import CATALOGUE

PROD = EnvironmentId("shop", "prod")


def test_a_slot_that_waits_is_not_told_but_an_environment_that_nobody_polls_is() -> None:
    waits = unseen(PROD, SlotId("shop", "eu-west-1", "lambda"), Sight("waiting", "not looked at yet"))
    unwatched = nothing_polled(PROD)
    view = View(replace(fleet(), observations={}), Context(None, CATALOGUE, lambda: NOW, FakeEngine(fleet())), NOW)  # type: ignore[arg-type]
    assert view.looked_at([waits, unwatched]) == [unwatched]
