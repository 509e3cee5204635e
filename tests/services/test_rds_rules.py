"""RDS's rules as they are by default, and its cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cockpit.model.verdict import Health
from cockpit.services.rds import SERVICE
from tests.services.rds_answers import one
from tests.services.samples import sample, verdict


def judged_health(rule: str, facts: Mapping[str, Any] | None = None, **metrics: Any) -> Health | None:
    running = {"status": "available", "engine": "postgres", **(facts or {})}
    judged = verdict(SERVICE, rule, sample(SERVICE, "instance", facts=running, **metrics))
    return judged.health if judged else None


@pytest.mark.parametrize(("cpu", "health"), [(80.0, Health.OK), (81.0, Health.WARNING), (96.0, Health.CRITICAL)])
def test_cpu_over_80_percent_for_15_minutes(cpu: float, health: Health) -> None:
    assert judged_health("rds.cpu", cpu=[cpu] * 15) is health


def test_a_quarter_of_an_hour_minus_one_minute_is_ok() -> None:
    assert judged_health("rds.cpu", cpu=[79.0] + [99.0] * 14) is Health.OK


def test_a_running_database_without_points_is_unknown() -> None:
    assert judged_health("rds.cpu", cpu=[None] * 15) is Health.UNKNOWN


@pytest.mark.parametrize(("used", "health"), [(80.0, Health.OK), (85.0, Health.WARNING), (97.0, Health.CRITICAL)])
def test_connections_are_judged_against_their_maximum(used: float, health: Health) -> None:
    assert judged_health("rds.connections", {"max_connections": 100}, connections=[used] * 5) is health


@pytest.mark.parametrize(("free", "health"), [(20.0, Health.OK), (14.0, Health.WARNING), (4.0, Health.CRITICAL)])
def test_little_free_storage(free: float, health: Health) -> None:
    assert judged_health("rds.free_storage", {"allocated_bytes": 100}, free_storage=[free] * 5) is health


@pytest.mark.parametrize(("lag", "health"), [(30.0, Health.OK), (31.0, Health.WARNING), (301.0, Health.CRITICAL)])
def test_replica_lag(lag: float, health: Health) -> None:
    assert judged_health("rds.replica_lag", {"replica": True}, replica_lag=[lag] * 5) is health


@pytest.mark.parametrize(("days", "health"), [(0, Health.WARNING), (1, Health.OK), (None, None)])
def test_no_backups_are_a_warning_and_a_replica_is_not_asked(days: int | None, health: Health | None) -> None:
    assert judged_health("rds.backups", {"backup_retention_days": days}) is health


async def test_a_replica_is_backed_up_where_its_data_come_from() -> None:
    replica = await one(ReadReplicaSourceDBInstanceIdentifier="other", BackupRetentionPeriod=0)
    assert replica.facts["backup_retention_days"] is None


# The cell.


def test_the_cell_shows_the_busiest_cpu() -> None:
    calm, busy = (sample(SERVICE, "instance", name, cpu=[cpu]) for name, cpu in (("calm", 10.0), ("busy", 34.0)))
    shown = SERVICE.headline([calm, busy])
    assert (shown.text, shown.label) == ("cpu 34 %", "busy")


def test_the_cell_shows_connections_that_run_out() -> None:
    full = sample(SERVICE, "instance", "full", {"max_connections": 100}, cpu=[40.0], connections=[92.0])
    assert SERVICE.headline([full]).text == "conn 92 %"


def test_the_cell_shows_a_disk_that_fills() -> None:
    full = sample(SERVICE, "instance", "full", {"allocated_bytes": 100}, cpu=[40.0], free_storage=[4.0])
    assert SERVICE.headline([full]).text == "disk 96 %"


def test_the_cell_shows_a_database_that_is_down_first() -> None:
    stopped = sample(SERVICE, "instance", "old", {"status": "stopped", "unavailable": True})
    broken = sample(SERVICE, "instance", "main", {"status": "failed", "in_trouble": True, "trouble": "failed"})
    assert SERVICE.headline([stopped, sample(SERVICE, "instance", cpu=[90.0]), broken]).text == "failed"
