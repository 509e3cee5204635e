"""What is told on screen of what could not be seen."""

from __future__ import annotations

from dataclasses import replace

from cockpit.config.settings import Environment, Override
from cockpit.engine.findings import nothing_polled, unseen
from cockpit.engine.sight import Sight
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.rule import Threshold
from screens.context import Context
from screens.sight import View
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE, LAMBDA

PROD = EnvironmentId("shop", "prod")


def test_a_slot_that_waits_is_not_told_but_an_environment_that_nobody_polls_is() -> None:
    waits = unseen(PROD, SlotId("shop", "eu-west-1", "lambda"), Sight("waiting", "not looked at yet"))
    unwatched = nothing_polled(PROD)
    view = View(replace(fleet(), observations={}), Context(None, CATALOGUE, lambda: NOW, FakeEngine(fleet())), NOW)  # type: ignore[arg-type]
    assert view.looked_at([waits, unwatched]) == [unwatched]


def test_a_trend_is_measured_against_the_limits_of_its_own_environment() -> None:
    plain = settings()
    system = next(one for one in plain.systems if one.name == "tim-combo")
    prod = next(one for one in system.environments if one.id.environment == "prod")
    rule = LAMBDA.rules[0]
    strict = replace(prod, thresholds={rule.key: Threshold(1.0, 2.0, 60)})
    lax = replace(prod, overrides=(Override("checkout:*", {rule.key: Threshold(None, 50.0, 60)}),))

    def limit(environment: Environment) -> float | None:
        others = tuple(environment if one.id == prod.id else one for one in system.environments)
        systems = tuple(replace(one, environments=others) if one is system else one for one in plain.systems)
        context = Context(replace(plain, systems=systems), CATALOGUE, lambda: NOW, FakeEngine(fleet()))
        return View(fleet(), context, NOW).trend_limits().get((prod.id, "lambda"))

    assert limit(prod) is None
    assert limit(strict) == 1.0
    assert limit(lax) == 50.0
