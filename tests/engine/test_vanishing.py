"""What is not listed any more goes, and what cannot be listed stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.engine.look import Look
from cockpit.engine.scheduler import Run
from cockpit.model.service import Discovery
from cockpit.model.verdict import Outcome
from tests.engine.rooms import BILL, DEV, NOW, PAID, failure, listing, thing
from tests.engine.test_poller import ACCOUNT, LIST, Bench

THINGS = Run(DEV, False, frozenset({"thing"}))


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_resource_stays_while_the_list_of_its_kind_fails(bench: Bench) -> None:
    bench.room.listings[DEV] = listing(DEV, "one", "two")
    await bench.poll()
    denied = failure(DEV, Outcome.DENIED, "DescribeThing")
    bench.room.listings[DEV] = listing(DEV, failures=(denied,))
    partly = await bench.poll(LIST, after=300)
    assert partly.outcome is Outcome.PARTIAL
    assert [one.name for one in partly.resources] == ["account", "one", "two"]
    bench.room.listings[DEV] = listing(DEV, "one")
    whole = await bench.poll(LIST, after=300)
    assert whole.outcome is Outcome.OK
    assert [one.name for one in whole.resources] == ["account", "one"]


async def test_a_lasting_failure_elsewhere_keeps_nothing_that_has_vanished(bench: Bench) -> None:
    bench.room.listings[DEV] = listing(DEV, "one", "two")
    await bench.poll()
    bench.room.listings[DEV] = listing(DEV, "one", failures=(failure(DEV, Outcome.DENIED, "DescribeThing"),))
    seen = await bench.poll(LIST, after=300)
    assert seen.outcome is Outcome.PARTIAL
    assert [one.name for one in seen.resources] == ["account", "one"]


def test_a_bill_that_could_not_be_read_is_no_saving() -> None:
    bills = tuple(thing(BILL, name, "bill") for name in ("one", "two"))
    billing = replace(PAID, summarise=lambda bills, money, now: bills[0])
    throttled = failure(BILL, Outcome.THROTTLED, "GetCost")
    after = Look(resources=bills).listed(Discovery(bills[:1], (throttled,)), billing, NOW)
    assert after.resources == bills
    assert after.outcome is Outcome.PARTIAL


async def test_the_same_refusal_of_two_reads_is_told_once(bench: Bench) -> None:
    refused = failure(DEV, Outcome.DENIED, "GetMetricData")
    bench.room.value = lambda query: refused
    await bench.poll(ACCOUNT)
    again = replace(refused, at=NOW + 1, request_id="other")
    bench.room.value = lambda query: again
    seen = await bench.poll(THINGS, after=1)
    assert [one.operation for one in seen.failures] == ["GetMetricData"]
