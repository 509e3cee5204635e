"""Timestamps, read fast: a full GetMetricData answer holds ten thousand, and botocore tries time zones on each."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import cast

from botocore.utils import parse_timestamp


def read_timestamp(value: float | str) -> datetime:
    """An aware datetime from what a service sends: epoch seconds or ISO 8601. Anything else is left to botocore."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    if value[4:5] == "-":
        with suppress(ValueError):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return cast("datetime", parse_timestamp(value))
