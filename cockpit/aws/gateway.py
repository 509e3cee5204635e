"""The read gateway: what a service file may do, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import jmespath
from aiobotocore.paginate import AioPaginator
from botocore.exceptions import PaginationError

from cockpit.aws.caller import Caller, Request
from cockpit.aws.clients import Clients
from cockpit.aws.credentials import Credentials
from cockpit.aws.errors import REJECTED
from cockpit.aws.failed import CallFailed, UndeclaredCall
from cockpit.aws.identity import Identities
from cockpit.aws.keys import Keys
from cockpit.aws.meter import price
from cockpit.aws.regions import enabled_by_default
from cockpit.model.ids import SlotId
from cockpit.model.service import Call, ServiceSpec
from cockpit.model.verdict import Failure, Outcome

_READS = ("BatchGet", "Describe", "Filter", "Get", "Head", "List", "Lookup", "Query", "Scan", "Search")
_ASK_FOR_PAGES: Mapping[tuple[str, str], Mapping[str, Any]] = MappingProxyType(
    # SQS gives a token for the next page only to those who say how long a page is.
    {("sqs", "ListQueues"): {"MaxResults": 1000}}
)


class VerifiedCaller:
    """Calls with keys that are proved to belong to their account, and again when AWS says that they expired."""

    def __init__(self, caller: Caller, credentials: Credentials, identities: Identities) -> None:
        self.caller = caller
        self._credentials = credentials
        self._identities = identities

    async def send(self, request: Request) -> Mapping[str, Any]:
        """Make a call for an account. Raises CallFailed."""
        keys = await self._identities.keys(request.account.name)
        try:
            return await self.caller.send(request, keys)
        except CallFailed as failed:
            failure = failed.failure
        renewed = await self._renewed(request, keys, failure)
        if renewed is None:
            raise CallFailed(failure)
        return await self.caller.send(request, renewed)

    async def _renewed(self, request: Request, keys: Keys, failure: Failure) -> Keys | None:
        """Other keys to try with, after AWS has refused these. Raises CallFailed where there are none to be had."""
        account = request.account.name
        if failure.outcome is Outcome.REGION_DISABLED:
            # It is the region only if the same keys still work elsewhere.
            self._identities.forget(account)
            await self._identities.keys(account)
            return None
        refused = failure.code in REJECTED and enabled_by_default(request.region)
        if failure.outcome is not Outcome.EXPIRED and not refused:
            return None
        renewed = await self._credentials.renewed(account, keys)
        self._identities.forget(account)
        if renewed.access_key == keys.access_key:
            return None
        return await self._identities.keys(account)


class ReadGateway:
    """One slot's `Reader`: declared reads only."""

    def __init__(
        self, slot: SlotId, spec: ServiceSpec, now: float, *, template: Request, calls: VerifiedCaller, clients: Clients
    ) -> None:
        self._slot = slot
        self._spec = spec
        self._now = now
        self._template = template
        self._calls = calls
        self._clients = clients

    @property
    def slot(self) -> SlotId:
        """The slot that is being polled."""
        return self._slot

    @property
    def account_id(self) -> str:
        """12-digit id of the account; no call is made before STS has confirmed it."""
        return self._template.account.id

    @property
    def now(self) -> float:
        """Epoch seconds at the start of the poll."""
        return self._now

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """One call. Raises CallFailed, and UndeclaredCall for what the service did not declare."""
        return await self._calls.send(self._request(operation, parameters))

    async def pages(self, operation: str, items: str, **parameters: Any) -> list[Any]:
        """Every page: the concatenated lists found under `items`, a JMESPath. Raises as `call` does."""
        request = self._request(operation, parameters)
        path = jmespath.compile(items)
        found: list[Any] = []
        try:
            async for page in await self._paginate(request, items):
                found.extend(path.search(page) or ())
        except PaginationError as error:
            raise CallFailed(self._calls.caller.failure(request, error)) from None
        return found

    async def gather(self, calls: Sequence[Awaitable[Any]]) -> list[Any]:
        """Run calls side by side. A CallFailed takes the place of its result; anything else is a defect and is raised.

        How many run at once is bounded for the account and the fleet, not here.
        """
        tasks = [asyncio.ensure_future(_settled(call)) for call in calls]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for call in calls:
                # One that never began would be complained about when it is thrown away.
                if asyncio.iscoroutine(call):
                    call.close()
            raise

    async def _paginate(self, request: Request, items: str) -> Any:
        call = request.call
        client = await self._calls.caller.client(request)
        rules = self._clients.pagination(client, call.operation, items)

        async def send(**parameters: Any) -> Mapping[str, Any]:
            return await self._calls.send(replace(request, parameters=parameters))

        if rules is None:
            return _once(send(**request.parameters))
        defaults = _ASK_FOR_PAGES.get((call.client, call.operation), {})
        model = client.meta.service_model.operation_model(call.operation)
        return AioPaginator(send, rules, model).paginate(**{**defaults, **request.parameters})

    def _request(self, operation: str, parameters: Mapping[str, Any]) -> Request:
        call = self._declared(operation)
        cost = price(call.client, operation, self._spec.dollars_per_call)
        return replace(self._template, call=call, parameters=parameters, cost_usd=cost)

    def _declared(self, operation: str) -> Call:
        found = [call for call in self._spec.calls if call.operation == operation]
        if len(found) != 1:
            raise UndeclaredCall(f"{self._spec.key} did not declare {operation}, or declared it for several clients")
        if not operation.startswith(_READS):
            raise UndeclaredCall(f"{self._spec.key} declared {operation}, which is no read")
        return found[0]


async def _settled(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except CallFailed as failed:
        return failed


async def _once(page: Awaitable[Any]) -> Any:
    yield await page
