"""What a day of watching costs, before it is spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cockpit.config.settings import Polling, Settings
from cockpit.engine.estimate import Estimate, estimate, render
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import Missing
from cockpit.model.service import Cadence, Call, Catalogue, MetricSpec
from cockpit.model.snapshot import MeterLine, MeterReading
from cockpit.model.units import Unit
from cockpit.model.verdict import Outcome
from tests.engine.house import BILLS, NOW, THINGS, account, environment, failure, seen, settings, slot, target, thing


def metric(name: str, statistic: str, *kinds: str, cloudwatch_name: str | None = None) -> MetricSpec:
    return MetricSpec(
        name,
        "AWS/Thing",
        cloudwatch_name or name,
        statistic,
        Unit.COUNT,
        kinds,
        lambda one: None if one.facts.get("no_metrics") else {"Name": one.name},
        Missing.ZERO,
    )


SPEC = replace(
    THINGS,
    calls=(Call("things", "ListThings", "things:List"), Call("sqs", "GetQueueAttributes", "sqs:Get")),
    discover_seconds=300.0,
    metrics=(
        metric("errors", "Sum", "account", "thing"),
        metric("p99", "p99", "thing", cloudwatch_name="Duration"),
        metric("longest", "Maximum", "thing", cloudwatch_name="Duration"),
    ),
    cadences=(Cadence(("account",), 60.0, 60.0), Cadence(("thing",), 3600.0, 300.0)),
)
MONEY = replace(BILLS, calls=(Call("ce", "GetCostAndUsage", "ce:Get"),), dollars_per_call={"GetCostAndUsage": 0.01})
CATALOGUE = Catalogue((SPEC, MONEY))
METER = MeterReading(
    NOW,
    (
        MeterLine("shop", "things", "ListThings", calls=3),
        MeterLine("shop", "sqs", "GetQueueAttributes", calls=10),
        MeterLine("shop", "sts", "GetCallerIdentity", calls=1),
        MeterLine("dev", "things", "ListThings", calls=99),
    ),
)
FLEET = seen(thing("all", kind="account", shared=True), *(thing(f"t{number}") for number in range(600)))


def reckon(
    observations: Mapping[SlotId, Observation], configured: Settings | None = None, meter: MeterReading = METER
) -> Estimate:
    return estimate(configured or settings(environment("prod", target())), CATALOGUE, observations, NOW, meter=meter)


def test_metrics_are_billed_once_a_read_and_statistics_of_one_metric_once() -> None:
    (line,) = reckon(FLEET).lines
    assert (line.account, line.service, line.resources) == ("shop", "things", 601)
    assert line.metrics == 1 + 600 * 2
    assert line.quiet.usd == pytest.approx((1440 * 1 + 24 * 1200) * 1e-5)
    assert line.worst.usd == pytest.approx((1440 * 1 + 288 * 1200) * 1e-5)


def test_queries_share_requests_of_five_hundred() -> None:
    (line,) = reckon(FLEET).lines
    assert line.quiet.calls == pytest.approx(1440 + 24 * 4)
    assert line.worst.calls == pytest.approx(1440 + 288 * 4)


def test_what_publishes_no_metrics_is_not_billed() -> None:
    (line,) = reckon(seen(thing("a", facts={"no_metrics": True}), thing("b"))).lines
    assert line.metrics == 2


def test_discovery_is_as_many_calls_as_were_metered_at_their_price() -> None:
    (line,) = reckon(FLEET).lines
    assert line.discovery.calls == pytest.approx(288 * 13)
    assert line.discovery.usd == pytest.approx(288 * 10 * 0.4e-6)


def test_the_pace_stretches_everything_but_bills() -> None:
    bill = Resource("bill", slot("cost", "shop", "us-east-1"), "bill", "shop")
    meter = MeterReading(NOW, (*METER.lines, MeterLine("shop", "ce", "GetCostAndUsage", calls=2)))
    configured = settings(environment("prod", target(services=("things", "cost"))))
    slow = replace(configured, polling=Polling(pace=2.0))
    normal, half = (reckon(FLEET | seen(bill), one, meter).lines for one in (configured, slow))
    assert half[0].quiet.usd == pytest.approx(normal[0].quiet.usd / 2)
    assert half[0].discovery.calls == pytest.approx(normal[0].discovery.calls / 2)
    assert [line.discovery.usd for line in (normal[1], half[1])] == pytest.approx([4 * 0.02] * 2)


def test_a_bill_that_came_from_the_store_will_have_to_be_asked_for() -> None:
    configured = settings(environment("prod", target(services=("cost",))))
    bill = Resource("bill", slot("cost", "shop", "us-east-1"), "bill", "shop")
    (line,) = reckon(seen(bill), configured, MeterReading(NOW)).lines
    assert line.discovery.usd == pytest.approx(4 * 0.01)


def test_an_emulator_sends_no_bill() -> None:
    configured = settings(environment("prod", target()), accounts=[account("shop", emulator=True)])
    (line,) = reckon(FLEET, configured).lines
    assert (line.discovery.usd, line.quiet.usd, line.worst.usd) == (0, 0, 0)
    assert line.quiet.calls > 0


def test_totals_are_the_sum_of_the_lines() -> None:
    configured = settings(environment("prod", target(), target("dev")))
    observations = FLEET | seen(thing("x", where=slot(account_name="dev")))
    result = reckon(observations, configured)
    assert len(result.lines) == 2
    assert result.quiet.usd == pytest.approx(sum((line.discovery + line.quiet).usd for line in result.lines))
    assert result.worst.calls == pytest.approx(sum((line.discovery + line.worst).calls for line in result.lines))
    assert result.worst.usd > result.quiet.usd


def test_what_could_not_be_discovered_is_told() -> None:
    configured = settings(environment("prod", target(), target("dev"), target("media")))
    denied = seen(at=slot(account_name="dev"), outcome=Outcome.DENIED, failures=[failure()], age=None)
    result = reckon(FLEET | denied, configured)
    assert [line.account for line in result.lines] == ["shop"]
    assert result.not_counted == (
        "dev/eu-west-1/things: denied: things:ListThings is missing; never seen",
        "media/eu-west-1/things: not looked at yet",
    )
    assert "Not counted: media/eu-west-1/things" in render(result)


def test_the_table_reads_from_the_dearest_to_the_total() -> None:
    configured = settings(environment("prod", target(), target("dev")), polling=Polling(ceiling_usd_per_day=2.0))
    text = render(reckon(FLEET | seen(thing("x", where=slot(account_name="dev"))), configured))
    assert text.splitlines() == [
        "ACCOUNT  SERVICE  THINGS  METRICS  CALLS A DAY  $ A DAY QUIET  $ A DAY WORST",
        "shop     things      601    1\u202f201        5\u202f280           0.30           3.47",
        "dev      things        1        2       28\u202f536           0.00           0.01",
        "total                602    1\u202f203       33\u202f816           0.30           3.48",
        "",
        "The ceiling is $2.00 a day: a quiet day is under it; on a bad day polling is slowed to stay under it.",
    ]


@pytest.mark.parametrize(
    ("ceiling", "words"), [(0.1, "even a quiet day is over it"), (1.0, "on a bad day"), (9.0, "even the worst day")]
)
def test_the_verdict_compares_with_the_ceiling(ceiling: float, words: str) -> None:
    configured = settings(environment("prod", target()), polling=Polling(ceiling_usd_per_day=ceiling))
    assert words in render(reckon(FLEET, configured))


def test_nothing_counted_is_no_verdict() -> None:
    assert "Nothing could be counted." in render(Estimate((), 2.0, ("shop: denied",)))
