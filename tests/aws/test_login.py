"""Logging in with a code: what goes over the wire, what is kept, and how it fails."""

from __future__ import annotations

import asyncio
import logging
import stat
from pathlib import Path

import pytest

from cockpit.aws import sso
from cockpit.aws.portals import LoginFailed
from cockpit.aws.tokens import token_path, write_token
from cockpit.model.inquiry import LoginState, LoginStep
from tests.aws.fleet import NOW, Clock
from tests.aws.portal import CODE, CONFIG, LEGACY, PENDING, SECRETS, START, TOKEN, Waits, kept, log_in, serve
from tests.aws.steps import stamp
from tests.aws.wire import Reply, Wire, rest_error


@pytest.fixture(autouse=True)
def portal(wire: Wire, aws_files: Path) -> None:
    (aws_files / "config").write_text(CONFIG)
    (aws_files / "credentials").write_text("")
    serve(wire)


async def test_the_code_is_told_and_the_token_is_kept_as_the_aws_cli_keeps_it(
    wire: Wire, clock: Clock, aws_files: Path
) -> None:
    wire.on("/token", [PENDING, PENDING, Reply(TOKEN)])
    told: list[LoginStep] = []
    waits = Waits(clock)
    await log_in(wire, waits, told=told.append)
    url = CODE["verificationUriComplete"]
    assert told == [
        LoginStep("corp", LoginState.WAITING, url=str(url), user_code="WQMK-BXZR", ends_at=NOW + 600),
    ]
    assert waits.seconds == [1, 1, 1]
    assert kept() == {
        "startUrl": START,
        "region": "eu-west-2",
        "accessToken": "access-token",
        "expiresAt": stamp(NOW + 3 + 3600),
        "clientId": "client-id",
        "clientSecret": "client-secret",
        "registrationExpiresAt": stamp(NOW + 7_776_000),
        "refreshToken": "refresh-token",
    }
    path = token_path("corp")
    assert path.parent == aws_files / "sso" / "cache"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


async def test_what_is_sent_is_unsigned_and_as_rfc_8628_has_it(wire: Wire, clock: Clock) -> None:
    await log_in(wire, Waits(clock))
    register, authorize, token = wire.seen
    assert register.parameters == {"clientName": "cockpit", "clientType": "public", "scopes": ["sso:account:access"]}
    assert authorize.parameters == {"clientId": "client-id", "clientSecret": "client-secret", "startUrl": START}
    assert token.parameters == {
        "clientId": "client-id",
        "clientSecret": "client-secret",
        "grantType": "urn:ietf:params:oauth:grant-type:device_code",
        "deviceCode": "device-code",
    }
    assert not any("authorization" in one.headers for one in wire.seen)


async def test_the_form_before_sessions_asks_for_no_scopes_and_is_kept_under_its_start_url(
    wire: Wire, clock: Clock
) -> None:
    wire.on("/token", Reply({key: TOKEN[key] for key in ("accessToken", "tokenType", "expiresIn")}))
    await log_in(wire, Waits(clock), LEGACY)
    assert "scopes" not in wire.seen[0].parameters
    assert "refreshToken" not in kept(LEGACY)
    assert token_path(START).exists()


async def test_who_is_told_to_slow_down_does_and_a_lost_network_is_waited_for(wire: Wire, clock: Clock) -> None:
    lost = Reply(hang_up=True)
    wire.on("/token", [rest_error("SlowDownException"), PENDING, lost, PENDING, Reply(TOKEN)])
    waits = Waits(clock)
    await log_in(wire, waits)
    assert waits.seconds == [1, 6, 6, 11, 11]
    assert kept()["accessToken"] == "access-token"


async def test_a_server_that_names_no_interval_is_asked_every_five_seconds(wire: Wire, clock: Clock) -> None:
    wire.on("/device_authorization", Reply({key: value for key, value in CODE.items() if key != "interval"}))
    waits = Waits(clock)
    await log_in(wire, waits)
    assert waits.seconds == [5]


@pytest.mark.parametrize(
    ("operation", "reply", "sentence"),
    [
        ("/token", rest_error("ExpiredTokenException"), "The code was not confirmed in time"),
        ("/token", rest_error("AccessDeniedException"), "The request was refused in the browser."),
        ("/token", rest_error("InvalidGrantException"), "The code is no longer good"),
        ("/token", rest_error("InvalidClientException"), "refused: InvalidClientException."),
        ("/device_authorization", rest_error("InvalidRequestException"), "does not know the start URL of corp"),
        ("/client/register", rest_error("InvalidScopeException"), "check sso_registration_scopes"),
        ("/client/register", rest_error("SlowDownException"), "try again in a minute"),
        ("/client/register", Reply(hang_up=True), "could not be reached"),
        ("/device_authorization", Reply({"userCode": "X"}), "could not be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_a_refusal_is_one_sentence(wire: Wire, clock: Clock, operation: str, reply: Reply, sentence: str) -> None:
    wire.on(operation, reply)
    with pytest.raises(LoginFailed) as caught:
        await log_in(wire, Waits(clock))
    assert sentence in str(caught.value)
    assert not any(secret in repr(caught.value) for secret in SECRETS)
    assert caught.value.__context__ is None
    assert not token_path("corp").exists()


async def test_nobody_waits_longer_than_the_code_is_good(wire: Wire, clock: Clock) -> None:
    wire.on("/token", PENDING)
    wire.on("/device_authorization", Reply({**CODE, "expiresIn": 5}))
    waits = Waits(clock)
    with pytest.raises(LoginFailed, match="not confirmed in time"):
        await log_in(wire, waits)
    assert sum(waits.seconds) == 5


async def test_giving_up_is_at_once_also_in_the_middle_of_a_call_and_keeps_nothing(wire: Wire, clock: Clock) -> None:
    wire.on("/token", Reply(TOKEN, wait_seconds=0.6))
    task = asyncio.create_task(log_in(wire, Waits(clock)))
    while not wire.calls("/token"):
        await asyncio.sleep(0.01)
    task.cancel()
    started = asyncio.get_running_loop().time()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.get_running_loop().time() - started < 0.2
    await asyncio.sleep(0.7)
    assert not token_path("corp").exists()


async def test_a_login_that_another_program_makes_meanwhile_is_as_good(wire: Wire, clock: Clock) -> None:
    wire.on("/token", PENDING)
    elsewhere = {"accessToken": "theirs", "expiresAt": stamp(NOW + 3600)}

    def then(count: int) -> None:
        if count == 3:
            write_token(token_path("corp"), elsewhere)

    waits = Waits(clock, then)
    await log_in(wire, waits)
    assert len(waits.seconds) == 3
    assert kept() == elsewhere


async def test_a_cache_that_cannot_be_written_is_said(wire: Wire, clock: Clock, aws_files: Path) -> None:
    (aws_files / "sso").write_text("a file where the folder should be")
    with pytest.raises(LoginFailed, match="the login cannot be kept in ") as caught:
        await log_in(wire, Waits(clock))
    assert not any(secret in str(caught.value) for secret in SECRETS)


async def test_secrets_are_in_the_file_only(wire: Wire, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    told: list[LoginStep] = []
    caplog.set_level(logging.DEBUG, logger="cockpit")
    caplog.set_level(logging.INFO, logger="botocore")
    await log_in(wire, Waits(clock), told=told.append)
    shown = repr(told) + caplog.text
    assert not any(secret in shown for secret in SECRETS)
    device = sso._Device("client-id", "client-secret", 1.0, "device-code", 1.0, 2.0)
    assert not any(secret in repr(device) for secret in SECRETS)
