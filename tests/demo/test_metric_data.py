"""GetMetricData over the wire: what is asked for, how it is cut, and what is refused."""

from __future__ import annotations

import urllib.parse
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.demo.conftest import START, Emulator, moment

END = int(START // 60) * 60 - 120
HOUR = 3600


def query(name: str, metric: str, statistic: str, period: int = 60, **dimensions: str) -> dict[str, Any]:
    listed = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    described = {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": listed}
    return {"Id": name, "MetricStat": {"Metric": described, "Period": period, "Stat": statistic}}


def ask(client: Any, *queries: dict[str, Any], start: int = END - HOUR, end: int = END, **more: Any) -> dict[str, Any]:
    more = {"ScanBy": "TimestampAscending"} | more
    return client.get_metric_data(MetricDataQueries=list(queries), StartTime=moment(start), EndTime=moment(end), **more)


@pytest.fixture
def cloudwatch(emulator: Emulator) -> Any:
    return emulator.of("tim-sandbox", "cloudwatch")


CHECKOUT = {"FunctionName": "tim-prod-checkout"}


def test_hours_of_history_are_there_at_once(cloudwatch: Any) -> None:
    (result,) = ask(cloudwatch, query("a", "Invocations", "Sum", **CHECKOUT), start=END - 6 * HOUR)["MetricDataResults"]
    assert len(result["Values"]) == 360
    assert result["StatusCode"] == "Complete"
    assert result["Label"] == "Invocations"
    assert [t.timestamp() for t in result["Timestamps"]] == list(range(END - 6 * HOUR, END, 60))


def test_the_same_question_has_the_same_answer(cloudwatch: Any) -> None:
    asked = query("a", "Duration", "p99", **CHECKOUT)
    assert ask(cloudwatch, asked)["MetricDataResults"] == ask(cloudwatch, asked)["MetricDataResults"]


def test_every_statistic_of_a_metric_fits_the_others(cloudwatch: Any) -> None:
    statistics = ("Sum", "Average", "SampleCount", "Minimum", "Maximum", "p50", "p90", "p99", "p100")
    queries = [query(s.lower(), "Duration", s, **CHECKOUT) for s in statistics]
    found = {r["Id"]: r["Values"] for r in ask(cloudwatch, *queries, start=END - 600)["MetricDataResults"]}
    for i in range(10):
        point = {name: values[i] for name, values in found.items()}
        assert point["average"] == pytest.approx(point["sum"] / point["samplecount"])
        ordered = [point[name] for name in ("minimum", "p50", "p90", "p99", "p100")]
        assert ordered == sorted(ordered)
        assert point["p100"] <= point["maximum"]
        assert point["minimum"] < point["average"] < point["maximum"]


def test_the_average_of_errors_is_the_error_rate(cloudwatch: Any) -> None:
    asked = [query("rate", "Errors", "Average", **CHECKOUT), query("bad", "Errors", "Sum", **CHECKOUT)]
    asked.append(query("all", "Invocations", "Sum", **CHECKOUT))
    found = {r["Id"]: r["Values"][-1] for r in ask(cloudwatch, *asked)["MetricDataResults"]}
    assert found["rate"] == pytest.approx(found["bad"] / found["all"])
    assert found["bad"] > 0


def test_longer_periods_add_up_their_minutes(cloudwatch: Any) -> None:
    start, end = END // 300 * 300 - HOUR, END // 300 * 300
    asked = [query("fine", "Invocations", "Sum", **CHECKOUT), query("coarse", "Invocations", "Sum", 300, **CHECKOUT)]
    fine, coarse = (r["Values"] for r in ask(cloudwatch, *asked, start=start, end=end)["MetricDataResults"])
    assert coarse == [sum(fine[i : i + 5]) for i in range(0, 60, 5)]


def test_percentiles_of_longer_periods_are_not_averages(cloudwatch: Any) -> None:
    start, end = END // 300 * 300 - 300, END // 300 * 300
    asked = [query("fine", "Duration", "p99", **CHECKOUT), query("coarse", "Duration", "p99", 300, **CHECKOUT)]
    fine, (coarse,) = (r["Values"] for r in ask(cloudwatch, *asked, start=start, end=end)["MetricDataResults"])
    assert min(fine) < coarse < max(fine)


def test_the_end_is_exclusive_and_the_start_is_rounded_down(cloudwatch: Any) -> None:
    asked = query("a", "Invocations", "Sum", **CHECKOUT)
    (result,) = ask(cloudwatch, asked, start=END - 150, end=END)["MetricDataResults"]
    assert [t.timestamp() for t in result["Timestamps"]] == [END - 180, END - 120, END - 60]


def test_descending_is_the_default_order(cloudwatch: Any) -> None:
    (result,) = ask(cloudwatch, query("a", "Invocations", "Sum", **CHECKOUT), ScanBy="TimestampDescending")[
        "MetricDataResults"
    ]
    assert result["Timestamps"] == sorted(result["Timestamps"], reverse=True)


def test_the_newest_minute_is_not_complete_yet(emulator: Emulator, cloudwatch: Any) -> None:
    asked = query("a", "Invocations", "Sum", **CHECKOUT)
    minute = int(START // 60) * 60 - 60
    (early,) = ask(cloudwatch, asked, start=minute, end=minute + 120)["MetricDataResults"]
    emulator.clock.now = START + 180
    (late,) = ask(cloudwatch, asked, start=minute, end=minute + 60)["MetricDataResults"]
    assert [t.timestamp() for t in early["Timestamps"]] == [minute], "the running minute is not there at all"
    assert early["Values"][0] < late["Values"][0]


def test_an_unknown_metric_has_no_points_and_is_complete(cloudwatch: Any) -> None:
    answer = ask(
        cloudwatch,
        query("a", "Invocations", "Sum", FunctionName="nobody"),
        query("b", "Nothing", "Sum", **CHECKOUT),
        query("c", "Invocations", "Sum", FunctionName="tim-prod-checkout", Resource="tim-prod-checkout:none"),
    )
    assert [(r["Values"], r["StatusCode"]) for r in answer["MetricDataResults"]] == [([], "Complete")] * 3


def test_an_answer_is_cut_at_its_data_points_and_goes_on(cloudwatch: Any) -> None:
    asked = [query("a", "Invocations", "Sum", **CHECKOUT), query("b", "Errors", "Sum", **CHECKOUT)]
    whole = {r["Id"]: r["Values"] for r in ask(cloudwatch, *asked)["MetricDataResults"]}
    joined: dict[str, list[float]] = {"a": [], "b": []}
    statuses, token, pages = [], {}, 0
    while True:
        answer = ask(cloudwatch, *asked, MaxDatapoints=25, **token)
        pages += 1
        for result in answer["MetricDataResults"]:
            joined[result["Id"]] += result["Values"]
            statuses.append((result["Id"], result["StatusCode"]))
        assert sum(len(r["Values"]) for r in answer["MetricDataResults"]) <= 25
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert joined == whole
    assert pages == 5
    assert [status for name, status in statuses if name == "a"] == ["PartialData", "PartialData", "Complete"]


def test_arithmetic_over_metrics(cloudwatch: Any) -> None:
    bad, everything = query("bad", "Errors", "Sum", **CHECKOUT), query("all1", "Invocations", "Sum", **CHECKOUT)
    rate = {"Id": "rate", "Expression": "100 * bad / all1"}
    answer = ask(cloudwatch, rate, bad | {"ReturnData": False}, everything)
    found = {r["Id"]: r["Values"] for r in answer["MetricDataResults"]}
    assert set(found) == {"rate", "all1"}
    assert 4 < found["rate"][-1] < 11


def test_another_accounts_metrics_are_forbidden(cloudwatch: Any) -> None:
    (result,) = ask(cloudwatch, query("a", "Invocations", "Sum", **CHECKOUT) | {"AccountId": "999999999999"})[
        "MetricDataResults"
    ]
    assert (result["StatusCode"], result["Values"]) == ("Forbidden", [])


FINE = query("a", "Invocations", "Sum", **CHECKOUT)


@pytest.mark.parametrize(
    ("queries", "more", "words"),
    [
        ([FINE | {"Id": f"m{i}"} for i in range(501)], {}, "size greater than 500"),
        ([FINE], {"start": END, "end": END}, "StartTime must be less than"),
        ([FINE, FINE], {}, "not unique"),
        ([FINE | {"Id": "A"}], {}, "expected pattern"),
        ([query("a", "Invocations", "Sum", 90)], {}, "multiple of 60"),
        ([query("a", "Duration", "p101")], {}, "Stat is not supported"),
        ([{"Id": "a"}], {}, "Exactly one of"),
        ([{"Id": "a", "Expression": "SEARCH('x', 'Sum', 60)"}], {}, "arithmetic"),
        ([FINE], {"NextToken": "nonsense"}, "next token"),
        ([FINE], {"MaxDatapoints": 100_801}, "MaxDatapoints"),
    ],
    ids=["501", "empty window", "same id", "bad id", "period", "statistic", "nothing", "function", "token", "points"],
)
def test_what_cloudwatch_refuses_is_refused(
    cloudwatch: Any, queries: list[dict[str, Any]], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ClientError, match=words) as caught:
        ask(cloudwatch, *queries, **more)
    assert caught.value.response["Error"]["Code"] in {"ValidationError", "InvalidNextToken"}


def test_old_data_are_kept_coarser(cloudwatch: Any) -> None:
    month = 30 * 24 * HOUR
    start = (END - month) // HOUR * HOUR
    asked = [query(f"p{period}", "Invocations", "Sum", period, **CHECKOUT) for period in (60, 300, HOUR)]
    found = {
        r["Id"]: len(r["Values"]) for r in ask(cloudwatch, *asked, start=start, end=start + HOUR)["MetricDataResults"]
    }
    assert found == {"p60": 0, "p300": 12, "p3600": 1}


def test_metric_statistics_agree_with_metric_data(cloudwatch: Any) -> None:
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Duration",
        Dimensions=[{"Name": "FunctionName", "Value": "tim-prod-checkout"}],
        StartTime=moment(END - 300),
        EndTime=moment(END),
        Period=60,
        Statistics=["Maximum", "SampleCount"],
        ExtendedStatistics=["p99"],
    )
    (result,) = ask(cloudwatch, query("a", "Duration", "p99", **CHECKOUT), start=END - 300)["MetricDataResults"]
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    assert [point["ExtendedStatistics"]["p99"] for point in points] == pytest.approx(result["Values"])
    assert all(point["Maximum"] >= point["ExtendedStatistics"]["p99"] for point in points)


def test_metrics_with_a_qualified_resource_name_the_functions_with_aliases(cloudwatch: Any) -> None:
    pages = cloudwatch.get_paginator("list_metrics").paginate(
        Namespace="AWS/Lambda", MetricName="Invocations", Dimensions=[{"Name": "Resource"}]
    )
    resources = {
        d["Value"] for page in pages for m in page["Metrics"] for d in m["Dimensions"] if d["Name"] == "Resource"
    }
    assert len(resources) == 311
    assert "tim-prod-checkout:live" in resources
    assert "tim-prod-orders-list" in resources


def test_the_query_protocol_is_answered_too(emulator: Emulator) -> None:
    """An older SDK or command line speaks AWS's query protocol."""
    own = emulator.assume("tim-sandbox")
    body = urllib.parse.urlencode(
        {
            "Action": "GetMetricData",
            "Version": "2010-08-01",
            "StartTime": moment(END - 300).isoformat(),
            "EndTime": moment(END).isoformat(),
            "MetricDataQueries.member.1.Id": "a",
            "MetricDataQueries.member.1.MetricStat.Stat": "Sum",
            "MetricDataQueries.member.1.MetricStat.Period": "60",
            "MetricDataQueries.member.1.MetricStat.Metric.Namespace": "AWS/Lambda",
            "MetricDataQueries.member.1.MetricStat.Metric.MetricName": "Invocations",
        }
    )
    request = AWSRequest("POST", emulator.endpoint + "/", data=body)
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    SigV4Auth(Credentials(*own.values()), "monitoring", "us-east-2").add_auth(request)
    raw = urllib.request.Request(emulator.endpoint + "/", data=body.encode(), headers=dict(request.headers))  # noqa: S310
    with urllib.request.urlopen(raw) as answer:  # noqa: S310
        text = answer.read().decode()
    assert text.count("<Timestamps>") == 1
    assert text.count("<Values>") == 1
    assert "<StatusCode>Complete</StatusCode>" in text
