"""Where a closer look is worth its money."""

from __future__ import annotations

from dataclasses import replace

from cockpit.health import needs_close_look
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import Threshold
from cockpit.model.verdict import Outcome
from tests.health.cases import BACKUPS, LOAD, NOW, RATE, SERVICE, SLOT, thing


def wanted(
    *resources: Resource, thresholds: dict[str, Threshold] | None = None, rules: tuple = (RATE,)
) -> frozenset[str]:
    observation = Observation(SLOT, "111122223333", Outcome.OK, NOW, NOW, resources)
    return needs_close_look(replace(SERVICE, rules=rules), observation, thresholds or {}, NOW)


def account(errors: list[float]) -> Resource:
    return thing({"errors": errors}, kind="account", name="all")


def test_nothing_while_the_account_rules_everything_out() -> None:
    assert wanted(account([0] * 5), thing()) == frozenset()


def test_every_kind_of_the_rule_once_the_account_does_not() -> None:
    assert wanted(account([1] * 5), thing({"errors": [0] * 5, "calls": [9] * 5})) == {"thing"}


def test_no_kind_of_which_there_is_nothing() -> None:
    assert wanted(account([1] * 5)) == frozenset()


def test_what_breaches_or_cannot_be_told_where_no_account_speaks_for_it() -> None:
    assert wanted(thing({"load": [99] * 5}), rules=(LOAD,)) == {"thing"}
    assert wanted(thing({"load": [None] * 5}), rules=(LOAD,)) == {"thing"}
    assert wanted(thing({"load": [5] * 5}), rules=(LOAD,)) == frozenset()


def test_the_strictest_threshold_of_the_slot_decides() -> None:
    resource = thing({"load": [50] * 5})
    assert wanted(resource, rules=(LOAD,), thresholds={LOAD.key: Threshold(40.0, None, 300)}) == {"thing"}
    assert wanted(resource, rules=(LOAD,), thresholds={LOAD.key: Threshold(None, None, 300)}) == frozenset()


def test_facts_need_no_metrics() -> None:
    assert wanted(thing(facts={"days": 0}), rules=(BACKUPS,)) == frozenset()
