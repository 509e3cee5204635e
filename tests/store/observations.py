"""Observations with a little of everything in them."""

from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.series import Coverage, Series
from cockpit.model.verdict import Failure, Outcome

ACCOUNT_ID = "111122223333"


def observation(
    account: str = "dev", *, service: str = "lambda", at: float = 1_000.0, functions: int = 1
) -> Observation:
    slot = SlotId(account, "eu-west-2", service)
    return Observation(
        slot=slot,
        account_id=ACCOUNT_ID,
        outcome=Outcome.PARTIAL,
        attempted_at=at,
        observed_at=at - 0.5,
        resources=tuple(resource(slot, number) for number in range(functions)),
        failures=(failure(slot),),
        discovered_at=at - 1,
        metrics_at={"function": at},
        took_seconds=0.25,
    )


def resource(slot: SlotId, number: int = 0) -> Resource:
    return Resource(
        key=f"arn:aws:lambda:{slot.region}:{ACCOUNT_ID}:function:checkout-{number}",
        slot=slot,
        kind="function",
        name=f"checkout-{number}",
        facts={"memory_mb": 512, "ratio": 0.5, "runtime": "python3.11", "enabled": True, "layer": None},
        tags={"team": "märkte\nund mehr\u2028"},
        related={"dead_letter_queue": "arn:aws:sqs:eu-west-2:111122223333:dead"},
        series={"errors": Series(600, 60, (0.0, None, 7.25), Coverage.PARTIAL), "idle": Series(0, 300, ())},
        stack="shop",
    )


def failure(slot: SlotId) -> Failure:
    return Failure(
        outcome=Outcome.DENIED,
        account=slot.account,
        region=slot.region,
        service="lambda",
        operation="ListAliases",
        code="AccessDeniedException",
        message="The role may not list aliases.",
        at=999.0,
        iam_action="lambda:ListAliases",
    )
