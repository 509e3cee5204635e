"""Observations as compressed JSON lines: a header, then one line a resource.

One line a resource, because the standard library's JSON code holds the interpreter lock for the whole of one
value; many small values let the event loops of other threads run in between. Reading checks every type: what is
not exactly what was written raises `MalformedRow`, so nothing half-understood reaches a judgement.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from sys import intern
from typing import Any, TypeVar

from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.series import Coverage, Series
from cockpit.model.verdict import Failure, Outcome

# Level 1 makes the file a quarter of its size at a third of the time of the default level.
_COMPRESSION_LEVEL = 1

T = TypeVar("T")


class MalformedRow(ValueError):  # noqa: N818 - it is a fact about the row
    """A stored observation is not what this program writes."""


def encode(observation: Observation) -> bytes:
    """The observation as stored. `restored` is not kept: it is a fact about the process that reads."""
    lines = [_dump(_header(observation))]
    lines += [_dump(_resource_row(resource)) for resource in observation.resources]
    return zlib.compress("\n".join(lines).encode(), _COMPRESSION_LEVEL)


def decode(slot: SlotId, account_id: str, blob: bytes) -> Observation:
    """The observation of `slot` from its stored form, marked as restored.

    Raises `MalformedRow`, also where the row belongs to another account than `account_id` (12 digits).
    """
    try:
        header, *rows = zlib.decompress(blob).decode().split("\n")
        found = _observation(slot, json.loads(header), [_resource(slot, json.loads(row)) for row in rows])
    except (zlib.error, ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise MalformedRow(f"{slot}: {type(error).__name__}") from error
    if found.account_id != account_id:
        raise MalformedRow(f"{slot}: it is of another account")
    return found


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _header(observation: Observation) -> dict[str, object]:
    return {
        "account_id": observation.account_id,
        "outcome": observation.outcome.value,
        "attempted_at": observation.attempted_at,
        "observed_at": observation.observed_at,
        "discovered_at": observation.discovered_at,
        "metrics_at": dict(observation.metrics_at),
        "took": observation.took_seconds,
        "failures": [_failure_row(failure) for failure in observation.failures],
    }


def _observation(slot: SlotId, header: Mapping[str, Any], resources: list[Resource]) -> Observation:
    return Observation(
        slot=slot,
        account_id=_exactly(str, header["account_id"]),
        outcome=Outcome(header["outcome"]),
        attempted_at=_number(header["attempted_at"]),
        observed_at=_moment(header["observed_at"]),
        resources=tuple(resources),
        failures=tuple(_failure(row) for row in _exactly(list, header["failures"])),
        discovered_at=_moment(header["discovered_at"]),
        metrics_at={kind: _number(moment) for kind, moment in _exactly(dict, header["metrics_at"]).items()},
        took_seconds=_number(header["took"]),
        restored=True,
    )


def _resource_row(resource: Resource) -> list[object]:
    return [
        resource.key,
        resource.kind,
        resource.name,
        dict(resource.facts),
        dict(resource.tags),
        dict(resource.related),
        {metric: _series_row(series) for metric, series in resource.series.items()},
        resource.shared,
        resource.stack,
    ]


def _resource(slot: SlotId, row: list[Any]) -> Resource:
    # Names that every resource repeats are interned: JSON makes a new string for each line.
    key, kind, name, facts, tags, related, series, shared, stack = _exactly(list, row)
    return Resource(
        key=_exactly(str, key),
        slot=slot,
        kind=intern(_exactly(str, kind)),
        name=_exactly(str, name),
        facts={intern(fact): _fact(value) for fact, value in _exactly(dict, facts).items()},
        tags={intern(tag): _exactly(str, value) for tag, value in _exactly(dict, tags).items()},
        related={relation: _exactly(str, other) for relation, other in _exactly(dict, related).items()},
        series={intern(metric): _series(values) for metric, values in _exactly(dict, series).items()},
        shared=_exactly(bool, shared),
        stack=None if stack is None else _exactly(str, stack),
    )


def _series_row(series: Series) -> list[object]:
    return [series.start, series.period_seconds, series.values, series.coverage.value]


def _series(row: list[Any]) -> Series:
    start, period_seconds, values, coverage = _exactly(list, row)
    if _exactly(int, period_seconds) <= 0:
        raise MalformedRow("a period must be positive")
    return Series(_exactly(int, start), period_seconds, tuple(map(_value, _exactly(list, values))), Coverage(coverage))


def _failure_row(failure: Failure) -> list[object]:
    return [
        failure.outcome.value,
        failure.account,
        failure.region,
        failure.service,
        failure.operation,
        failure.code,
        failure.message,
        failure.at,
        failure.iam_action,
        failure.remedy,
        failure.resource,
        failure.request_id,
    ]


def _failure(row: list[Any]) -> Failure:
    outcome, account, region, service, operation, code, message, at, *rest = _exactly(list, row)
    iam_action, remedy, resource, request_id = (None if text is None else _exactly(str, text) for text in rest)
    return Failure(
        outcome=Outcome(outcome),
        account=_exactly(str, account),
        region=_exactly(str, region),
        service=_exactly(str, service),
        operation=_exactly(str, operation),
        code=_exactly(str, code),
        message=_exactly(str, message),
        at=_number(at),
        iam_action=iam_action,
        remedy=remedy,
        resource=resource,
        request_id=request_id,
    )


def _exactly(kind: type[T], value: Any) -> T:
    # `type is`, not isinstance: True is no integer here.
    if type(value) is not kind:
        raise MalformedRow(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise MalformedRow(f"expected a number, found {type(value).__name__}")
    return float(value)


def _moment(value: Any) -> float | None:
    return None if value is None else _number(value)


def _value(value: Any) -> float | None:
    # `or 0.0`: one shared zero for the many idle points, as in `cockpit.model.series`.
    return None if value is None else _number(value) or 0.0


def _fact(value: Any) -> Fact:
    if value is not None and type(value) not in (str, int, float, bool):
        raise MalformedRow(f"a fact cannot be {type(value).__name__}")
    fact: Fact = value
    return fact
