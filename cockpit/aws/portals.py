"""Which portal a login is made at, as the AWS configuration has it: in sessions, or in the form before sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.aws.failed import AwsError
from cockpit.aws.logins import AwsConfig

_DEFAULT_SCOPES = ("sso:account:access",)
"""What the AWS CLI asks for where a session names no scopes."""


class LoginFailed(AwsError):  # noqa: N818 - said as what happened
    """A login did not come about; the text is one sentence, with what to do."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Where a login is made, as the AWS configuration has it."""

    login: str
    """Session name, or the start URL in the form before sessions; its token is kept under this."""
    start_url: str
    region: str
    scopes: tuple[str, ...]
    """Empty in the form before sessions: such a token does not renew itself."""
    profile: str
    """A profile that depends on it: endpoints and CA bundle are taken from there."""


def portal_of(config: AwsConfig, login: str) -> Portal:
    """The portal of a login. Raises LoginFailed where it is no SSO login, or is not configured whole."""
    profiles: Mapping[str, Mapping[str, Any]] = config.get("profiles", {})
    session: Mapping[str, Any] | None = config.get("sso_sessions", {}).get(login)
    for name, profile in profiles.items():
        if profile.get("sso_session") == login:
            return _checked(login, name, session or {}, _scopes(session or {}))
        if "sso_session" not in profile and profile.get("sso_start_url") == login:
            return _checked(login, name, profile, ())
        if profile.get("login_session") == login:
            raise LoginFailed(
                f"This login is made by the AWS CLI: run `aws login --profile {name}`; it is noticed here."
            )
    raise LoginFailed(f"No profile of the AWS configuration logs in to {login}.")


def _checked(login: str, profile: str, section: Mapping[str, Any], scopes: tuple[str, ...]) -> Portal:
    missing = [key for key in ("sso_start_url", "sso_region") if not section.get(key)]
    if missing:
        raise LoginFailed(f"The AWS configuration of {login} lacks {' and '.join(missing)}.")
    return Portal(login, section["sso_start_url"], section["sso_region"], scopes, profile)


def _scopes(session: Mapping[str, Any]) -> tuple[str, ...]:
    named = (scope.strip() for scope in str(session.get("sso_registration_scopes") or "").split(","))
    return tuple(scope for scope in named if scope) or _DEFAULT_SCOPES
