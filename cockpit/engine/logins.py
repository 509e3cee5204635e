"""Logins: begun when somebody asks, noticed when another program makes one.

Each revives at once every account that hangs on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from cockpit.aws.portals import LoginFailed
from cockpit.aws.verified import Identity
from cockpit.engine.defects import OnDefect
from cockpit.engine.loop import LoopThread
from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.verdict import Failure, Outcome

LOOK_SECONDS = 2.0
"""How often it is looked whether another program has logged in: one `stat` for each login."""
_PATIENCE_SECONDS = 5.0
"""How long a login waits to tell which accounts it has revived. The others are alive as soon as they answer."""

Told = Callable[[LoginStep], None]


class LoginRoom(Protocol):
    """What logins need of `cockpit.aws.room.AwsRoom`."""

    async def log_in(self, login: str, told: Told) -> None:
        """Log in; `told` hears of the code. Raises `LoginFailed`."""

    def accounts_of(self, login: str) -> tuple[str, ...]:
        """The accounts that hang on a login."""

    def forget(self, account: str) -> None:
        """Resolve and verify an account anew at the next look."""

    async def logins_written_at(self) -> Mapping[str, int | None]:
        """Login → when its token was last written."""


class Logins:
    """The logins of all accounts. On one event loop."""

    def __init__(
        self,
        room: LoginRoom,
        identities: Mapping[str, Identity | Failure],
        check: Callable[[str], Awaitable[None]],
    ) -> None:
        """Make it.

        Args:
            room: The AWS room, open.
            identities: What the newest identity check of each account said; `check` keeps it.
            check: Checks an account's identity, and has it polled if it works again.
        """
        self._room = room
        self._identities = identities
        self._check = check
        self._seen: Mapping[str, int | None] = {}
        """When each login's token was last written, as far as it is known here."""
        self._looks: set[asyncio.Task[None]] = set()
        """Looks that take long; they go on when nobody waits for them any more."""

    async def log_in(self, login: str, told: Told) -> None:
        """Log in and revive; `told` hears every step but that of being cancelled. Raises nothing of its own."""
        accounts = self._room.accounts_of(login)
        told(LoginStep(login, LoginState.STARTING, accounts))
        try:
            await self._room.log_in(login, lambda step: told(replace(step, accounts=accounts)))
        except LoginFailed as failed:
            told(LoginStep(login, LoginState.FAILED, accounts, message=str(failed)))
            return
        self._seen = await self._room.logins_written_at()
        left = await self._revive(accounts)
        alive = tuple(name for name in accounts if name not in left)
        told(LoginStep(login, LoginState.DONE, alive, message=_left_over(left)))

    async def watch(self) -> None:
        """Notice, until cancelled, what other programs log in to."""
        self._seen = await self._room.logins_written_at()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before, self._seen = self._seen, await self._room.logins_written_at()
            for login, written_at in self._seen.items():
                if written_at is not None and written_at != before.get(login):
                    await self._revive(name for name in self._room.accounts_of(login) if self._needs_it(name))

    def _needs_it(self, account: str) -> bool:
        """Whether another token changes anything: not where the chain renews it by itself, once an hour."""
        found = self._identities.get(account)
        return not isinstance(found, Identity) or found.expires_at is not None

    async def _revive(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """Look at the accounts anew, all at once; those that do not work in spite of it, with the reason in words."""
        left = await self._looked_at(tuple(accounts))
        expired = tuple(name for name, reason in left.items() if reason == Outcome.EXPIRED.value)
        # A look that had begun before the login ends with what it found then.
        again = await self._looked_at(expired) if expired else {}
        return {name: reason for name, reason in {**left, **again}.items() if name in again or name not in expired}

    async def _looked_at(self, accounts: tuple[str, ...]) -> dict[str, str]:
        """Account → why it does not work, after a look at it."""
        looks: dict[str, asyncio.Task[None]] = {}
        for name in accounts:
            self._room.forget(name)
        for name in accounts:
            looks[name] = asyncio.ensure_future(self._check(name))
            self._looks.add(looks[name])
            looks[name].add_done_callback(self._looks.discard)
        if looks:
            await asyncio.wait(looks.values(), timeout=_PATIENCE_SECONDS)
        left: dict[str, str] = {}
        for name, look in looks.items():
            found = self._identities.get(name)
            if not look.done():
                left[name] = "no answer yet"
            elif isinstance(found, Failure):
                left[name] = found.summary
        return left


def _left_over(left: Mapping[str, str]) -> str:
    """`Still unseen: dev (denied sts:AssumeRole), prod (no answer yet).`; empty where all accounts are alive."""
    names = ", ".join(f"{name} ({reason})" for name, reason in left.items())
    return f"Still unseen: {names}." if left else ""


def begin(
    login: str,
    told: Told,
    *,
    thread: LoopThread,
    logins: Callable[[], Logins | None],
    read_only: bool,
    on_defect: OnDefect,
) -> Callable[[], None]:
    """Begin a login on the engine's loop; the way to give it up.

    `told` hears of each step, on the engine's thread, and of nothing after the one that ends it.

    Args:
        login: As `AccountState.login`.
        told: Hears of each step.
        thread: The engine's.
        logins: Those of the session; None while nothing is polled yet.
        read_only: Whether this is a shared screen, where nobody logs in.
        on_defect: Hears of exceptions, whose text may hold anything and is not repeated.
    """
    if read_only:
        return _refused(login, told, "This screen is read-only: log in where it is not shared.")
    if not thread.alive:
        return _refused(login, told, "Nothing is polled, so nobody can log in.")
    tasks: list[asyncio.Task[None]] = []

    def ended(task: asyncio.Task[None]) -> None:
        if task.cancelled():
            told(LoginStep(login, LoginState.CANCELLED))

    def start() -> None:
        tasks.append(asyncio.ensure_future(_run(login, told, logins(), on_defect)))
        tasks[0].add_done_callback(ended)

    def give_up() -> None:
        # Runs after `start`, which the loop was given before.
        for task in tasks:
            task.cancel()

    thread.call(start)
    return lambda: thread.call(give_up)


async def _run(login: str, told: Told, logins: Logins | None, on_defect: OnDefect) -> None:
    try:
        if logins is None:
            told(LoginStep(login, LoginState.FAILED, message="Polling is only starting; try again in a moment."))
        else:
            await logins.log_in(login, told)
    except Exception as error:  # noqa: BLE001 - a login that breaks must not take polling along
        on_defect("login", error)
        told(LoginStep(login, LoginState.FAILED, message=f"A defect in cockpit: {type(error).__name__}."))


def _refused(login: str, told: Told, sentence: str) -> Callable[[], None]:
    told(LoginStep(login, LoginState.FAILED, message=sentence))
    return lambda: None
