"""How large the recorded fleet is, and what of a request decides its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

REGIONS = ("eu-west-1", "us-east-1")
CREDENTIAL = re.compile(rb"Credential=(\w+)/\d+/([\w-]+)/([\w-]+)/aws4_request")


@dataclass(frozen=True)
class Shape:
    """How many of each kind one account has in one region (distributions: in the account)."""

    functions: int = 50
    aliased: int = 10
    queues: int = 4
    databases: int = 1
    distributions: int = 2
    alarms: int = 5


@dataclass(frozen=True)
class Request:
    """What of a request decides its answer."""

    account: str
    region: str
    service: str
    method: str
    path: str
    target: str
    body: bytes


def account_id(index: int) -> str:
    """An invented 12-digit id."""
    return f"{700000000000 + index}"
