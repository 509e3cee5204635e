"""Lambda functions, their versions and aliases.

moto's own CreateFunction hashes code and looks up roles for each function; 622 of them share one piece of code here.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import zipfile
from functools import cache
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.utils import get_backend

from cockpit.demo.emulator.traffic import LIVE, lambda_time
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.parts import Function, Version
from cockpit.demo.telemetry.functions import LATEST, FunctionLoad, Routing
from cockpit.demo.telemetry.noise import seed
from cockpit.demo.telemetry.place import Place
from cockpit.demo.telemetry.timeline import Timeline

_STACK_TAG = "aws:cloudformation:stack-name"


def put_functions(world: World, account_id: str, region: str, functions: tuple[Function, ...], start: float) -> None:
    """Create the functions of a region as they were at `start`."""
    if not functions:
        return
    backend, place = get_backend(account_id, region), world.place(account_id, region)
    for function in functions:
        _put(backend, place, function, start)


def released_at(version: Version, start: float) -> float:
    """When a version went live."""
    return second_of(version.age, start)


def second_of(age: float, start: float) -> float:
    """When something happened. Shortly after a full minute, so that the first look sees whole minutes of it."""
    return start // 60 * 60 - age + 4


def _put(backend: LambdaBackend, place: Place, part: Function, start: float) -> None:
    latest = LambdaFunction(backend.account_id, _spec(backend.account_id, part), backend.region_name, LATEST)
    latest.last_modified = lambda_time(start - part.age)
    latest.code_sha_256, latest.code_size = _sha(part.code), _size(part.code)
    latest.layers, latest.log_format = _layers(latest, part.layers), "JSON" if part.json_log else "Text"
    versions = [_version(latest, part, version, start) for version in part.versions]
    storage = backend._lambdas  # noqa: SLF001 - put_function would look for a role
    storage._functions[part.name] = {"latest": latest, "versions": versions}  # noqa: SLF001 - moto has no door for many versions
    for function in (latest, *versions):
        storage._arns[function.function_arn] = function  # noqa: SLF001 - as above
    if versions:
        backend.create_alias(LIVE, part.name, str(part.versions[-1].number), "What callers use", None)
    own = {str(version.number): version.conduct for version in part.versions if version.conduct}
    place.functions[part.name] = FunctionLoad(part.name, part.per_minute, part.conduct, _routing(part, start), own)


def _routing(part: Function, start: float) -> Timeline[Routing]:
    if not part.versions:
        return Timeline(Routing(None, ((LATEST, 1.0),)))
    first, *later = part.versions
    timeline = Timeline(Routing(LIVE, ((str(first.number), 1.0),)))
    for version in later:
        timeline.change(released_at(version, start), Routing(LIVE, ((str(version.number), 1.0),)))
    return timeline


def _version(latest: LambdaFunction, part: Function, version: Version, start: float) -> LambdaFunction:
    published = copy.copy(latest)
    published.set_version(version.number)
    published.last_modified = lambda_time(released_at(version, start))
    published.description = version.description
    newest = version is part.versions[-1]
    if not newest:
        code = f"{part.code}-{version.number}"
        # A release adds or takes away a little, so sizes stay near each other.
        published.code_sha_256, published.code_size = _sha(code), latest.code_size - 400 - seed(code) % 21_000
    if version.memory_mb is not None:
        published.memory_size = version.memory_mb
    if version.variables is not None:
        published.environment_vars = _variables(version.variables)
    if version.layers is not None:
        published.layers = _layers(latest, version.layers)
    return published


def _layers(function: LambdaFunction, layers: tuple[str, ...]) -> list[dict[str, Any]]:
    start = f"arn:aws:lambda:{function.region}:{function.account_id}:layer"
    return [{"Arn": f"{start}:{layer}", "CodeSize": _size(layer)} for layer in layers]


def _variables(names: tuple[str, ...]) -> dict[str, str]:
    return {name: "production" if name == "NODE_ENV" else f"demo-{name.lower()}" for name in names}


def _size(code: str) -> int:
    return 48_000 + seed(code) % 4_000_000


def _spec(account_id: str, part: Function) -> dict[str, Any]:
    tags = dict(part.tags) | ({_STACK_TAG: part.stack} if part.stack else {})
    return {
        "Code": {"ZipFile": _code()},
        "FunctionName": part.name,
        "Handler": "index.handler",
        "Role": f"arn:aws:iam::{account_id}:role/{part.name}",
        "Runtime": part.runtime,
        "MemorySize": part.memory_mb,
        "Timeout": part.timeout_seconds,
        "Architectures": ["arm64"],
        "Environment": {"Variables": _variables(part.variables)},
        "Tags": tags,
    }


@cache
def _code() -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("index.js", "exports.handler = async () => ({ statusCode: 200 });")
    return base64.b64encode(archive.getvalue()).decode()


def _sha(code: str) -> str:
    return base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
