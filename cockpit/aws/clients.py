"""aiobotocore clients: one for each service, region and endpoint, shared by every account.

A client belongs to nobody. Whose keys sign a call is said for each call, by `bound`; a call that nobody has bound is
refused, whatever the environment holds. So memory and start-up do not grow with the number of accounts.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar

import aiobotocore
from aiobotocore.config import AioConfig
from aiobotocore.httpsession import AIOHTTPSession
from aiobotocore.session import AioSession
from botocore import exceptions as boto
from botocore.loaders import create_loader

from cockpit.aws.errors import THROTTLED
from cockpit.aws.failed import AwsError
from cockpit.aws.keys import Keys
from cockpit.aws.retries import ATTEMPTS, AccountRetries
from cockpit.aws.sanity import check_answer
from cockpit.aws.threads import in_thread
from cockpit.aws.timestamps import read_timestamp

_CONNECT_SECONDS = 5
_READ_SECONDS = 15
_POOL = 2048
_UNCHECKED = frozenset({"cloudwatch"})
"""Clients that do not check parameters before they send them: for a full GetMetricData request that is a tenth of all
work, and its parameters are made in one place, which tests hold against botocore's model."""
_TOKENS = ("NextToken", "nextToken", "NextPageToken")
_DEAF: Mapping[str, tuple[Any, Any, Any, Any]] = {
    # (config file key, environment variable, default, conversion). Accounts and endpoints come from our own
    # configuration alone: neither AWS_PROFILE nor a file of the user's may change what a shared client does.
    "profile": (None, None, None, None),
    "config_file": (None, None, None, None),
    "credentials_file": (None, None, os.devnull, None),
}


class UnboundCall(AwsError):  # noqa: N818 - said as what happened
    """A defect: a call was made for no account."""


@dataclass(slots=True)
class Binding:
    """The call that this task is making, and what happened to it on the wire."""

    account: str
    keys: Keys
    attempts: int = 0
    throttles: int = 0


_binding: ContextVar[Binding] = ContextVar("binding")


@cache
def shared_loader() -> Any:
    """The one loader of botocore in this process; it keeps parsed service models, which cost time and memory."""
    return create_loader()


@contextmanager
def bound(binding: Binding) -> Iterator[Binding]:
    """Sign calls made inside with the keys of `binding`, and count their attempts in it."""
    token = _binding.set(binding)
    try:
        yield binding
    finally:
        _binding.reset(token)


class SharedTlsSession(AIOHTTPSession):
    """One TLS context for every client: each costs 12 ms and 0.7 MB to build."""

    _contexts: ClassVar[dict[Any, Any]] = {}
    _building = threading.Lock()

    def _build_ssl_contexts(self, proxy_url: str | None) -> tuple[ssl.SSLContext, ssl.SSLContext | None]:
        key = (self._verify, self._cert_file, self._key_file, proxy_url)
        with self._building:
            if key not in self._contexts:
                self._contexts[key] = super()._build_ssl_contexts(proxy_url)
            contexts: tuple[ssl.SSLContext, ssl.SSLContext | None] = self._contexts[key]
            return contexts


class Clients:
    """Makes clients, once. Lives on the event loop that first asks for one."""

    def __init__(self, ca_bundle: str | None = None) -> None:
        self._ca_bundle = ca_bundle
        self._stack = AsyncExitStack()
        self._making: dict[tuple[str, str, str | None], asyncio.Task[Any]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._session = AioSession(_DEAF)
        self._session.register_component("data_loader", shared_loader())
        factory = self._session.get_component("response_parser_factory")
        factory.set_parser_defaults(timestamp_parser=read_timestamp)
        self._config = AioConfig(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            # Calls are bounded before they get here; a pool that is too small would only hide where they wait.
            max_pool_connections=_POOL,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            # Fixed: botocore would put it together anew for every call, which is a tenth of a call's work.
            user_agent=f"cockpit/{version('cockpit')} aiobotocore/{aiobotocore.__version__}",
            http_session_cls=SharedTlsSession,
            ignore_configured_endpoint_urls=True,
            account_id_endpoint_mode="disabled",
            defaults_mode="legacy",
        )
        self._unchecked = self._config.merge(AioConfig(parameter_validation=False))

    async def close(self) -> None:
        """Close every client and its connections."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        await self._stack.aclose()

    async def get(self, service: str, region: str, endpoint: str | None) -> Any:
        """The client of a botocore service, made on first use. Raises what botocore raises."""
        key = (service, region, endpoint)
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(*key))
        task = self._making[key]
        try:
            return await asyncio.shield(task)
        finally:
            if task.done() and (task.cancelled() or task.exception()):
                self._making.pop(key, None)

    def pagination(self, client: Any, operation: str, items: str) -> Mapping[str, Any] | None:
        """Rules to page through an operation of a client; None where it has one page only.

        botocore's own where it has them. Some operations (Cost Explorer's) take and give a token all the same.
        """
        model = client.meta.service_model
        try:
            rules: Mapping[str, Any] = self._session.get_paginator_model(model.service_name).get_paginator(operation)
        except (ValueError, boto.UnknownServiceError):
            shapes = model.operation_model(operation)
            given, taken = shapes.input_shape, shapes.output_shape
            token = next((t for t in _TOKENS if given and taken and t in given.members and t in taken.members), None)
            return {"input_token": token, "output_token": token, "result_key": items} if token else None
        return rules

    async def _make(self, service: str, region: str, endpoint: str | None) -> Any:
        """Build a client in a thread: parsing a service model on the loop would stall it for tens of milliseconds."""
        async with self._one_at_a_time:  # a session is not made for several threads
            client = await in_thread(lambda: asyncio.run(self._build(service, region, endpoint)))
            events = client.meta.events
            events.register("provide-client-params", _sign_as_bound)
            events.register("before-send", _count_attempt)
            events.register("response-received", _count_throttle)
            events.register("before-parse", check_answer)
            AccountRetries(lambda: _binding.get().account).install(client)
            return await self._stack.enter_async_context(client)

    async def _build(self, service: str, region: str, endpoint: str | None) -> Any:
        context = self._session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            verify=self._ca_bundle,
            config=self._unchecked if service in _UNCHECKED else self._config,
            # Given, so that botocore looks for none; never used, because an unbound call is refused.
            aws_access_key_id="unbound",
            aws_secret_access_key="unbound",  # noqa: S106 - no secret
        )
        return await context._coro  # noqa: SLF001 - entered later, on the loop that will use it


def _sign_as_bound(context: dict[str, Any], **_: Any) -> None:
    """Hand the signer the keys of the account that this call is for."""
    binding = _binding.get(None)
    if binding is None:
        raise UnboundCall("a call was made for no account")
    context.setdefault("signing", {})["request_credentials"] = binding.keys


def _count_attempt(**_: Any) -> None:
    _binding.get().attempts += 1


def _count_throttle(parsed_response: Mapping[str, Any] | None = None, **_: Any) -> None:
    error = (parsed_response or {}).get("Error")
    if error and error.get("Code") in THROTTLED:
        _binding.get().throttles += 1
