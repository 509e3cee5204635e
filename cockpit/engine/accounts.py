"""The state of each configured account: who we are there, until when, and how to get in again. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.aws.logins import CredentialSource
from cockpit.aws.verified import Identity
from cockpit.config.settings import Account
from cockpit.model.snapshot import AccountState
from cockpit.model.verdict import Failure, Outcome


def account_states(
    accounts: Mapping[str, Account],
    identities: Mapping[str, Identity | Failure],
    sources: Mapping[str, CredentialSource],
) -> tuple[AccountState, ...]:
    """Every configured account, in configured order. Failures of its slots are added where the snapshot is built.

    Args:
        accounts: Configured accounts by name.
        identities: Account name → result of the newest identity check; absent before the first.
        sources: Account name → where its credentials come from, as far as it is known.
    """
    return tuple(_state(account, identities.get(name), sources.get(name)) for name, account in accounts.items())


def _state(account: Account, checked: Identity | Failure | None, source: CredentialSource | None) -> AccountState:
    identity = checked if isinstance(checked, Identity) else None
    failure = checked if isinstance(checked, Failure) else None
    return AccountState(
        name=account.name,
        account_id=account.id,
        regions=account.regions,
        outcome=failure.outcome if failure else Outcome.OK if identity else None,
        identity_arn=identity.arn if identity else None,
        expires_at=identity.expires_at if identity else None,
        last_poll_at=None,
        failures=(failure,) if failure else (),
        source=source.source if source else "",
        login=source.login if source else None,
        remedy=(failure.remedy if failure else None) or (source.remedy if source else None),
        labels=account.labels,
        portal_url=source.way_in.portal_url if source else None,
        portal_role=source.way_in.portal_role if source else None,
        console_role=source.way_in.console_role if source else None,
    )
