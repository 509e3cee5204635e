"""Every service file, as data: what it declares exists, and what it judges is measured."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from cockpit.model.rule import FactValue, Metric, Ratio
from cockpit.model.service import Headline, ServiceSpec
from cockpit.services import CatalogueError, catalogue, walk
from tests.services.recorded import service_model
from tests.services.samples import sample

SPECS = catalogue().services
every_service = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)

PROMISED_KINDS = {
    "lambda": {"account", "traffic", "function", "alias"},
    "rds": {"instance", "cluster"},
    "sqs": {"queue", "dlq"},
    "cloudfront": {"distribution"},
    "alarms": {"metric_alarm", "composite_alarm"},
    "cost": {"environment"},
    "stacks": {"stack", "nested"},
}
PROMISED_METRICS = {
    "lambda": {"invocations", "errors", "throttles", "duration_p99", "duration_max", "concurrent"},
    "rds": {"cpu", "connections", "free_storage", "replica_lag"},
    "sqs": {"visible", "age_oldest"},
    "cloudfront": {"requests", "error_4xx", "error_5xx", "cache_hit", "origin_latency"},
    "alarms": set(),
    "cost": set(),
    "stacks": set(),
}
PROMISED_RULES = {
    "lambda": {"error_rate", "duration_p99", "throttles", "concurrency"},
    "rds": {"cpu", "connections", "free_storage", "replica_lag", "status", "backups"},
    "sqs": {"depth", "age", "dead_letters"},
    "cloudfront": {"error_5xx", "error_4xx", "origin_latency"},
    "alarms": {"state"},
    "cost": {"over_budget", "forecast", "currency"},
    "stacks": {"half_updated", "failed", "rolled_back", "in_progress"},
}


def kinds_of(spec: ServiceSpec) -> set[str]:
    return {kind for metric in spec.metrics for kind in metric.kinds} | {
        kind for rule in spec.rules for kind in rule.kinds
    }


def test_the_services_are_there_in_the_order_of_their_columns() -> None:
    assert [spec.column for spec in SPECS] == ["LAMBDA", "DATABASE", "QUEUES", "EDGE", "ALARMS", "COST", "STACKS"]


@every_service
def test_a_service_keeps_what_the_architecture_promises(spec: ServiceSpec) -> None:
    assert PROMISED_KINDS[spec.key] <= kinds_of(spec)
    assert PROMISED_METRICS[spec.key] <= {metric.id for metric in spec.metrics}
    assert {f"{spec.key}.{rule}" for rule in PROMISED_RULES[spec.key]} <= {rule.key for rule in spec.rules}


@every_service
def test_every_declared_call_is_a_read_that_aws_knows(spec: ServiceSpec) -> None:
    for call in spec.calls:
        assert call.operation in service_model(call.client).operation_names
        prefix, _, action = call.iam.partition(":")
        assert prefix == {"resourcegroupstaggingapi": "tag"}.get(call.client, call.client)
        assert action == call.operation
        assert call.operation.startswith(("List", "Get", "Describe", "Filter"))


@every_service
def test_an_operation_names_one_call(spec: ServiceSpec) -> None:
    operations = [call.operation for call in spec.calls]
    assert len(operations) == len(set(operations))


@every_service
def test_rules_judge_metrics_of_the_same_kinds(spec: ServiceSpec) -> None:
    for rule in spec.rules:
        value = rule.value
        parts = (value.numerator, value.denominator) if isinstance(value, Ratio) else (value,)
        ids = [part.id for part in parts if isinstance(part, Metric)] + ([rule.samples] if rule.samples else [])
        for metric_id in ids:
            metric = spec.metric(metric_id)
            assert metric is not None, (rule.key, metric_id)
            assert set(rule.kinds) <= set(metric.kinds)
        assert ids or isinstance(value, FactValue)


@every_service
def test_a_rule_is_named_after_its_service_and_gives_some_severity(spec: ServiceSpec) -> None:
    for rule in spec.rules:
        assert rule.key.startswith(f"{spec.key}.")
        assert rule.threshold.warning is not None or rule.threshold.critical is not None


@every_service
def test_what_clears_a_rule_is_measured_for_the_account_every_minute(spec: ServiceSpec) -> None:
    for rule in spec.rules:
        if rule.cleared_by is not None:
            metric = spec.metric(rule.cleared_by.metric)
            cadence = spec.cadence_of("account")
            assert metric is not None
            assert "account" in metric.kinds
            assert cadence is not None
            assert cadence.every_seconds <= 60


@every_service
def test_every_measured_kind_has_one_cadence(spec: ServiceSpec) -> None:
    measured = {kind for metric in spec.metrics for kind in metric.kinds}
    paced = [kind for cadence in spec.cadences for kind in cadence.kinds]
    assert sorted(paced) == sorted(measured)
    for cadence in spec.cadences:
        assert 0 < cadence.close_seconds <= cadence.every_seconds


@every_service
def test_data_go_stale_later_than_they_are_renewed(spec: ServiceSpec) -> None:
    fastest = min([spec.discover_seconds, *(cadence.close_seconds for cadence in spec.cadences)])
    assert spec.stale_seconds >= 2 * fastest


@every_service
def test_metric_and_column_ids_are_unique(spec: ServiceSpec) -> None:
    for ids in ([metric.id for metric in spec.metrics], [column.key for column in spec.columns]):
        assert len(ids) == len(set(ids))
    assert any(column.priority == 1 for column in spec.columns)


@every_service
def test_columns_and_headline_bear_a_resource_of_which_nothing_is_known(spec: ServiceSpec) -> None:
    """A denied queue, a function that was never measured, a bill without a figure."""
    for kind in kinds_of(spec) | {"bill"} if spec.key == "cost" else kinds_of(spec):
        bare = sample(spec, kind)
        for column in spec.columns:
            value = column.value(bare)
            assert value is None or isinstance(value, (str, int, float, bool))
        shown = spec.headline([bare])
        assert isinstance(shown, Headline)
        assert shown.text
        assert shown.trend == ()


@every_service
def test_numeric_columns_say_in_which_unit(spec: ServiceSpec) -> None:
    for column in spec.columns:
        assert column.unit is not None or not column.numeric


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> ModuleType:
    """A package of service files under a name of its own."""
    name = tmp_path.name.replace("-", "_")
    folder = tmp_path / name
    folder.mkdir()
    for file, text in {"__init__": "", **files}.items():
        (folder / f"{file}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__(name)
    return sys.modules[name]


COPY = "from dataclasses import replace\nfrom cockpit.services.alarms import SERVICE as original\n"


def test_a_file_without_a_service_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CatalogueError, match=r"\.empty: exports no SERVICE"):
        walk(package(tmp_path, monkeypatch, empty=""))


def test_a_private_file_is_no_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"_part": "", "one": f"{COPY}SERVICE = original\n"}
    assert [spec.key for spec in walk(package(tmp_path, monkeypatch, **files))] == ["alarms"]


def test_two_files_with_one_key_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"one": f"{COPY}SERVICE = original\n", "two": f"{COPY}SERVICE = replace(original, column='B', order=2)\n"}
    with pytest.raises(CatalogueError, match=r"service key 'alarms' is claimed by both one\.py and two\.py"):
        walk(package(tmp_path, monkeypatch, **files))


def test_two_files_with_one_rule_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"{COPY}SERVICE = replace(original, key='other', column='B', order=2)\n"
    files = {"one": f"{COPY}SERVICE = original\n", "two": other}
    with pytest.raises(CatalogueError, match=r"rule key 'alarms\.state' is claimed by both"):
        walk(package(tmp_path, monkeypatch, **files))


def test_the_catalogue_is_made_once() -> None:
    assert catalogue() is catalogue()
