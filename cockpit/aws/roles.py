"""AssumeRole into a configured account, narrowed to the declared reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cockpit.aws.caller import Caller, Request
from cockpit.aws.credentials import Holder
from cockpit.aws.errors import REJECTED
from cockpit.aws.failed import CallFailed
from cockpit.aws.keys import Keys
from cockpit.aws.logins import CredentialSource
from cockpit.aws.policy import session_policies
from cockpit.aws.regions import identity_region
from cockpit.config.settings import Account
from cockpit.model.service import Call, Catalogue
from cockpit.model.verdict import Failure, Outcome

ASSUME_ROLE = Call("sts", "AssumeRole", "sts:AssumeRole")


class RoleAssumer:
    """Opens sessions of the role of one account from the keys of its source."""

    def __init__(
        self,
        account: Account,
        source: Holder,
        caller: Caller,
        *,
        catalogue: Catalogue,
        describe: Callable[[str], CredentialSource],
    ) -> None:
        self._account = account
        self._source = source
        self._caller = caller
        self._catalogue = catalogue
        self._describe = describe

    async def fetch(self, _fresh: bool = False) -> Keys:  # noqa: FBT001, FBT002 - the shape of `credentials.Fetch`
        """A new session. Raises CallFailed."""
        keys = await self._source.current()
        try:
            return await self._assume(keys)
        except CallFailed as failed:
            failure = failed.failure
        if failure.outcome is Outcome.EXPIRED or failure.code in REJECTED:
            self._source.drop(keys)
            renewed = await self._source.current()
            if renewed.access_key != keys.access_key:
                return await self._assume(renewed)
        raise CallFailed(self._mfa(failure))

    async def _assume(self, keys: Keys) -> Keys:
        """Try the narrowest session policy first; go on only where STS finds it too large."""
        *narrow, widest = session_policies(self._catalogue, self._account.role_arn or "")
        for policy in narrow:
            try:
                return await self._open(keys, policy)
            except CallFailed as failed:
                if failed.failure.code != "PackedPolicyTooLarge":
                    raise
        return await self._open(keys, widest)

    async def _open(self, keys: Keys, policy: Mapping[str, Any]) -> Keys:
        answer = await self._caller.send(self._request(policy), keys)
        session = answer["Credentials"]
        return Keys(
            session["AccessKeyId"],
            session["SecretAccessKey"],
            session["SessionToken"],
            expires_at=session["Expiration"].timestamp(),
            ends_at=keys.ends_at,
        )

    def _request(self, policy: Mapping[str, Any]) -> Request:
        account = self._account
        parameters = {"RoleArn": account.role_arn, "RoleSessionName": account.session_name, **policy}
        if account.external_id:
            parameters["ExternalId"] = account.external_id
        return Request(account, identity_region(account.regions), ASSUME_ROLE.client, ASSUME_ROLE, parameters)

    def _mfa(self, failure: Failure) -> Failure:
        """A refusal by a role that wants MFA means that the source has no MFA session; a code is never asked for."""
        if failure.outcome is not Outcome.DENIED or not self._account.mfa_serial:
            return failure
        return replace(
            failure,
            outcome=Outcome.EXPIRED,
            code="MfaRequired",
            message=f"The role wants an MFA session ({self._account.mfa_serial}); its source has none.",
            iam_action=None,
            remedy=self._describe(self._account.name).remedy,
        )
