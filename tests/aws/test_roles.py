"""Roles: assumed with just the declared reads, once, and renewed in time."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

from cockpit.aws.policy import read_actions
from cockpit.config.settings import Account
from cockpit.model.ids import SlotId
from cockpit.model.service import Catalogue
from cockpit.model.verdict import Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import FUNCTIONS, NOW, PROD_ID, REGION, ROLE, SPEC, Clock
from tests.aws.steps import refused, script, stamp
from tests.aws.wire import Reply, Wire, session, xml_error


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
