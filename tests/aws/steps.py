"""Words that the tests of credentials share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.aws.room import AwsRoom
from cockpit.model.verdict import Failure


async def refused(room: AwsRoom, account: str = "dev") -> Failure:
    with pytest.raises(CallFailed) as caught:
        await room.verify(account)
    return caught.value.failure


def stamp(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
