"""What is told once: a function that is bad because its alias is."""

from __future__ import annotations

from cockpit.engine.share import Verdict, without_echoes
from cockpit.health import Judgement
from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.verdict import Health
from cockpit.services.lambda_ import SERVICE

SLOT = SlotId("shop", "eu-west-1", "lambda")
ERRORS, LATENCY, *_ = SERVICE.rules


def verdict(kind: str, name: str, health: Health, *, rule: object = ERRORS, owner: str | None = None) -> Verdict:
    related = {"function": owner} if owner else {}
    resource = Resource(f"arn:{name}", SLOT, kind, name, related=related)
    return Verdict(rule, Judgement(health, "bad", None, None), resource, name)  # type: ignore[arg-type]


def told(*verdicts: Verdict) -> list[str]:
    return [one.subject for one in without_echoes(verdicts, SERVICE.owner)]


def test_a_function_that_fails_with_its_alias_is_told_once_by_the_alias() -> None:
    function = verdict("function", "checkout", Health.CRITICAL)
    alias = verdict("alias", "checkout:live", Health.CRITICAL, owner="checkout")
    assert told(function, alias) == ["checkout:live"]


def test_the_alias_may_name_its_function_by_key() -> None:
    function = verdict("function", "checkout", Health.CRITICAL)
    assert told(function, verdict("alias", "checkout:live", Health.CRITICAL, owner="arn:checkout")) == ["checkout:live"]


def test_a_function_that_is_worse_than_its_alias_is_told_too() -> None:
    function = verdict("function", "checkout", Health.CRITICAL)
    alias = verdict("alias", "checkout:live", Health.WARNING, owner="checkout")
    assert told(function, alias) == ["checkout", "checkout:live"]


def test_another_rule_and_another_function_stay() -> None:
    slow = verdict("function", "checkout", Health.CRITICAL, rule=LATENCY)
    other = verdict("function", "basket", Health.CRITICAL)
    alias = verdict("alias", "checkout:live", Health.CRITICAL, owner="checkout")
    assert told(slow, other, alias) == ["checkout", "basket", "checkout:live"]
