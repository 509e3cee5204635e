"""What can be asked about one resource: whether it has logs and versions, and whose they are. Pure."""

from __future__ import annotations

from cockpit.model.resource import Resource
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Snapshot
from screens.context import Context
from screens.relations import find_named


def owner_of(resource: Resource, spec: ServiceSpec, snapshot: Snapshot) -> Resource:
    """The whole that a part belongs to (the function of an alias), or the thing itself."""
    wanted = resource.related.get(spec.owner, "") if spec.owner else ""
    return (find_named(wanted, resource, snapshot) if wanted else None) or resource


def logged(resource: Resource, snapshot: Snapshot, context: Context) -> Resource | None:
    """The resource whose log is read for this one; None where there is none, and on a shared screen."""
    spec = context.catalogue.service(resource.slot.service)
    if context.shared or spec is None or spec.logs is None:
        return None
    candidates = (resource, owner_of(resource, spec, snapshot))
    return next((one for one in candidates if spec.logs(one)), None)


def versioned(resource: Resource, snapshot: Snapshot, context: Context) -> Resource | None:
    """The resource whose versions this one has; None where things of its kind have none."""
    spec = context.catalogue.service(resource.slot.service)
    if spec is None or spec.detail is None or resource.shared:
        return None
    return owner_of(resource, spec, snapshot)
