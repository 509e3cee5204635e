"""Who gets a Lambda function's traffic, read from moto's state."""

from __future__ import annotations

from datetime import UTC, datetime

from moto.awslambda.models import LambdaBackend

from cockpit.demo.telemetry.functions import LATEST, Conduct, FunctionLoad, Routing
from cockpit.demo.telemetry.noise import seed
from cockpit.demo.telemetry.timeline import Timeline

LIVE = "live"
"""The alias that callers use where a function has several."""


def routing_of(backend: LambdaBackend, name: str) -> Routing:
    """Where the traffic of a function goes now."""
    group = backend._lambdas._functions[name]  # noqa: SLF001 - moto's only way to all of a function
    stopped = _is_stopped(group["latest"].reserved_concurrency)
    aliases = {alias.name: alias for alias in backend.list_aliases(name)}
    if not aliases:
        return Routing(None, ((LATEST, 1.0),), stopped)
    alias = aliases.get(LIVE) or aliases[min(aliases)]
    weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
    rest = 1.0 - sum(weights.values())
    shares = ((str(alias.function_version), rest), *((str(version), weight) for version, weight in weights.items()))
    return Routing(alias.name, tuple(share for share in shares if share[1] > 0), stopped)


def exists(backend: LambdaBackend, name: str) -> bool:
    """Whether there still is such a function."""
    return name in backend._lambdas._functions  # noqa: SLF001 - moto's only way to ask without an error


def lambda_time(seconds: float) -> str:
    """A moment as Lambda writes it: no colon in the offset."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def default_load(name: str) -> FunctionLoad:
    """How a function that nobody described behaves: seldom called, and sound."""
    return FunctionLoad(name, 0.2 + seed(name) % 30 / 10, Conduct(), Timeline(Routing(None, ((LATEST, 1.0),))))


def _is_stopped(reserved: object) -> bool:
    return reserved is not None and int(str(reserved)) == 0
