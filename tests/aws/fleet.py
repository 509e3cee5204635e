"""Accounts, a service and slots that the tests of this room share."""

from __future__ import annotations

from dataclasses import replace

from cockpit.config.settings import Account
from cockpit.model.ids import SlotId
from cockpit.model.service import Call, Discovery, Headline, Reach, Reader, ServiceSpec

DEV_ID = "111122223333"
PROD_ID = "444455556666"
REGION = "eu-west-2"
NOW = 1_700_000_000.0

DEV = Account("dev", DEV_ID, (REGION,), profile="dev")
PROD = Account("prod", PROD_ID, (REGION,), profile="prod")
ROLE = replace(PROD, profile="dev", role_arn=f"arn:aws:iam::{PROD_ID}:role/cockpit-read", external_id="x-1")
"""`prod`, reached from `dev` by a role."""
HOME = SlotId("dev", REGION, "things")

FUNCTIONS = "/2015-03-31/functions"
"""How ListFunctions looks on the wire."""


class Clock:
    """Time that passes only when told to."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


async def _discover(_reader: Reader, *_: object) -> Discovery:
    return Discovery(())


SPEC = ServiceSpec(
    key="things",
    title="Things",
    column="THINGS",
    order=1,
    reach=Reach.REGIONAL,
    calls=(
        Call("lambda", "ListFunctions", "lambda:ListFunctions"),
        Call("lambda", "GetAccountSettings", "lambda:GetAccountSettings"),
        Call("lambda", "DeleteFunction", "lambda:DeleteFunction"),
        Call("sqs", "ListQueues", "sqs:ListQueues"),
        Call("sqs", "GetQueueAttributes", "sqs:GetQueueAttributes"),
        Call("rds", "DescribeDBInstances", "rds:DescribeDBInstances"),
        Call("cloudfront", "ListDistributions", "cloudfront:ListDistributions"),
        Call("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms"),
        Call("ce", "GetCostAndUsage", "ce:GetCostAndUsage"),
    ),
    discover=_discover,
    discover_seconds=60,
    stale_seconds=300,
    metrics=(),
    cadences=(),
    rules=(),
    columns=(),
    headline=lambda _: Headline(""),
    dollars_per_call={"GetCostAndUsage": 0.01},
)
