"""Single sign-on: the OIDC service, the portal's role credentials, and the page on which a code is confirmed.

moto has neither. All of it is unsigned, so it stands before the gate. Shapes: botocore's models of sso-oidc 2019-06-10
and sso 2019-06-10; errors as the services send them, with the code in a header. Nobody has to find the browser of a
demo: a code whose page was not opened confirms itself after some seconds.
"""

from __future__ import annotations

import html
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from cockpit.demo.emulator.principals import Role
from cockpit.demo.emulator.world import World

CONFIRMS_ITSELF_SECONDS = 6.0
INTERVAL_SECONDS = 1
CODE_SECONDS = 600
_CLIENT_SECONDS = 90 * 86_400
_TOKEN_SECONDS = 3600
_LONG_TOKEN_SECONDS = 8 * 3600
"""Of a token that does not renew itself, because its client asked for no scopes."""
_ROLE_SECONDS = 3600
_USER = "operator"
_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_REFRESH_GRANT = "refresh_token"


class _Refused(Exception):  # noqa: N818 - what it is
    """An error of the service: its code, and the word that OAuth has for it."""

    def __init__(self, code: str, word: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.word = word
        self.status = status


@dataclass(slots=True)
class _Device:
    client: str
    user_code: str
    begun_at: float
    asked_at: float = float("-inf")
    opened: bool = False
    """Somebody looks at its page and decides."""
    allowed: bool | None = None
    used: bool = False


Answer = tuple[int, str, str, dict[str, str]]
"""Status, content type, body, further headers."""


class SignOn:
    """WSGI middleware: answers what belongs to single sign-on, and passes on the rest."""

    def __init__(self, world: World, application: Any, assignments: Mapping[tuple[str, str], Role]) -> None:
        """Make it.

        Args:
            world: The clock and the principals.
            application: What answers everything else.
            assignments: (account id, permission set) → the role that the user may take.
        """
        self._world = world
        self._application = application
        self._assignments = assignments
        self._clients: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._devices: dict[str, _Device] = {}
        self._tokens: dict[str, float] = {}
        self._refresh: dict[str, str] = {}
        self._lock = threading.Lock()
        self._paths: dict[tuple[str, str], Callable[[dict[str, Any]], Answer]] = {
            ("POST", "/client/register"): self._register,
            ("POST", "/device_authorization"): self._authorize,
            ("POST", "/token"): self._token,
            ("GET", "/federation/credentials"): self._credentials,
            ("GET", "/device"): self._page,
            ("POST", "/device"): self._decide,
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        answer = self._paths.get((environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")))
        if answer is None or environ.get("HTTP_AUTHORIZATION"):
            passed_on: Iterable[bytes] = self._application(environ, start_response)
            return passed_on
        try:
            with self._lock:
                status, kind, body, headers = answer(environ)
        except _Refused as refused:
            status, kind, headers = refused.status, "application/json", {"x-amzn-ErrorType": refused.code}
            body = json.dumps({"error": refused.word, "error_description": "", "message": refused.code})
        data = body.encode()
        named = {"Content-Type": kind, "Content-Length": str(len(data)), "Cache-Control": "no-store", **headers}
        start_response(f"{status} {HTTPStatus(status).phrase}", list(named.items()))
        return [data]

    # sso-oidc.

    def _register(self, environ: dict[str, Any]) -> Answer:
        asked = _json(environ)
        if asked.get("clientType") != "public" or not asked.get("clientName"):
            raise _Refused("InvalidClientMetadataException", "invalid_client_metadata")
        client, secret, now = secrets.token_urlsafe(16), secrets.token_urlsafe(48), int(self._world.clock())
        self._clients[client] = (secret, tuple(asked.get("scopes") or ()))
        return _answer(
            {
                "clientId": client,
                "clientSecret": secret,
                "clientIdIssuedAt": now,
                "clientSecretExpiresAt": now + _CLIENT_SECONDS,
            }
        )

    def _authorize(self, environ: dict[str, Any]) -> Answer:
        asked = _json(environ)
        client = self._known(asked)
        if not str(asked.get("startUrl") or "").startswith("https://"):
            raise _Refused("InvalidRequestException", "invalid_request")
        letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
        device = _Device(client, f"{letters[:4]}-{letters[4:]}", self._world.clock())
        code = secrets.token_urlsafe(48)
        self._devices[code] = device
        page = f"http://{environ['HTTP_HOST']}/device"
        return _answer(
            {
                "deviceCode": code,
                "userCode": device.user_code,
                "verificationUri": page,
                "verificationUriComplete": f"{page}?user_code={device.user_code}",
                "expiresIn": CODE_SECONDS,
                "interval": INTERVAL_SECONDS,
            }
        )

    def _token(self, environ: dict[str, Any]) -> Answer:
        asked = _json(environ)
        client = self._known(asked)
        if asked.get("grantType") == _REFRESH_GRANT:
            if self._refresh.get(str(asked.get("refreshToken"))) != client:
                raise _Refused("InvalidGrantException", "invalid_grant")
            return self._granted(client, str(asked["refreshToken"]))
        if asked.get("grantType") != _DEVICE_GRANT:
            raise _Refused("UnsupportedGrantTypeException", "unsupported_grant_type")
        device = self._devices.get(str(asked.get("deviceCode")))
        if device is None or device.client != client or device.used:
            raise _Refused("InvalidGrantException", "invalid_grant")
        self._require_consent(device)
        device.used = True
        renews = "sso:account:access" in self._clients[client][1]
        return self._granted(client, secrets.token_urlsafe(48) if renews else None)

    def _require_consent(self, device: _Device) -> None:
        now = self._world.clock()
        too_soon = now - device.asked_at < INTERVAL_SECONDS - 0.1
        device.asked_at = now
        if now >= device.begun_at + CODE_SECONDS:
            raise _Refused("ExpiredTokenException", "expired_token")
        if too_soon:
            raise _Refused("SlowDownException", "slow_down")
        if device.allowed is False:
            raise _Refused("AccessDeniedException", "access_denied")
        by_itself = not device.opened and now >= device.begun_at + CONFIRMS_ITSELF_SECONDS
        if not device.allowed and not by_itself:
            raise _Refused("AuthorizationPendingException", "authorization_pending")

    def _granted(self, client: str, refresh: str | None) -> Answer:
        token = secrets.token_urlsafe(48)
        seconds = _TOKEN_SECONDS if refresh else _LONG_TOKEN_SECONDS
        self._tokens[token] = self._world.clock() + seconds
        told: dict[str, object] = {"accessToken": token, "tokenType": "Bearer", "expiresIn": seconds}
        if refresh:
            self._refresh[refresh] = client
            told["refreshToken"] = refresh
        return _answer(told)

    def _known(self, asked: Mapping[str, Any]) -> str:
        client = str(asked.get("clientId"))
        if client not in self._clients or self._clients[client][0] != asked.get("clientSecret"):
            raise _Refused("InvalidClientException", "invalid_client", 401)
        return client

    # The portal.

    def _credentials(self, environ: dict[str, Any]) -> Answer:
        if self._tokens.get(environ.get("HTTP_X_AMZ_SSO_BEARER_TOKEN", ""), 0.0) <= self._world.clock():
            raise _Refused("UnauthorizedException", status=401)
        asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        role = self._assignments.get((asked.get("account_id", ""), asked.get("role_name", "")))
        if role is None:
            raise _Refused("ForbiddenException", status=403)
        session = self._world.principals.open_session(role, _USER, _ROLE_SECONDS, None)
        keys = {
            "accessKeyId": session.key_id,
            "secretAccessKey": session.secret,
            "sessionToken": session.token,
            "expiration": int((session.expires_at or 0.0) * 1000),
        }
        return _answer({"roleCredentials": keys})

    # The page.

    def _page(self, environ: dict[str, Any]) -> Answer:
        device = self._by_user_code(parse_qs(environ.get("QUERY_STRING", "")))
        if device is None:
            return _html("There is no such code.", status=404)
        device.opened = True
        code = html.escape(device.user_code)
        return _html(
            f"The cockpit asks for access. Compare the code: <b>{code}</b>",
            f'<form method="post"><input type="hidden" name="user_code" value="{code}">'
            '<button name="answer" value="allow">Allow</button> <button name="answer" value="refuse">Refuse</button>'
            "</form>",
        )

    def _decide(self, environ: dict[str, Any]) -> Answer:
        form = parse_qs(_body(environ).decode(errors="replace"))
        device = self._by_user_code(form)
        if device is None:
            return _html("There is no such code.", status=404)
        device.opened, device.allowed = True, form.get("answer") == ["allow"]
        return _html("Allowed. Close this page." if device.allowed else "Refused. Close this page.")

    def _by_user_code(self, form: Mapping[str, list[str]]) -> _Device | None:
        code = form.get("user_code", [""])[0]
        return next((device for device in self._devices.values() if device.user_code == code), None)


def _body(environ: dict[str, Any]) -> bytes:
    read: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return read


def _json(environ: dict[str, Any]) -> dict[str, Any]:
    try:
        asked = json.loads(_body(environ) or b"{}")
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise _Refused("InvalidRequestException", "invalid_request")
    return asked


def _answer(told: Mapping[str, object]) -> Answer:
    return 200, "application/json", json.dumps(told), {}


def _html(sentence: str, form: str = "", status: int = 200) -> Answer:
    page = (
        f'<!doctype html><meta charset="utf-8"><title>cockpit demo</title><h1>cockpit demo</h1><p>{sentence}</p>{form}'
    )
    return status, "text/html; charset=utf-8", page, {}
