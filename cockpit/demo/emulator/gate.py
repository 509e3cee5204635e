"""The way into every service: signature, session, account, permission; and answers in the service's own protocol.

moto answers anybody. The gate stands before each of its response classes: it knows the caller by key, checks the
signature, waits until the caller's account is seeded, is as slow as the account is meant to be, and refuses what the
role's policy or the session policy does not allow. Codes: https://docs.aws.amazon.com/general/latest/gr/api-errors.html
"""

from __future__ import annotations

import io
import time
import traceback
from collections.abc import Callable
from typing import Any

from moto.core import errors
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from cockpit.demo.emulator.policy import refusal
from cockpit.demo.emulator.principals import Principal
from cockpit.demo.emulator.signature import is_genuine, read_authorization
from cockpit.demo.emulator.world import World

_SIGNING_NAMES = {"awslambda": "lambda", "resourcegroupstaggingapi": "tag"}
"""moto's name of a service → the prefix of its IAM actions, where they differ."""

_JSON_CODES = {
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "ExpiredToken": "ExpiredTokenException",
    "AccessDenied": "AccessDeniedException",
}
"""Query and REST-XML services say `AccessDenied`, JSON services say `AccessDeniedException`."""
_XML_SERVICES = frozenset({"sts", "rds", "cloudfront", "cloudformation"})

_OWN_CODES = (
    "MissingAuthenticationToken",
    "NotImplemented",
    "InternalFailure",
    "ServiceUnavailable",
    "InvalidationBatchAlreadyExists",
)

# moto warns of codes that a service's model does not list; those of the gate are common to all services.
errors.COMMON_ERROR_CODES.extend([*_JSON_CODES, *_JSON_CODES.values(), *_OWN_CODES])


BODY = "cockpit.body"
"""Where `keep_body` puts a request's body."""


def keep_body(application: Any) -> Any:
    """WSGI middleware: the body as it was sent, for the signature; reading a form leaves nothing of it."""

    def kept(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ[BODY], environ["wsgi.input"] = body, io.BytesIO(body)
        return application(environ, start_response)

    return kept


class ServiceError(ServiceException):
    """An error of a service, by code and message. moto's own class would be looked up in a model that is none."""


class GateError(Exception):
    """The gate stays shut."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def install(world: World, sleep: Callable[[float], None] = time.sleep) -> None:
    """Put the gate before every service of moto in this process."""

    def account_of(response: BaseResponse) -> str:
        found = world.principals.account_of(response.get_access_key())
        return found or "000000000000"

    def call_action(response: BaseResponse) -> Any:
        service = _SIGNING_NAMES.get(response.service_name or "", response.service_name or "")
        try:
            principal = _authenticated(world, response)
            _await_seeding(world, principal)
            sleep(world.delays.get(principal.account_id, 0.0))
            authorize(principal, f"{service}:{_action(response)}")
            return _original(response)
        except GateError as refused:
            return _answer(response, refused, service)
        except NotImplementedError:
            text = f"The embedded fleet does not have {service}:{_action(response)}."
            return _answer(response, GateError("NotImplemented", text, 501), service)
        except Exception:  # noqa: BLE001 - whatever it is, the caller gets an answer of its protocol
            traceback.print_exc()
            return _answer(
                response, GateError("InternalFailure", "The embedded fleet has a defect; see its log.", 500), service
            )

    BaseResponse.get_current_account = account_of
    BaseResponse.call_action = call_action


_original = BaseResponse.call_action


def caller(world: World, response: BaseResponse) -> Principal:
    """Who made the request that `response` answers; the gate has let them in."""
    found = world.principals.find(response.get_access_key())
    if found is None:
        raise GateError("InvalidClientTokenId", "The security token included in the request is invalid.")
    return found


def _action(response: BaseResponse) -> str:
    return str(response._get_action() or "Unknown")  # noqa: SLF001 - moto has no other name for it


def _authenticated(world: World, response: BaseResponse) -> Principal:
    request = response.normalized_request
    signed = read_authorization(request.headers.get("Authorization", ""))
    if signed is None:
        raise GateError("MissingAuthenticationToken", "Request is missing Authentication Token")
    principal = world.principals.find(signed.key_id)
    if principal is None or (principal.token or "") != request.headers.get("X-Amz-Security-Token", ""):
        raise GateError("InvalidClientTokenId", "The security token included in the request is invalid.")
    uri = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    if not is_genuine(signed, principal.secret, request.method, uri, request.headers, request.environ[BODY]):
        raise GateError(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.",
        )
    if principal.expires_at is not None and world.clock() >= principal.expires_at:
        raise GateError("ExpiredToken", "The security token included in the request is expired")
    return principal


def _await_seeding(world: World, principal: Principal) -> None:
    if not world.wait_for(principal.account_id):
        raise GateError("ServiceUnavailable", "This account of the demo was not ready in time.", 503)


def authorize(principal: Principal, action: str) -> None:
    """Refuse what a caller may not do. Raises GateError."""
    reason = refusal(action, principal.policy, principal.session_policy)
    if reason is not None:
        raise GateError(
            "AccessDenied",
            f"User: {principal.arn} is not authorized to perform: {action} on resource: * {reason}",
        )


def _answer(response: BaseResponse, refused: GateError, service: str) -> Any:
    code = refused.code if service in _XML_SERVICES else _JSON_CODES.get(refused.code, refused.code)
    _, headers, body = response.serialized(ActionResult(ServiceError(code, refused.message)))
    headers["status"] = str(refused.status)
    return refused.status, headers, body


def fail(code: str, message: str) -> ServiceError:
    """A service's own error, to be raised from an action."""
    return ServiceError(code, message)


__all__ = ["GateError", "authorize", "caller", "fail", "install"]
