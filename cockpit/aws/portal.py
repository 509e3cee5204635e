"""How a person gets into an account's console with the credentials that the configuration names.

Pure reading of a parsed configuration, as in `cockpit.aws.logins`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cockpit.aws.logins import AwsConfig, WayIn, profile_of
from cockpit.config.settings import Account

_AMAZON = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")
"""Where AWS's own endpoints end, private and FIPS ones among them."""


def way_in(config: AwsConfig, account: Account, environ: Mapping[str, str]) -> WayIn:
    """The way into an account.

    The portal is told only where the profile's own login is one for this very account. Behind a role that is assumed
    with it the portal would open another account, so the role is told. Nobody can switch in the console to a role
    that wants an external id. What is not AWS has no console.
    """
    if not is_aws(account):
        return WayIn()
    if account.role_arn:
        return WayIn(console_role=_role(account.role_arn) if account.external_id is None else None)
    section = config.get("profiles", {}).get(profile_of(account, environ) or "default", {})
    if section.get("role_arn"):
        return WayIn(console_role=None if section.get("external_id") else _role(str(section["role_arn"])))
    url, role = _start_url(config, section), section.get("sso_role_name")
    if not url or not role or section.get("sso_account_id") != account.id:
        return WayIn()
    return WayIn(url, str(role))


def is_aws(account: Account) -> bool:
    """Whether AWS itself answers for an account: no emulator does, and no endpoint that is nobody of Amazon's."""
    urls = [url for url in (account.endpoint_url, *account.endpoint_urls.values()) if url]
    return not account.emulator and all((urlsplit(url).hostname or "").endswith(_AMAZON) for url in urls)


def _start_url(config: AwsConfig, section: Mapping[str, Any]) -> str | None:
    session = config.get("sso_sessions", {}).get(section.get("sso_session"), {})
    return session.get("sso_start_url") or section.get("sso_start_url")


def _role(arn: str) -> str | None:
    """`arn:aws:iam::111122223333:role/ops/read` → `ops/read`, which is what the console asks for."""
    return arn.partition(":role/")[2] or None
