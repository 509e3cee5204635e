"""How single values must look: account ids, regions, ARNs, addresses, names. A check answers a sentence or None."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cockpit.config.problems import did_you_mean, quoted

REGION = re.compile(
    r"[a-z]{2,4}(?:-(?:gov|iso[a-z]?|[a-z]{2}))?-(?:central|(?:north|south)?(?:east|west)?)(?<!-)-\d{1,2}"
)
"""Shape of a region name in every AWS partition; the name itself need not be known to this program."""

_KNOWN_REGIONS = tuple(
    f"{area}-{number}"
    for area, numbers in {
        "us-east": "12", "us-west": "12", "eu-west": "123", "eu-central": "12", "eu-north": "1", "eu-south": "12",
        "ap-northeast": "123", "ap-southeast": "123457", "ap-south": "12", "ap-east": "12", "ca-central": "1",
        "ca-west": "1", "sa-east": "1", "me-south": "1", "me-central": "1", "af-south": "1", "il-central": "1",
        "mx-central": "1", "cn-north": "1", "cn-northwest": "1", "us-gov-east": "1", "us-gov-west": "1",
    }.items()
    for number in numbers
)  # fmt: skip
"""For suggestions only."""

_ZONE = re.compile(rf"({REGION.pattern})[a-z]")
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
# The forms of role, external id, session name and MFA serial are those of STS's AssumeRole.
_ROLE_ARN = re.compile(r"arn:aws[a-z0-9-]*:iam::(\d{12}):role/[\w+=,.@/-]+", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_MFA_SERIAL = re.compile(r"[\w+=/:,.@-]{9,256}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

SECRET_KEY = re.compile(
    r"secret|password|passwd|passphrase|token|access_?key|api_?key|private_?key|credential", re.IGNORECASE
)
"""Key names under which people write credentials."""

SECRET_VALUE = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----")
"""Values that are credentials wherever they stand: AWS access key ids and private keys."""

CREDENTIAL_ADVICE = (
    "credentials do not belong in this file: remove it, name an AWS profile or role instead, "
    "and replace the credential if the file was ever shared"
)


def wrong_account_id(value: str) -> str | None:
    """An account id has 12 digits."""
    if _ACCOUNT_ID.fullmatch(value):
        return None
    return f'must be the 12 digits of an AWS account id, as in "111122223333", not {quoted(value)}'


def bare_account_id(value: int) -> str:
    """The sentence for an id without quotes, with the digits that the number has lost."""
    written = str(abs(value)).zfill(12) if abs(value) < 10**12 else "111122223333"
    return f'is a number, which loses leading zeros: quote it, as in "{written}"'


def wrong_region(value: str) -> str | None:
    """A region name looks like `eu-west-2`."""
    if REGION.fullmatch(value):
        return None
    zone = _ZONE.fullmatch(value)
    if zone:
        return f"{quoted(value)} is an availability zone; its region is {quoted(zone[1])}"
    hint = did_you_mean(value.replace("_", "-"), _KNOWN_REGIONS)
    return f'{quoted(value)} is not the name of an AWS region, as in "eu-west-2"{hint}'


def wrong_role_arn(value: str) -> str | None:
    """A role ARN, with its account."""
    if _ROLE_ARN.fullmatch(value):
        return None
    return f'{quoted(value)} is not the ARN of a role, as in "arn:aws:iam::111122223333:role/cockpit-read"'


def account_of_role(arn: str) -> str:
    """The account id in a well-formed role ARN."""
    match = _ROLE_ARN.fullmatch(arn)
    return match[1] if match else ""


def wrong_external_id(value: str) -> str | None:
    """What STS takes as an external id. The value is not repeated: some treat it as a secret."""
    return None if _EXTERNAL_ID.fullmatch(value) else "must be 2 to 1224 letters, digits or any of + = , . @ : / - _"


def wrong_session_name(value: str) -> str | None:
    """What STS takes as a role session name."""
    return None if _SESSION_NAME.fullmatch(value) else "must be 2 to 64 letters, digits or any of + = , . @ - _"


def wrong_mfa_serial(value: str) -> str | None:
    """What STS takes as the serial of an MFA device."""
    if _MFA_SERIAL.fullmatch(value):
        return None
    return 'must be the serial or ARN of an MFA device, as in "arn:aws:iam::111122223333:mfa/jo"'


def wrong_name(value: str) -> str | None:
    """Names of accounts, systems and environments stand in commands, patterns and file names."""
    if _NAME.fullmatch(value):
        return None
    return "a name is made of letters, digits and - _ . and begins with a letter or digit"


def wrong_link(value: str) -> str | None:
    """The address of a page for people."""
    return _wrong_address(value, "https://wiki.example/runbook")


def wrong_endpoint(value: str) -> str | None:
    """The address of an AWS service, or of an emulator."""
    return _wrong_address(value, "http://localhost:4566")


def _wrong_address(value: str, example: str) -> str | None:
    """An http or https address with a host and without a password."""
    try:
        parts = urlsplit(value)
        valid_port = parts.port is None or parts.port > 0
    except ValueError:
        return f"{quoted(value)} is not a web address, as in {quoted(example)}"
    if parts.username is not None or parts.password is not None:
        return f"holds a user or password: write it without them, as in {quoted(example)}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or not valid_port or re.search(r"\s", value):
        return f"{quoted(value)} is not an http or https address, as in {quoted(example)}"
    return None


def wrong_dsn(value: str) -> str | None:
    """A Sentry DSN: an address with a public key as its user and the project's number at its end. Never repeated."""
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.username and parts.port != 0
    except ValueError:
        parts, valid = urlsplit(""), False
    if valid and re.fullmatch(r".*/[0-9]+", parts.path) and not re.search(r"\s", value):
        return None
    return 'is not a Sentry DSN, as in "https://key@sentry.example/1"'
