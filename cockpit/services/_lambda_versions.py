"""The versions of a Lambda function, read when somebody wants to compare them.

Shapes: botocore's model of Lambda 2015-03-31 (ListVersionsByFunction, ListAliases).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.inquiry import Detail, Version
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Reader
from cockpit.services._reading import epoch, failures_in, joined

_LATEST = "$LATEST"


async def detail(reader: Reader, resource: Resource) -> Detail:
    """Versions of a function, or of the one behind an alias, newest first. Without aliases if these are denied.

    Raises CallFailed where the versions themselves cannot be listed.
    """
    name = resource.facts.get("function") if resource.kind == "alias" else resource.name
    if resource.shared or not name:
        return Detail(resource.key)
    rows, aliases = await reader.gather(
        [
            reader.pages("ListVersionsByFunction", "Versions", FunctionName=name),
            reader.pages("ListAliases", "Aliases", FunctionName=name),
        ]
    )
    if isinstance(rows, CallFailed):
        raise rows
    shares = {} if isinstance(aliases, CallFailed) else _shares(aliases)
    versions = sorted((_version(row, shares) for row in rows), key=_newest_first)
    return Detail(resource.key, tuple(versions), failures=failures_in((aliases,)))


def log_group(resource: Resource) -> str | None:
    """The log group of a function, or of the one behind an alias."""
    told = resource.facts.get("log_group")
    if told:
        return str(told)
    name = resource.facts.get("function") if resource.kind == "alias" else resource.name
    return None if resource.shared or not name else f"/aws/lambda/{name}"


def _newest_first(version: Version) -> int:
    """`$LATEST` is what will be published next."""
    return -int(version.name) if version.name.isdigit() else -(10**18)


def _version(row: Mapping[str, Any], shares: Mapping[str, Sequence[tuple[str, float]]]) -> Version:
    name = str(row["Version"])
    return Version(
        name,
        # A version's LastModified is the moment of its publication; that of $LATEST is the last change of anything.
        at=None if name == _LATEST else epoch(row.get("LastModified")),
        facts=_facts(row),
        aliases=tuple(shares.get(name, ())),
    )


def _facts(row: Mapping[str, Any]) -> dict[str, Fact]:
    """What can differ between two versions. Of environment variables the names are kept, never the values."""
    logging, network = row.get("LoggingConfig") or {}, row.get("VpcConfig") or {}
    return {
        "description": row.get("Description") or None,
        "code_sha256": row.get("CodeSha256"),
        "code_bytes": row.get("CodeSize"),
        "runtime": row.get("Runtime"),
        "architecture": joined(row.get("Architectures")),
        "handler": row.get("Handler"),
        "package_type": row.get("PackageType"),
        "memory_mb": row.get("MemorySize"),
        "timeout_seconds": row.get("Timeout"),
        "ephemeral_storage_mb": (row.get("EphemeralStorage") or {}).get("Size"),
        "environment_keys": joined(sorted((row.get("Environment") or {}).get("Variables") or {})),
        "layers": joined([_layer(str(layer["Arn"])) for layer in row.get("Layers") or ()]),
        "role": row.get("Role"),
        "tracing": (row.get("TracingConfig") or {}).get("Mode"),
        "snap_start": (row.get("SnapStart") or {}).get("ApplyOn"),
        "log_format": logging.get("LogFormat"),
        "log_group": logging.get("LogGroup"),
        "vpc": network.get("VpcId") or None,
        "subnets": joined(sorted(network.get("SubnetIds") or ())),
        "security_groups": joined(sorted(network.get("SecurityGroupIds") or ())),
        "dead_letter_target": (row.get("DeadLetterConfig") or {}).get("TargetArn"),
        "state": row.get("State"),
    }


def _layer(arn: str) -> str:
    """`arn:aws:lambda:eu-west-1:111122223333:layer:otel:7` → `otel:7`."""
    return arn.rpartition(":layer:")[2]


def _shares(aliases: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, float]]]:
    """Version → (alias, share of its traffic); an alias may give a part to a second version."""
    found: dict[str, list[tuple[str, float]]] = {}
    for alias in sorted(aliases, key=lambda one: str(one["Name"])):
        weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        rest = 1.0 - sum(weights.values())
        for version, share in ((alias["FunctionVersion"], rest), *weights.items()):
            found.setdefault(str(version), []).append((str(alias["Name"]), share))
    return found
