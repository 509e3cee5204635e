"""What the AWS configuration says about where an account's credentials come from, and which login they hang on.

Pure reading of a parsed configuration; nothing is resolved and nobody is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.aws.tokens import login_ends_at, token_path
from cockpit.config.settings import Account

AwsConfig = Mapping[str, Any]
"""`botocore.session.Session.full_config`: `profiles` and `sso_sessions`."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """The way into the console of one account; all None where none is known."""

    portal_url: str | None = None
    """Start URL of the access portal."""
    portal_role: str | None = None
    """Permission set under which it opens the account."""
    console_role: str | None = None
    """Role to switch to instead, with its path if it has one."""


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """Where an account's credentials come from, in words."""

    source: str
    """`profile dev-sso`, `role cockpit-read via hub`, `environment`."""
    login: str | None
    """SSO session name or start URL; every account with the same login is helped by one login."""
    remedy: str | None
    """The command that renews the login."""
    way_in: WayIn = WayIn()


def describe(config: AwsConfig, account: Account, environ: Mapping[str, str]) -> CredentialSource:
    """The source of an account's credentials."""
    profile = profile_of(account, environ)
    start = f"profile {profile}" if profile else _ambient(environ)
    source = start
    if account.role_arn:
        source = f"role {account.role_arn.rpartition('/')[2]} via {profile or start}"
    login, remedy = _login(config, profile)
    if remedy is None and account.mfa_serial:
        remedy = f"aws sts get-session-token --serial-number {account.mfa_serial} --token-code <code>"
    return CredentialSource(source, login, remedy)


def profile_of(account: Account, environ: Mapping[str, str]) -> str | None:
    """The profile that botocore will take: the account's, else the one of the environment unless keys are there too."""
    if account.profile:
        return account.profile
    if environ.get("AWS_ACCESS_KEY_ID"):
        return None
    return environ.get("AWS_DEFAULT_PROFILE") or environ.get("AWS_PROFILE") or None


def login_end(config: AwsConfig, profile: str | None, token_cache: Path) -> float | None:
    """When the SSO login behind a profile ends, epoch seconds, from the AWS CLI's token cache.

    None where there is no such login, or where its token renews itself: then its expiry says nothing about
    when somebody must log in again.
    """
    for section in chain(config, profile):
        key = section.get("sso_session") or section.get("sso_start_url")
        if key:
            return login_ends_at(token_path(key, token_cache))
    return None


def chain(config: AwsConfig, profile: str | None) -> Iterator[Mapping[str, Any]]:
    """The section of a profile and those of the profiles that it takes its credentials from."""
    profiles = config.get("profiles", {})
    name, seen = profile or "default", set[str]()
    while name in profiles and name not in seen:
        seen.add(name)
        yield {**profiles[name], "profile": name}
        name = profiles[name].get("source_profile", name)


def _ambient(environ: Mapping[str, str]) -> str:
    return "environment" if environ.get("AWS_ACCESS_KEY_ID") else "ambient credentials"


def _login(config: AwsConfig, profile: str | None) -> tuple[str | None, str | None]:
    """(login, remedy) of a profile."""
    sections = list(chain(config, profile))
    for section in sections:
        if section.get("sso_session"):
            return section["sso_session"], f"aws sso login --sso-session {section['sso_session']}"
        if section.get("sso_start_url"):
            return section["sso_start_url"], f"aws sso login --profile {section['profile']}"
        if section.get("login_session"):
            return section["login_session"], f"aws login --profile {section['profile']}"
    if any(section.get("mfa_serial") for section in sections):
        # The AWS CLI asks for the code and keeps the session where it is found from here.
        return None, f"aws sts get-caller-identity --profile {sections[0]['profile']}"
    return None, None
