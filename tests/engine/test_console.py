"""Links to the AWS console: the right page, in the right region, through the right door."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from cockpit.aws.logins import CredentialSource, WayIn
from cockpit.config.settings import Account
from cockpit.engine.accounts import account_states
from cockpit.engine.console import console_link, portal_link
from cockpit.model.ids import SlotId
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import AccountState
from cockpit.services import catalogue

ID = "111122223333"
ACCOUNT = Account("prod", ID, ("eu-west-1",))
STATE = AccountState("prod", ID, ("eu-west-1",), None, None, None, None)
PORTAL = replace(STATE, portal_url="https://d-1234567890.awsapps.com/start", portal_role="ViewOnly")


def spec(service: str) -> ServiceSpec:
    found = catalogue().service(service)
    assert found is not None
    return found


def resource(service: str, kind: str, name: str, region: str = "eu-west-1", **facts: Fact) -> Resource:
    return Resource(f"arn:{name}", SlotId("prod", region, service), kind, name, facts, shared=kind == "account")


PAGES = {
    "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout": resource(
        "lambda", "function", "checkout"
    ),
    "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/checkout/aliases/live": resource(
        "lambda", "alias", "checkout:live", function="checkout", alias="live"
    ),
    "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions": resource(
        "lambda", "account", "all of eu-west-1"
    ),
    "https://eu-west-1.console.aws.amazon.com/rds/home?region=eu-west-1#database:id=shop;is-cluster=false": resource(
        "rds", "instance", "shop", engine="postgres"
    ),
    "https://eu-west-1.console.aws.amazon.com/rds/home?region=eu-west-1#database:id=shop;is-cluster=true": resource(
        "rds", "cluster", "shop", engine="aurora-mysql"
    ),
    "https://eu-west-1.console.aws.amazon.com/docdb/home?region=eu-west-1": resource(
        "rds", "cluster", "papers", engine="docdb"
    ),
    "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/"
    "https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Fevents": resource(
        "sqs", "queue", "events", url=f"https://sqs.eu-west-1.amazonaws.com/{ID}/events"
    ),
    "https://us-east-1.console.aws.amazon.com/cloudfront/v4/home?region=us-east-1#/distributions/E2EXAMPLE": resource(
        "cloudfront", "distribution", "shop.example", "us-east-1", id="E2EXAMPLE"
    ),
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
    "#alarmsV2:alarm/shop%20%2F%20errors%20%3E%205%20%25": resource("alarms", "metric_alarm", "shop / errors > 5 %"),
    "https://us-east-1.console.aws.amazon.com/costmanagement/home#/cost-explorer": resource(
        "cost", "bill", "prod", "us-east-1"
    ),
    "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId="
    "arn%3Ashop%2F0b1c": resource("stacks", "stack", "shop/0b1c"),
    "https://cn-north-1.console.amazonaws.cn/lambda/home?region=cn-north-1#/functions/a": resource(
        "lambda", "function", "a", "cn-north-1"
    ),
    "https://us-gov-west-1.console.amazonaws-us-gov.com/lambda/home?region=us-gov-west-1#/functions/a": resource(
        "lambda", "function", "a", "us-gov-west-1"
    ),
}


@pytest.mark.parametrize(
    ("page", "shown"), PAGES.items(), ids=[f"{one.slot.service} {one.name}" for one in PAGES.values()]
)
def test_every_kind_of_thing_has_its_page(page: str, shown: Resource) -> None:
    assert console_link(shown, spec(shown.slot.service), ACCOUNT, STATE).url == page


def test_every_service_has_pages() -> None:
    assert {one.key for one in catalogue().services if one.console is None} == set()


@pytest.mark.parametrize("start", ["https://corp.awsapps.com/start", "https://corp.awsapps.com/start/#/?tab=accounts"])
def test_the_portal_leads_to_the_page_as_the_permission_set(start: str) -> None:
    shown = resource("lambda", "function", "checkout")
    link = console_link(shown, spec("lambda"), ACCOUNT, replace(PORTAL, portal_url=start))
    assert link.url is not None
    base, _, asked = link.url.partition("#/console?")
    assert base == "https://corp.awsapps.com/start/"
    assert parse_qs(asked) == {
        "account_id": [ID],
        "role_name": ["ViewOnly"],
        "destination": [console_link(shown, spec("lambda"), ACCOUNT, STATE).url],
    }
    assert (link.note, link.switch_url) == ("Opens through the access portal as ViewOnly.", None)


def test_a_destination_is_one_parameter_whatever_is_in_it() -> None:
    link = portal_link("https://corp.awsapps.com/start", ID, "Ops & co", "https://x/?a=1&role_name=Admin#b")
    assert parse_qs(link.partition("?")[2])["role_name"] == ["Ops & co"]


def test_the_portal_of_an_account_comes_from_its_credentials() -> None:
    source = CredentialSource("profile prod", "corp", None, WayIn("https://corp.awsapps.com/start", "ViewOnly"))
    (state,) = account_states({"prod": ACCOUNT}, {}, {"prod": source})
    link = console_link(resource("lambda", "function", "a"), spec("lambda"), ACCOUNT, state)
    assert (link.url or "").startswith(f"https://corp.awsapps.com/start/#/console?account_id={ID}&role_name=ViewOnly&")
    (unknown,) = account_states({"prod": ACCOUNT}, {}, {})
    assert (unknown.portal_url, unknown.portal_role, unknown.console_role) == (None, None, None)


def test_without_a_portal_the_role_is_named_and_the_page_to_switch_offered() -> None:
    state = replace(STATE, console_role="ops/read")
    link = console_link(resource("lambda", "function", "checkout"), spec("lambda"), ACCOUNT, state)
    assert link.url in PAGES
    assert link.note == f"The browser must be in account {ID}: switch to role ops/read there first."
    assert link.switch_url is not None
    switch = urlsplit(link.switch_url)
    assert (switch.hostname, parse_qs(switch.query)) == (
        "signin.aws.amazon.com",
        {"account": [ID], "roleName": ["ops/read"], "displayName": ["prod"]},
    )


def test_a_plain_link_says_which_account_it_is_for() -> None:
    link = console_link(resource("lambda", "function", "a"), spec("lambda"), ACCOUNT, None)
    assert (link.note, link.switch_url) == (f"The browser must be signed in to account {ID}.", None)


@pytest.mark.parametrize(
    "account",
    [
        replace(ACCOUNT, emulator=True),
        replace(ACCOUNT, endpoint_url="http://127.0.0.1:4566"),
        replace(ACCOUNT, endpoint_urls={"sqs": "http://localhost:9324"}),
    ],
    ids=["emulator", "endpoint", "one endpoint"],
)
def test_an_account_that_is_not_in_aws_has_no_console(account: Account) -> None:
    link = console_link(resource("lambda", "function", "a"), spec("lambda"), account, PORTAL)
    assert link.url is None
    assert "has no console" in link.note


def test_what_belongs_to_no_account_or_has_no_page_says_so() -> None:
    shown = resource("lambda", "function", "a")
    assert console_link(shown, spec("lambda"), None, None).note == "It belongs to no single account."
    assert console_link(shown, replace(spec("lambda"), console=None), ACCOUNT, STATE).url is None
    private = replace(ACCOUNT, endpoint_url="https://vpce-0a1b.lambda.eu-west-1.vpce.amazonaws.com")
    assert console_link(shown, spec("lambda"), private, STATE).url is not None
