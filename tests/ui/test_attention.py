"""What needs attention, in words."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.verdict import Health
from screens.overview import place_of
from screens.places import AccountsPlace, ResourcePlace, ServicePlace
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from widgets.attention_items import AttentionItem, attention_items

FINDINGS = tuple(one for one in fleet().findings if one.failure or one.reason != "not looked at yet")


def items() -> list[AttentionItem]:
    return list(attention_items(FINDINGS))


def item(words: str) -> AttentionItem:
    return next(one for one in items() if words in one.reason)


def test_a_finding_says_where_what_since_when_and_what_changed() -> None:
    bad = item("error rate")
    assert (bad.where, bad.subject) == ("tim-combo/prod", "lambda checkout:live")
    assert bad.reason == "error rate 7.2 % > 5.0 % for 6 min"
    assert bad.since_text(NOW) == "since 14:26"
    assert bad.more == "after version 42, published 14:24"


def test_one_expired_session_is_one_line_however_much_it_hides() -> None:
    expired = [one for one in items() if "expired" in one.reason]
    assert len(expired) == 1
    assert expired[0].where == "tim-combo/dev,test"
    assert expired[0].subject == "combo-dev (4 services)"
    assert expired[0].more == "aws sso login --sso-session combo-sso"


def test_different_causes_are_not_put_together() -> None:
    findings = [one for one in FINDINGS if one.failure is not None]
    other = [
        replace(one, failure=replace(one.failure, account="another", code="Other"), slot=replace(one.slot, account="x"))
        for one in findings
        if one.failure is not None
    ]
    assert len(attention_items([*findings, *other])) == 2 * len(attention_items(findings))


def test_a_remedy_that_the_reason_names_is_not_said_twice() -> None:
    expired = next(one for one in FINDINGS if one.failure is not None and one.failure.iam_action is None)
    told = replace(expired, reason="the session has expired: aws sso login --sso-session combo-sso")
    assert attention_items([told])[0].more == ""


def test_the_order_is_that_of_the_findings() -> None:
    ranks = [one.health.rank for one in items()]
    assert ranks == sorted(ranks, reverse=True)


def test_each_item_leads_to_where_it_is_explained() -> None:
    assert isinstance(place_of(item("error rate")), ResourcePlace)
    assert place_of(item("expired")) == AccountsPlace("combo-dev")
    denied = item("denied")
    assert place_of(denied) == ServicePlace("lambda", denied.environments[0])


def shared_limit(*environments: str) -> list[Finding]:
    """The concurrency limit of an account that several environments draw on."""
    slot = SlotId("combo-dev", "eu-west-1", "lambda")
    words = "concurrency 91 % > 90 % for 5 min"
    return [
        Finding(
            EnvironmentId(*one.split("/")), slot, "lambda.concurrency", Health.WARNING, "account", words, NOW, "acc"
        )
        for one in environments
    ]


def test_one_thing_that_several_environments_share_is_one_line() -> None:
    (told,) = attention_items(shared_limit("tim-combo/dev", "tim-combo/test"))
    assert told.where == "tim-combo/dev,test"
    assert len(told.findings) == 2
    assert place_of(told) == ResourcePlace("acc", EnvironmentId("tim-combo", "dev"))


def test_places_are_named_while_there_is_room_and_counted_then() -> None:
    (told,) = attention_items(shared_limit("tim-combo/dev", "scheduler/dev"))
    assert told.where == "2 environments"
    many = shared_limit(*(f"tim-combo/preview-{number}" for number in range(5)))
    assert attention_items(many)[0].where == "5 environments"
