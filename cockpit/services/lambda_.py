"""AWS Lambda: functions, aliases with their routing, and the account's own figures.

Lambda's control plane answers 15 requests a second for the whole account, shared with its deployments, so aliases are
read in rotation (`_lambda_aliases`). CloudWatch bills each metric, so functions are read seldom while the account-wide
figures prove that none of them can be in breach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import Clearance, FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.service import (
    Cadence,
    Call,
    Column,
    Discovery,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
)
from cockpit.model.units import Unit
from cockpit.services._console import function_page
from cockpit.services._lambda_aliases import look_at_aliases
from cockpit.services._lambda_changes import DATED, WATCHED
from cockpit.services._lambda_figures import error_percent, headline, recent
from cockpit.services._lambda_versions import detail, log_group
from cockpit.services._reading import STACK_TAG, epoch, failures_in, joined, known, tag_map


async def discover(reader: Reader, previous: Observation | None, settled: Settled) -> Discovery:
    """Functions (all pages), aliases of those that are due, and the account's limits.

    A denied ListFunctions fails the whole look. Denied tags, limits or aliases are partial failures; what was known of
    them before stays. Option `selected_by_tag`, False where no target of the account selects by tag or stack: then
    tags are only for the eye, and their denial hides nothing.
    """
    listed, tagged, settings = await reader.gather(
        [
            reader.pages("ListFunctions", "Functions"),
            reader.pages("GetResources", "ResourceTagMappingList", ResourceTypeFilters=["lambda:function"]),
            reader.call("GetAccountSettings"),
        ]
    )
    if isinstance(listed, CallFailed):
        raise listed
    before = known(previous, "function", "traffic")
    tags = None if isinstance(tagged, CallFailed) else {row["ResourceARN"]: tag_map(row["Tags"]) for row in tagged}
    functions = {config["FunctionName"]: _function(reader, config, tags, before) for config in listed}
    look = await look_at_aliases(reader, functions, previous)
    needed = (tagged, settings) if settled.options.get("selected_by_tag", True) else (settings,)
    failures = (*failures_in(needed), *look.failures)
    whole = (_account(reader, look.functions.values()), _traffic(reader, settings, before))
    return Discovery((*whole, *look.functions.values(), *look.aliases), failures)


def _function(
    reader: Reader,
    config: Mapping[str, Any],
    tags: Mapping[str, Mapping[str, str]] | None,
    before: Mapping[str, Resource],
) -> Resource:
    """A function as ListFunctions gives it. Of its environment the names are kept, never the values."""
    arn = config["FunctionArn"]
    then = before.get(arn)
    # Tags that could not be read now are the ones that were read last.
    own = tags.get(arn, {}) if tags is not None else (then.tags if then else {})
    facts: dict[str, Fact] = {
        "runtime": config.get("Runtime") or config.get("PackageType"),
        "memory_mb": config.get("MemorySize"),
        "timeout_seconds": config.get("Timeout"),
        "code_sha256": config.get("CodeSha256"),
        "code_bytes": config.get("CodeSize"),
        "last_modified": epoch(config.get("LastModified")),
        "handler": config.get("Handler"),
        "architecture": joined(config.get("Architectures")),
        "description": config.get("Description") or None,
        "role": config.get("Role"),
        "environment_keys": joined(sorted(config.get("Environment", {}).get("Variables", {}))),
        "layers": joined([layer["Arn"] for layer in config.get("Layers", ())]),
        "dead_letter_target": config.get("DeadLetterConfig", {}).get("TargetArn"),
        "log_group": config.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}",
        "revision_id": config.get("RevisionId"),
        "aliases_read_at": then.facts.get("aliases_read_at") if then else None,
    }
    return Resource(arn, reader.slot, "function", config["FunctionName"], facts, own, stack=own.get(STACK_TAG))


def _account(reader: Reader, functions: Iterable[Resource]) -> Resource:
    """The account-wide figures that can clear every function at once; read every minute."""
    read = [function.facts["aliases_read_at"] is not None for function in functions]
    facts: dict[str, Fact] = {
        "functions": len(read),
        # Aliases of these are still unknown; only aliases without traffic in the last two weeks are put off.
        "functions_without_aliases_read": read.count(False),
    }
    key = f"lambda:{reader.account_id}:{reader.slot.region}"
    return Resource(key, reader.slot, "account", f"all of {reader.slot.region}", facts, shared=True)


def _traffic(reader: Reader, settings: Mapping[str, Any] | CallFailed, before: Mapping[str, Resource]) -> Resource:
    """How much runs in the account, against its limit: it clears nothing, so every five minutes are enough."""
    key = f"lambda:{reader.account_id}:{reader.slot.region}:traffic"
    then = before.get(key)
    limit: Fact = then.facts.get("concurrency_limit") if then else None
    unreserved: Fact = then.facts.get("unreserved_concurrency") if then else None
    if not isinstance(settings, CallFailed):
        limit = settings.get("AccountLimit", {}).get("ConcurrentExecutions")
        unreserved = settings.get("AccountLimit", {}).get("UnreservedConcurrentExecutions")
    facts: dict[str, Fact] = {"concurrency_limit": limit, "unreserved_concurrency": unreserved}
    return Resource(key, reader.slot, "traffic", f"concurrency of {reader.slot.region}", facts, shared=True)


def _dimensions(resource: Resource) -> Mapping[str, str] | None:
    """Exact combinations: none for the account, FunctionName, and FunctionName with Resource for an alias."""
    if resource.shared:
        return {}
    if resource.kind == "alias":
        return {"FunctionName": str(resource.facts["function"]), "Resource": resource.name}
    return {"FunctionName": resource.name}


def _routed_dimensions(resource: Resource) -> Mapping[str, str] | None:
    """The additional version behind a weighted alias has series of its own; other aliases have none."""
    version, base = resource.facts.get("routed_version"), _dimensions(resource)
    return None if version is None or base is None else {**base, "ExecutedVersion": str(version)}


_EVERYWHERE = ("account", "function", "alias")
_metric = partial(MetricSpec, namespace="AWS/Lambda", missing=Missing.ZERO, dimensions=_dimensions)
_count = partial(_metric, statistic="Sum", unit=Unit.COUNT)
_duration = partial(_metric, name="Duration", unit=Unit.SECONDS, scale=0.001)
_routed = partial(_count, kinds=("alias",), dimensions=_routed_dimensions)

METRICS = (
    _count(id="invocations", name="Invocations", kinds=("traffic", "function", "alias"), label="invocations"),
    _count(id="errors", name="Errors", kinds=_EVERYWHERE, label="errors"),
    # Throttled invocations count in neither Invocations nor Errors.
    _count(id="throttles", name="Throttles", kinds=_EVERYWHERE, label="throttles"),
    _duration(id="duration_p99", statistic="p99", kinds=_EVERYWHERE, label="p99 duration"),
    _duration(id="duration_max", statistic="Maximum", kinds=("account",), label="longest duration"),
    _metric(
        id="concurrent",
        name="ConcurrentExecutions",
        statistic="Maximum",
        unit=Unit.COUNT,
        kinds=("traffic",),
        label="concurrent executions",
    ),
    _routed(id="routed_invocations", name="Invocations", label="invocations of the additional version"),
    _routed(id="routed_errors", name="Errors", label="errors of the additional version"),
)

RULES = (
    Rule(
        "lambda.error_rate",
        ("function", "alias"),
        "error rate",
        Ratio(Metric("errors"), Metric("invocations")),
        Unit.PERCENT,
        Threshold(warning=None, critical=5.0, for_seconds=300),
        missing=Missing.ZERO,
        # No minimum of samples: a minute without traffic has no rate and breaks the window, so a breach
        # already takes an error in each of five minutes.
        cleared_by=Clearance("errors", 0.0),
    ),
    Rule(
        "lambda.duration_p99",
        ("function", "alias"),
        "p99 duration",
        Metric("duration_p99"),
        Unit.SECONDS,
        Threshold(warning=None, critical=2.0, for_seconds=300),
        missing=Missing.ZERO,
        # Below 100 samples the p99 is the maximum. 20 in each of five minutes make 100 over the window:
        # one slow call a minute among them is what a sustained p99 means.
        samples="invocations",
        minimum_samples=20,
        cleared_by=Clearance("duration_max", None),
    ),
    Rule(
        "lambda.throttles",
        ("function",),
        "throttled invocations",
        Metric("throttles"),
        Unit.COUNT,
        Threshold(warning=0.0, critical=None, for_seconds=60),
        missing=Missing.ZERO,
        cleared_by=Clearance("throttles", 0.0),
    ),
    Rule(
        "lambda.concurrency",
        ("traffic",),
        "concurrency of its limit",
        Ratio(Metric("concurrent"), FactValue("concurrency_limit")),
        Unit.PERCENT,
        Threshold(warning=80.0, critical=95.0, for_seconds=300),
        missing=Missing.ZERO,
    ),
)

COLUMNS = (
    Column("error_percent", "ERRORS", error_percent, Unit.PERCENT, 1, numeric=True),
    Column("invocations", "CALLS 5M", lambda one: recent(one, "invocations"), Unit.COUNT, 1, numeric=True),
    Column("duration_p99", "P99", lambda one: one.latest("duration_p99"), Unit.SECONDS, 1, numeric=True),
    Column("throttles", "THROTTLED", lambda one: recent(one, "throttles"), Unit.COUNT, 2, numeric=True),
    Column("version", "VERSION", lambda one: one.facts.get("version"), None, 1),
    Column("published", "PUBLISHED", lambda one: one.facts.get("published_at"), None, 2, age=True),
    Column("routing", "ROUTING", lambda one: one.facts.get("routing"), None, 2),
    Column("concurrent", "CONCURRENT", lambda one: one.latest("concurrent"), Unit.COUNT, 4, numeric=True),
    Column("limit", "LIMIT", lambda one: one.number("concurrency_limit"), Unit.COUNT, 4, numeric=True),
    Column("modified", "MODIFIED", lambda one: one.facts.get("last_modified"), None, 3, age=True),
    Column("runtime", "RUNTIME", lambda one: one.facts.get("runtime"), None, 3),
    Column("memory", "MEMORY MB", lambda one: one.number("memory_mb"), Unit.COUNT, 4, numeric=True),
    Column("timeout", "TIMEOUT", lambda one: one.number("timeout_seconds"), Unit.SECONDS, 4, numeric=True),
    Column("code", "CODE", lambda one: one.number("code_bytes"), Unit.BYTES, 5, numeric=True),
)

SERVICE = ServiceSpec(
    key="lambda",
    title="Lambda",
    column="LAMBDA",
    order=10,
    billed_as=("AWS Lambda",),
    reach=Reach.REGIONAL,
    calls=(
        Call("lambda", "ListFunctions", "lambda:ListFunctions"),
        Call("lambda", "ListAliases", "lambda:ListAliases"),
        Call("lambda", "ListVersionsByFunction", "lambda:ListVersionsByFunction"),
        Call("lambda", "GetAccountSettings", "lambda:GetAccountSettings"),
        Call("resourcegroupstaggingapi", "GetResources", "tag:GetResources"),
        Call("cloudwatch", "ListMetrics", "cloudwatch:ListMetrics"),
        Call("logs", "FilterLogEvents", "logs:FilterLogEvents", on_demand=True),
    ),
    discover=discover,
    discover_seconds=300.0,
    stale_seconds=600.0,
    metrics=METRICS,
    cadences=(
        Cadence(("account",), every_seconds=60.0, close_seconds=60.0),
        Cadence(("traffic",), every_seconds=300.0, close_seconds=60.0),
        # Bought seldom, the whole gap in one request; the account tier calls for the close look (`Rule.cleared_by`).
        Cadence(("function", "alias"), every_seconds=12 * 3600.0, close_seconds=300.0),
    ),
    rules=RULES,
    columns=COLUMNS,
    headline=headline,
    selects=("function",),
    owner="function",
    watched=WATCHED,
    dated=DATED,
    console=function_page,
    logs=log_group,
    detail=detail,
)
