"""Facts, panels, thresholds and courses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.config.settings import Environment, Override
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule, Threshold
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from screens.context import Context
from screens.panels import counted_kind, finding_plots, panel_facts, ranked
from screens.resource_rows import raw_text
from screens.sight import View
from screens.telemetry import closeness, resource_plots, rule_series
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE, LAMBDA, RDS
from widgets.facts import empty_facts, fact_label, fact_rows, fact_text
from widgets.line import text_of, width_of
from widgets.panel import Standout, need_of, panel_lines, standout_lines

PROD = EnvironmentId("tim-combo", "prod")
ERROR_RATE = LAMBDA.rules[0]


def view(snapshot: Snapshot | None = None) -> View:
    return View(snapshot or fleet(), Context(settings(), CATALOGUE, lambda: NOW, FakeEngine(fleet())), NOW)


def function(name: str, seen: View) -> Resource:
    state = seen.snapshot.environment(PROD)
    assert state is not None
    return next(one for one in seen.resources(state.cells["lambda"]) if one.name == name)


def panel(service: str, environment: EnvironmentId = PROD, snapshot: Snapshot | None = None) -> list[str]:
    seen = view(snapshot)
    state = seen.snapshot.environment(environment)
    spec = CATALOGUE.service(service)
    assert state is not None
    assert spec is not None
    lines = panel_lines(panel_facts(state.cells[service], spec, 1, seen), 60, 16, focused=False)
    assert all(width_of(line) == 60 for line in lines)
    assert len(lines) <= 16
    return [text_of(line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("name", "value", "label", "text"),
    [
        ("backup_retention_days", 7, "backup retention", "7 d"),
        ("allocated_bytes", 2**30, "allocated", "1.0 GiB"),
        ("memory_mb", 512, "memory", "512 MB"),
        ("timeout_seconds", 30, "timeout", "30 s"),
        ("last_modified", NOW - 480, "last modified", "14:24 (8 min ago)"),
        ("encrypted", True, "encrypted", "yes"),
        ("engine", None, "engine", "–"),
        ("status", "available", "status", "available"),
        ("budget_used_percent", 51.0, "budget used", "51 %"),
    ],
)
def test_a_fact_is_shown_in_the_unit_that_its_name_tells(name: str, value: object, label: str, text: str) -> None:
    assert fact_label(name) == label
    assert fact_text(name, value, NOW) == text  # type: ignore[arg-type]


def test_a_panel_shows_what_is_wrong_before_anything_else() -> None:
    lines = panel("lambda")
    assert lines[0].startswith("1 LAMBDA ─")
    assert lines[0].endswith("✖ critical")
    assert lines[1].startswith("err 7.2 %")
    assert lines[1].endswith("1 alias · 11 functions")
    assert lines[2].startswith("checkout:live error rate  7.2 % · limit > 5.0 %")
    assert any("5.0 %┤╌╌" in line for line in lines)
    assert any(line.startswith("✖ checkout:live") and "error rate 7.2 % > 5.0 %" in line for line in lines)


def test_a_healthy_panel_shows_what_is_nearest_to_its_limit() -> None:
    lines = panel("rds")
    assert lines[0].endswith("● ok")
    assert lines[2].startswith("tim-combo-db CPU")


def test_a_service_without_rules_over_metrics_shows_the_first_metric() -> None:
    assert any("prod-web cache hit rate" in line for line in panel("cloudfront"))
    assert any("dollars a day" in line for line in panel("cost"))


def test_a_panel_that_could_not_be_seen_says_why() -> None:
    lines = panel("lambda", EnvironmentId("trinity", "production"))
    assert lines[0].endswith("? unknown")
    assert lines[1].startswith("denied: lambda:ListFunctions is missing")
    assert any("denied: lambda:ListFunctions is" in line for line in lines)


def test_a_panel_that_nobody_looked_at_waits() -> None:
    lines = panel("lambda", EnvironmentId("scheduler", "dev"))
    assert lines[0].endswith("○ waiting")
    assert lines[1] == "waiting for the first look"


def test_the_last_known_resources_of_an_expired_account_are_not_green() -> None:
    lines = panel("rds", EnvironmentId("tim-combo", "dev"))
    assert not any(line.startswith("●") for line in lines)
    assert any(line.startswith("? tim-combo-db") for line in lines)


def test_a_low_panel_has_a_trend_where_no_chart_fits() -> None:
    seen = view()
    state = seen.snapshot.environment(PROD)
    assert state is not None
    facts = panel_facts(state.cells["rds"], RDS, 2, seen)
    lines = [text_of(line) for line in panel_lines(facts, 40, 4, focused=False)]
    assert "▁" in lines[1] or "█" in lines[1] or "▅" in lines[1]
    assert need_of(facts, 40).least < need_of(facts, 40).good


def test_a_ratio_has_a_hole_where_there_was_no_traffic_and_a_zero_where_nothing_failed() -> None:
    seen = view()
    course = rule_series(ERROR_RATE, function("users-3", seen), LAMBDA)
    assert course is not None
    assert course.values.count(None) == 19
    assert 0.0 in course.values


def test_a_rule_whose_series_were_never_read_has_no_course() -> None:
    seen = view()
    unread = replace(function("users-3", seen), series={})
    assert rule_series(ERROR_RATE, unread, LAMBDA) is None
    assert resource_plots(unread, LAMBDA, lambda rule, _one: rule.threshold, NOW) == []


def test_charts_show_rules_first_and_each_metric_once() -> None:
    seen = view()
    plots = resource_plots(function("checkout:live", seen), LAMBDA, lambda rule, _one: rule.threshold, NOW)
    assert [plot.title for plot in plots] == ["error rate", "p99 duration", "invocations", "errors"]
    assert [limit.value for limit in plots[0].limits] == [5.0]


def test_the_failing_release_is_nearest_to_a_limit() -> None:
    seen = view()
    state = seen.snapshot.environment(PROD)
    assert state is not None
    first = ranked(state.cells["lambda"], LAMBDA, seen)[0]
    assert (first.resource.name, first.rule) == ("checkout:live", ERROR_RATE)
    assert first.nearness > 1


def test_a_value_below_a_lower_limit_is_nearer_than_one_above_it() -> None:
    seen = view()
    state = seen.snapshot.environment(PROD)
    assert state is not None
    database, storage = seen.resources(state.cells["rds"])[0], RDS.rules[1]
    free = database.latest("free_storage") or 0.0
    assert closeness(storage, database, RDS, Threshold(free * 2, None)) == pytest.approx(2.0)
    assert closeness(storage, database, RDS, Threshold(free / 2, None)) == pytest.approx(0.5)
    assert closeness(storage, replace(database, series={}), RDS, Threshold(free, None)) == 0.0


def threshold(environment: EnvironmentId, rule: Rule, name: str, **changes: object) -> Threshold:
    configured = settings()
    system = next(one for one in configured.systems if one.name == environment.system)
    own = Environment(EnvironmentId(system.name, "pr{number}"), "previews", (), pattern=r"pr(?P<number>\d+)")
    changed = replace(own, **changes) if changes else own  # type: ignore[arg-type]
    systems = (replace(system, templates=(changed,)),)
    seen = View(
        fleet(), Context(replace(configured, systems=systems), CATALOGUE, lambda: NOW, FakeEngine(fleet())), NOW
    )
    resource = Resource("k", next(iter(seen.snapshot.observations)), "function", name)
    return seen.threshold(environment, rule, resource)


def test_charts_draw_the_limits_that_the_engine_judges_by() -> None:
    preview = EnvironmentId("timeclout", "pr123")
    strict, lax = Threshold(1.0, 2.0, 60), Threshold(None, 50.0, 60)
    assert threshold(preview, ERROR_RATE, "api") == ERROR_RATE.threshold
    assert threshold(preview, ERROR_RATE, "api", thresholds={ERROR_RATE.key: strict}) == strict
    overrides = (Override("batch-*", {ERROR_RATE.key: lax}),)
    assert threshold(preview, ERROR_RATE, "batch-1", overrides=overrides) == lax
    assert threshold(preview, ERROR_RATE, "api", overrides=overrides) == ERROR_RATE.threshold


def test_the_worst_findings_with_a_course_have_charts() -> None:
    titles = [plot.title for plot in finding_plots(view(), view().snapshot.findings, limit=5)]
    assert titles == [
        "checkout:live error rate · tim-combo/prod",
        "scheduler-db CPU · scheduler/production",
        "events messages · scheduler/staging",
    ]
    assert len(finding_plots(view(), view().snapshot.findings, limit=1)) == 1


def test_raw_data_is_json_with_a_series_on_one_line() -> None:
    import json

    seen = view()
    text = raw_text(function("checkout:live", seen))
    read = json.loads(text)
    assert read["facts"]["version"] == "42"
    assert len(read["series"]["errors"]["values"]) == 180
    assert len(text.splitlines()) < 60


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [("function", 1, "1 function"), ("alias", 2, "2 aliases"), ("dlq", 2, "2 dead-letter queues")],
)
def test_kinds_are_counted_in_words(kind: str, count: int, words: str) -> None:
    assert counted_kind(kind, count) == words


def test_a_panel_with_room_tells_the_whole_reason() -> None:
    words = "the session has expired: aws sso login --profile media-sso; never seen"
    unseen = (Standout(Health.UNKNOWN, "media us-east-1", words),)
    told = " ".join(text_of(line) for line in standout_lines(unseen, 48, 6))
    assert " ".join(told.split()).endswith("media-sso; never seen")
    assert len(standout_lines(unseen, 48, 1)) == 1


def test_facts_without_a_value_are_named_on_one_line() -> None:
    facts = {"version": "42", "routing": None, "routed_version": None, "delayed": 0}
    assert [row.label for row in fact_rows(facts, NOW)] == ["version", "delayed"]
    assert [(row.label, row.text) for row in empty_facts(facts)] == [("not set", "routing, routed version")]
    assert empty_facts({"version": "42"}) == ()
