"""Credentials of one moment, in a form that a signer takes and that no repr, log or crash report shows."""

from __future__ import annotations

from botocore.credentials import ReadOnlyCredentials


class Keys:
    """An access key, with the times that matter. Immutable by convention; compared by identity."""

    __slots__ = ("_frozen", "ends_at", "expires_at")

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        token: str | None = None,
        *,
        expires_at: float | None = None,
        ends_at: float | None = None,
    ) -> None:
        self._frozen = ReadOnlyCredentials(access_key, secret_key, token)
        self.expires_at = expires_at
        """When these keys stop working, epoch seconds; None where they do not, or it is not known."""
        self.ends_at = ends_at
        """When the login behind them ends, and somebody must log in; None where it does not, or is not known."""

    @property
    def access_key(self) -> str:
        """The key id, which is no secret but identifies the session."""
        return str(self._frozen.access_key)

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What aiobotocore's signer asks of credentials."""
        return self._frozen

    def frozen(self) -> ReadOnlyCredentials:
        """The same, for botocore's own signer."""
        return self._frozen

    def __repr__(self) -> str:
        return "Keys(***)"
