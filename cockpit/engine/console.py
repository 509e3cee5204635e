"""Links to the AWS console that lead into the right account, as far as a link can. Pure.

Links through the access portal: https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
Switching roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode

from cockpit.aws.portal import is_aws
from cockpit.config.settings import Account
from cockpit.model.resource import Resource
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import AccountState


@dataclass(frozen=True, slots=True)
class _Partition:
    console: str
    """Host behind the region."""
    sign_in: str
    """Host of the page on which roles are switched."""


_AWS = _Partition("console.aws.amazon.com", "signin.aws.amazon.com")
_PARTITIONS: Mapping[str, _Partition] = MappingProxyType(
    {
        "cn-": _Partition("console.amazonaws.cn", "signin.amazonaws.cn"),
        "us-gov-": _Partition("console.amazonaws-us-gov.com", "signin.amazonaws-us-gov.com"),
    }
)


@dataclass(frozen=True, slots=True)
class ConsoleLink:
    """The page of a resource in the AWS console, and what has to be known about it."""

    url: str | None
    """None where there is no page to go to; `note` says why."""
    note: str
    """One sentence: as whom it opens, or what the browser must be signed in to."""
    switch_url: str | None = None
    """Where the browser is switched to the account's role first; it cannot lead on to the page."""


def console_link(
    resource: Resource, spec: ServiceSpec | None, account: Account | None, state: AccountState | None
) -> ConsoleLink:
    """The link for a resource of an account; each may be unknown."""
    if account is None:
        return ConsoleLink(None, "It belongs to no single account.")
    if not is_aws(account):
        return ConsoleLink(None, f"{account.name} is not in AWS but at an endpoint of its own: it has no console.")
    path = spec.console(resource) if spec and spec.console else None
    if path is None:
        return ConsoleLink(None, "It has no page in the AWS console.")
    region = resource.slot.region
    page = f"https://{region}.{_partition(region).console}{path}"
    if state and state.portal_url and state.portal_role:
        return ConsoleLink(
            portal_link(state.portal_url, account.id, state.portal_role, page),
            f"Opens through the access portal as {state.portal_role}.",
        )
    if state and state.console_role:
        note = f"The browser must be in account {account.id}: switch to role {state.console_role} there first."
        return ConsoleLink(page, note, _switch_link(region, account, state.console_role))
    return ConsoleLink(page, f"The browser must be signed in to account {account.id}.")


def portal_link(start_url: str, account_id: str, role: str, page: str) -> str:
    """A link that signs in through the access portal and leads on to a page."""
    start = start_url.partition("#")[0].rstrip("/")
    asked = urlencode({"account_id": account_id, "role_name": role, "destination": page}, quote_via=quote, safe="")
    return f"{start}/#/console?{asked}"


def _switch_link(region: str, account: Account, role: str) -> str:
    asked = urlencode({"account": account.id, "roleName": role, "displayName": account.name}, quote_via=quote)
    return f"https://{_partition(region).sign_in}/switchrole?{asked}"


def _partition(region: str) -> _Partition:
    return next((one for prefix, one in _PARTITIONS.items() if region.startswith(prefix)), _AWS)
