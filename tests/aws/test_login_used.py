"""Logging in with a code: botocore itself can use what is kept, and which portal is asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.credentials import SSOCredentialFetcher
from botocore.session import Session
from botocore.tokens import SSOTokenProvider
from botocore.utils import JSONFileCache, SSOTokenLoader

from cockpit.aws.portals import LoginFailed, portal_of
from cockpit.aws.tokens import token_path
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, NOW, Clock
from tests.aws.portal import CONFIG, CORP, LEGACY, START, TOKEN, Waits, log_in, serve
from tests.aws.steps import refused
from tests.aws.wire import Reply, Wire


@pytest.fixture(autouse=True)
def portal(wire: Wire, aws_files: Path) -> None:
    (aws_files / "config").write_text(CONFIG)
    (aws_files / "credentials").write_text("")
    serve(wire)


async def test_botocore_reads_the_token_and_renews_it_with_what_was_kept(wire: Wire, clock: Clock) -> None:
    await log_in(wire, Waits(clock))
    folder = str(token_path("corp").parent)
    late = datetime.fromtimestamp(NOW + 3000, UTC)
    wire.on("/token", Reply({**TOKEN, "accessToken": "renewed"}))

    def renewed() -> str:
        session = Session(profile="dev")
        session.set_default_client_config(Config(proxies={}))
        session.full_config["profiles"]["dev"]["endpoint_url"] = wire.url
        provider = SSOTokenProvider(session, JSONFileCache(folder), time_fetcher=lambda: late)
        return str(provider.load_token().get_frozen_token().token)

    assert await asyncio.to_thread(renewed) == "renewed"
    asked = wire.calls("/token")[-1].parameters
    assert (asked["grantType"], asked["refreshToken"]) == ("refresh_token", "refresh-token")
    assert asked["clientSecret"] == "client-secret"


async def test_botocore_fetches_keys_with_the_token_of_the_form_before_sessions(wire: Wire, clock: Clock) -> None:
    await log_in(wire, Waits(clock), LEGACY)
    expiration = int((NOW + 3600) * 1000)
    role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": expiration}
    wire.on("/federation/credentials", Reply({"roleCredentials": role}))

    def fetched() -> str:
        session = Session()
        fetcher = SSOCredentialFetcher(
            START,
            "eu-west-2",
            "Read",
            DEV_ID,
            lambda service, **more: session.create_client(service, endpoint_url=wire.url, **more),
            SSOTokenLoader(JSONFileCache(str(token_path(START).parent))),
            time_fetcher=lambda: datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=5),
        )
        return str(fetcher.fetch_credentials()["access_key"])

    assert await asyncio.to_thread(fetched) == "ASIASSO"
    assert wire.calls("/federation/credentials")[0].headers["x-amz-sso_bearer_token"] == "access-token"


async def test_a_room_that_was_refused_is_let_in_at_once_after_the_login(
    open_room: OpenRoom, wire: Wire, clock: Clock
) -> None:
    wire.accounts["ASIASSO"] = DEV_ID
    role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4_000_000_000_000}
    wire.on("/federation/credentials", Reply({"roleCredentials": role}))
    wire.on("/token", Reply({**TOKEN, "expiresIn": 2_000_000_000}))
    async with open_room(DEV) as room:
        await refused(room)
        assert room.accounts_of("corp") == ("dev",)
        before = await room.logins_written_at()
        await room.log_in("corp", lambda _: None)
        assert before == {"corp": None}
        assert (await room.logins_written_at())["corp"] is not None
        room.forget("dev")
        assert (await room.verify("dev")).account_id == DEV_ID
    assert clock.now == NOW


# Which portal.


def config(**profiles: dict[str, str]) -> dict[str, Any]:
    return {"profiles": profiles, "sso_sessions": {"corp": {"sso_start_url": START, "sso_region": "eu-west-2"}}}


def test_scopes_are_those_of_the_session() -> None:
    known = config(dev={"sso_session": "corp"})
    assert portal_of(known, "corp") == CORP
    known["sso_sessions"]["corp"]["sso_registration_scopes"] = "sso:account:access, codewhisperer:completions"
    assert portal_of(known, "corp").scopes == ("sso:account:access", "codewhisperer:completions")


def test_the_form_before_sessions_is_known_by_its_start_url() -> None:
    known = config(dev={"sso_start_url": START, "sso_region": "eu-west-2"})
    assert portal_of(known, START) == LEGACY


@pytest.mark.parametrize(
    ("profile", "login", "sentence"),
    [
        ({"login_session": "arn:me"}, "arn:me", "aws login --profile dev"),
        ({"sso_start_url": START}, START, "lacks sso_region"),
        ({"sso_session": "gone"}, "gone", "lacks sso_start_url and sso_region"),
        ({}, "unknown", "No profile of the AWS configuration logs in to unknown"),
    ],
)
def test_what_is_no_whole_sso_login_is_said_with_the_remedy(profile: dict[str, str], login: str, sentence: str) -> None:
    with pytest.raises(LoginFailed) as caught:
        portal_of(config(dev=profile), login)
    assert sentence in str(caught.value)
