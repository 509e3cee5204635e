"""OpenMetrics, as a Prometheus parser reads it."""

from __future__ import annotations

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_parser
from prometheus_client.parser import text_string_to_metric_families as classic_parser

from cockpit.check.formats.openmetrics import render
from cockpit.model.verdict import Outcome
from tests.check.factory import NOW, Fleet, finding, healthy, observation, slot, troubled

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(fleet: Fleet) -> Samples:
    text = render(fleet.report())
    assert text.endswith("# EOF\n")
    found = [sample for family in open_parser(text) for sample in family.samples]
    by_key = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in found}
    assert len(by_key) == len(found)
    return by_key


def value(fleet: Fleet, name: str, **labels: str) -> float:
    return samples(fleet)[name, frozenset(labels.items())]


def test_each_environment_has_one_state_that_holds() -> None:
    found = samples(troubled())
    states = [
        (dict(labels)["system"], dict(labels)["environment"], dict(labels)["state"])
        for (name, labels), figure in found.items()
        if name == "cockpit_environment_health" and figure == 1
    ]

    assert sorted(states) == [
        ("events", "staging", "warning"),
        ("media", "prod", "unknown"),
        ("quiet", "dev", "ok"),
        ("shop", "prod", "critical"),
    ]


def test_coverage_age_calls_and_dollars_are_there() -> None:
    where = {"account": "media", "region": "eu-west-1", "service": "lambda"}
    assert value(troubled(), "cockpit_slot_observed", **where) == 0
    assert value(troubled(), "cockpit_slot_data_age_seconds", **(where | {"account": "live"})) == 20
    assert value(troubled(), "cockpit_check_complete") == 0
    assert value(healthy(), "cockpit_check_complete") == 1
    assert value(healthy(), "cockpit_check_calls") == 12
    assert value(healthy(), "cockpit_check_cost_usd") == 0.004
    assert value(healthy(), "cockpit_check_timestamp_seconds") == NOW
    assert value(healthy(), "cockpit_account_session_expiry_timestamp_seconds", account="live") == NOW + 3600


def test_findings_have_figures_and_limits() -> None:
    found = {name: figure for (name, labels), figure in samples(troubled()).items() if ("subject", "events") in labels}

    assert found == {
        "cockpit_finding": 1,
        "cockpit_finding_value": 1204,
        "cockpit_finding_limit": 1000,
        "cockpit_finding_since_timestamp_seconds": NOW - 360,
    }


def test_findings_that_differ_only_in_their_resource_are_counted_not_repeated() -> None:
    twins = [finding(slot(), resource=f"arn:{n}") for n in range(3)]
    fleet = Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=twins)

    assert [figure for (name, _), figure in samples(fleet).items() if name == "cockpit_finding"] == [3]


def test_label_values_are_escaped() -> None:
    odd = finding(slot(), subject='a "quoted"\nback\\slash {x="y"}')
    fleet = Fleet().see(observation(slot())).environment("shop/prod", [slot()], findings=[odd])

    subjects = {dict(labels).get("subject") for name, labels in samples(fleet) if name == "cockpit_finding"}
    assert subjects == {'a "quoted"\nback\\slash {x="y"}'}


def test_the_older_parser_behind_textfile_collectors_reads_the_same() -> None:
    text = render(troubled().report())
    old = {family.name for family in classic_parser(text)}

    assert old == {family.name for family in open_parser(text)}


def test_what_was_never_seen_has_no_age() -> None:
    fleet = Fleet().see(observation(slot(), Outcome.DENIED, age=None)).environment("shop/prod", [slot()])

    assert not [name for name, _ in samples(fleet) if name == "cockpit_slot_data_age_seconds"]
