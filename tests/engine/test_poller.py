"""A poll always ends as an observation, and never forgets what was good."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cockpit.aws.metrics import MetricQuery
from cockpit.aws.verified import Identity
from cockpit.config.settings import Override
from cockpit.engine.poller import Poller
from cockpit.engine.scheduler import Run
from cockpit.engine.windows import query_window, reach_of
from cockpit.model.observation import Observation
from cockpit.model.rule import Threshold
from cockpit.model.series import Coverage, Series
from cockpit.model.verdict import Failure, Outcome
from tests.engine.rooms import (
    CATALOGUE,
    DEV,
    IDS,
    NOW,
    TINY,
    Clock,
    Room,
    failure,
    listing,
    settings,
    thing,
)

ALL = Run(DEV, True, frozenset({"account", "thing"}))
LIST = Run(DEV, True, frozenset())
METRICS = Run(DEV, False, frozenset({"account", "thing"}))
ACCOUNT = Run(DEV, False, frozenset({"account"}))
KEY = thing(DEV, "one").key
END = int((NOW - 120) // 60) * 60


class Bench:
    """A poller of one account, polled step by step."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.room = Room()
        self.defects: list[Exception] = []
        self.poller = Poller(
            self.room,
            settings("dev", "prod"),
            CATALOGUE,
            clock=self.clock,
            on_defect=lambda slot, error: self.defects.append(error),
            deadline_seconds=0.1,
        )
        self.last: Observation | None = None

    async def poll(self, run: Run = ALL, *, after: float = 0.0) -> Observation:
        self.clock.now += after
        self.last = await self.poller.poll(run, self.last)
        return self.last


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_whole_poll_verifies_lists_and_reads(bench: Bench) -> None:
    seen = await bench.poll()
    assert bench.room.verified == ["dev"]
    assert (seen.outcome, seen.failures, seen.account_id) == (Outcome.OK, (), IDS["dev"])
    assert seen.observed_at == seen.discovered_at == seen.attempted_at == NOW
    assert seen.metrics_at == {"account": NOW, "thing": NOW}
    assert seen.by_key[KEY].series["errors"] == Series(END - 3600, 60, (0.0,) * 60)


async def test_nothing_is_asked_of_an_account_that_is_another_one(bench: Bench) -> None:
    bench.room.identities["dev"] = Identity(IDS["prod"], "arn:aws:sts::222233334444:me", None)
    seen = await bench.poll()
    assert seen.outcome is Outcome.INVALID
    assert seen.failures[0].code == "WrongAccount"
    assert bench.room.asked == []
    assert bench.room.queries == []


async def test_an_expired_session_keeps_the_last_good_resources_with_their_age(bench: Bench) -> None:
    good = await bench.poll()
    expired = failure(DEV, Outcome.EXPIRED, "credentials")
    bench.room.identities["dev"] = expired
    seen = await bench.poll(after=600)
    assert (seen.outcome, seen.failures) == (Outcome.EXPIRED, (expired,))
    assert seen.resources == good.resources
    assert (seen.observed_at, seen.attempted_at) == (NOW, NOW + 600)
    assert bench.poller.identities["dev"] is expired
    bench.room.identities.clear()
    assert (await bench.poll(after=60)).outcome is Outcome.OK


async def test_a_listing_that_fails_keeps_what_was_listed_before(bench: Bench) -> None:
    good = await bench.poll()
    bench.room.listings[DEV] = failure(DEV, Outcome.DENIED)
    seen = await bench.poll(LIST, after=300)
    assert (seen.outcome, seen.resources, seen.observed_at) == (Outcome.DENIED, good.resources, NOW)
    assert seen.discovered_at == NOW


async def test_metrics_that_go_on_do_not_hide_that_the_list_cannot_be_read(bench: Bench) -> None:
    await bench.poll()
    bench.room.listings[DEV] = failure(DEV, Outcome.DENIED)
    await bench.poll(LIST, after=60)
    seen = await bench.poll(METRICS, after=60)
    assert seen.outcome is Outcome.DENIED
    assert seen.observed_at == NOW
    assert seen.by_key[KEY].series["errors"].end == END + 120
    bench.room.listings.clear()
    assert (await bench.poll(LIST, after=60)).outcome is Outcome.OK


async def test_a_list_with_failures_and_nothing_in_it_is_no_list(bench: Bench) -> None:
    good = await bench.poll()
    bench.room.listings[DEV] = replace(listing(DEV), resources=(), failures=(failure(DEV, Outcome.THROTTLED),))
    seen = await bench.poll(LIST, after=300)
    assert (seen.outcome, seen.resources, seen.discovered_at) == (Outcome.THROTTLED, good.resources, NOW)


async def test_series_go_over_to_the_new_objects_and_facts_are_new(bench: Bench) -> None:
    before = await bench.poll()
    bench.room.listings[DEV] = replace(listing(DEV), resources=(thing(DEV, "one", depth=7),))
    seen = await bench.poll(LIST, after=30)
    assert seen.by_key[KEY].facts == {"depth": 7}
    assert seen.by_key[KEY].series == before.by_key[KEY].series


async def test_later_reads_ask_for_the_gap_and_three_periods_of_late_data(bench: Bench) -> None:
    await bench.poll()
    await bench.poll(METRICS, after=600)
    windows = {(query.start, query.end) for query in bench.room.queries[-1]}
    assert windows == {(END - 180, END + 600)}


async def test_late_data_correct_what_was_read_too_early(bench: Bench) -> None:
    await bench.poll()
    bench.room.value = lambda query: 9.0
    seen = await bench.poll(METRICS, after=60)
    assert seen.by_key[KEY].series["errors"].values[-5:] == (0.0, 9.0, 9.0, 9.0, 9.0)


