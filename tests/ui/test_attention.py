"""What needs attention, in words."""

from __future__ import annotations

from dataclasses import replace

from screens.home import place_of
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
    assert bad.more == "version 42, published 14:24"


def test_one_expired_session_is_one_line_however_much_it_hides() -> None:
    expired = [one for one in items() if "expired" in one.reason]
    assert len(expired) == 1
    assert expired[0].where == "2 environments"
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
