"""The emulator put together: a world with its principals, moto extended, and the WSGI application."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.config import default_user_config
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import create_backend_app

from cockpit.demo.aws_files import AccessKey
from cockpit.demo.emulator import gate
from cockpit.demo.emulator.dispatcher import Dispatcher
from cockpit.demo.emulator.policy import Policy, allow
from cockpit.demo.emulator.principals import Principal, Principals, Role
from cockpit.demo.emulator.sign_on import SignOn
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.accounts import ACCOUNTS, HUB, SSO_ACCOUNT, SSO_REGION, SSO_ROLE, DemoAccount

# Functions never run here, so no container runtime is looked for. It decides where moto keeps functions at all.
default_user_config["lambda"] = {"use_docker": False}

_WATCHED = ("rds", "sqs", "cloudfront", "cloudwatch", "ce", "tag", "logs", "cloudformation")
_EVERYTHING = allow("*")
_EXTENSIONS = {
    "sts": "sts",
    "awslambda": "lambda_functions",
    "cloudwatch": "cloudwatch",
    "sqs": "sqs",
    "rds": "rds",
    "cloudfront": "cloudfront",
    "ce": "cost_explorer",
    "resourcegroupstaggingapi": "tagging",
    "logs": "logs",
    "cloudformation": "cloudformation",
}
"""moto's name of a service → module that extends it; what a first screen needs comes first."""
_BOTOCORE_NAMES = {"awslambda": "lambda"}
"""moto's name of a service → botocore's, where they differ."""


def new_world(keys: Iterable[AccessKey], clock: Callable[[], float] = time.time) -> World:
    """A world with the fleet's roles and keys, and nothing in it yet."""
    roles = {account.role_arn: Role(account.role_arn, _policy(account), account.external_id) for account in _members()}
    world = World(
        Principals(roles, clock),
        clock,
        {account.id: account.delay_seconds for account in ACCOUNTS.values() if account.delay_seconds},
    )
    for key in keys:
        world.principals.add(_user(key))
    for account in ACCOUNTS.values():
        world.expect(account.id)
    return world


class Application:
    """The WSGI application that answers for every service. Extends moto for the whole process."""

    def __init__(self, world: World, sleep: Callable[[float], None] = time.sleep) -> None:
        gate.install(world, sleep)
        self._world = world
        self._dispatcher = Dispatcher(self._create)
        self._answer = SignOn(world, gate.keep_body(self._dispatcher), _assignments())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request."""
        return self._answer(environ, start_response)

    def warm(self) -> None:
        """Import every service before anybody asks."""
        self._dispatcher.warm(_EXTENSIONS)

    def _create(self, service: str) -> Any:
        # moto's RDS alone takes half of the start: a service is imported when it is first called.
        extension = _EXTENSIONS.get(service)
        if extension is None:
            return create_backend_app(service)
        module = importlib.import_module(f"cockpit.demo.emulator.{extension}")
        module.install(self._world)
        _load_model(_BOTOCORE_NAMES.get(service, service))
        return getattr(module, "create_app", create_backend_app)(service)


def _load_model(service: str) -> None:
    """Load what moto keeps for ever of a service; left to the first requests, each of them would load it."""
    if get_service_model(service).metadata["protocol"].startswith("rest"):
        get_service_router(service)


def _members() -> tuple[DemoAccount, ...]:
    return tuple(account for account in ACCOUNTS.values() if account.external_id)


def _assignments() -> dict[tuple[str, str], Role]:
    """What the user of the portal may be. The role is named as IAM Identity Center names it."""
    account = ACCOUNTS[SSO_ACCOUNT]
    folder = f"aws-reserved/sso.amazonaws.com/{SSO_REGION}"
    arn = f"arn:aws:iam::{account.id}:role/{folder}/AWSReservedSSO_{SSO_ROLE}_0f1e2d3c4b5a6978"
    return {(account.id, SSO_ROLE): Role(arn, _policy(account))}


def _policy(account: DemoAccount) -> Policy:
    services = _WATCHED + (("lambda",) if account.reads_lambda else ())
    return allow(*(f"{service}:*" for service in services))


def _user(key: AccessKey) -> Principal:
    arn = f"arn:aws:iam::{key.account_id}:user/operator"
    policy = allow("sts:*", "ce:*", "cloudwatch:*", "tag:*") if key.account_id == HUB.id else _EVERYTHING
    return Principal(key.account_id, arn, f"AIDA{key.key_id[4:]}", key.key_id, key.secret, policy)
