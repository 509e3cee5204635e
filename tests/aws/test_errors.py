"""What each code and exception means, and what a message never carries."""

import pytest
from botocore import exceptions as boto
from botocore.retries.standard import ThrottledRetryableChecker
from hypothesis import given
from hypothesis import strategies as st

from cockpit.aws.errors import THROTTLED, classify, clean
from cockpit.aws.failed import CallFailed
from cockpit.model.service import Call
from cockpit.model.verdict import Failure, Outcome

CALL = Call("lambda", "ListFunctions", "lambda:ListFunctions")


def failure(error: BaseException, region: str = "eu-west-2") -> Failure:
    return classify(
        error, account="dev", region=region, service="lambda", call=CALL, now=5.0, remedy="aws sso login --profile dev"
    )


def answer(code: str, message: str = "no", status: int = 400) -> boto.ClientError:
    metadata = {"HTTPStatusCode": status, "RequestId": "r-1"}
    return boto.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "ListFunctions"
    )


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("AccessDenied", 403, Outcome.DENIED),
        ("AccessDeniedException", 400, Outcome.DENIED),
        ("KMSAccessDeniedException", 400, Outcome.DENIED),
        ("UnauthorizedOperation", 403, Outcome.DENIED),
        ("ExpiredToken", 403, Outcome.EXPIRED),
        ("ExpiredTokenException", 400, Outcome.EXPIRED),
        ("RequestExpired", 400, Outcome.EXPIRED),
        ("Throttling", 400, Outcome.THROTTLED),
        ("TooManyRequestsException", 429, Outcome.THROTTLED),
        ("SlowDown", 503, Outcome.THROTTLED),
        ("LimitExceededException", 400, Outcome.THROTTLED),
        ("429", 429, Outcome.THROTTLED),
        ("ServiceUnavailable", 503, Outcome.UNREACHABLE),
        ("InternalFailure", 500, Outcome.UNREACHABLE),
        ("502", 502, Outcome.UNREACHABLE),
        ("UnrecognizedClientException", 403, Outcome.INVALID),
        ("OptInRequired", 403, Outcome.INVALID),
        ("ValidationError", 400, Outcome.INVALID),
        ("SomethingNew", 400, Outcome.INVALID),
    ],
)
def test_codes(code: str, status: int, outcome: Outcome) -> None:
    found = failure(answer(code, status=status))
    assert (found.outcome, found.code, found.request_id, found.at) == (outcome, code, "r-1", 5.0)


@pytest.mark.parametrize(
    "code", ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"]
)
def test_refused_keys_in_an_opt_in_region_mean_that_it_is_off(code: str) -> None:
    assert failure(answer(code), region="ap-east-1").outcome is Outcome.REGION_DISABLED
    assert failure(answer(code), region="cn-north-1").outcome is Outcome.INVALID


def test_our_throttling_codes_hold_all_of_botocores() -> None:
    assert set(ThrottledRetryableChecker._THROTTLED_ERROR_CODES) <= THROTTLED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TimeoutError(), Outcome.UNREACHABLE),
        (boto.ConnectTimeoutError(endpoint_url="u"), Outcome.UNREACHABLE),
        (boto.ReadTimeoutError(endpoint_url="u"), Outcome.UNREACHABLE),
        (boto.EndpointConnectionError(endpoint_url="u"), Outcome.UNREACHABLE),
        (boto.ConnectionClosedError(endpoint_url="u"), Outcome.UNREACHABLE),
        (boto.SSLError(endpoint_url="u", error="e"), Outcome.UNREACHABLE),
        (boto.HTTPClientError(error="e"), Outcome.UNREACHABLE),
        (ConnectionResetError(), Outcome.UNREACHABLE),
        (boto.SSOTokenLoadError(error_msg="e"), Outcome.EXPIRED),
        (boto.UnauthorizedSSOTokenError(), Outcome.EXPIRED),
        (boto.TokenRetrievalError(provider="sso", error_msg="e"), Outcome.EXPIRED),
        (boto.LoginRefreshRequired(), Outcome.EXPIRED),
        (boto.RefreshWithMFAUnsupportedError(), Outcome.EXPIRED),
        (boto.CredentialRetrievalError(provider="p", error_msg="e"), Outcome.EXPIRED),
        (boto.NoCredentialsError(), Outcome.INVALID),
        (boto.ProfileNotFound(profile="p"), Outcome.INVALID),
        (FileNotFoundError(), Outcome.INVALID),
        (boto.ParamValidationError(report="r"), Outcome.INVALID),
        (RuntimeError("boom"), Outcome.INVALID),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value.value,
)
def test_exceptions(error: BaseException, outcome: Outcome) -> None:
    found = failure(error)
    assert found.outcome is outcome
    assert found.message
    assert (found.remedy is not None) == (outcome is Outcome.EXPIRED)
    assert (found.iam_action is not None) == (outcome is Outcome.DENIED)


def test_the_missing_action_is_the_one_that_aws_names_else_the_one_that_the_call_needs() -> None:
    said = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: lambda:GetFunction on resource: *"
    assert failure(answer("AccessDeniedException", said)).iam_action == "lambda:GetFunction"
    assert failure(answer("AccessDeniedException", "no")).iam_action == "lambda:ListFunctions"


def test_a_failure_that_is_one_already_stays_as_it_is() -> None:
    first = failure(answer("Throttling"))
    assert failure(CallFailed(first)) is first


SECRETS = [
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "Credential=AKIAIOSFODNN7EXAMPLE/20240101/eu-west-2/lambda/aws4_request",
    "X-Amz-Security-Token: IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJIMEYCIQ",
    "Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
    "Encoded authorization failure message: 6fLvO8vKX0n",
    "IQoJb3JpZ2luX2VjE" * 12,
]


@pytest.mark.parametrize("secret", SECRETS)
def test_messages_carry_no_secret(secret: str) -> None:
    found = failure(answer("SomethingNew", f"refused {secret} today"))
    assert max((part for part in secret.split() if len(part) > 12), key=len) not in found.message
    assert found.message.startswith("refused")


def test_the_canonical_request_of_a_bad_signature_is_not_repeated() -> None:
    found = failure(answer("SignatureDoesNotMatch", "The Canonical String was\nGET\nx-amz-security-token:abc", 403))
    assert found.message == "AWS refused the signature: a wrong secret key, or this machine's clock is off."


def test_what_is_no_secret_stays() -> None:
    said = (
        "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/me@a.example"
        " is not authorized to perform: sqs:ListQueues on resource: arn:aws:sqs:eu-west-2:111122223333:events"
    )
    assert clean(said) == said


@given(st.text(max_size=2000))
def test_a_message_is_one_line_of_bearable_length(text: str) -> None:
    line = clean(text)
    assert len(line) <= 400
    assert len(line.splitlines()) <= 1
