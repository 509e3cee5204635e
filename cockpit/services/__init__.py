"""The watched services: one file each, found by walking this package. There is no central list.

A module whose name begins with an underscore is private to the package; every other exports one `SERVICE`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable
from functools import cache
from types import ModuleType

from cockpit.model.service import Catalogue, ServiceSpec


class CatalogueError(Exception):
    """A defect in the package: a file without a service, or two that claim the same name."""


@cache
def catalogue() -> Catalogue:
    """Every watched service, in the order of its column. Raises `CatalogueError`."""
    return Catalogue(walk(sys.modules[__name__]))


def walk(package: ModuleType) -> tuple[ServiceSpec, ...]:
    """The `SERVICE` of each public module of `package`. Raises `CatalogueError`."""
    modules = [info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_")]
    found = [(name, _service_of(f"{package.__name__}.{name}")) for name in modules]
    _refuse_duplicates("service key", ((spec.key, name) for name, spec in found))
    _refuse_duplicates("column", ((spec.column, name) for name, spec in found))
    _refuse_duplicates("order", ((str(spec.order), name) for name, spec in found))
    _refuse_duplicates("rule key", ((rule.key, name) for name, spec in found for rule in spec.rules))
    return tuple(sorted((spec for _, spec in found), key=lambda spec: spec.order))


def _service_of(module: str) -> ServiceSpec:
    service = getattr(importlib.import_module(module), "SERVICE", None)
    if not isinstance(service, ServiceSpec):
        raise CatalogueError(f"{module}: exports no SERVICE of type ServiceSpec")
    return service


def _refuse_duplicates(what: str, claims: Iterable[tuple[str, str]]) -> None:
    owners: dict[str, str] = {}
    for claim, module in claims:
        if claim in owners:
            raise CatalogueError(f"{what} {claim!r} is claimed by both {owners[claim]}.py and {module}.py")
        owners[claim] = module
