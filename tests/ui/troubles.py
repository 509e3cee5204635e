"""What is wrong in the fleet, as findings and failures."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.finding import Change, Evidence, Finding
from cockpit.model.ids import SlotId
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction
from cockpit.model.units import Unit
from cockpit.model.verdict import Failure, Health, Outcome
from tests.ui.known import Scene, Story


def failure(story: Story, slot: SlotId) -> Failure | None:
    """Why nothing is seen of a slot, if so."""
    if story.denied and (slot.account, slot.service) == ("trinity-prod", "lambda"):
        return Failure(
            outcome=Outcome.DENIED,
            account=slot.account,
            region=slot.region,
            service="lambda",
            operation="ListFunctions",
            code="AccessDeniedException",
            message="The role may not list functions.",
            at=story.now - 240,
            iam_action="lambda:ListFunctions",
            remedy="Allow lambda:ListFunctions for the role cockpit-read.",
        )
    if story.expired and slot.account == "combo-dev":
        return Failure(
            outcome=Outcome.EXPIRED,
            account=slot.account,
            region=slot.region,
            service="sts",
            operation="credentials",
            code="TokenExpired",
            message="The session of combo-sso has run out.",
            at=story.now - 1500,
            remedy="aws sso login --sso-session combo-sso",
        )
    return None


def findings(scene: Scene, resources: Sequence[Resource]) -> list[Finding]:
    """What is wrong in one cell."""
    if scene.is_pending:
        return [_unseen(scene, "not looked at yet", None)]
    failed = failure(scene.story, scene.slot)
    if failed is not None:
        words = "denied: lambda:ListFunctions is missing" if failed.iam_action else "the session has expired"
        return [_unseen(scene, words, failed.at, failed)]
    if scene.is_stale:
        return [_unseen(scene, "no new data for 12 min", scene.now - 760)]
    return _judged(scene, resources[0])


def _unseen(scene: Scene, reason: str, since: float | None, failed: Failure | None = None) -> Finding:
    subject = f"{scene.slot.account} {scene.slot.region}"
    return Finding(scene.environment, scene.slot, "observation", Health.UNKNOWN, subject, reason, since, failure=failed)


def _judged(scene: Scene, first: Resource) -> list[Finding]:
    def finding(rule: str, health: Health, reason: str, minutes: int, **more: object) -> list[Finding]:
        since = scene.now - 60 * minutes
        return [Finding(scene.environment, scene.slot, rule, health, first.name, reason, since, first.key, **more)]  # type: ignore[arg-type]

    service = scene.slot.service
    if scene.bad_release:
        evidence = Evidence(7.2, 5.0, Unit.PERCENT, Direction.ABOVE, 300, (7.2,) * 5)
        words, change = "error rate 7.2 % > 5.0 % for 6 min", Change("version 42, published", scene.now - 480)
        return finding("lambda.error_rate", Health.CRITICAL, words, 6, evidence=evidence, changed=change)
    if scene.queue_grows and service == "sqs":
        return finding("sqs.depth", Health.WARNING, "messages 1\u202f189 > 1\u202f000 for 11 min", 11)
    if scene.queue_grows and service == "alarms":
        return finding("alarms.state", Health.CRITICAL, "in alarm for 5 min: Threshold Crossed", 5)
    if scene.database_is_busy:
        return finding("rds.cpu", Health.WARNING, "CPU 93 % > 80 % for 18 min", 18)
    return []
