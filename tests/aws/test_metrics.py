"""Packing queries into requests, reading answers, and coalescing what several slots ask."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from cockpit.aws.answers import Unanswered, read_pages
from cockpit.aws.meter import Meter
from cockpit.aws.metrics import MAX_POINTS, MAX_QUERIES, MetricQuery, pack
from cockpit.aws.room import AwsRoom
from cockpit.model.ids import SlotId
from cockpit.model.series import Coverage, Series
from cockpit.model.verdict import Outcome
from tests.aws.fleet import HOME, NOW, REGION
from tests.aws.wire import Reply, Wire, error

START = 1_700_000_040 - 600
QUERY = MetricQuery(
    resource="arn:checkout",
    metric="errors",
    namespace="AWS/Lambda",
    name="Errors",
    statistic="Sum",
    dimensions=(("FunctionName", "checkout"),),
    period_seconds=60,
    start=START,
    end=START + 300,
)


def numbered(number: int, **changes: Any) -> MetricQuery:
    dimensions = (("FunctionName", f"f{number}"),)
    return replace(QUERY, resource=f"arn:f{number}", dimensions=dimensions, **changes)


def moment(offset: int) -> float:
    return float(START + offset)


def result(index: int, points: Mapping[int, float], status: str = "Complete") -> dict[str, Any]:
    """One entry of an answer as it is on the wire; offsets from the start in seconds."""
    return {
        "Id": f"m{index}",
        "Label": "x",
        "StatusCode": status,
        "Timestamps": [moment(offset) for offset in points],
        "Values": list(points.values()),
    }


def parsed(page: Mapping[str, Any]) -> dict[str, Any]:
    """The same, as botocore hands it on."""
    results = [
        {**part, "Timestamps": [datetime.fromtimestamp(at, UTC) for at in part["Timestamps"]]}
        for part in page["MetricDataResults"]
    ]
    return {**page, "MetricDataResults": results}


def everything(seen: Any) -> Reply:
    """An answer with one point for every entry."""
    return Reply({"MetricDataResults": [result(i, {0: 1.0}) for i in range(len(seen.parameters["MetricDataQueries"]))]})


# --- packing


def test_requests_are_filled_to_the_limit() -> None:
    batches = pack(numbered(number) for number in range(1201))
    assert [len(batch.statistics) for batch in batches] == [500, 500, 201]


def test_a_request_has_one_window() -> None:
    batches = pack([numbered(1), numbered(2, end=START + 240), numbered(3)])
    assert sorted(len(batch.statistics) for batch in batches) == [1, 2]


def test_points_are_bounded_too() -> None:
    batches = pack(numbered(number, start=START - 86_400) for number in range(100))
    assert len(batches) == 2
    assert all(batch.points <= MAX_POINTS for batch in batches)


def test_statistics_of_one_metric_stay_together_and_bill_as_one() -> None:
    statistics = ("Sum", "Average", "Maximum", "p99")
    queries = [numbered(number, statistic=statistic) for statistic in statistics for number in range(126)]
    first, second = pack(queries)
    assert (len(first.statistics), first.billed_metrics) == (500, 125)
    assert (len(second.statistics), second.billed_metrics) == (4, 1)


def test_a_sixth_statistic_is_a_second_metric_on_the_bill() -> None:
    six = ("Sum", "Average", "Maximum", "Minimum", "p50", "p99")
    (batch,) = pack([replace(QUERY, statistic=statistic) for statistic in six])
    assert batch.billed_metrics == 2


def test_one_metric_asked_twice_is_asked_once() -> None:
    (batch,) = pack([QUERY, replace(QUERY, resource="other", metric="other", scale=2.0)])
    assert len(batch.statistics) == 1


@given(
    st.lists(
        st.builds(
            numbered,
            st.integers(0, 400),
            statistic=st.sampled_from(["Sum", "p99", "Maximum"]),
            start=st.sampled_from([START, START - 86_400 * 10]),
        ),
        max_size=900,
    )
)
def test_packing_asks_for_everything_once_within_the_limits(queries: list[MetricQuery]) -> None:
    batches = pack(queries)
    asked = [statistic for batch in batches for statistic in batch.statistics]
    assert len(asked) == len(set(asked))
    assert set(asked) == {query.statistic_key for query in queries}
    for batch in batches:
        assert len(batch.statistics) <= MAX_QUERIES
        assert batch.points <= MAX_POINTS
        assert len({(statistic.start, statistic.end) for statistic in batch.statistics}) == 1
    home = {}
    for number, batch in enumerate(batches):
        for statistic in batch.statistics:
            assert home.setdefault((statistic.metric, statistic.start), number) == number


# --- answers


def answer_to(*pages: Mapping[str, Any]) -> tuple[Any, Sequence[Unanswered]]:
    (batch,) = pack([QUERY])
    answers, remarks = read_pages(batch, [parsed(page) for page in pages])
    return answers[QUERY.statistic_key], remarks


def test_points_are_laid_on_the_grid_and_holes_stay_holes() -> None:
    answer, _ = answer_to({"MetricDataResults": [result(0, {60: 2.0, 240: 4.0})]})
    assert answer == Series(START, 60, (None, 2.0, None, None, 4.0), Coverage.COMPLETE)


def test_an_answer_spread_over_pages_is_one_series() -> None:
    first = {"MetricDataResults": [result(0, {0: 1.0}, "PartialData")]}
    answer, _ = answer_to(first, {"MetricDataResults": [result(0, {60: 2.0})]})
    assert answer == Series(START, 60, (1.0, 2.0, None, None, None), Coverage.COMPLETE)


def test_partial_data_to_the_end_is_partial() -> None:
    answer, _ = answer_to({"MetricDataResults": [result(0, {0: 1.0}, "PartialData")]})
    assert answer.coverage is Coverage.PARTIAL


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Forbidden", Outcome.DENIED),
        ("InternalError", Outcome.UNREACHABLE),
        ("", Outcome.INVALID),
        ("Splendid", Outcome.INVALID),
    ],
)
def test_any_other_status_is_no_series(status: str, outcome: Outcome) -> None:
    answer, _ = answer_to({"MetricDataResults": [result(0, {0: 1.0}, status)]})
    assert isinstance(answer, Unanswered)
    assert answer.outcome is outcome


def test_a_metric_that_is_left_out_is_no_empty_series() -> None:
    answer, _ = answer_to({"MetricDataResults": []})
    assert (answer.outcome, answer.code) == (Outcome.INVALID, "MissingResult")


def test_a_message_about_the_whole_makes_it_partial() -> None:
    message = {"Code": "MaxMetricsExceeded", "Value": "too many"}
    answer, remarks = answer_to({"MetricDataResults": [result(0, {0: 1.0})], "Messages": [message]})
    assert answer.coverage is Coverage.PARTIAL
    assert remarks == (Unanswered(Outcome.PARTIAL, "MaxMetricsExceeded", "too many"),)


# --- on the wire


async def test_slots_of_one_account_and_region_share_a_request(room: AwsRoom, wire: Wire, meter: Meter) -> None:
    wire.on("GetMetricData", everything)
    other = replace(HOME, service="others")
    first, second = await asyncio.gather(
        room.load(HOME, [numbered(1), numbered(2)], NOW), room.load(other, [numbered(3)], NOW)
    )
    assert set(first.series) == {("arn:f1", "errors"), ("arn:f2", "errors")}
    assert set(second.series) == {("arn:f3", "errors")}
    (asked,) = wire.calls("GetMetricData")
    assert len(asked.parameters["MetricDataQueries"]) == 3
    assert asked.parameters["ScanBy"] == "TimestampAscending"
    assert (asked.parameters["StartTime"], asked.parameters["EndTime"]) == (START, START + 300)
    line = next(line for line in meter.reading(NOW).lines if line.operation == "GetMetricData")
    assert (line.billed_metrics, round(line.cost_usd, 8)) == (3, 0.00003)


async def test_regions_do_not_share_a_request(room: AwsRoom, wire: Wire) -> None:
    wire.on("GetMetricData", everything)
    await asyncio.gather(
        room.load(HOME, [numbered(1)], NOW), room.load(SlotId("dev", "us-east-1", "things"), [numbered(1)], NOW)
    )
    assert sorted(seen.region for seen in wire.calls("GetMetricData")) == [REGION, "us-east-1"]


async def test_values_come_in_our_unit(room: AwsRoom, wire: Wire) -> None:
    wire.on("GetMetricData", Reply({"MetricDataResults": [result(0, {0: 1500.0})]}))
    answer = await room.load(HOME, [replace(QUERY, scale=0.001), replace(QUERY, metric="raw")], NOW)
    assert answer.series["arn:checkout", "errors"].values[0] == 1.5
    assert answer.series["arn:checkout", "raw"].values[0] == 1500.0


async def test_the_next_token_is_followed(room: AwsRoom, wire: Wire) -> None:
    def pages(seen):
        if "NextToken" in seen.parameters:
            return Reply({"MetricDataResults": [result(0, {60: 2.0})]})
        return Reply({"MetricDataResults": [result(0, {0: 1.0}, "PartialData")], "NextToken": "2"})

    wire.on("GetMetricData", pages)
    answer = await room.load(HOME, [QUERY], NOW)
    assert answer.series["arn:checkout", "errors"].values[:2] == (1.0, 2.0)


async def test_a_failed_request_is_a_failure_for_each_of_its_slots_and_never_an_empty_series(
    room: AwsRoom, wire: Wire
) -> None:
    wire.on("GetMetricData", error("AccessDeniedException", status=403))
    other = replace(HOME, service="others")
    answers = await asyncio.gather(room.load(HOME, [numbered(1), numbered(2)], NOW), room.load(other, [QUERY], NOW))
    for answer, service in zip(answers, ("things", "others"), strict=True):
        assert answer.series == {}
        (failure,) = answer.failures
        assert (failure.outcome, failure.iam_action) == (Outcome.DENIED, "cloudwatch:GetMetricData")
        assert failure.service == service


async def test_a_metric_that_fails_alone_names_its_resource(room: AwsRoom, wire: Wire) -> None:
    results = [result(0, {0: 1.0}), result(1, {}, "Forbidden")]
    wire.on("GetMetricData", Reply({"MetricDataResults": results}))
    answer = await room.load(HOME, [numbered(1), numbered(2)], NOW)
    assert set(answer.series) == {("arn:f1", "errors")}
    (failure,) = answer.failures
    assert (failure.outcome, failure.resource, failure.service) == (Outcome.DENIED, "arn:f2", "things")


async def test_one_broken_query_does_not_blind_the_others(room: AwsRoom, wire: Wire) -> None:
    def picky(seen):
        names = [
            query["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for query in seen.parameters["MetricDataQueries"]
        ]
        return error("ValidationError", "bad dimension") if "f13" in names else everything(seen)

    wire.on("GetMetricData", picky)
    answer = await room.load(HOME, [numbered(number) for number in range(40)], NOW)
    assert len(answer.series) == 39
    assert ("arn:f13", "errors") not in answer.series
    assert [failure.code for failure in answer.failures] == ["ValidationError"]


@pytest.mark.parametrize("broken", [replace(QUERY, dimensions=(("FunctionName", ""),)), replace(QUERY, end=START)])
async def test_a_query_that_cannot_be_asked_is_a_failure_and_costs_nothing(
    room: AwsRoom, wire: Wire, broken: MetricQuery
) -> None:
    wire.on("GetMetricData", everything)
    answer = await room.load(HOME, [numbered(1), broken], NOW)
    assert set(answer.series) == {("arn:f1", "errors")}
    assert [(failure.code, failure.resource) for failure in answer.failures] == [("IncompleteQuery", "arn:checkout")]


async def test_nothing_asked_is_nothing_called(room: AwsRoom, wire: Wire) -> None:
    answer = await room.load(HOME, [], NOW)
    assert (answer.series, answer.failures, wire.seen) == ({}, (), [])


async def test_a_caller_who_gives_up_leaves_the_others_their_answer(room: AwsRoom, wire: Wire) -> None:
    wire.on("GetMetricData", everything)
    giving_up = asyncio.create_task(room.load(HOME, [numbered(1)], NOW))
    staying = asyncio.create_task(room.load(HOME, [numbered(1)], NOW))
    await asyncio.sleep(0.01)
    giving_up.cancel()
    assert len((await staying).series) == 1


def test_requests_are_what_botocores_model_wants() -> None:
    """The CloudWatch client does not check parameters itself."""
    model = botocore.session.get_session().get_service_model("cloudwatch").operation_model("GetMetricData")
    batches = pack([numbered(1), numbered(1, statistic="p99"), replace(QUERY, dimensions=())])
    for batch in batches:
        assert not ParamValidator().validate(batch.parameters(), model.input_shape).has_errors()
