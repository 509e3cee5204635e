"""Lambda: what is worth an entry in the timeline when it changes."""

from __future__ import annotations

from cockpit.model.resource import Resource
from cockpit.model.service import Dated, Watched
from cockpit.model.units import Unit

_FUNCTION = ("function",)
_ALIAS = ("alias",)

WATCHED = (
    Watched("version", "version", _ALIAS),
    Watched("routing", "weights", _ALIAS),
    Watched("code_sha256", "code", _FUNCTION),
    Watched("runtime", "runtime", _FUNCTION),
    Watched("memory_mb", "memory (MB)", _FUNCTION),
    Watched("timeout_seconds", "time-out", _FUNCTION, Unit.SECONDS),
    Watched("handler", "handler", _FUNCTION),
    Watched("architecture", "architecture", _FUNCTION),
    Watched("role", "role", _FUNCTION),
    Watched("environment_keys", "environment variables", _FUNCTION),
    Watched("layers", "layers", _FUNCTION),
    Watched("dead_letter_target", "dead-letter target", _FUNCTION),
    Watched("concurrency_limit", "concurrency limit", ("traffic",), Unit.COUNT),
)


def _published(alias: Resource) -> str:
    version = alias.facts.get("version")
    return f"version {version}, published" if version is not None else "published"


DATED = (
    # A version says more than the change that it brought to its function. An alias moves some time after it.
    Dated("published_at", _published, _ALIAS),
    # Any update of the function's code or configuration moves it (LastModified of ListFunctions).
    Dated("last_modified", lambda _: "changed", _FUNCTION, whole=True),
)
