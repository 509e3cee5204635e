"""What Lambda, the tagging API and CloudWatch answer about functions and their aliases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.model.service import Discovery, Settled
from cockpit.services.lambda_ import SERVICE, discover
from tests.services.recorded import ACCOUNT_ID, REGION, Answer, RecordedReader, observed


def arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def function(name: str, **more: Any) -> dict[str, Any]:
    return {
        "FunctionName": name,
        "FunctionArn": arn(name),
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::{ACCOUNT_ID}:role/run",
        "Handler": "app.handler",
        "CodeSize": 2048,
        "Timeout": 30,
        "MemorySize": 512,
        "LastModified": "2026-03-03T11:30:00.000+0000",
        "CodeSha256": "aGFzaA==",
        "Version": "$LATEST",
        "Architectures": ["arm64"],
        **more,
    }


def alias(name: str, version: str, **more: Any) -> dict[str, Any]:
    return {"AliasArn": f"{arn(name)}:live", "Name": "live", "FunctionVersion": version, "RevisionId": "r1", **more}


def version(name: str, number: str, moment: str) -> dict[str, Any]:
    return function(name, Version=number, LastModified=moment, CodeSha256=f"hash-{number}")


VERSIONS = {
    "Versions": [
        function("checkout"),
        version("checkout", "9", "2026-02-01T09:00:00.000+0000"),
        version("checkout", "41", "2026-03-01T09:00:00.000+0000"),
        version("checkout", "42", "2026-03-03T11:54:00.000+0000"),
    ]
}
SETTINGS = {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}}


def tagged(name: str, **tags: str) -> dict[str, Any]:
    return {"ResourceARN": arn(name), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def answers(**more: Answer) -> dict[str, Answer]:
    """One function, `checkout`, whose alias points at version 42."""
    return {
        "ListFunctions": {"Functions": [function("checkout")]},
        "GetResources": {"ResourceTagMappingList": []},
        "GetAccountSettings": SETTINGS,
        "ListAliases": {"Aliases": [alias("checkout", "42")]},
        "ListVersionsByFunction": VERSIONS,
        "ListMetrics": {"Metrics": []},
        **more,
    }


def many(count: int) -> list[dict[str, Any]]:
    return [function(f"job-{number:03}") for number in range(count)]


def pages_of(functions: Sequence[dict[str, Any]], size: int = 50) -> list[dict[str, Any]]:
    return [{"Functions": list(functions[start : start + size])} for start in range(0, len(functions), size)]


async def look(reader: RecordedReader, previous: Discovery | None = None, **options: Any) -> Discovery:
    return await discover(reader, observed(SERVICE, previous) if previous else None, Settled(options))
