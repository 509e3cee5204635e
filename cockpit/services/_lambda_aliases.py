"""Which version answers behind each alias of a Lambda function, since when, and which one was there before.

Aliases are read in rotation: Lambda's control plane answers 15 requests a second for the whole account, and its owners'
deployments live on the same budget.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Reader
from cockpit.model.units import Unit, format_figure
from cockpit.model.verdict import Failure
from cockpit.services._reading import ask_each, epoch, known

ROTATION = 60
"""Functions whose aliases are read in one discovery beyond those known to have some: 4 s of Lambda's quota."""

ALIASES_AGE_SECONDS = 3600.0
"""A function without aliases is asked again after this long."""


@dataclass(frozen=True, slots=True)
class AliasLook:
    """What was found, and the functions with the time of their reading."""

    functions: Mapping[str, Resource]
    aliases: tuple[Resource, ...]
    failures: tuple[Failure, ...]


async def look_at_aliases(reader: Reader, functions: Mapping[str, Resource], previous: Observation | None) -> AliasLook:
    """Read the aliases of the functions that are due; keep those of functions that could not be read."""
    before = [alias for alias in known(previous, "alias").values() if alias.facts["function"] in functions]
    aliased = {str(alias.facts["function"]) for alias in before}
    due = _due(functions, aliased, await _with_alias_traffic(reader, functions), reader.now)
    answers = await ask_each(reader, {name: reader.pages("ListAliases", "Aliases", FunctionName=name) for name in due})
    read = {
        name: replace(function, facts={**function.facts, "aliases_read_at": reader.now})
        for name, function in functions.items()
        if name in answers.by_name
    }
    kept = tuple(alias for alias in before if alias.facts["function"] not in answers.by_name)
    by_key = {alias.key: alias for alias in before}
    seen = [_alias(functions[name], row) for name, rows in answers.by_name.items() for row in rows]
    found, failures = await _with_versions(reader, seen, by_key)
    return AliasLook({**functions, **read}, (*found, *kept), (*answers.failures, *failures))


def _due(
    functions: Mapping[str, Resource], aliased: Collection[str], busy: Collection[str] | None, now: float
) -> list[str]:
    """Functions to ask for aliases now: those that have some, and the longest unread of the others.

    `busy` are those whose aliases had traffic lately; None where that is not known, so that every unread one is due.
    """

    def read_at(name: str) -> float:
        return functions[name].number("aliases_read_at") or 0.0

    certain = [name for name in functions if name in aliased or (busy is not None and name in busy)]
    others = [name for name in functions if name not in certain and now - read_at(name) >= ALIASES_AGE_SECONDS]
    others.sort(key=read_at)
    unread = sum(read_at(name) == 0.0 for name in others)
    if busy is None:
        return certain + others[: max(ROTATION, unread)]
    # An alias without traffic is in no trouble: in a large account the first verdict does not wait for the rotation.
    first = len(functions) > ROTATION and not any(map(read_at, functions))
    return certain + others[: 0 if first else ROTATION]


async def _with_alias_traffic(reader: Reader, functions: Mapping[str, Resource]) -> Collection[str] | None:
    """Names of functions whose aliases had traffic within two weeks, or None where CloudWatch does not say.

    One ListMetrics page names 500 of them, where ListAliases needs a call each. It is asked only while more functions
    are unread than a rotation reads, which is the first looks at a large account.
    """
    if sum(function.facts["aliases_read_at"] is None for function in functions.values()) <= ROTATION:
        return ()
    (metrics,) = await reader.gather(
        [
            reader.pages(
                "ListMetrics",
                "Metrics",
                Namespace="AWS/Lambda",
                MetricName="Invocations",
                Dimensions=[{"Name": "Resource"}],
            )
        ]
    )
    if isinstance(metrics, CallFailed):
        # No failure to report: everything is read without this hint, only slower.
        return None
    qualified = {
        dimension["Value"]
        for metric in metrics
        for dimension in metric.get("Dimensions", ())
        if dimension["Name"] == "Resource" and ":" in dimension["Value"]
    }
    return {name for name, _, qualifier in (value.partition(":") for value in qualified) if not qualifier.isdigit()}


def _alias(function: Resource, row: Mapping[str, Any]) -> Resource:
    weights = (row.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    # Lambda allows one additional version.
    version, weight = next(iter(weights.items()), (None, None))
    facts: dict[str, Fact] = {
        "version": row["FunctionVersion"],
        "routing": None if weight is None else f"{version} {format_figure(100 * weight, Unit.PERCENT)}",
        "routed_version": version,
        "routed_percent": None if weight is None else 100 * weight,
        "published_at": None,
        "previous_version": None,
        "function": function.name,
        "alias": row["Name"],
        "description": row.get("Description") or None,
        "revision_id": row.get("RevisionId"),
        "log_group": function.facts.get("log_group"),
    }
    return Resource(
        row["AliasArn"],
        function.slot,
        "alias",
        f"{function.name}:{row['Name']}",
        facts,
        function.tags,
        {"function": function.key},
        stack=function.stack,
    )


_VERSION_FACTS = ("published_at", "previous_version", "code_sha256", "routed_published_at")


async def _with_versions(
    reader: Reader, aliases: Sequence[Resource], before: Mapping[str, Resource]
) -> tuple[list[Resource], tuple[Failure, ...]]:
    """Add what is known of the versions behind the aliases; versions are listed only where an alias has moved."""

    def unmoved(alias: Resource) -> Resource | None:
        then = before.get(alias.key)
        same = then is not None and all(then.facts[fact] == alias.facts[fact] for fact in ("version", "routed_version"))
        return then if same and then is not None and then.facts["published_at"] is not None else None

    moved = sorted({str(alias.facts["function"]) for alias in aliases if unmoved(alias) is None})
    answers = await ask_each(
        reader, {name: reader.pages("ListVersionsByFunction", "Versions", FunctionName=name) for name in moved}
    )
    completed = []
    for alias in aliases:
        then, versions = unmoved(alias), answers.by_name.get(str(alias.facts["function"]))
        facts: Mapping[str, Fact] = {}
        if then is not None:
            facts = {fact: then.facts.get(fact) for fact in _VERSION_FACTS}
        elif versions is not None:
            facts = _version_facts(alias, {row["Version"]: row for row in versions})
        completed.append(replace(alias, facts={**alias.facts, **facts}))
    return completed, answers.failures


def _version_facts(alias: Resource, versions: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Facts about an alias's versions. A version's LastModified is the moment of its publication."""
    current = str(alias.facts["version"])
    row = versions.get(current, {})
    numbers = [int(version) for version in versions if version.isdigit()]
    older = [number for number in numbers if current.isdigit() and number < int(current)]
    return {
        "published_at": epoch(row.get("LastModified")),
        "previous_version": str(max(older)) if older else None,
        "code_sha256": row.get("CodeSha256"),
        "routed_published_at": epoch(versions.get(str(alias.facts["routed_version"]), {}).get("LastModified")),
    }
