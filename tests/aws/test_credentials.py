"""Where keys come from, how they are renewed, and whose they are."""

import asyncio
import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.credentials import AssumeRoleCredentialFetcher

from cockpit.aws import sources
from cockpit.aws.errors import CallFailed
from cockpit.aws.keys import Keys
from cockpit.aws.policy import read_actions
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account
from cockpit.model.ids import SlotId
from cockpit.model.service import Catalogue
from cockpit.model.verdict import Failure, Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, FUNCTIONS, HOME, NOW, PROD, PROD_ID, REGION, SPEC, Clock
from tests.aws.wire import Reply, Wire, session, xml_error

ROLE = replace(PROD, profile="dev", role_arn=f"arn:aws:iam::{PROD_ID}:role/cockpit-read", external_id="x-1")


async def refused(room: AwsRoom, account: str = "dev") -> Failure:
    with pytest.raises(CallFailed) as caught:
        await room.verify(account)
    return caught.value.failure


def stamp(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


# --- identity


async def test_the_identity_is_asked_once(room: AwsRoom, wire: Wire) -> None:
    identities = await asyncio.gather(*(room.verify("dev") for _ in range(5)))
    assert {identity.account_id for identity in identities} == {DEV_ID}
    assert len(wire.calls("GetCallerIdentity")) == 1


async def test_the_wrong_account_is_never_read(open_room: OpenRoom, wire: Wire) -> None:
    wire.on(FUNCTIONS, Reply({"Functions": []}))
    async with open_room(replace(DEV, profile="prod")) as room:
        failure = await refused(room)
        with pytest.raises(CallFailed):
            await room.reader(HOME, SPEC, NOW).call("ListFunctions")
    assert (failure.outcome, failure.code) == (Outcome.INVALID, "WrongAccount")
    assert failure.message == f"profile prod is account {PROD_ID}, configured is {DEV_ID}"
    assert [seen.operation for seen in wire.seen] == ["GetCallerIdentity"]


async def test_a_failed_identity_check_is_held_for_seconds_only(room: AwsRoom, wire: Wire, clock: Clock) -> None:
    del wire.accounts["AKIADEV"]
    assert (await refused(room)).code == "InvalidClientTokenId"
    await refused(room)
    assert len(wire.calls("GetCallerIdentity")) == 1
    wire.accounts["AKIADEV"] = DEV_ID
    clock.now += 11
    assert (await room.verify("dev")).account_id == DEV_ID


async def test_keys_that_are_replaced_and_profiles_that_are_mended_are_noticed_without_a_restart(
    room: AwsRoom, wire: Wire, aws_files: Path, clock: Clock
) -> None:
    def put(key: str) -> None:
        (aws_files / "credentials").write_text(f"[dev]\naws_access_key_id = {key}\naws_secret_access_key = s\n")

    wire.accounts |= {"AKIANEW": DEV_ID, "AKIAWRONG": PROD_ID}
    put("AKIAGONE")
    assert (await refused(room)).code == "InvalidClientTokenId"
    put("AKIAWRONG")
    clock.now += 11
    assert (await refused(room)).code == "WrongAccount"
    put("AKIANEW")
    clock.now += 61
    assert (await room.verify("dev")).account_id == DEV_ID


# --- assumed roles


async def test_a_role_is_assumed_with_just_the_declared_reads(open_room: OpenRoom, wire: Wire) -> None:
    wire.accounts["ASIAROLE"] = PROD_ID
    wire.on("AssumeRole", session("ASIAROLE"))
    wire.on(FUNCTIONS, Reply({"Functions": []}))
    async with open_room(ROLE) as room:
        await room.reader(SlotId("prod", REGION, "things"), SPEC, NOW).call("ListFunctions")
        identity = await room.verify("prod")
    asked = wire.calls("AssumeRole")[0]
    assert (asked.access_key, asked.region) == ("AKIADEV", REGION)
    assert asked.parameters["ExternalId"] == "x-1"
    assert asked.parameters["RoleSessionName"] == "cockpit"
    policy = json.loads(asked.parameters["Policy"])
    assert policy["Statement"][0]["Action"] == list(read_actions(Catalogue((SPEC,))))
    read = wire.calls(FUNCTIONS)[0]
    assert (read.access_key, read.token) == ("ASIAROLE", "token-ASIAROLE")
    assert identity.expires_at is None


async def test_a_policy_that_sts_finds_too_large_is_widened_step_by_step(open_room: OpenRoom, wire: Wire) -> None:
    wire.accounts["ASIAROLE"] = PROD_ID

    def assume(seen):
        fits = "PolicyArns.member.1.arn" in seen.parameters
        return session("ASIAROLE") if fits else xml_error("PackedPolicyTooLarge", status=400)

    wire.on("AssumeRole", assume)
    async with open_room(ROLE) as room:
        await room.verify("prod")
    exact, grouped, managed = (seen.parameters for seen in wire.calls("AssumeRole"))
    assert "lambda:ListFunctions" in exact["Policy"]
    assert "lambda:List*" in grouped["Policy"]
    assert managed["PolicyArns.member.1.arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"


async def test_many_callers_open_one_session_and_accounts_share_a_source(
    open_room: OpenRoom, wire: Wire, aws_files: Path, tmp_path: Path
) -> None:
    answer = json.dumps({"Version": 1, "AccessKeyId": "AKIADEV", "SecretAccessKey": "s"})
    process = script(tmp_path / "process", f"echo run >> {tmp_path}/runs\necho '{answer}'")
    (aws_files / "config").write_text(f"[profile hub]\ncredential_process = {process}\n")
    ids = {f"a{number}": f"{number:012d}" for number in range(3)}

    def assume(seen):
        number = seen.parameters["RoleArn"].split(":")[4]
        wire.accounts[f"ASIA{number}"] = number
        return session(f"ASIA{number}")

    wire.on("AssumeRole", assume)
    accounts = [
        Account(name, number, (REGION,), profile="hub", role_arn=f"arn:aws:iam::{number}:role/read")
        for name, number in ids.items()
    ]
    async with open_room(*accounts) as room:
        found = await asyncio.gather(*(room.verify(name) for name in [*ids] * 5))
    assert [identity.account_id for identity in found] == [*ids.values()] * 5
    assert (tmp_path / "runs").read_text() == "run\n"
    assert len(wire.calls("AssumeRole")) == 3


async def test_a_session_is_renewed_before_it_ends_and_nobody_waits(
    open_room: OpenRoom, wire: Wire, clock: Clock
) -> None:
    wire.accounts |= {"ASIA1": PROD_ID, "ASIA2": PROD_ID}
    wire.on("AssumeRole", [session("ASIA1", stamp(NOW + 3600)), session("ASIA2", stamp(NOW + 7200))])
    async with open_room(ROLE) as room:
        await room.verify("prod")
        clock.now = NOW + 3100
        assert (await room._credentials.current("prod")).access_key == "ASIA1"
        for _ in range(200):
            await asyncio.sleep(0.005)
            if (await room._credentials.current("prod")).access_key == "ASIA2":
                break
        await room.verify("prod")
    assert len(wire.calls("AssumeRole")) == 2
    assert [seen.access_key for seen in wire.calls("GetCallerIdentity")] == ["ASIA1", "ASIA2"]


async def test_a_failed_renewal_does_not_cost_a_session_that_is_still_good(
    open_room: OpenRoom, wire: Wire, clock: Clock
) -> None:
    wire.accounts["ASIA1"] = PROD_ID
    wire.on("AssumeRole", [session("ASIA1", stamp(NOW + 3600)), xml_error("AccessDenied")])
    async with open_room(ROLE) as room:
        await room.verify("prod")
        clock.now = NOW + 3100
        await room.verify("prod")
        while len(wire.calls("AssumeRole")) < 2:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        assert (await room.verify("prod")).account_id == PROD_ID
        clock.now = NOW + 3590
        assert (await refused(room, "prod")).summary == "denied sts:AssumeRole"


async def test_a_role_that_wants_mfa_is_expired_with_what_to_do(open_room: OpenRoom, wire: Wire) -> None:
    wire.on("AssumeRole", xml_error("AccessDenied", "not authorized to perform: sts:AssumeRole"))
    async with open_room(replace(ROLE, mfa_serial="arn:aws:iam::111122223333:mfa/me")) as room:
        failure = await refused(room, "prod")
    assert (failure.outcome, failure.code) == (Outcome.EXPIRED, "MfaRequired")
    assert failure.remedy is not None
    assert failure.remedy.startswith("aws sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/me")


async def test_a_source_that_has_expired_is_resolved_anew_for_a_role(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    wire.accounts |= {"ASIAROLE": PROD_ID}

    def assume(seen):
        return session("ASIAROLE") if seen.access_key == "AKIANEW" else xml_error("ExpiredToken")

    wire.on("AssumeRole", assume)
    async with open_room(ROLE) as room:
        await refused(room, "prod")
        (aws_files / "credentials").write_text("[dev]\naws_access_key_id=AKIANEW\naws_secret_access_key=s\n")
        room._clock.now += 11
        assert (await room.verify("prod")).account_id == PROD_ID


# --- SSO


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


async def test_the_end_of_a_login_that_renews_itself_is_not_known(
    open_room: OpenRoom, wire: Wire, aws_files: Path
) -> None:
    sso_profile(aws_files, expires="2090-01-01T00:00:00Z", refreshToken="r")
    wire.accounts["ASIASSO"] = DEV_ID
    role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4_000_000_000_000}
    wire.on("/federation/credentials", Reply({"roleCredentials": role}))
    async with open_room(DEV) as room:
        assert (await room.verify("dev")).expires_at is None


# --- the other sources of botocore's chain


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


async def test_what_a_credential_process_prints_is_never_repeated(
    open_room: OpenRoom, aws_files: Path, tmp_path: Path
) -> None:
    process = script(tmp_path / "process", "echo 'secret wJalrXUtnFEMI' >&2; exit 1")
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
