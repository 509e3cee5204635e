"""Whose account it is: asked before anything is read, and again when something changes."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.aws.room import AwsRoom
from cockpit.model.verdict import Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, DEV_ID, FUNCTIONS, HOME, NOW, PROD_ID, SPEC, Clock
from tests.aws.steps import refused
from tests.aws.wire import Reply, Wire


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


async def test_a_failure_is_not_held_for_hours_when_the_clock_is_set_back(
    room: AwsRoom, wire: Wire, clock: Clock
) -> None:
    del wire.accounts["AKIADEV"]
    await refused(room)
    wire.accounts["AKIADEV"] = DEV_ID
    clock.now -= 7200
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
