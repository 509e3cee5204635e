"""The door of the room. Everything behind it lives on the event loop that opened it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

from cockpit.aws.caller import Caller, Request
from cockpit.aws.clients import Clients, shared_loader
from cockpit.aws.credentials import Credentials, Holder
from cockpit.aws.failed import CallFailed
from cockpit.aws.gateway import ReadGateway, VerifiedCaller
from cockpit.aws.identity import Identities
from cockpit.aws.keys import Keys
from cockpit.aws.loader import MetricLoader
from cockpit.aws.logins import CredentialSource, chain, describe
from cockpit.aws.meter import USD_PER_METRIC, Meter
from cockpit.aws.metrics import Batch, MetricAnswer, MetricQuery
from cockpit.aws.policy import IDENTITY, METRICS
from cockpit.aws.portal import way_in
from cockpit.aws.portals import portal_of
from cockpit.aws.regions import identity_region
from cockpit.aws.roles import RoleAssumer
from cockpit.aws.sources import Source, SourceResolver
from cockpit.aws.sso import log_in
from cockpit.aws.threads import in_thread
from cockpit.aws.tokens import login_written_at
from cockpit.aws.verified import Identity
from cockpit.config.settings import Account, Polling
from cockpit.model.ids import SlotId
from cockpit.model.inquiry import LoginStep
from cockpit.model.service import Call, Catalogue, Reader, ServiceSpec

__all__ = ["AwsRoom", "CredentialSource", "Identity"]

_RESOLUTION = Call("sts", "credentials", "sts:AssumeRole")
_CHAIN_CLIENTS = ("sts", "sso", "sso-oidc")
_MAX_PAGES = 50


class AwsRoom:
    """Reads of every account. An asynchronous context manager."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        polling: Polling,
        catalogue: Catalogue,
        *,
        meter: Meter,
        clock: Callable[[], float],
    ) -> None:
        self._accounts = accounts
        self._polling = polling
        self._catalogue = catalogue
        self._meter = meter
        self._clock = clock
        self._resolver = SourceResolver()

    async def __aenter__(self) -> Self:
        await self._resolver.read_config()
        self._clients = await in_thread(lambda: Clients(self._ca_bundle()))
        self._caller = Caller(
            self._clients, polling=self._polling, meter=self._meter, describe=self.describe, clock=self._clock
        )
        self._credentials = Credentials(self._holders())
        self._identities = Identities(
            self._accounts, self._credentials, self._caller, describe=self.describe, clock=self._clock
        )
        self._calls = VerifiedCaller(self._caller, self._credentials, self._identities)
        self._loader = MetricLoader(self._fetch_metrics, clock=self._clock)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._loader.close()
        await self._credentials.close()
        await self._resolver.close()
        await self._clients.close()

    async def verify(self, account: str) -> Identity:
        """Who the account's credentials belong to, checked against its configured id.

        STS is asked again only when the credentials have changed. Raises CallFailed.
        """
        return await self._identities.verify(account)

    def describe(self, account: str) -> CredentialSource:
        """Where an account's credentials come from, and the login they hang on. Never blocks, never calls."""
        config, known = self._resolver.config, self._accounts[account]
        return replace(describe(config, known, os.environ), way_in=way_in(config, known, os.environ))

    async def log_in(self, login: str, told: Callable[[LoginStep], None]) -> None:
        """Log in with a code that somebody confirms in a browser; `told` hears of the code.

        Returns when the login is there, also by another program. Raises LoginFailed.
        """
        portal = portal_of(await self._resolver.read_config(), login)
        endpoints = (self._accounts[name].endpoint("sso-oidc") for name in self.accounts_of(login))
        endpoint = next((url for url in endpoints if url), None)
        await log_in(portal, told, endpoint=endpoint, clock=self._clock)

    def accounts_of(self, login: str) -> tuple[str, ...]:
        """The accounts that hang on a login, in configured order."""
        return tuple(name for name in self._accounts if self.describe(name).login == login)

    def forget(self, account: str) -> None:
        """Somebody has logged in: resolve and verify the account anew at the next look."""
        self._sources[account].forget()
        self._credentials.forget(account)
        self._identities.forgive(account)

    async def logins_written_at(self) -> Mapping[str, int | None]:
        """Login → when its token was last written, by whatever program; for noticing a change."""
        logins = {login for name in self._accounts if (login := self.describe(name).login)}
        return await in_thread(lambda: {login: login_written_at(login) for login in logins})

    def reader(self, slot: SlotId, spec: ServiceSpec, now: float) -> Reader:
        """The read gateway of one poll of one slot."""
        template = Request(self._accounts[slot.account], slot.region, spec.key, IDENTITY)
        return ReadGateway(slot, spec, now, template=template, calls=self._calls, clients=self._clients)

    async def load(self, slot: SlotId, queries: Sequence[MetricQuery], now: float) -> MetricAnswer:
        """Metrics of one slot, asked together with those of the account's other slots. Failures are in the answer."""
        del now  # the windows are in the queries
        return await self._loader.load(slot, queries)

    async def warm(self, slots: Iterable[SlotId]) -> None:
        """Build the clients that `slots` will need, so that the first poll does not wait for them."""
        wanted: dict[tuple[str, str, str | None], None] = {}
        for slot in slots:
            account, spec = self._accounts[slot.account], self._catalogue.service(slot.service)
            wanted["sts", identity_region(account.regions), account.endpoint("sts")] = None
            polled = (call.client for call in (spec.calls if spec else ()) if not call.on_demand)
            for client in (METRICS.client, *polled):
                wanted[client, slot.region, account.endpoint(client)] = None
        for key in wanted:
            await self._clients.get(*key)

    async def _fetch_metrics(self, account: str, region: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        """Every page of one GetMetricData request. Each page is billed as a request, to be on the safe side."""
        request = Request(
            self._accounts[account],
            region,
            METRICS.client,
            METRICS,
            cost_usd=batch.billed_metrics * USD_PER_METRIC,
            billed_metrics=batch.billed_metrics,
            points=batch.points,
        )
        pages: list[Mapping[str, Any]] = []
        parameters = batch.parameters()
        while len(pages) < _MAX_PAGES:
            page = await self._calls.send(replace(request, parameters=parameters))
            pages.append(page)
            token = page.get("NextToken")
            if not token:
                break
            parameters = {**parameters, "NextToken": token}
        return pages

    def _holders(self) -> dict[str, Holder]:
        """What keeps the keys of each account. Accounts with one source share its holder."""
        sources: dict[Any, Holder] = {}
        self._sources: dict[str, Holder] = {}
        holders: dict[str, Holder] = {}
        for name, account in self._accounts.items():
            endpoints = tuple((client, url) for client in _CHAIN_CLIENTS if (url := account.endpoint(client)))
            key = (account.profile, endpoints)
            if key not in sources:
                source = Source(account.profile, identity_region(account.regions), endpoints)
                sources[key] = Holder(partial(self._resolve, account, source), self._clock)
            self._sources[name] = sources[key]
            holders[name] = self._role_holder(account, sources[key]) if account.role_arn else sources[key]
        return holders

    def _role_holder(self, account: Account, source: Holder) -> Holder:
        assumer = RoleAssumer(account, source, self._caller, catalogue=self._catalogue, describe=self.describe)
        return Holder(assumer.fetch, self._clock)

    async def _resolve(self, account: Account, source: Source, fresh: bool) -> Keys:  # noqa: FBT001 - `credentials.Fetch`
        """Keys of a source. Raises CallFailed."""
        try:
            async with asyncio.timeout(self._polling.call_timeout_seconds):
                return await self._resolver.resolve(source, shared_loader(), fresh=fresh)
        except Exception as error:  # noqa: BLE001 - a chain of files, processes and networks that are not ours
            failure = self._caller.failure(Request(account, source.region, "sts", _RESOLUTION), error)
        raise CallFailed(failure)

    def _ca_bundle(self) -> str | None:
        """The CA bundle of the AWS configuration; AWS_CA_BUNDLE, which botocore reads itself, comes first."""
        if os.environ.get("AWS_CA_BUNDLE"):
            return None
        profiles = dict.fromkeys([account.profile for account in self._accounts.values()] + [None])
        sections = (section for profile in profiles for section in chain(self._resolver.config, profile))
        return next((section["ca_bundle"] for section in sections if section.get("ca_bundle")), None)