async def test_after_a_long_absence_no_more_is_asked_than_is_kept(bench: Bench) -> None:
    await bench.poll()
    seen = await bench.poll(METRICS, after=86400)
    (window,) = {(query.start, query.end) for query in bench.room.queries[-1]}
    assert window == (END + 86400 - 180 * 60, END + 86400)
    assert len(seen.by_key[KEY].series["errors"].values) == 180


async def test_nothing_is_asked_when_nothing_new_can_be_there(bench: Bench) -> None:
    await bench.poll()
    seen = await bench.poll(METRICS, after=5)
    assert len(bench.room.queries) == 1
    assert seen.metrics_at["thing"] == NOW + 5


async def test_a_new_resource_is_read_at_once_whatever_is_due(bench: Bench) -> None:
    await bench.poll()
    bench.room.listings[DEV] = listing(DEV, "one", "two")
    seen = await bench.poll(LIST, after=300)
    assert {query.resource for query in bench.room.queries[-1]} == {thing(DEV, "two").key}
    assert seen.metrics_at == {"account": NOW, "thing": NOW}
    assert "errors" in seen.by_key[thing(DEV, "two").key].series


async def test_a_query_that_fails_leaves_the_old_series_and_is_said_until_it_is_tried_again(bench: Bench) -> None:
    before = await bench.poll()
    refused = failure(DEV, Outcome.DENIED, "GetMetricData")

    def value(query: MetricQuery) -> float | Failure:
        return refused if query.metric == "load" else 1.0

    bench.room.value = value
    seen = await bench.poll(METRICS, after=60)
    assert (seen.outcome, seen.failures) == (Outcome.PARTIAL, (refused,))
    assert seen.by_key[KEY].series["load"] == before.by_key[KEY].series["load"]
    assert seen.by_key[KEY].series["errors"].latest == 1.0
    other = await bench.poll(ACCOUNT, after=60)
    assert other.failures == (refused,)
    bench.room.value = lambda query: 1.0
    assert (await bench.poll(METRICS, after=60)).failures == ()


async def test_metrics_of_which_nothing_came_are_still_due(bench: Bench) -> None:
    await bench.poll()
    bench.room.value = lambda query: failure(DEV, Outcome.THROTTLED, "GetMetricData")
    seen = await bench.poll(METRICS, after=60)
    assert seen.metrics_at == {"account": NOW, "thing": NOW}
    assert seen.observed_at == NOW
    assert seen.outcome is Outcome.PARTIAL


async def test_a_defect_in_a_service_costs_its_slot_and_is_reported_without_its_text(bench: Bench) -> None:
    good = await bench.poll()
    bench.room.listings[DEV] = KeyError("AKIAIOSFODNN7EXAMPLE")
    seen = await bench.poll(LIST, after=300)
    assert (seen.outcome, seen.resources) == (Outcome.INVALID, good.resources)
    assert seen.failures[0].code == "KeyError"
    assert "AKIA" not in repr(seen.failures)
    assert [type(error) for error in bench.defects] == [KeyError]


async def test_a_listing_that_never_ends_is_given_up(bench: Bench) -> None:
    bench.room.holds[DEV] = asyncio.Event()
    seen = await bench.poll()
    assert seen.outcome is Outcome.UNREACHABLE
    assert seen.failures[0].code == "DeadlineExceeded"
    assert seen.observed_at is None


async def test_a_region_that_is_off_is_neither_good_nor_bad(bench: Bench) -> None:
    bench.room.listings[DEV] = failure(DEV, Outcome.REGION_DISABLED)
    assert (await bench.poll()).outcome is Outcome.REGION_DISABLED
    assert bench.room.queries == []


async def test_what_was_restored_stays_so_until_something_is_seen(bench: Bench) -> None:
    bench.last = replace(await bench.poll(), restored=True)
    bench.room.listings[DEV] = failure(DEV)
    assert (await bench.poll(LIST, after=60)).restored
    bench.room.listings.clear()
    assert not (await bench.poll(LIST, after=60)).restored


async def test_the_outcome_names_what_a_person_must_mend_first(bench: Bench) -> None:
    found = (failure(DEV, Outcome.THROTTLED), failure(DEV, Outcome.DENIED), failure(DEV, Outcome.UNREACHABLE))
    bench.room.listings[DEV] = replace(listing(DEV), resources=(), failures=found)
    assert (await bench.poll()).outcome is Outcome.DENIED


def test_a_threshold_over_hours_is_read_over_hours() -> None:
    configured = settings("dev")
    (system,) = configured.systems
    (environment,) = system.environments
    long = Threshold(None, 5, 4 * 3600)
    patient = replace(environment, overrides=(Override("one", {"tiny.errors": long}),))
    configured = replace(configured, systems=(replace(system, environments=(patient,)),))
    errors = TINY.metrics[0]
    assert query_window(errors, None, NOW, reach_of(TINY, configured)) == (END - 4 * 3600 - 180, END)


def test_a_first_read_of_coarse_points_fills_a_chart() -> None:
    coarse = replace(TINY.metrics[0], period_seconds=300, delay_seconds=300)
    window = query_window(coarse, None, NOW, {})
    assert window is not None
    assert window[1] - window[0] == 30 * 300
    assert window[1] % 300 == 0


def test_an_answer_that_was_not_complete_is_asked_for_again() -> None:
    partial = Series(END - 3600, 60, (None,) * 60, Coverage.PARTIAL)
    assert query_window(TINY.metrics[0], partial, NOW, {}) == (END - 180, END)
