"""Who is calling: static keys and the sessions that AssumeRole gave out.

moto lets any key in and any role be assumed; here a key must exist, a role must trust the caller's external id, and
sessions end.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cockpit.demo.emulator.policy import Policy

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller."""

    account_id: str
    arn: str
    user_id: str
    key_id: str
    secret: str
    policy: Policy
    session_policy: Policy | None = None
    token: str | None = None
    expires_at: float | None = None
    """Epoch seconds; None for a key that does not end."""

    def __repr__(self) -> str:
        return f"Principal({self.arn})"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that can be assumed from another account."""

    arn: str
    policy: Policy
    external_id: str | None = None

    @property
    def account_id(self) -> str:
        """Account that the role is in."""
        return self.arn.split(":")[4]

    @property
    def name(self) -> str:
        """The role's name, without its path."""
        return self.arn.rsplit("/", 1)[-1]


class Principals:
    """All keys and roles. Safe to use from several threads."""

    def __init__(self, roles: Mapping[str, Role], clock: Callable[[], float]) -> None:
        self.roles = roles
        self._clock = clock
        self._by_key: dict[str, Principal] = {}
        self._lock = threading.Lock()

    def add(self, principal: Principal) -> None:
        """Let a caller in."""
        with self._lock:
            self._by_key[principal.key_id] = principal

    def find(self, key_id: str) -> Principal | None:
        """The caller with an access key id."""
        return self._by_key.get(key_id)

    def account_of(self, key_id: str) -> str | None:
        """Account of an access key id."""
        found = self._by_key.get(key_id)
        return found.account_id if found else None

    def open_session(self, role: Role, name: str, seconds: int, session_policy: Policy | None) -> Principal:
        """A session of a role: temporary keys that end `seconds` from now."""
        key_id = "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
        session = Principal(
            account_id=role.account_id,
            arn=f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{name}",
            user_id=f"AROA{key_id[4:]}:{name}",
            key_id=key_id,
            secret=secrets.token_hex(20),
            policy=role.policy,
            session_policy=session_policy,
            token=secrets.token_urlsafe(180),
            expires_at=self._clock() + seconds,
        )
        with self._lock:
            now = self._clock()
            # Sessions that have long ended need no memory; AWS answers the same for an unknown key much later.
            stale = [key for key, kept in self._by_key.items() if kept.expires_at and kept.expires_at < now - 86_400]
            for key in stale:
                del self._by_key[key]
            self._by_key[key_id] = session
        return session
