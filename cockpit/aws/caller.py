"""The one path that every call takes: ceiling, token bucket, bounded concurrency, deadline, meter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore import xform_name

from cockpit.aws.clients import Binding, Clients, bound
from cockpit.aws.errors import classify
from cockpit.aws.failed import AwsError, CallFailed
from cockpit.aws.keys import Keys
from cockpit.aws.lanes import Lanes
from cockpit.aws.limiter import Limiter
from cockpit.aws.logins import CredentialSource
from cockpit.aws.meter import Meter
from cockpit.config.settings import Account, Polling
from cockpit.model.service import Call
from cockpit.model.verdict import Failure, Outcome

_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """One call, for one account, in one region."""

    account: Account
    region: str
    service: str
    """Service key that it is made for, for the failure's sake; `sts` for identity and credentials."""
    call: Call
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cost_usd: float = 0.0
    billed_metrics: int = 0
    points: int = 0
    """Data points that it may bring back, where CloudWatch counts them."""


class Caller:
    """Makes calls. Lives on one event loop."""

    def __init__(
        self,
        clients: Clients,
        *,
        polling: Polling,
        meter: Meter,
        describe: Callable[[str], CredentialSource],
        clock: Callable[[], float],
    ) -> None:
        self._clients = clients
        self._describe = describe
        self._deadline_seconds = polling.call_timeout_seconds
        self._meter = meter
        self._clock = clock
        self._limiter = Limiter()
        self._lanes = Lanes(
            total=polling.concurrency,
            per_lane=polling.concurrency_per_account,
            patience_seconds=_PATIENCE_SECONDS,
        )

    async def send(self, request: Request, keys: Keys) -> Mapping[str, Any]:
        """Make one call, signed with `keys`. Raises CallFailed."""
        if request.account.emulator:
            request = replace(request, cost_usd=0.0, billed_metrics=0)
        if not self._meter.reserve(request.cost_usd, self._clock()):
            raise CallFailed(self._ceiling_reached(request))
        binding = Binding(request.account.name, keys)
        failure: Failure | None = None
        answered = False
        try:
            answer = await self._answer(request, binding)
            answered = True
        except AwsError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the libraries raise while they talk to a stranger
            failure = self.failure(request, error)
        finally:
            self._record(request, binding, answered=answered)
        if failure is not None:
            # Outside of the handler, so that the exception carries no frames that hold keys.
            raise CallFailed(failure)
        return answer

    async def client(self, request: Request) -> Any:
        """The client that a request is made with."""
        call, account = request.call, request.account
        return await self._clients.get(call.client, request.region, account.endpoint(call.client))

    def failure(self, request: Request, error: BaseException) -> Failure:
        """What an exception means for a request."""
        return classify(
            error,
            account=request.account.name,
            region=request.region,
            service=request.service,
            call=request.call,
            now=self._clock(),
            remedy=self._describe(request.account.name).remedy,
        )

    async def _answer(self, request: Request, binding: Binding) -> Mapping[str, Any]:
        client = await self.client(request)
        operation = getattr(client, xform_name(request.call.operation))
        await self._limiter.acquire(request.account.id, request.region, request.call, points=request.points)
        async with self._lanes.enter(request.account.name):
            with bound(binding):
                # Waiting for a turn is not counted: only AWS can be late.
                async with asyncio.timeout(self._deadline_seconds):
                    answer: Mapping[str, Any] = await operation(**request.parameters)
                    return answer

    def _record(self, request: Request, binding: Binding, *, answered: bool) -> None:
        """Count the call. AWS bills answers, not failures."""
        self._meter.record(
            account=request.account.name,
            client=request.call.client,
            operation=request.call.operation,
            now=self._clock(),
            attempts=binding.attempts,
            throttles=binding.throttles,
            failed=not answered,
            billed_metrics=request.billed_metrics if answered else 0,
            cost_usd=request.cost_usd if answered else 0.0,
            reserved_usd=request.cost_usd,
        )

    def _ceiling_reached(self, request: Request) -> Failure:
        return Failure(
            outcome=Outcome.THROTTLED,
            account=request.account.name,
            region=request.region,
            service=request.service,
            operation=request.call.operation,
            code="CeilingReached",
            message="The cockpit's own daily ceiling is used up for now; calls that cost nothing go on.",
            at=self._clock(),
            remedy="raise polling.ceiling_usd_per_day, or poll less often",
        )
