"""The least-privilege IAM policy, made from what the services declare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from cockpit.model.service import Call, Catalogue

IDENTITY = Call("sts", "GetCallerIdentity", "sts:GetCallerIdentity")
METRICS = Call("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData")
"""The calls of this room itself, beside those of the services."""

SESSION_POLICY_CHARACTERS = 2048
"""Limit of AssumeRole's `Policy` (STS API reference)."""

_VERB = re.compile(r"[A-Z][a-z]+")


def read_actions(catalogue: Catalogue) -> tuple[str, ...]:
    """Every IAM action that polling needs, sorted."""
    declared = {action for spec in catalogue.services for call in spec.calls for action in (call.iam, *call.also_iam)}
    return tuple(sorted(declared | {IDENTITY.iam, METRICS.iam}))


def read_policy(catalogue: Catalogue) -> dict[str, Any]:
    """An IAM policy document that allows exactly the declared reads."""
    return _document(read_actions(catalogue))


def session_policies(catalogue: Catalogue, role_arn: str) -> tuple[dict[str, Any], ...]:
    """AssumeRole parameters that narrow a session to reads, narrowest first.

    A session may do what both its role and these allow. The exact actions are tried first; where they are too
    long, or STS finds them too large when packed, actions are grouped by verb (`lambda:List*`); the last resort
    is AWS's own ReadOnlyAccess. A session without any of them is never opened.
    """
    actions = read_actions(catalogue)
    inline = (json.dumps(_document(a), separators=(",", ":")) for a in (actions, _grouped(actions)))
    partition = role_arn.split(":")[1] if role_arn.count(":") > 1 else "aws"
    managed = {"PolicyArns": [{"arn": f"arn:{partition}:iam::aws:policy/ReadOnlyAccess"}]}
    return (*({"Policy": text} for text in inline if len(text) <= SESSION_POLICY_CHARACTERS), managed)


def _document(actions: Iterable[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


def _grouped(actions: Iterable[str]) -> tuple[str, ...]:
    """`lambda:ListFunctions`, `lambda:ListAliases` → `lambda:List*`."""
    return tuple(sorted({_group(action) for action in actions}))


def _group(action: str) -> str:
    service, _, name = action.partition(":")
    verb = _VERB.match(name)
    return f"{service}:{verb.group()}*" if verb else action
