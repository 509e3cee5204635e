"""The least-privilege policy, the regions, and the words for a source of credentials."""

import json
from dataclasses import replace

import pytest

from cockpit.aws.logins import CredentialSource, describe
from cockpit.aws.policy import SESSION_POLICY_CHARACTERS, read_policy, session_policies
from cockpit.aws.regions import enabled_by_default, identity_region
from cockpit.config.settings import Account
from cockpit.model.service import Call, Catalogue
from tests.aws.fleet import DEV, PROD, SPEC

ROLE = "arn:aws:iam::444455556666:role/read"


def catalogue_of(calls: int) -> Catalogue:
    many = tuple(Call("lambda", f"List{number:04}", f"lambda:ListSomethingLong{number:04}") for number in range(calls))
    return Catalogue((replace(SPEC, calls=many),))


def test_the_policy_allows_what_is_declared_and_what_this_room_needs_itself() -> None:
    (statement,) = read_policy(catalogue_of(2))["Statement"]
    assert statement["Action"] == [
        "cloudwatch:GetMetricData",
        "lambda:ListSomethingLong0000",
        "lambda:ListSomethingLong0001",
        "sts:GetCallerIdentity",
    ]
    assert statement["Effect"] == "Allow"


def test_what_aws_checks_beside_the_action_of_a_call_is_allowed_too() -> None:
    call = Call("cloudformation", "DescribeStacks", "cloudformation:DescribeStacks", also_iam=("cloudformation:X",))
    (statement,) = read_policy(Catalogue((replace(SPEC, calls=(call,)),)))["Statement"]
    assert {"cloudformation:DescribeStacks", "cloudformation:X"} < set(statement["Action"])


def test_a_session_policy_is_exact_while_it_fits() -> None:
    exact, grouped, managed = session_policies(catalogue_of(3), ROLE)
    assert "lambda:ListSomethingLong0002" in json.loads(exact["Policy"])["Statement"][0]["Action"]
    assert json.loads(grouped["Policy"])["Statement"][0]["Action"] == ["cloudwatch:Get*", "lambda:List*", "sts:Get*"]
    assert managed == {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}


def test_a_policy_that_is_too_long_is_grouped_and_never_left_out() -> None:
    grouped, managed = session_policies(catalogue_of(200), ROLE)
    assert "lambda:List*" in grouped["Policy"]
    assert len(grouped["Policy"]) <= SESSION_POLICY_CHARACTERS
    assert "PolicyArns" in managed


def test_the_partition_is_that_of_the_role() -> None:
    *_, managed = session_policies(catalogue_of(1), "arn:aws-us-gov:iam::444455556666:role/read")
    assert managed["PolicyArns"][0]["arn"] == "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (("eu-west-2", "us-east-1"), "eu-west-2"),
        (("ap-east-1", "eu-west-2"), "eu-west-2"),
        (("ap-east-1",), "us-east-1"),
        (("cn-northwest-1",), "cn-northwest-1"),
        (("us-gov-east-1",), "us-gov-east-1"),
        ((), "us-east-1"),
    ],
)
def test_sts_is_asked_where_it_is_always_on(regions: tuple[str, ...], expected: str) -> None:
    assert identity_region(regions) == expected
    assert enabled_by_default(expected)


CONFIG = {
    "profiles": {
        "sso": {"sso_session": "corp"},
        "old": {"sso_start_url": "https://corp.example/start"},
        "deep": {"role_arn": ROLE, "source_profile": "sso"},
        "cli": {"login_session": "arn:aws:iam::111122223333:user/me"},
        "mfa": {"role_arn": ROLE, "source_profile": "keys", "mfa_serial": "arn:aws:iam::111122223333:mfa/me"},
        "keys": {"aws_access_key_id": "AKIA"},
        "circle": {"role_arn": ROLE, "source_profile": "circle2"},
        "circle2": {"role_arn": ROLE, "source_profile": "circle"},
    }
}


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (replace(DEV, profile="sso"), ("profile sso", "corp", "aws sso login --sso-session corp")),
        (replace(DEV, profile="old"), ("profile old", "https://corp.example/start", "aws sso login --profile old")),
        (replace(DEV, profile="deep"), ("profile deep", "corp", "aws sso login --sso-session corp")),
        (
            replace(PROD, profile="sso", role_arn=ROLE),
            ("role read via sso", "corp", "aws sso login --sso-session corp"),
        ),
        (
            replace(DEV, profile="cli"),
            ("profile cli", "arn:aws:iam::111122223333:user/me", "aws login --profile cli"),
        ),
        (replace(DEV, profile="mfa"), ("profile mfa", None, "aws sts get-caller-identity --profile mfa")),
        (replace(DEV, profile="keys"), ("profile keys", None, None)),
        (replace(DEV, profile="circle"), ("profile circle", None, None)),
        (replace(DEV, profile="unknown"), ("profile unknown", None, None)),
        (replace(DEV, profile=None), ("ambient credentials", None, None)),
        (replace(PROD, profile=None, role_arn=ROLE), ("role read via ambient credentials", None, None)),
    ],
)
def test_a_source_in_words(account: Account, expected: tuple[str, str | None, str | None]) -> None:
    assert describe(CONFIG, account, {}) == CredentialSource(*expected)


def test_the_environment_decides_for_an_account_without_a_profile() -> None:
    ambient = replace(DEV, profile=None)
    assert describe(CONFIG, ambient, {"AWS_PROFILE": "sso"}).login == "corp"
    both = {"AWS_PROFILE": "sso", "AWS_ACCESS_KEY_ID": "AKIA"}
    assert describe(CONFIG, ambient, both).source == "environment"
