"""Single sign-on of the fleet, seen through plain boto3: a code, a page, a token, and keys for the role."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from cockpit.demo.emulator.sign_on import CODE_SECONDS, CONFIRMS_ITSELF_SECONDS
from cockpit.demo.fleet.accounts import ACCOUNTS, SSO_ACCOUNT, SSO_ROLE
from tests.demo.conftest import Emulator

MEDIA = ACCOUNTS[SSO_ACCOUNT]
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@cache
def client_at(endpoint: str, service: str) -> Any:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    return boto3.session.Session().client(service, "us-east-2", endpoint_url=endpoint, config=config)


def client(emulator: Emulator, service: str) -> Any:
    return client_at(emulator.endpoint, service)


class Login:
    """A device that has asked for a code."""

    def __init__(self, emulator: Emulator, **registration: Any) -> None:
        self.emulator = emulator
        self.oidc = client(emulator, "sso-oidc")
        wanted = {"clientName": "tests", "clientType": "public", "scopes": ["sso:account:access"]} | registration
        self.registration = self.oidc.register_client(**wanted)
        self.known = {key: self.registration[key] for key in ("clientId", "clientSecret")}
        self.code = self.oidc.start_device_authorization(**self.known, startUrl="https://x.example/start")

    def ask(self, *, after: float = 1.0, **more: Any) -> dict[str, Any]:
        self.emulator.clock.now += after
        grant = {"grantType": GRANT, "deviceCode": self.code["deviceCode"]}
        answer: dict[str, Any] = self.oidc.create_token(**(self.known | grant | more))
        return answer

    def refusal(self, *, after: float = 1.0, **more: Any) -> str:
        with pytest.raises(ClientError) as caught:
            self.ask(after=after, **more)
        return str(caught.value.response["Error"]["Code"])

    def page(self) -> str:
        return requests.get(self.code["verificationUriComplete"], timeout=5).text

    def answer(self, word: str) -> None:
        form = {"user_code": self.code["userCode"], "answer": word}
        requests.post(self.code["verificationUri"], form, timeout=5).raise_for_status()


def role_keys(emulator: Emulator, token: str, **more: str) -> dict[str, Any]:
    wanted = {"accountId": MEDIA.id, "roleName": SSO_ROLE, "accessToken": token} | more
    keys: dict[str, Any] = client(emulator, "sso").get_role_credentials(**wanted)["roleCredentials"]
    return keys


def test_a_code_confirms_itself_after_a_while_and_its_token_leads_into_the_account(emulator: Emulator) -> None:
    login = Login(emulator)
    assert login.refusal() == "AuthorizationPendingException"
    token = login.ask(after=CONFIRMS_ITSELF_SECONDS)
    assert (token["tokenType"], token["expiresIn"]) == ("Bearer", 3600)
    keys = role_keys(emulator, token["accessToken"])
    own = {
        "aws_access_key_id": keys["accessKeyId"],
        "aws_secret_access_key": keys["secretAccessKey"],
        "aws_session_token": keys["sessionToken"],
    }
    who = emulator.client("sts", **own).get_caller_identity()
    assert who["Account"] == MEDIA.id
    assert f"assumed-role/AWSReservedSSO_{SSO_ROLE}_" in who["Arn"]
    assert emulator.client("cloudfront", **own).list_distributions()["DistributionList"]["Quantity"] > 0


def test_a_code_is_good_once_for_one_client_and_for_a_time(emulator: Emulator) -> None:
    login, other = Login(emulator), Login(emulator)
    assert other.refusal(deviceCode=login.code["deviceCode"]) == "InvalidGrantException"
    login.ask(after=CONFIRMS_ITSELF_SECONDS)
    assert login.refusal() == "InvalidGrantException"
    assert other.refusal(after=CODE_SECONDS) == "ExpiredTokenException"
    assert other.refusal(clientSecret="guessed") == "InvalidClientException"


def test_who_asks_too_often_is_told_to_slow_down(emulator: Emulator) -> None:
    login = Login(emulator)
    login.refusal()
    assert login.refusal(after=0.2) == "SlowDownException"


def test_whoever_opens_the_page_decides(emulator: Emulator) -> None:
    allowed, refused = Login(emulator), Login(emulator)
    for login in (allowed, refused):
        assert login.code["userCode"] in login.page()
        assert login.refusal(after=CONFIRMS_ITSELF_SECONDS + 1) == "AuthorizationPendingException"
    allowed.answer("allow")
    refused.answer("refuse")
    assert allowed.ask()["accessToken"]
    assert refused.refusal() == "AccessDeniedException"


def test_a_page_without_a_code_is_not_there(emulator: Emulator) -> None:
    answer = requests.get(f"{emulator.endpoint}/device", {"user_code": "<b>"}, timeout=5)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_a_token_renews_itself_only_where_scopes_were_asked_for(emulator: Emulator) -> None:
    login = Login(emulator)
    token = login.ask(after=CONFIRMS_ITSELF_SECONDS)
    emulator.clock.now += token["expiresIn"]
    with pytest.raises(ClientError) as caught:
        role_keys(emulator, token["accessToken"])
    assert caught.value.response["Error"]["Code"] == "UnauthorizedException"
    renewed = login.ask(grantType="refresh_token", refreshToken=token["refreshToken"])
    assert role_keys(emulator, renewed["accessToken"])["accessKeyId"].startswith("ASIA")
    plain = Login(emulator, scopes=[]).ask(after=CONFIRMS_ITSELF_SECONDS)
    assert "refreshToken" not in plain
    assert plain["expiresIn"] == 8 * 3600


def test_a_permission_set_that_is_not_assigned_is_forbidden(emulator: Emulator) -> None:
    token = Login(emulator).ask(after=CONFIRMS_ITSELF_SECONDS)["accessToken"]
    with pytest.raises(ClientError) as caught:
        role_keys(emulator, token, roleName="Admin")
    assert caught.value.response["Error"]["Code"] == "ForbiddenException"
