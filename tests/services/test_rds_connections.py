"""How many connections a database accepts, where that can be told."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.services._rds_connections import default_formula, evaluate
from cockpit.services.rds import SERVICE
from tests.services.rds_answers import answers, instance, look, one
from tests.services.recorded import Page, RecordedReader, Refusal, named
from tests.services.samples import sample, verdict


@pytest.mark.parametrize(
    ("engine", "version", "instance_class", "expected"),
    [
        # Figures that users read from SHOW max_connections, ± 3 %.
        ("postgres", "16.4", "db.t2.small", 198),
        ("postgres", "16.4", "db.t2.medium", 413),
        ("postgres", "16.4", "db.t2.large", 856),
        ("postgres", "16.4", "db.r5.24xlarge", 5000),
        # Figures of the Aurora guide.
        ("aurora-mysql", "8.0", "db.r5.large", 1000),
        ("aurora-mysql", "8.0", "db.r5.xlarge", 2000),
    ],
)
def test_defaults_come_close_to_what_was_measured(
    engine: str, version: str, instance_class: str, expected: int
) -> None:
    assert evaluate(default_formula(engine, version), instance_class) == pytest.approx(expected, rel=0.03)


def test_mariadb_has_accepted_half_as_many_since_10_5() -> None:
    new = evaluate(default_formula("mariadb", "10.11.9"), "db.m6g.large")
    old = evaluate(default_formula("mariadb", "10.4.34"), "db.m6g.large")
    assert new is not None
    assert old == pytest.approx(2 * new, abs=1)


@pytest.mark.parametrize(
    ("engine", "instance_class"),
    [("postgres", "db.serverless"), ("postgres", "db.r4.large"), ("oracle-ee", "db.m5.large")],
)
async def test_what_cannot_be_told_is_none_and_its_rule_is_silent(engine: str, instance_class: str) -> None:
    main = await one(Engine=engine, DBInstanceClass=instance_class)
    assert main.facts["max_connections"] is None
    judged = verdict(SERVICE, "rds.connections", sample(SERVICE, "instance", facts=main.facts, connections=[900.0] * 5))
    assert judged is None


OWN = [{"DBParameterGroupName": "ours", "ParameterApplyStatus": "in-sync"}]


def parameter(value: str) -> dict[str, Any]:
    return {"Parameters": [{"ParameterName": "max_connections", "ParameterValue": value}]}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (parameter("250"), 250),
        (parameter("LEAST({DBInstanceClassMemory/9531392},5000)"), 415),
        (parameter("{DBInstanceClassMemory/31457280}"), 125),
        (parameter("SUM({DBInstanceClassMemory/31457280},10)"), None),
        ({"Parameters": [{"ParameterName": "max_connections"}]}, 415),
    ],
)
async def test_a_parameter_group_of_ones_own_is_read(answer: Page, expected: int | None) -> None:
    reader = RecordedReader(SERVICE, answers(instance("main", DBParameterGroups=OWN), DescribeDBParameters=answer))
    assert named(await look(reader), "main").facts["max_connections"] == expected


async def test_a_group_is_read_once_for_all_its_instances_and_aws_own_never() -> None:
    rows = [instance("a", DBParameterGroups=OWN), instance("b", DBParameterGroups=OWN), instance("c")]
    reader = RecordedReader(SERVICE, answers(*rows, DescribeDBParameters=parameter("250")))
    await look(reader)
    assert reader.times("DescribeDBParameters") == 1


async def test_a_group_that_may_not_be_read_keeps_the_limit_of_before() -> None:
    row = instance("main", DBParameterGroups=OWN)
    first = await look(RecordedReader(SERVICE, answers(row, DescribeDBParameters=parameter("250"))))
    second = await look(RecordedReader(SERVICE, answers(row, DescribeDBParameters=Refusal())), first)
    assert named(second, "main").facts["max_connections"] == 250
    assert [failure.iam_action for failure in second.failures] == ["rds:DescribeDBParameters"]
