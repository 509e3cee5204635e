"""SSO logins: a state with a command, never a browser, never a hang."""

import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.model.verdict import Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, REGION, ROLE, Clock
from tests.aws.steps import refused
from tests.aws.wire import Reply, Wire


def sso_profile(aws_files: Path, *, expires: str | None, legacy: bool = False, **token: str) -> None:
    start = "https://example.awsapps.com/start"
    role = f"sso_account_id = {DEV_ID}\nsso_role_name = Read\n"
    if legacy:
        text = f"[profile dev]\nsso_start_url = {start}\nsso_region = eu-west-2\n{role}"
    else:
        text = (
            f"[profile dev]\nsso_session = corp\n{role}"
            f"[sso-session corp]\nsso_start_url = {start}\nsso_region = eu-west-2\n"
        )
    (aws_files / "config").write_text(text)
    (aws_files / "credentials").write_text("")
    if expires:
        cache = aws_files / "sso" / "cache"
        cache.mkdir(parents=True)
        name = hashlib.sha1((start if legacy else "corp").encode()).hexdigest()  # noqa: S324 - a file name
        document = {"startUrl": start, "region": REGION, "accessToken": "sso-token", "expiresAt": expires, **token}
        (cache / f"{name}.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("legacy", "remedy", "login"),
    [
        (False, "aws sso login --sso-session corp", "corp"),
        (True, "aws sso login --profile dev", "https://example.awsapps.com/start"),
    ],
)
@pytest.mark.parametrize("expires", [None, "2020-01-01T00:00:00Z"], ids=["no token", "expired token"])
async def test_an_sso_login_that_has_ended_is_expired_at_once_with_the_command(
    open_room: OpenRoom, wire: Wire, aws_files: Path, legacy: bool, remedy: str, login: str, expires: str | None
) -> None:
    sso_profile(aws_files, expires=expires, legacy=legacy)
    started = time.monotonic()
    async with open_room(DEV) as room:
        failure = await refused(room)
        source = room.describe("dev")
    assert time.monotonic() - started < 2
    assert (failure.outcome, failure.operation, failure.remedy) == (Outcome.EXPIRED, "credentials", remedy)
    assert (source.source, source.login, source.remedy) == ("profile dev", login, remedy)
    assert wire.seen == []


async def test_an_ended_login_fails_every_account_that_hangs_on_it_in_its_own_name(
    open_room: OpenRoom, aws_files: Path
) -> None:
    sso_profile(aws_files, expires=None)
    async with open_room(DEV, replace(ROLE, name="other"), replace(ROLE, name="third")) as room:
        failures = [await refused(room, name) for name in ("dev", "other", "third")]
        logins = {room.describe(name).login for name in ("dev", "other", "third")}
    assert [failure.account for failure in failures] == ["dev", "other", "third"]
    assert {failure.outcome for failure in failures} == {Outcome.EXPIRED}
    assert logins == {"corp"}


async def test_a_login_is_noticed_without_a_restart(
    open_room: OpenRoom, wire: Wire, aws_files: Path, clock: Clock
) -> None:
    sso_profile(aws_files, expires=None)
    wire.accounts["ASIASSO"] = DEV_ID
    credentials = {
        "roleCredentials": {
            "accessKeyId": "ASIASSO",
            "secretAccessKey": "s",
            "sessionToken": "t",
            "expiration": 4_000_000_000_000,
        }
    }
    wire.on("/federation/credentials", Reply(credentials))
    async with open_room(DEV) as room:
        await refused(room)
        sso_profile(aws_files, expires="2090-01-01T00:00:00Z")
        clock.now += 11
        identity = await room.verify("dev")
    assert identity.account_id == DEV_ID
    assert identity.expires_at == datetime(2090, 1, 1, tzinfo=UTC).timestamp()
    asked = wire.calls("/federation/credentials")[0]
    assert asked.headers["x-amz-sso_bearer_token"] == "sso-token"


async def test_sso_is_asked_in_its_own_region(
    open_room: OpenRoom, wire: Wire, aws_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sso_profile(aws_files, expires="2090-01-01T00:00:00Z")
    config = (aws_files / "config").read_text()
    (aws_files / "config").write_text(config.replace("sso_region = eu-west-2", "sso_region = us-east-1"))
    monkeypatch.setenv("HTTPS_PROXY", wire.url)
    async with open_room(replace(DEV, endpoint_urls={"sso": ""})) as room:
        failure = await refused(room)
    assert failure.outcome is Outcome.UNREACHABLE
    assert {seen.operation for seen in wire.seen} == {"CONNECT portal.sso.us-east-1.amazonaws.com:443"}


async def test_the_end_of_a_login_that_renews_itself_is_not_known(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    sso_profile(aws_files, expires="2090-01-01T00:00:00Z", refreshToken="r")
    wire.accounts["ASIASSO"] = DEV_ID
    role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4_000_000_000_000}
    wire.on("/federation/credentials", Reply({"roleCredentials": role}))
    async with open_room(DEV) as room:
        assert (await room.verify("dev")).expires_at is None
