"""Who gets in, and how those who do not are told, seen through plain boto3."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, TokenRetrievalError

from cockpit.demo.aws_files import new_keys, write_aws_files
from cockpit.demo.emulator.application import new_world
from cockpit.demo.fleet.accounts import ACCOUNTS
from tests.demo.conftest import START, Clock, Emulator


def refused(call: Any, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response


@pytest.mark.parametrize("account", [name for name, found in ACCOUNTS.items() if found.external_id])
def test_a_role_leads_into_its_account(emulator: Emulator, account: str) -> None:
    who = emulator.of(account, "sts").get_caller_identity()
    assert who["Account"] == ACCOUNTS[account].id
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNTS[account].id}:assumed-role/cockpit-read/tests"


@pytest.mark.parametrize(
    "wrong",
    [{"ExternalId": "guessed"}, {"RoleArn": "arn:aws:iam::444455556662:role/admin"}],
    ids=["external id", "role"],
)
def test_a_role_is_not_assumed_by_guessing(emulator: Emulator, wrong: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole on resource") as caught:
        emulator.assume("tim-sandbox", **wrong)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_role_needs_its_external_id(emulator: Emulator) -> None:
    sts = emulator.client("sts", **emulator.key("hub"))
    answer = refused(sts.assume_role, RoleArn=ACCOUNTS["tim-dev"].role_arn, RoleSessionName="tests")
    assert answer["Error"]["Code"] == "AccessDenied"


def test_trinitys_production_role_may_not_read_lambda(emulator: Emulator) -> None:
    answer = refused(emulator.of("trinity-production", "lambda").list_functions)
    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert answer["Error"]["Message"] == (
        "User: arn:aws:sts::555566667772:assumed-role/cockpit-read/tests is not authorized to perform: "
        "lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action"
    )
    assert emulator.of("trinity-production", "sqs").list_queues()["QueueUrls"]


def test_a_session_policy_narrows_the_role(emulator: Emulator) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:List*", "Resource": "*"}]}
    own = emulator.assume("tim-sandbox", Policy=json.dumps(policy))
    client = emulator.client("lambda", region="us-east-2", **own)
    assert client.list_functions()["Functions"]
    answer = refused(client.update_alias, FunctionName="tim-prod-checkout", Name="live", FunctionVersion="41")
    assert answer["Error"]["Message"].endswith("because no session policy allows the lambda:UpdateAlias action")
    queues = emulator.client("sqs", region="us-east-2", **own)
    assert "no session policy" in refused(queues.list_queues)["Error"]["Message"]


def test_a_managed_policy_narrows_to_reads(emulator: Emulator) -> None:
    own = emulator.assume("tim-sandbox", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}])
    client = emulator.client("lambda", region="us-east-2", **own)
    assert client.get_alias(FunctionName="tim-prod-checkout", Name="live")["FunctionVersion"] == "42"
    assert refused(client.delete_alias, FunctionName="tim-prod-checkout", Name="live")["Error"]["Code"] == (
        "AccessDeniedException"
    )


@pytest.mark.parametrize(
    ("policy", "code"), [("{", "MalformedPolicyDocument"), (json.dumps({"x": "y" * 2100}), "ValidationError")]
)
def test_a_bad_session_policy_is_refused(emulator: Emulator, policy: str, code: str) -> None:
    with pytest.raises(ClientError) as caught:
        emulator.assume("tim-sandbox", Policy=policy)
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("sqs", "list_queues", "InvalidSignatureException"),
        ("lambda", "list_functions", "InvalidSignatureException"),
        ("cloudfront", "list_distributions", "SignatureDoesNotMatch"),
    ],
)
def test_a_wrong_secret_is_found_out(emulator: Emulator, service: str, operation: str, code: str) -> None:
    own = emulator.assume("tim-sandbox") | {"aws_secret_access_key": "wrong"}
    client = emulator.client(service, **own)
    assert refused(getattr(client, operation))["Error"]["Code"] == code


def test_an_unknown_key_and_a_wrong_token_are_refused(emulator: Emulator) -> None:
    stranger = {"aws_access_key_id": "AKIASTRANGERSTRANGER", "aws_secret_access_key": "x"}
    answer = refused(emulator.client("sts", **stranger).get_caller_identity)
    assert answer["Error"]["Code"] == "InvalidClientTokenId"
    forged = emulator.assume("tim-dev") | {"aws_session_token": "forged"}
    answer = refused(emulator.client("lambda", region="us-east-2", **forged).list_functions)
    assert answer["Error"]["Code"] == "UnrecognizedClientException"


def test_a_session_ends(emulator: Emulator) -> None:
    client = emulator.client("sqs", region="eu-west-1", **emulator.assume("scheduler-dev", DurationSeconds=900))
    emulator.clock.now = START + 899
    assert client.list_queues()["QueueUrls"]
    emulator.clock.now = START + 901
    assert refused(client.list_queues)["Error"]["Code"] == "ExpiredTokenException"


def test_one_account_answers_slowly(emulator: Emulator) -> None:
    slow, quick = emulator.of("trinity-shared", "sqs"), emulator.of("tim-dev", "sqs")
    emulator.slept.clear()
    slow.list_queues()
    quick.list_queues()
    assert 1.0 <= emulator.slept[0] <= 1.2
    assert emulator.slept[1:] == [0.0]


def test_a_request_waits_for_its_own_account_only() -> None:
    world = new_world(new_keys(), Clock())
    early, late = ACCOUNTS["timeclout"].id, ACCOUNTS["tim-media"].id
    world.ready(early)
    threading.Timer(0.1, world.ready, [late]).start()
    began = time.monotonic()
    assert world.wait_for(early)
    assert time.monotonic() - began < 0.05
    assert world.wait_for(late)
    assert time.monotonic() - began >= 0.09


def test_an_expired_login_is_botocores_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_aws_files(tmp_path, new_keys(), datetime.now(UTC))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(files.config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files.credentials))
    # botocore took the folder of the token cache from HOME when it was imported.
    cache = tmp_path / ".aws" / "sso" / "cache"
    monkeypatch.setattr("botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR", str(cache))
    monkeypatch.setattr("botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR", str(cache))
    session = boto3.session.Session(profile_name="media-sso")
    with pytest.raises(TokenRetrievalError):
        session.get_credentials().get_frozen_credentials()


def test_what_the_fleet_does_not_have_is_said_so(emulator: Emulator) -> None:
    answer = refused(emulator.of("timeclout", "sqs").list_message_move_tasks, SourceArn="arn:aws:sqs:x")
    assert answer["Error"]["Code"] == "NotImplemented"
