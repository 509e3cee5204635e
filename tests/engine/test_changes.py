"""What was changed in AWS, from one look to the next: told once, in words, with its own moment where AWS tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cockpit.engine.changes import Declared, of_slot
from cockpit.engine.recorder import Differ
from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.services import catalogue as real_catalogue
from tests.engine.house import CATALOGUE, NOW, PROD, environment, seen, settings, slot, snapshot, target, thing

HOUR = 3600.0


def told(*looks: Mapping[SlotId, Observation], configured: Any = PROD, catalogue: Catalogue = CATALOGUE) -> list[Event]:
    """The changes of the last of some looks."""
    differ = Differ(catalogue, NOW - 10 * HOUR)
    events: list[Event] = []
    for number, observations in enumerate(looks):
        # Each look is a newer one: listed again, later.
        newer = {
            key: replace(one, discovered_at=(one.discovered_at or 0) + number) for key, one in observations.items()
        }
        shot = snapshot(configured, newer, catalogue=catalogue)
        events = [event for event in differ.events({}, shot)[0] if event.kind is EventKind.CHANGED]
    return events


def words(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.subject, event.words) for event in events]


def one(name: str = "web", **facts: Any) -> Resource:
    return thing(name, facts=facts)


def test_a_watched_fact_is_told_with_before_and_after() -> None:
    (event,) = told(seen(one(version="41")), seen(one(version="42")))
    assert (event.subject, event.words) == ("web", "version 41 → 42")
    assert (event.at, event.exact) == (NOW - 5, False)
    assert (event.environment, event.slot, event.resource) == (EnvironmentId("shop", "prod"), slot(), one().key)


def test_what_is_not_watched_is_not_told() -> None:
    assert told(seen(one(colour="red")), seen(one(colour="blue"))) == []


def test_a_change_has_the_moment_that_aws_tells_where_it_tells_one() -> None:
    before = one(version="41", size=1, last_modified=NOW - 9 * HOUR)
    (event,) = told(seen(before), seen(one(version="41", size=2, last_modified=NOW - 300)))
    assert (event.words, event.at, event.exact) == ("size 1 → 2", NOW - 300, True)


def test_a_dated_change_of_nothing_that_is_watched_is_told_all_the_same() -> None:
    (event,) = told(seen(one(last_modified=NOW - 9 * HOUR)), seen(one(last_modified=NOW - 300)))
    assert (event.words, event.at) == ("changed", NOW - 300)


def test_an_alias_moves_after_its_version_was_published() -> None:
    events = told(seen(one(version="41", published_at=NOW - 9 * HOUR)), seen(one(version="42", published_at=NOW - 600)))
    assert [(event.words, event.at, event.exact) for event in events] == [
        ("version 41 → 42", NOW - 5, False),
        ("version 42, published", NOW - 600, True),
    ]


def test_a_roll_back_does_not_publish_the_old_version_again() -> None:
    events = told(seen(one(version="42", published_at=NOW - 600)), seen(one(version="41", published_at=NOW - 9 * HOUR)))
    assert words(events) == [("web", "version 42 → 41")]


def test_what_was_changed_while_nobody_watched_is_told_once_with_its_own_moment() -> None:
    look = seen(one(version="42", published_at=NOW - 5 * HOUR))
    (event,) = told(look)
    assert (event.words, event.at) == ("version 42, published", NOW - 5 * HOUR)
    assert told(look, look) == []


def test_what_is_restored_from_disk_is_compared_with_what_is_seen_then() -> None:
    restored = {slot(): replace(seen(one(version="41"))[slot()], restored=True)}
    assert words(told(restored, seen(one(version="42")))) == [("web", "version 41 → 42")]
    assert told(restored) == []


def test_long_ago_is_not_news() -> None:
    assert told(seen(one(last_modified=NOW - 30 * 86_400))) == []


def test_what_could_not_be_read_has_not_changed() -> None:
    assert told(seen(one(version="41")), seen(one())) == []
    assert told(seen(one()), seen(one(version="41"))) == []


def test_things_appear_and_go() -> None:
    assert words(told(seen(one()), seen(one(), one("api")))) == [("api", "appeared")]
    assert words(told(seen(one(), one("api")), seen(one()))) == [("api", "is gone")]


def test_a_thing_appears_when_it_was_made_where_that_is_told() -> None:
    (event,) = told(seen(one()), seen(one(), one("api", last_modified=NOW - 20)))
    assert (event.words, event.at, event.exact) == ("appeared", NOW - 20, True)


def test_what_is_first_seen_has_not_appeared() -> None:
    assert told(seen(one())) == []


def test_another_account_under_the_same_name_is_no_change() -> None:
    other = {key: replace(each, account_id="999988887777") for key, each in seen(one(version="42")).items()}
    assert told(seen(one(version="41")), other) == []


def test_what_several_environments_share_belongs_to_none_of_them_alone() -> None:
    configured = settings(environment("prod", target()), environment("dev", target()))
    (event,) = told(seen(one(version="41")), seen(one(version="42")), configured=configured)
    assert event.environment is None


def test_what_belongs_to_no_environment_is_nobodys_business() -> None:
    configured = settings(environment("prod", target(names=("other-*",))))
    assert told(seen(one(version="41")), seen(one(version="42")), configured=configured) == []


def test_a_preview_comes_and_goes_as_one_entry() -> None:
    template = environment("pr{number}", target(names=("pr{number}-*",)), pattern=r"pr(?P<number>\d+)-.*")
    configured = settings(environment("prod", target(names=("web",))), templates=[template])
    without, within = seen(one()), seen(one(), one("pr7-a"), one("pr7-b"))
    assert words(told(without, within, configured=configured)) == [("shop/pr7", "environment appeared")]
    assert words(told(within, without, configured=configured)) == [("shop/pr7", "environment is gone")]


def test_a_look_that_brought_the_same_objects_is_not_compared() -> None:
    calls = 0

    class Counting(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            nonlocal calls
            calls += 1
            return super().__contains__(key)

    resource = replace(one(), facts=Counting(version="41"))
    measured = replace(resource, series={})
    assert told(seen(resource), seen(measured)) == []
    assert calls == 0


SERVICES = {spec.key: spec for spec in real_catalogue().services}


@pytest.mark.parametrize(
    ("service", "kind", "fact", "before", "after", "expected"),
    [
        ("lambda", "alias", "version", "41", "42", "version 41 → 42"),
        ("lambda", "alias", "routing", None, "42 10 %", "weights none → 42 10 %"),
        ("lambda", "function", "memory_mb", 128, 256, "memory (MB) 128 → 256"),
        ("lambda", "function", "timeout_seconds", 3, 30, "time-out 3.0 s → 30 s"),
        ("lambda", "function", "runtime", "python3.11", "python3.12", "runtime python3.11 → python3.12"),
        ("lambda", "function", "code_sha256", "a" * 44, "b" * 44, "code changed"),
        ("rds", "instance", "class", "db.t4g.medium", "db.r6g.large", "class db.t4g.medium → db.r6g.large"),
        ("rds", "instance", "allocated_bytes", 20 * 2**30, 50 * 2**30, "storage 20.0 GiB → 50.0 GiB"),
        ("rds", "instance", "deletion_protection", True, False, "deletion protection yes → no"),
        ("rds", "cluster", "writer", "db-1", "db-2", "writer db-1 → db-2"),
        ("sqs", "queue", "visibility_timeout_seconds", 30, 120, "visibility time-out 30 s → 2 min"),
        ("cloudfront", "distribution", "status", "InProgress", "Deployed", "status InProgress → Deployed"),
        ("cloudfront", "distribution", "enabled", True, False, "enabled yes → no"),
        ("alarms", "metric_alarm", "actions_enabled", True, False, "actions enabled yes → no"),
        (
            "stacks",
            "stack",
            "status",
            "UPDATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            "status UPDATE_COMPLETE → UPDATE_IN_PROGRESS",
        ),
        ("stacks", "stack", "termination_protection", True, False, "termination protection yes → no"),
        ("stacks", "stack", "drift", "IN_SYNC", "DRIFTED", "drift IN_SYNC → DRIFTED"),
    ],
)
def test_services_say_what_is_worth_an_entry(
    service: str, kind: str, fact: str, before: object, after: object, expected: str
) -> None:
    looks = [seen(thing("x", kind=kind, facts={fact: value}))[slot()] for value in (before, after)]  # type: ignore[dict-item]
    events = of_slot(looks[0], looks[1], Declared.of(SERVICES[service]))
    assert [event.words for event in events] == [expected]


STACK = Declared.of(SERVICES["stacks"])


def stack(status: str, updated_at: float | None, created_at: float = NOW - 90 * 86_400) -> Resource:
    facts = {"status": status, "created_at": created_at, "updated_at": updated_at}
    return thing("shop", kind="stack", facts=facts)


def of_stack(before: Resource | None, after: Resource) -> list[tuple[str, float, bool]]:
    looks = [seen(one)[slot()] if one else None for one in (before, after)]
    assert looks[1] is not None
    return [(event.words, event.at, event.exact) for event in of_slot(looks[0], looks[1], STACK)]


def test_an_update_of_a_stack_is_told_with_its_own_moment() -> None:
    done = "UPDATE_COMPLETE"
    first, again = NOW - 9 * HOUR, NOW - 300
    assert of_stack(stack(done, first), stack(done, again)) == [("stack updated", again, True)]
    assert of_stack(stack(done, first), stack("UPDATE_ROLLBACK_COMPLETE", again)) == [
        ("status UPDATE_COMPLETE → UPDATE_ROLLBACK_COMPLETE", again, True)
    ]
    # What it ended as is only known from the look that saw it.
    (ended,) = of_stack(stack("UPDATE_IN_PROGRESS", again), stack(done, again))
    assert ended == ("status UPDATE_IN_PROGRESS → UPDATE_COMPLETE", NOW - 5, False)


def test_a_stack_that_is_first_seen_tells_what_was_done_to_it_lately() -> None:
    assert of_stack(None, stack("UPDATE_COMPLETE", NOW - HOUR)) == [("stack updated", NOW - HOUR, True)]
    assert of_stack(None, stack("CREATE_COMPLETE", None, NOW - HOUR)) == [("created", NOW - HOUR, True)]


def test_every_declared_fact_is_of_a_kind_that_the_service_knows() -> None:
    for spec in SERVICES.values():
        kinds = {*spec.selects, *(kind for metric in spec.metrics for kind in metric.kinds)}
        kinds |= {kind for rule in spec.rules for kind in rule.kinds}
        for kind in (kind for declared in (*spec.watched, *spec.dated) for kind in declared.kinds):
            assert kind in kinds


def test_a_snapshot_of_nothing_new_costs_no_entry() -> None:
    differ = Differ(CATALOGUE, NOW)
    shot: Snapshot = snapshot(PROD, seen(one(version="41")))
    differ.events({}, shot)
    assert differ.events({}, shot)[0] == []
