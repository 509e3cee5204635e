"""The CloudFormation stacks that the fleet was deployed with: every function's stack, and what else those systems have.

Two stories: the app stack of Tim-Combo's production was updated two minutes before the bad release went live, and the
last update of Trinity's development failed and was taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cockpit.demo.fleet import scheduler, tim, timeclout, trinity
from cockpit.demo.fleet.parts import DAY, HOUR, MINUTE
from cockpit.demo.telemetry.noise import seed

BEFORE_RELEASE = 2 * MINUTE
"""So long an update runs before what it releases is live."""
ROLLED_BACK, ROLLED_BACK_AGE = "trinity-dev", 40 * MINUTE


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it stands when the emulator starts. Ages are seconds before that."""

    name: str
    age: float
    """Since its last operation began."""
    created_age: float
    """Since its creation; the same as `age` where it was never updated."""
    status: str = "UPDATE_COMPLETE"
    failed: tuple[str, str, str] | None = None
    """Logical id and type of the resource that failed first, and the handler's message."""
    description: str = ""
    protected: bool = False
    parent: str | None = None
    drift: str = "NOT_CHECKED"
    tags: Mapping[str, str] = field(default_factory=dict)


Place = tuple[str, str]
"""(account, region)."""


def stacks() -> dict[Place, tuple[Stack, ...]]:
    """The stacks of every place that has some."""
    return {
        ("timeclout", timeclout.REGION): tuple(_timeclout()),
        ("trinity-production", trinity.REGION): (_trinity("prod"), *_nested("prod")),
        ("trinity-shared", trinity.REGION): (*_trinity_development(), _trinity("staging"), *_nested("staging")),
        ("scheduler-local", "us-east-1"): tuple(_scheduler("local")),
        **{
            (f"scheduler-{environment}", scheduler.REGION): tuple(_scheduler(environment))
            for environment in ("dev", "staging", "production")
        },
        ("tim-sandbox", tim.REGION): (*_tim("prod"), *_tim("stage")),
        ("tim-dev", tim.REGION): (*_tim("dev"), *_tim("test")),
    }


def _timeclout() -> Iterator[Stack]:
    def tags(environment: str) -> dict[str, str]:
        return {"system": "timeclout", "environment": environment}

    age = timeclout.RELEASED_AGE + BEFORE_RELEASE
    yield Stack(
        "Tt3Production", age, 512 * DAY, description="Exported by architect", protected=True, tags=tags("production")
    )
    for number, released in timeclout.PREVIEWS:
        age = released + BEFORE_RELEASE
        yield Stack(f"Tt3PR{number}", age, age, "CREATE_COMPLETE", tags=tags(f"pr{number}"))


def _trinity(stage: str) -> Stack:
    age = trinity.RELEASED[stage] + BEFORE_RELEASE
    return Stack(
        f"trinity-{stage}",
        age,
        308 * DAY,
        description=f"Trinity, {stage}",
        protected=stage == "prod",
        drift="IN_SYNC" if stage == "prod" else "NOT_CHECKED",
        tags=trinity.tags_of(stage),
    )


def _nested(stage: str) -> Iterator[Stack]:
    """Stacks that are parts of the stage's own; they change with it."""
    around = _trinity(stage)
    for part in ("AuthNestedStack", "DataNestedStack"):
        name = f"{around.name}-{part}-{seed(around.name, part) % 36**6:X}"
        yield Stack(name, around.age - 20, around.created_age - 20, parent=around.name, tags=around.tags)


def _trinity_development() -> Iterator[Stack]:
    message = "Cannot perform more than one GSI creation or deletion in a single update"
    yield Stack(
        ROLLED_BACK,
        ROLLED_BACK_AGE,
        308 * DAY,
        "UPDATE_ROLLBACK_COMPLETE",
        failed=("VotesTable", "AWS::DynamoDB::Table", message),
        description="Trinity, dev",
        tags=trinity.tags_of("dev"),
    )


def _scheduler(environment: str) -> Iterator[Stack]:
    tags = {"system": "scheduler", "environment": environment}
    created = 2 * DAY if environment == "local" else 233 * DAY
    for number, part in enumerate(("network", "database", "queue", "scheduler", "api")):
        released = scheduler.RELEASED[environment] + BEFORE_RELEASE
        # The network is left alone; the rest goes out in one pipeline, one after the other.
        age = created - DAY if part == "network" else released + (4 - number) * MINUTE
        yield Stack(f"scheduler-{environment}-{part}", age, created, protected=environment == "production", tags=tags)


def _tim(environment: str) -> Iterator[Stack]:
    tags, created = tim.tags_of(environment), 420 * DAY
    bad = environment == "prod"
    app_age = (tim.BAD_AGE if bad else (3 + seed(environment) % 20) * HOUR) + BEFORE_RELEASE
    yield Stack(f"tim-{environment}-app", app_age, created, description="release 2.19.0" if bad else "", tags=tags)
    yield Stack(f"tim-{environment}-data", 61 * DAY, created, protected=bad, tags=tags)
    for thing in tim.THINGS:
        name = tim.stack_of(environment, thing)
        age = (2 + seed(name) % 40) * DAY
        yield Stack(name, age, created, drift="DRIFTED" if thing == "contracts" and bad else "NOT_CHECKED", tags=tags)
