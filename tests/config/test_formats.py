"""What single values must look like."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest
from sentry_sdk.utils import Dsn

from cockpit.config import formats


def aws_regions() -> list[str]:
    """Every region that botocore knows, in all partitions."""
    packed = Path(botocore.__file__).parent / "data" / "endpoints.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else packed.with_suffix("").read_bytes()
    return [region for partition in json.loads(text)["partitions"] for region in partition["regions"]]


def test_every_region_of_aws_is_accepted() -> None:
    regions = aws_regions()
    assert len(regions) > 30
    assert [region for region in regions if formats.wrong_region(region)] == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("eu-west-2b", 'its region is "eu-west-2"'),
        ("eu_west_2", 'did you mean "eu-west-2"'),
        ("EU-WEST-2", 'did you mean "eu-west-2"'),
        ("eu-west", "is not the name of an AWS region"),
        ("us-gov-1", "is not the name of an AWS region"),
        ("global", "is not the name of an AWS region"),
        ("eu-west-2\n", "is not the name of an AWS region"),
        ("eu--2", "is not the name of an AWS region"),
    ],
)
def test_other_names_are_no_regions(value: str, words: str) -> None:
    assert words in (formats.wrong_region(value) or "")


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:role/cockpit-read",
        "arn:aws-us-gov:iam::111122223333:role/path/to/cockpit-read",
        "arn:aws-cn:iam::111122223333:role/a+b=c,d.e@f_g",
    ],
)
def test_a_role_arn_tells_its_account(arn: str) -> None:
    assert formats.wrong_role_arn(arn) is None
    assert formats.account_of_role(arn) == "111122223333"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::11112222333:role/short-account",
        "arn:aws:iam::111122223333:user/jo",
        "arn:aws:sts::111122223333:assumed-role/cockpit/session",
        "arn:aws:iam::111122223333:role/",
        "role/cockpit-read",
    ],
)
def test_what_is_not_a_role_is_no_role_arn(arn: str) -> None:
    assert "is not the ARN of a role" in (formats.wrong_role_arn(arn) or "")


@pytest.mark.parametrize("number", [1, 12345678901, 111122223333, -5, 10**13])
def test_an_id_without_quotes_is_shown_with_twelve_digits(number: int) -> None:
    shown = formats.bare_account_id(number).rsplit('"', 2)[1]
    assert formats.wrong_account_id(shown) is None


@pytest.mark.parametrize(
    "url", ["https://wiki.example/run?x=1#y", "http://localhost:4566", "https://pr{number}.shop.example/"]
)
def test_web_addresses_are_accepted(url: str) -> None:
    assert formats.wrong_link(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "wiki.example",
        "ftp://wiki.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "http://[::1",
        "https://wiki.example:99999/",
        "https://wiki.example/a b",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    assert "as in" in (formats.wrong_link(url) or "")


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    sentence = formats.wrong_endpoint("https://jo:hunter2@graphs.example/")
    assert sentence is not None
    assert "hunter2" not in sentence


@pytest.mark.parametrize("name", ["shop", "tim-combo", "pr12", "a.b_c", "9"])
def test_names_may_stand_in_commands(name: str) -> None:
    assert formats.wrong_name(name) is None


@pytest.mark.parametrize("name", ["", "a/b", "a b", "-x", "*", "prod\n", "prö"])
def test_other_names_are_refused(name: str) -> None:
    assert formats.wrong_name(name) is not None


@pytest.mark.parametrize(
    "value",
    [
        "hunter3",
        "https://sentry.example/1",
        "https://hunter3@sentry.example/",
        "https://hunter3@sentry.example/project",
        "https://hunter3@sentry.example:port/1",
        "https://hunter3@sentry example/1",
        "ftp://hunter3@sentry.example/1",
    ],
)
def test_a_dsn_that_sentry_would_refuse_is_refused_and_not_repeated(value: str) -> None:
    problem = formats.wrong_dsn(value)
    assert problem is not None
    assert "hunter3" not in problem


def test_dsns_of_sentry_are_accepted() -> None:
    for value in ("https://key@o1.ingest.sentry.example/4507", "http://key:old@sentry.example:9000/path/1"):
        assert formats.wrong_dsn(value) is None
        assert Dsn(value).public_key == "key"
