"""Alarms stand below what they watch, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.verdict import Health
from widgets.attention_items import attention_items

PROD, DEV = EnvironmentId("shop", "prod"), EnvironmentId("shop", "dev")


def thing(name: str, service: str = "alarms", account: str = "main", **related: str) -> Resource:
    return Resource(
        f"arn:{account}:{service}:{name}", SlotId(account, "eu-west-1", service), "any", name, {}, {}, related
    )


FUNCTION = thing("checkout", "lambda")
ALIAS = thing("checkout:live", "lambda", function=FUNCTION.key)
ALARM = thing("checkout-errors", watches="checkout")
COMPOSITE = thing("shop-unhealthy", children="checkout-errors,other")
KNOWN: Mapping[str, Resource] = {one.key: one for one in (FUNCTION, ALIAS, ALARM, COMPOSITE)}


def finding(resource: Resource, health: Health = Health.CRITICAL, environment: EnvironmentId = PROD) -> Finding:
    return Finding(environment, resource.slot, "any.rule", health, resource.name, "bad", 1.0, resource.key)


def told(*findings: Finding, known: Mapping[str, Resource] = KNOWN) -> list[tuple[str, bool]]:
    return [(item.subject.split(" ", 1)[1], item.below) for item in attention_items(findings, known.get)]


def test_an_alarm_of_the_function_stands_below_its_alias_and_the_composite_below_both() -> None:
    findings = (finding(COMPOSITE), finding(ALIAS), finding(ALARM))
    assert told(*findings) == [("checkout:live", False), ("shop-unhealthy", True), ("checkout-errors", True)]


def test_an_alarm_that_nothing_explains_stands_alone() -> None:
    assert told(finding(ALARM)) == [("checkout-errors", False)]
    assert told(finding(ALIAS), finding(ALARM), known={}) == [("checkout:live", False), ("checkout-errors", False)]


def test_a_finding_is_never_put_below_a_milder_one() -> None:
    assert told(finding(ALARM), finding(ALIAS, Health.WARNING)) == [
        ("checkout-errors", False),
        ("checkout:live", False),
    ]


def test_a_name_means_something_in_its_own_account_and_environment_only() -> None:
    elsewhere = thing("checkout-errors", account="other", watches="checkout")
    known = {**KNOWN, elsewhere.key: elsewhere}
    assert told(finding(ALIAS), finding(elsewhere), known=known)[1] == ("checkout-errors", False)
    assert told(finding(ALIAS), finding(ALARM, environment=DEV))[1] == ("checkout-errors", False)


def test_alarms_that_name_each_other_are_all_told() -> None:
    one, other = thing("one", children="other"), thing("other", children="one")
    known = {one.key: one, other.key: other}
    assert sorted(told(finding(one), finding(other), known=known)) == [("one", False), ("other", False)]


def test_a_database_of_the_same_name_is_not_what_the_alarm_watches() -> None:
    database = thing("checkout", "rds")
    alarm = replace(ALARM, facts={"watched_service": "lambda"})
    known = {**KNOWN, database.key: database, alarm.key: alarm}
    assert told(finding(database), finding(alarm), known=known)[1] == ("checkout-errors", False)
    assert told(finding(ALIAS), finding(alarm), known=known)[1] == ("checkout-errors", True)
