"""The other sources of credentials, and what they must not do to a program without hands."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from botocore.credentials import AssumeRoleCredentialFetcher

from cockpit.aws import sources
from cockpit.aws.failed import CallFailed
from cockpit.aws.keys import Keys
from cockpit.model.verdict import Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, HOME, NOW, PROD, PROD_ID, SPEC
from tests.aws.steps import refused, script
from tests.aws.wire import Reply, Wire, session


async def test_a_role_chain_in_the_aws_configuration_is_followed(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    (aws_files / "config").write_text(
        f"[profile prod]\nrole_arn = arn:aws:iam::{PROD_ID}:role/deep\nsource_profile = hub\nexternal_id = ext\n"
        f"role_session_name = me\n[profile hub]\nrole_arn = arn:aws:iam::{DEV_ID}:role/hub\nsource_profile = dev\n"
    )
    (aws_files / "credentials").write_text("[dev]\naws_access_key_id=AKIADEV\naws_secret_access_key=s\n")
    wire.accounts |= {"ASIAHUB": DEV_ID, "ASIADEEP": PROD_ID}
    wire.on("AssumeRole", lambda seen: session("ASIAHUB" if seen.access_key == "AKIADEV" else "ASIADEEP"))
    async with open_room(PROD) as room:
        assert (await room.verify("prod")).account_id == PROD_ID
    hub, deep = wire.calls("AssumeRole")
    assert (deep.access_key, deep.parameters["ExternalId"], deep.parameters["RoleSessionName"]) == (
        "ASIAHUB",
        "ext",
        "me",
    )
    assert hub.parameters["RoleArn"].endswith("role/hub")


def mfa_profile(aws_files: Path) -> None:
    (aws_files / "config").write_text(
        f"[profile dev]\nrole_arn = arn:aws:iam::{DEV_ID}:role/r\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::111122223333:mfa/me\n[profile base]\n"
    )
    (aws_files / "credentials").write_text("[base]\naws_access_key_id=AKIADEV\naws_secret_access_key=s\n")


async def test_a_profile_that_wants_an_mfa_code_is_expired_and_nobody_is_prompted(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    mfa_profile(aws_files)
    async with open_room(DEV) as room:
        failure = await refused(room)
    assert (failure.outcome, failure.code) == (Outcome.EXPIRED, "MfaRequired")
    assert failure.remedy == "aws sts get-caller-identity --profile dev"
    assert wire.seen == []


async def test_an_mfa_session_that_the_aws_cli_keeps_is_used_and_left_as_it_is(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    mfa_profile(aws_files)
    wire.accounts["ASIAMFA"] = DEV_ID
    fetcher = AssumeRoleCredentialFetcher(
        None, None, f"arn:aws:iam::{DEV_ID}:role/r", extra_args={"SerialNumber": "arn:aws:iam::111122223333:mfa/me"}
    )
    cache = aws_files / "cli" / "cache"
    cache.mkdir(parents=True)
    kept = {"AccessKeyId": "ASIAMFA", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2090-01-01T00:00:00Z"}
    file = cache / f"{fetcher._cache_key}.json"
    file.write_text(json.dumps({"Credentials": kept}))
    before = file.read_bytes()
    async with open_room(DEV) as room:
        identity = await room.verify("dev")
    assert identity.account_id == DEV_ID
    assert identity.expires_at == datetime(2090, 1, 1, tzinfo=UTC).timestamp()
    assert [path.read_bytes() for path in cache.iterdir()] == [before]


async def test_a_credential_process_that_hangs_is_ended_and_has_no_terminal(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PROCESS_SECONDS", 0.3)
    process = script(tmp_path / "process", f"read line || echo closed > {tmp_path}/stdin\nsleep 30 &\nsleep 30")
    (aws_files / "config").write_text(f"[profile dev]\ncredential_process = {process}\n")
    (aws_files / "credentials").write_text("")
    started = time.monotonic()
    async with open_room(DEV) as room:
        failure = await refused(room)
    assert time.monotonic() - started < 3
    assert failure.outcome is Outcome.EXPIRED
    assert (tmp_path / "stdin").read_text() == "closed\n"


async def test_a_room_is_left_at_once_while_a_credential_process_hangs(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path
) -> None:
    process = script(tmp_path / "process", f"echo run > {tmp_path}/runs; exec sleep 5")
    (aws_files / "config").write_text(f"[profile dev]\ncredential_process = {process}\n")
    (aws_files / "credentials").write_text("")
    started = time.monotonic()
    async with open_room(DEV) as room:
        asking = asyncio.create_task(room.verify("dev"))
        while not (tmp_path / "runs").exists():
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert time.monotonic() - started < 2
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_credential_process_does_not_outlive_the_room(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path
) -> None:
    process = script(tmp_path / "process", f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 30")
    (aws_files / "config").write_text(f"[profile dev]\ncredential_process = {process}\n")
    (aws_files / "credentials").write_text("")
    async with open_room(DEV) as room:
        asking = asyncio.create_task(room.verify("dev"))
        while not (tmp_path / "pid").exists():
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    left = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 2
    while psutil.pid_exists(left) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    assert not psutil.pid_exists(left)


@pytest.mark.parametrize(
    "prints", ["echo 'secret wJalrXUtnFEMI' >&2; exit 1", "echo 'secret wJalrXUtnFEMI'", """echo '["wJalrXUtnFEMI"]'"""]
)
async def test_what_a_credential_process_prints_is_never_repeated(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path, prints: str
) -> None:
    process = script(tmp_path / "process", prints)
    (aws_files / "config").write_text(f"[profile dev]\ncredential_process = {process}\n")
    (aws_files / "credentials").write_text("")
    async with open_room(DEV) as room:
        failure = await refused(room)
    assert failure.outcome is Outcome.EXPIRED
    assert "wJalr" not in repr(failure)


async def test_web_identity(open_room: OpenRoom, wire: Wire, aws_files: Path, tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text("a.b.c")
    (aws_files / "config").write_text(
        f"[profile dev]\nrole_arn = arn:aws:iam::{DEV_ID}:role/r\nweb_identity_token_file = {tmp_path}/jwt\n"
    )
    (aws_files / "credentials").write_text("")
    wire.accounts["ASIAWEB"] = DEV_ID
    wire.on("AssumeRoleWithWebIdentity", session("ASIAWEB", operation="AssumeRoleWithWebIdentity"))
    async with open_room(DEV) as room:
        assert (await room.verify("dev")).account_id == DEV_ID
    assert wire.calls("AssumeRoleWithWebIdentity")[0].parameters["WebIdentityToken"] == "a.b.c"


async def test_the_ambient_chain_environment_container_and_instance(
    open_room: OpenRoom, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    ambient = replace(DEV, profile=None)
    role = {"AccessKeyId": "ASIABOX", "SecretAccessKey": "s", "Token": "t", "Expiration": "2090-01-01T00:00:00Z"}
    wire.accounts |= {"ASIABOX": DEV_ID, "AKIAENV": DEV_ID}
    wire.on("/container", Reply(role))
    wire.on("/latest/api/token", Reply("imds-token"))
    wire.on("/latest/meta-data/iam/security-credentials-extended/", Reply("", 404))
    wire.on("/latest/meta-data/iam/security-credentials/", Reply("box"))
    wire.on("/latest/meta-data/iam/security-credentials/box", Reply({**role, "Code": "Success"}))
    with monkeypatch.context() as patch:
        patch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{wire.url}/container")
        async with open_room(ambient) as room:
            await room.verify("dev")
    with monkeypatch.context() as patch:
        patch.delenv("AWS_EC2_METADATA_DISABLED")
        patch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", wire.url)
        async with open_room(ambient) as room:
            await room.verify("dev")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    async with open_room(ambient) as room:
        await room.verify("dev")
        assert room.describe("dev").source == "environment"
    assert [seen.access_key for seen in wire.calls("GetCallerIdentity")] == ["ASIABOX", "ASIABOX", "AKIAENV"]


@pytest.mark.parametrize(
    ("profile", "code"),
    [("nobody", "ProfileNotFound"), (None, "NoCredentialsError"), ("half", "PartialCredentialsError")],
)
async def test_credentials_that_are_not_configured_are_invalid(
    open_room: OpenRoom, aws_files: Path, profile: str | None, code: str
) -> None:
    (aws_files / "credentials").write_text("[half]\naws_access_key_id = AKIAHALF\n")
    async with open_room(replace(DEV, profile=profile)) as room:
        failure = await refused(room)
    assert (failure.outcome, failure.code) == (Outcome.INVALID, code)


async def test_a_broken_aws_configuration_is_said_and_does_not_stop_other_accounts(
    open_room: OpenRoom, wire: Wire, aws_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (aws_files / "config").write_text("[profile dev\nnonsense")
    async with open_room(DEV) as room:
        failure = await refused(room)
    assert (failure.outcome, failure.code) == (Outcome.INVALID, "ConfigParseError")


async def test_a_hundred_calls_of_an_account_that_is_logged_out_resolve_once(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path
) -> None:
    process = script(tmp_path / "process", f"echo run >> {tmp_path}/runs; exit 1")
    (aws_files / "config").write_text(f"[profile dev]\ncredential_process = {process}\n")
    (aws_files / "credentials").write_text("")
    async with open_room(DEV) as room:
        reader = room.reader(HOME, SPEC, NOW)
        results = await reader.gather([reader.call("ListFunctions") for _ in range(100)])
        await refused(room)
    assert all(isinstance(result, CallFailed) for result in results)
    assert (tmp_path / "runs").read_text() == "run\n"


def test_keys_show_nothing() -> None:
    keys = Keys("AKIAX", "secret", "token")
    assert repr(keys) == str(keys) == "Keys(***)"
    assert f"{keys!r}" == "Keys(***)"
