"""Logging in to IAM Identity Center from inside the program: OAuth 2.0 device authorization (RFC 8628).

Three calls that need no credentials (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/): the program is
registered, a code is asked for, and the token is asked for until somebody has confirmed the code in a browser, on
whatever machine. The device code, the client's secret and the token stay in this module and in the token's file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore import UNSIGNED
from botocore import exceptions as boto
from botocore.config import Config
from botocore.session import Session

from cockpit.aws.clients import shared_loader
from cockpit.aws.errors import classify
from cockpit.aws.portals import LoginFailed, Portal
from cockpit.aws.threads import in_thread
from cockpit.aws.tokens import is_good, stamp, token_path, write_token, written_at
from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.service import Call
from cockpit.model.verdict import Outcome

CLIENT_NAME = "cockpit"
"""Under this name the portal asks whether access shall be given."""
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL_SECONDS = 5.0
"""RFC 8628, 3.2: where the server names no interval; 3.5: added whenever it says to slow down."""
_CALL_SECONDS = 20.0

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Device:
    """What the portal gave out for one login."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    registered_until: float
    code: str = field(repr=False)
    interval_seconds: float
    ends_at: float


async def log_in(
    portal: Portal,
    told: Callable[[LoginStep], None],
    *,
    endpoint: str | None,
    clock: Callable[[], float],
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Have somebody confirm a code, and keep the token where botocore and the AWS CLI find it.

    Returns as well when another program has logged in meanwhile. Cancelling ends it at once; nothing is kept then.

    Args:
        portal: Where.
        told: Hears of the code when it is there.
        endpoint: Of `sso-oidc`, for emulators; None for AWS's own, or what the profile says.
        clock: Epoch seconds.
        sleep: How to wait.

    Raises:
        LoginFailed: It did not come about.
    """
    path = token_path(portal.login)
    before = written_at(path)
    calls = _Calls(portal, endpoint, clock)
    device, step = await _authorize(portal, calls, clock)
    told(step)
    token = await _confirmed(portal, device, calls, _Elsewhere(path, before, clock), clock=clock, sleep=sleep)
    if token is not None:
        await _keep(path, token)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Whether another program has logged in since."""

    path: Path
    before: int | None
    clock: Callable[[], float]

    def __call__(self) -> bool:
        return written_at(self.path) != self.before and is_good(self.path, self.clock())


class _Calls:
    """The unsigned client, made and used off the event loop."""

    def __init__(self, portal: Portal, endpoint: str | None, clock: Callable[[], float]) -> None:
        self._portal = portal
        self._endpoint = endpoint
        self._clock = clock
        self._client: Any = None

    async def send(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """One call. Raises what botocore raises, or TimeoutError."""

        def work() -> Mapping[str, Any]:
            if self._client is None:
                self._client = self._create()
            answer: Mapping[str, Any] = getattr(self._client, operation)(**parameters)
            return answer

        async with asyncio.timeout(_CALL_SECONDS):
            return await in_thread(work)

    def _create(self) -> Any:
        session = Session(profile=self._portal.profile)
        session.register_component("data_loader", shared_loader())
        config = Config(
            region_name=self._portal.region,
            signature_version=UNSIGNED,
            connect_timeout=5,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        return session.create_client("sso-oidc", endpoint_url=self._endpoint, config=config)

    def sentence(self, operation: str, error: Exception) -> str:
        """What went wrong, in words and without anything that was sent."""
        call = Call("sso-oidc", operation, f"sso-oauth:{operation}")
        failure = classify(
            error, account="", region=self._portal.region, service="sso", call=call, now=self._clock(), remedy=None
        )
        portal = f"The portal of {self._portal.login}"
        if failure.outcome is Outcome.UNREACHABLE:
            return f"{portal} could not be reached. {failure.message}"
        if isinstance(error, boto.ClientError):
            return f"{portal} refused: {failure.code}."
        # Other texts of the libraries may quote what was sent or answered.
        return f"{portal} could not be asked, or its answer could not be read ({failure.code})."


async def _authorize(portal: Portal, calls: _Calls, clock: Callable[[], float]) -> tuple[_Device, LoginStep]:
    """Register and ask for a code."""
    sentence = ""
    try:
        return await _ask_for_code(portal, calls, clock)
    except Exception as error:  # noqa: BLE001 - whatever the library raises while it talks to a stranger
        sentence = _REFUSED_AT_START.get(_code(error), "").format(login=portal.login) or calls.sentence(
            "StartDeviceAuthorization", error
        )
    # Outside of the handler, so that the exception carries no frames that hold secrets.
    raise LoginFailed(sentence)


async def _ask_for_code(portal: Portal, calls: _Calls, clock: Callable[[], float]) -> tuple[_Device, LoginStep]:
    scopes = {"scopes": list(portal.scopes)} if portal.scopes else {}
    client = await calls.send("register_client", clientName=CLIENT_NAME, clientType="public", **scopes)
    answer = await calls.send(
        "start_device_authorization",
        clientId=client["clientId"],
        clientSecret=client["clientSecret"],
        startUrl=portal.start_url,
    )
    ends_at = clock() + float(answer["expiresIn"])
    device = _Device(
        client_id=client["clientId"],
        client_secret=client["clientSecret"],
        registered_until=float(client["clientSecretExpiresAt"]),
        code=answer["deviceCode"],
        interval_seconds=float(answer.get("interval") or _INTERVAL_SECONDS),
        ends_at=ends_at,
    )
    url = answer.get("verificationUriComplete") or answer["verificationUri"]
    return device, LoginStep(portal.login, LoginState.WAITING, url=url, user_code=answer["userCode"], ends_at=ends_at)


async def _confirmed(
    portal: Portal,
    device: _Device,
    calls: _Calls,
    elsewhere: Callable[[], bool],
    *,
    clock: Callable[[], float],
    sleep: Sleep,
) -> dict[str, str] | None:
    """The token, once the code is confirmed; None where another program has logged in first."""
    interval = device.interval_seconds
    while True:
        await sleep(interval)
        if await in_thread(elsewhere):
            return None
        sentence = ""
        try:
            answer = await calls.send(
                "create_token",
                clientId=device.client_id,
                clientSecret=device.client_secret,
                grantType=_GRANT,
                deviceCode=device.code,
            )
        except Exception as error:  # noqa: BLE001 - as above
            code = _code(error)
            sentence = _REFUSED_TOKEN.get(code, "")
            if code in _SLOWER or not isinstance(error, boto.ClientError):
                # RFC 8628, 3.5: a server that is slow, or silent, is asked less often. A network comes back.
                interval += _INTERVAL_SECONDS
            elif code != "AuthorizationPendingException":
                sentence = sentence or calls.sentence("CreateToken", error)
            if not sentence and clock() >= device.ends_at:
                sentence = _REFUSED_TOKEN["ExpiredTokenException"]
        else:
            return _token(portal, device, answer, clock())
        if sentence:
            raise LoginFailed(sentence)


def _token(portal: Portal, device: _Device, answer: Mapping[str, Any], now: float) -> dict[str, str]:
    token = {
        "startUrl": portal.start_url,
        "region": portal.region,
        "accessToken": answer["accessToken"],
        "expiresAt": stamp(now + float(answer["expiresIn"])),
        "clientId": device.client_id,
        "clientSecret": device.client_secret,
        "registrationExpiresAt": stamp(device.registered_until),
    }
    if answer.get("refreshToken"):
        token["refreshToken"] = answer["refreshToken"]
    return token


async def _keep(path: Path, token: dict[str, str]) -> None:
    reason = ""
    try:
        await in_thread(lambda: write_token(path, token))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    if reason:
        raise LoginFailed(f"The code was confirmed, but the login cannot be kept in {path.parent}: {reason}.")


def _code(error: Exception) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, boto.ClientError) else ""


_SLOWER = frozenset({"SlowDownException", "InternalServerException"})
_UNKNOWN_PORTAL = "The portal does not know the start URL of {login}: check sso_start_url and sso_region."
_REFUSED_AT_START = {
    "InvalidRequestException": _UNKNOWN_PORTAL,
    "UnauthorizedClientException": _UNKNOWN_PORTAL,
    "InvalidScopeException": "The portal refuses the scopes of {login}: check sso_registration_scopes.",
    "SlowDownException": "The portal of {login} is asked too often; try again in a minute.",
}
_REFUSED_TOKEN = {
    "ExpiredTokenException": "The code was not confirmed in time; begin again for a new one.",
    "AccessDeniedException": "The request was refused in the browser.",
    "InvalidGrantException": "The code is no longer good; begin again for a new one.",
}
