"""Whose account is it? Asked of STS before anything is shown under a name, and again whenever the keys change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from cockpit.aws.caller import Caller, Request
from cockpit.aws.credentials import Credentials
from cockpit.aws.failed import CallFailed
from cockpit.aws.keys import Keys
from cockpit.aws.logins import CredentialSource
from cockpit.aws.policy import IDENTITY
from cockpit.aws.regions import identity_region
from cockpit.aws.verified import Identity
from cockpit.config.settings import Account
from cockpit.model.verdict import Failure, Outcome

_FAILURE_HOLDS_SECONDS = 10.0
_WRONG_HOLDS_SECONDS = 60.0


class Identities:
    """Verified identities by account. Lives on one event loop."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        credentials: Credentials,
        caller: Caller,
        *,
        describe: Callable[[str], CredentialSource],
        clock: Callable[[], float],
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._caller = caller
        self._describe = describe
        self._clock = clock
        self._known: dict[str, tuple[Keys, Identity]] = {}
        self._failed: dict[str, tuple[float, float, Failure]] = {}
        """Account → (from, until, what failed); not before `from`, because a clock may be set back."""
        self._locks = {name: asyncio.Lock() for name in accounts}

    async def verify(self, account: str) -> Identity:
        """The identity of an account; asks STS only when the keys are new. Raises CallFailed."""
        return (await self._check(account))[1]

    async def keys(self, account: str) -> Keys:
        """Keys that are proved to belong to the account. Raises CallFailed."""
        return (await self._check(account))[0]

    def forget(self, account: str) -> None:
        """AWS has refused the keys somewhere: ask again before anything else is called with them."""
        self._known.pop(account, None)

    def forgive(self, account: str) -> None:
        """Somebody has logged in: ask at once, whatever failed before."""
        self.forget(account)
        self._failed.pop(account, None)

    async def _check(self, account: str) -> tuple[Keys, Identity]:
        self._raise_what_holds(account)
        known = self._known.get(account)
        if known and known[0] is await self._credentials.current(account):
            return known
        async with self._locks[account]:
            self._raise_what_holds(account)
            keys = await self._credentials.current(account)
            known = self._known.get(account)
            if known is None or known[0] is not keys:
                known = self._known[account] = (keys, await self._ask(account, keys))
            return known

    def _raise_what_holds(self, account: str) -> None:
        """A failure holds for a while: a hundred calls of an account that is locked out ask once."""
        failed = self._failed.get(account)
        if failed is not None and failed[0] <= self._clock() < failed[1]:
            raise CallFailed(failed[2])

    async def _ask(self, name: str, keys: Keys) -> Identity:
        account = self._accounts[name]
        request = Request(account, identity_region(account.regions), IDENTITY.client, IDENTITY)
        try:
            answer = await self._caller.send(request, keys)
        except CallFailed as failed:
            failure, holds = failed.failure, _FAILURE_HOLDS_SECONDS
        else:
            identity = Identity(str(answer["Account"]), str(answer["Arn"]), keys.ends_at)
            if identity.account_id == account.id:
                return identity
            failure, holds = self._wrong(request, identity), _WRONG_HOLDS_SECONDS
        now = self._clock()
        self._failed[name] = (now, now + holds, failure)
        if failure.outcome in {Outcome.EXPIRED, Outcome.INVALID}:
            # Somebody may log in, or mend the profile: the next look starts from the source.
            self._credentials.drop(name, keys)
        raise CallFailed(failure)

    def _wrong(self, request: Request, identity: Identity) -> Failure:
        account = request.account
        source = self._describe(account.name).source
        return replace(
            self._caller.failure(request, ValueError()),
            outcome=Outcome.INVALID,
            code="WrongAccount",
            message=f"{source} is account {identity.account_id}, configured is {account.id}",
        )
