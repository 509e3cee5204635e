"""What the cockpit may do in an account."""

from __future__ import annotations

import json

from cockpit.aws.policy import IDENTITY, METRICS, read_actions, read_policy
from cockpit.services import catalogue
from docs.reference.tables import code, table


def policy() -> str:
    """The policy that `cockpit --policy` prints."""
    return f"```json\n{json.dumps(read_policy(catalogue()), indent=2)}\n```"


def actions() -> str:
    """Who needs which action."""
    return table(
        ("IAM action", "needed by"), [(code(action), _needed_by(action)) for action in read_actions(catalogue())]
    )


def _needed_by(action: str) -> str:
    specs = [spec for spec in catalogue().services if any(action in (call.iam, *call.also_iam) for call in spec.calls)]
    names = [spec.key for spec in specs]
    if action == METRICS.iam:
        names += [spec.key for spec in catalogue().services if spec.metrics]
    if action == IDENTITY.iam:
        return "every account, before anything is shown under its name; AWS grants it to everybody"
    return code(*dict.fromkeys(names))
