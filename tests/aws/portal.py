"""A portal on the wire that gives a token at once, and words that the tests of logins share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from cockpit.aws import sso
from cockpit.aws.portals import Portal
from cockpit.aws.tokens import token_path
from cockpit.model.inquiry import LoginStep
from tests.aws.fleet import DEV_ID, NOW, Clock
from tests.aws.wire import Reply, Wire, rest_error

START = "https://corp.example/start"
CORP = Portal("corp", START, "eu-west-2", ("sso:account:access",), "dev")
LEGACY = Portal(START, START, "eu-west-2", (), "dev")
SECRETS = ("client-secret", "device-code", "access-token", "refresh-token")
REGISTERED = {"clientId": "client-id", "clientSecret": "client-secret", "clientSecretExpiresAt": int(NOW) + 7_776_000}
CODE = {
    "deviceCode": "device-code",
    "userCode": "WQMK-BXZR",
    "verificationUri": "https://corp.example/device",
    "verificationUriComplete": "https://corp.example/device?user_code=WQMK-BXZR",
    "expiresIn": 600,
    "interval": 1,
}
TOKEN = {"accessToken": "access-token", "tokenType": "Bearer", "expiresIn": 3600, "refreshToken": "refresh-token"}
PENDING = rest_error("AuthorizationPendingException")
CONFIG = f"""[profile dev]
sso_session = corp
sso_account_id = {DEV_ID}
sso_role_name = Read
[sso-session corp]
sso_start_url = {START}
sso_region = eu-west-2
"""


def serve(wire: Wire) -> None:
    """A portal that gives a token at once."""
    wire.on("/client/register", Reply(REGISTERED))
    wire.on("/device_authorization", Reply(CODE))
    wire.on("/token", Reply(TOKEN))


class Waits:
    """Passes time instead of sleeping, and remembers how long."""

    def __init__(self, clock: Clock, then: Callable[[int], None] = lambda _: None) -> None:
        self.clock = clock
        self.then = then
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.clock.now += seconds
        self.then(len(self.seconds))
        await asyncio.sleep(0)


async def log_in(
    wire: Wire, waits: Waits, where: Portal = CORP, told: Callable[[LoginStep], None] = lambda _: None
) -> None:
    await sso.log_in(where, told, endpoint=wire.url, clock=waits.clock, sleep=waits)


def kept(where: Portal = CORP) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(token_path(where.login).read_text())
    return found
