"""IAM policies, as far as the fleet needs them: actions with wildcards, allowed or denied, for every resource.

moto can check a role's own policies, but not the session policy that AssumeRole may carry, and it words a refusal
differently. Evaluation and wording follow
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

READ_ONLY_ACCESS = "arn:aws:iam::aws:policy/ReadOnlyAccess"
_READ_VERBS = ("Get", "List", "Describe", "BatchGet", "Lookup", "Search", "View", "Check")


class PolicyError(ValueError):
    """The text is no policy document; the message says why, in AWS's words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: action patterns in lower case, as IAM compares them."""

    allows: bool
    actions: tuple[str, ...]

    def covers(self, action: str) -> bool:
        """Whether `service:Operation` is among the actions."""
        return any(fnmatchcase(action.lower(), pattern) for pattern in self.actions)


Policy = tuple[Statement, ...]

READ_ONLY: Policy = (Statement(True, tuple(f"*:{verb.lower()}*" for verb in _READ_VERBS)),)  # noqa: FBT003 - it allows
"""What AWS's own ReadOnlyAccess comes down to here."""


def parse(document: str) -> Policy:
    """A policy from its JSON text. Raises `PolicyError`."""
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise PolicyError("This policy contains invalid Json") from None
    found = statements if isinstance(statements, list) else [statements]
    return tuple(_statement(statement) for statement in found)


def _statement(raw: Mapping[str, Any]) -> Statement:
    effect, actions = raw.get("Effect"), raw.get("Action")
    if effect not in ("Allow", "Deny") or not actions:
        raise PolicyError("Syntax errors in policy.")
    listed = [actions] if isinstance(actions, str) else actions
    return Statement(effect == "Allow", tuple(str(action).lower() for action in listed))


def allow(*actions: str) -> Policy:
    """A policy that allows some actions."""
    return (Statement(True, tuple(action.lower() for action in actions)),)  # noqa: FBT003 - it allows


def refusal(action: str, identity: Policy, session: Policy | None) -> str | None:
    """Why the action is refused, as AWS ends its sentence, or None where it is allowed.

    A session may do what both its role's policies and its session policy allow.
    """
    if action.lower() == "sts:getcalleridentity":
        return None
    for kind, policy in (("an identity-based", identity), ("a session", session)):
        if policy is not None and _decided(policy, action, allows=False):
            return f"with an explicit deny in {kind} policy"
    if not _decided(identity, action, allows=True):
        return f"because no identity-based policy allows the {action} action"
    if session is not None and not _decided(session, action, allows=True):
        return f"because no session policy allows the {action} action"
    return None


def _decided(policy: Iterable[Statement], action: str, *, allows: bool) -> bool:
    return any(statement.allows is allows and statement.covers(action) for statement in policy)
