"""Whose account is it? Asked of STS before anything is shown under a name, and again whenever the keys change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cockpit.aws.caller import Caller, Request
from cockpit.aws.credentials import Credentials
from cockpit.aws.errors import CallFailed
from cockpit.aws.keys import Keys
from cockpit.aws.logins import CredentialSource
from cockpit.aws.policy import IDENTITY
from cockpit.aws.regions import identity_region
from cockpit.config.settings import Account
from cockpit.model.verdict import Failure, Outcome

_FAILURE_HOLDS_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified caller."""

    account_id: str
    arn: str
    expires_at: float | None
    """When somebody must log in again, epoch seconds; None where nobody must, or it is not known."""


@dataclass(frozen=True, slots=True)
class _Checked:
    keys: Keys
    at: float
    identity: Identity | None
    failure: Failure | None


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
        self._checked: dict[str, _Checked] = {}
        self._locks = {name: asyncio.Lock() for name in accounts}

    async def verify(self, account: str) -> Identity:
        """The identity of an account; asks STS only when the keys are new. Raises CallFailed."""
        return (await self._check(account))[1]

    async def keys(self, account: str) -> Keys:
        """Keys that are proved to belong to the account. Raises CallFailed."""
        return (await self._check(account))[0]

    def forget(self, account: str, keys: Keys) -> None:
        """AWS has refused these keys: ask again before anything else is called with them."""
        checked = self._checked.get(account)
        if checked and checked.keys is keys and checked.identity:
            del self._checked[account]

    async def _check(self, account: str) -> tuple[Keys, Identity]:
        keys = await self._credentials.current(account)
        checked = self._usable(account, keys)
        if checked is None:
            async with self._locks[account]:
                checked = self._usable(account, keys) or await self._ask(account, keys)
                self._checked[account] = checked
        if checked.failure is not None:
            raise CallFailed(checked.failure)
        assert checked.identity is not None  # noqa: S101 - one of the two is always there
        return keys, checked.identity

    def _usable(self, account: str, keys: Keys) -> _Checked | None:
        """What is known about these very keys. The wrong account stays wrong; another failure holds for seconds."""
        checked = self._checked.get(account)
        if checked is None or checked.keys is not keys:
            return None
        lasting = checked.failure is None or checked.failure.code == _WRONG_ACCOUNT
        return checked if lasting or self._clock() < checked.at + _FAILURE_HOLDS_SECONDS else None

    async def _ask(self, name: str, keys: Keys) -> _Checked:
        account = self._accounts[name]
        request = Request(account, identity_region(account.regions), IDENTITY.client, IDENTITY)
        try:
            answer = await self._caller.send(request, keys)
        except CallFailed as failed:
            return _Checked(keys, self._clock(), None, failed.failure)
        identity = Identity(str(answer["Account"]), str(answer["Arn"]), keys.ends_at)
        failure = None if identity.account_id == account.id else self._wrong(request, identity)
        return _Checked(keys, self._clock(), None if failure else identity, failure)

    def _wrong(self, request: Request, identity: Identity) -> Failure:
        account = request.account
        source = self._describe(account.name).source
        return replace(
            self._caller.failure(request, ValueError()),
            outcome=Outcome.INVALID,
            code=_WRONG_ACCOUNT,
            message=f"{source} is account {identity.account_id}, configured is {account.id}",
        )


_WRONG_ACCOUNT = "WrongAccount"
