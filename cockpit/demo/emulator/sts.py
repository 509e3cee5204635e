"""STS. moto lets any caller assume any role, with any external id, and forgets the session policy.

Shapes: botocore's model of STS 2011-06-15. Wording:
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from datetime import UTC, datetime

from moto.core.responses import ActionResult
from moto.sts import urls
from moto.sts.responses import TokenResponse

from cockpit.demo.emulator.gate import GateError, caller, fail
from cockpit.demo.emulator.policy import READ_ONLY, READ_ONLY_ACCESS, Policy, PolicyError, parse
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World

_POLICY_CHARACTERS = 2048
_SHORTEST, _LONGEST = 900, 43_200


class Sts(TokenResponse):
    """moto's answers, mended."""

    world: World

    def assume_role(self) -> ActionResult:
        """Open a session of a role that trusts the caller."""
        who, arn = caller(self.world, self), str(self._get_param("RoleArn"))
        role = self.world.principals.roles.get(arn)
        if role is None or (role.external_id is not None and self._get_param("ExternalId") != role.external_id):
            # AWS does not say which of the two it was.
            raise GateError(
                "AccessDenied",
                f"User: {who.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            )
        seconds = int(self._get_param("DurationSeconds") or 3600)
        if not _SHORTEST <= seconds <= _LONGEST:
            raise fail(
                "ValidationError",
                f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy "
                f"constraint: Member must have value between {_SHORTEST} and {_LONGEST}",
            )
        policy = _session_policy(self._get_param("Policy"), self._get_param("PolicyArns") or [])
        session = self.world.principals.open_session(role, str(self._get_param("RoleSessionName")), seconds, policy)
        return ActionResult(
            {
                "Credentials": {
                    "AccessKeyId": session.key_id,
                    "SecretAccessKey": session.secret,
                    "SessionToken": session.token,
                    "Expiration": datetime.fromtimestamp(session.expires_at or 0.0, UTC),
                },
                "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
                **({} if policy is None else {"PackedPolicySize": 12}),
            }
        )

    def get_caller_identity(self) -> ActionResult:
        """Say who is calling."""
        who = caller(self.world, self)
        return ActionResult({"UserId": who.user_id, "Account": who.account_id, "Arn": who.arn})


def install(world: World) -> None:
    """Answer AssumeRole and GetCallerIdentity from the fleet's own principals."""
    Sts.world = world
    serve(urls, Sts)


def _session_policy(document: str | None, managed: list[dict[str, str]]) -> Policy | None:
    """What the session is narrowed to; None where AssumeRole brought neither kind of policy."""
    if document is None and not managed:
        return None
    if document is not None and len(document) > _POLICY_CHARACTERS:
        raise fail(
            "ValidationError",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length "
            f"less than or equal to {_POLICY_CHARACTERS}",
        )
    try:
        inline = parse(document) if document is not None else ()
    except PolicyError as error:
        raise fail("MalformedPolicyDocument", str(error)) from None
    unknown = [entry["arn"] for entry in managed if entry["arn"] != READ_ONLY_ACCESS]
    if unknown:
        raise fail("MalformedPolicyDocument", f"Policy {unknown[0]} does not exist or is not attachable.")
    return (*inline, *(READ_ONLY if managed else ()))
