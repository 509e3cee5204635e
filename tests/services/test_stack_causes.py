"""Why a stack failed: the first failure of its last operation, read from its events once."""

from __future__ import annotations

from cockpit.model.service import Settled
from cockpit.model.verdict import Health, Outcome
from cockpit.services.stacks import discover
from tests.services.recorded import NOW, Refusal, named
from tests.services.stack_answers import HOUR, MINUTE, event, events, health, judged, look, reader_of, stack, stack_id


async def test_the_first_failure_of_the_last_operation_is_the_cause() -> None:
    one = named(await look(stack("shop", "UPDATE_ROLLBACK_COMPLETE", age=2 * HOUR)), "shop")
    assert one.facts["cause"] == "Api: Model is in use"
    assert list(one.facts)[:2] == ["status", "cause"]
    (judgement,) = judged(one)
    assert judgement.reason == "without its last update for 2 h: UPDATE_ROLLBACK_COMPLETE, Api: Model is in use"
    assert judgement.since == NOW - 2 * HOUR


async def test_what_keeps_a_roll_back_from_ending_is_its_own_failure() -> None:
    told = events(
        event("shop", "UPDATE_ROLLBACK_FAILED", itself=True),
        event("Role", "UPDATE_FAILED", "Role is gone"),
        event("shop", "UPDATE_ROLLBACK_IN_PROGRESS", itself=True),
        event("Api", "UPDATE_FAILED", "Model is in use"),
        event("shop", "UPDATE_IN_PROGRESS", itself=True),
    )
    assert named(await look(stack("shop", "UPDATE_ROLLBACK_FAILED"), told=told), "shop").facts["cause"] == (
        "Role: Role is gone"
    )


async def test_events_are_read_page_by_page_until_the_operation_began() -> None:
    pages = {
        None: events(*[event(f"r{n}", "UPDATE_COMPLETE") for n in range(3)], more="2"),
        "2": events(
            event("Api", "UPDATE_FAILED", "too late"), event("shop", "UPDATE_IN_PROGRESS", itself=True), more="3"
        ),
    }
    reader = reader_of(stack("shop", "UPDATE_ROLLBACK_COMPLETE"), told=lambda asked: pages[asked.get("NextToken")])
    found = await discover(reader, None, Settled({}))
    assert named(found, "shop").facts["cause"] == "Api: too late"
    assert reader.times("DescribeStackEvents") == 2


async def test_events_without_end_are_not_read_to_the_end() -> None:
    reader = reader_of(
        stack("shop", "UPDATE_ROLLBACK_COMPLETE"), told=events(event("a", "UPDATE_COMPLETE"), more="again")
    )
    found = await discover(reader, None, Settled({}))
    assert named(found, "shop").facts["cause"] is None
    assert reader.times("DescribeStackEvents") == 5


async def test_without_a_failed_event_the_status_and_its_reason_are_what_is_told() -> None:
    row = stack("shop", "DELETE_FAILED", StackStatusReason="The following resource(s) failed to delete: [Bucket].")
    one = named(await look(row, told=events()), "shop")
    assert one.facts["trouble"] == "DELETE_FAILED, The following resource(s) failed to delete: [Bucket]."


async def test_a_cause_is_read_once_for_each_failure() -> None:
    row = stack("shop", "UPDATE_ROLLBACK_COMPLETE")
    first = await look(row)
    again = await look(row, told=Refusal(), before=first)
    assert (named(again, "shop").facts["cause"], again.failures) == ("Api: Model is in use", ())
    # The next update failed as well, and for another reason.
    told = events(event("Role", "UPDATE_FAILED", "gone"), event("shop", "UPDATE_IN_PROGRESS", itself=True))
    later = await look(stack("shop", "UPDATE_ROLLBACK_COMPLETE", age=MINUTE), told=told, before=first)
    assert named(later, "shop").facts["cause"] == "Role: gone"


async def test_stacks_in_order_are_not_asked_for_events() -> None:
    reader = reader_of(stack("shop"), stack("new", "CREATE_IN_PROGRESS"), told=Refusal())
    assert (await discover(reader, None, Settled({}))).failures == ()
    assert reader.times("DescribeStackEvents") == 0


async def test_a_cause_that_may_not_be_read_leaves_the_finding_and_names_the_permission() -> None:
    found = await look(stack("shop", "UPDATE_ROLLBACK_COMPLETE"), told=Refusal("AccessDenied"))
    assert health(named(found, "shop")) is Health.WARNING
    (failure,) = found.failures
    assert (failure.outcome, failure.iam_action) == (Outcome.DENIED, "cloudformation:DescribeStackEvents")
    assert failure.resource == stack_id("shop")
    # It is asked again.
    mended = await look(stack("shop", "UPDATE_ROLLBACK_COMPLETE"), before=found)
    assert named(mended, "shop").facts["cause"] == "Api: Model is in use"


async def test_a_stack_that_was_deleted_between_two_questions_is_no_failure() -> None:
    gone = Refusal("ValidationError", f"Stack [{stack_id('shop')}] does not exist")
    assert (await look(stack("shop", "DELETE_FAILED"), told=gone)).failures == ()
    broken = await look(stack("shop", "DELETE_FAILED"), told=Refusal("ValidationError", "1 validation error"))
    assert len(broken.failures) == 1


async def test_a_disaster_is_asked_about_in_small_portions() -> None:
    rows = [stack(f"s{number}", "UPDATE_ROLLBACK_COMPLETE") for number in range(25)]
    reader = reader_of(*rows)
    first = await discover(reader, None, Settled({}))
    assert reader.times("DescribeStackEvents") == 10
    assert {health(one) for one in first.resources} == {Health.WARNING}
    second = await look(*rows, before=first)
    third = await look(*rows, before=second)
    assert sum("cause" in one.facts for one in third.resources) == 25
