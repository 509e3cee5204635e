"""How calls fail, and how a failure is put into words.

Codes come from botocore's retry tables and the services' models. A message never carries a key, a token or a signature.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from cockpit.aws.failed import CallFailed
from cockpit.aws.regions import enabled_by_default
from cockpit.model.service import Call
from cockpit.model.verdict import Failure, Outcome

REJECTED = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"})
"""The key id is not known here: it was deleted, or the region is one that the account has not opted in to."""

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""botocore's own list (`botocore.retries.standard`), with what single services add to it."""

_DENIED = frozenset(
    {"UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException", "NotAuthorized", "403"}
)
_UNREACHABLE = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
_SIGNATURE = frozenset(
    {"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "RequestTimeTooSkewed"}
)
_LOGIN_ENDED = (boto.SSOError, boto.TokenRetrievalError, boto.LoginError)
_NO_ANSWER = (
    boto.HTTPClientError,
    boto.ConnectionError,
    boto.IncompleteReadError,
    boto.MetadataRetrievalError,
    OSError,
)

_ACTION = re.compile(r"not authorized to perform:?\s+([a-z0-9-]+:[A-Za-z0-9*]+)")
_SECRETS = re.compile(
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b"
    r"|(?i:(?:credential|signature|token|secret|password)\s*[=:]\s*)[^\s,;]{8,}"
    r"|(?i:encoded authorization failure message: )\S+"
    r"|[A-Za-z0-9/+=_-]{100,}"
)
_MESSAGE_LENGTH = 400


def classify(
    error: BaseException,
    *,
    account: str,
    region: str,
    service: str,
    call: Call,
    now: float,
    remedy: str | None = None,
) -> Failure:
    """Put whatever botocore, aiobotocore, aiohttp or asyncio raised into a `Failure`.

    `service` is a service key, or `sts` for identity and credentials. `call` names the missing permission where AWS
    does not. `remedy`, the login command of the account, is kept where a login would help.
    """
    if isinstance(error, CallFailed):
        return error.failure
    if isinstance(error, boto.ClientError):
        outcome, code, message = _of_answer(error.response, region)
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId")
    else:
        (outcome, code, message), request_id = _of_exception(error), None
    return Failure(
        outcome=outcome,
        account=account,
        region=region,
        service=service,
        operation=call.operation,
        code=code,
        message=clean(message),
        at=now,
        iam_action=_missing_action(message, call) if outcome is Outcome.DENIED else None,
        remedy=remedy if outcome is Outcome.EXPIRED else None,
        request_id=request_id,
    )


def clean(message: str) -> str:
    """One line, of bearable length, without keys, tokens and signatures."""
    line = _SECRETS.sub("***", " ".join(message.split()))
    return line if len(line) <= _MESSAGE_LENGTH else line[: _MESSAGE_LENGTH - 1] + "…"


def _of_answer(response: Mapping[str, Any], region: str) -> tuple[Outcome, str, str]:
    """Outcome, code and message of an error that AWS answered with."""
    error = response.get("Error", {})
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    code = str(error.get("Code") or status or "Unknown")
    message = str(error.get("Message") or error.get("message") or f"AWS answered {code}.")
    if code in _SIGNATURE:
        # AWS quotes the canonical request here, token and all.
        return Outcome.INVALID, code, "AWS refused the signature: a wrong secret key, or this machine's clock is off."
    return _outcome_of(code, status, region), code, message


def _outcome_of(code: str, status: int, region: str) -> Outcome:
    if code in THROTTLED or status == 429:
        return Outcome.THROTTLED
    if code.startswith("ExpiredToken") or code == "RequestExpired":
        return Outcome.EXPIRED
    if code in REJECTED or code == "OptInRequired":
        # No data call is made before these credentials have proved good in an enabled region.
        return Outcome.INVALID if enabled_by_default(region) else Outcome.REGION_DISABLED
    if "AccessDenied" in code or code in _DENIED:
        return Outcome.DENIED
    if code in _UNREACHABLE or status >= 500:
        return Outcome.UNREACHABLE
    return Outcome.INVALID


def _of_exception(error: BaseException) -> tuple[Outcome, str, str]:  # noqa: PLR0911 - a table, line by line
    """Outcome, code and message of what was raised without an answer."""
    code = type(error).__name__
    if isinstance(error, TimeoutError):
        return Outcome.UNREACHABLE, "DeadlineExceeded", "No answer in time."
    if isinstance(error, boto.RefreshWithMFAUnsupportedError):
        return Outcome.EXPIRED, code, "The profile wants an MFA code, which is never asked for here."
    if isinstance(error, _LOGIN_ENDED):
        return Outcome.EXPIRED, code, "The login has run out, or there is none."
    if isinstance(error, boto.CredentialRetrievalError):
        # What a credential process prints may hold anything, so it is not repeated.
        return Outcome.EXPIRED, code, "The source of the credentials gave none; it may want a login."
    if isinstance(error, (boto.NoCredentialsError, boto.PartialCredentialsError)):
        return Outcome.INVALID, code, "No complete credentials are configured."
    if isinstance(error, FileNotFoundError):
        return Outcome.INVALID, code, "A file or program that the credentials need is not there."
    if isinstance(error, _NO_ANSWER):
        return Outcome.UNREACHABLE, code, _no_answer(error)
    if isinstance(error, ResponseParserError):
        return Outcome.INVALID, code, "The answer could not be read."
    if isinstance(error, boto.BotoCoreError):
        return Outcome.INVALID, code, str(error)
    return Outcome.INVALID, code, "The answer could not be handled."


def _no_answer(error: BaseException) -> str:
    """Words for a connection that failed; the libraries' own texts quote URLs and nested errors."""
    if isinstance(error, boto.ConnectTimeoutError):
        return "No connection in time."
    if isinstance(error, boto.ReadTimeoutError):
        return "The connection went silent."
    if isinstance(error, (boto.ConnectionClosedError, boto.IncompleteReadError)):
        return "The connection broke before the answer was whole."
    if isinstance(error, boto.SSLError):
        return "The TLS connection failed; a proxy's certificate may be missing."
    return "No connection could be made."


def _missing_action(message: str, call: Call) -> str:
    """The IAM action that AWS names, or the one that the call is known to need."""
    found = _ACTION.search(message)
    return found.group(1) if found else call.iam
