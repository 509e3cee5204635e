"""CloudFront: what is worth an entry in the timeline when it changes, and what its invalidations tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.model.resource import Fact
from cockpit.model.service import Dated, Watched
from cockpit.services._reading import Answers, epoch

_KINDS = ("distribution",)

WATCHED = (
    Watched("enabled", "enabled", _KINDS),
    Watched("status", "status", _KINDS),
    Watched("price_class", "price class", _KINDS),
    Watched("minimum_tls", "minimum TLS", _KINDS),
    Watched("web_acl", "web ACL", _KINDS),
    Watched("certificate", "certificate", _KINDS),
    Watched("aliases", "domain names", _KINDS),
    Watched("origins", "origins", _KINDS),
    Watched("origin_access_control", "origins guarded", _KINDS),
    Watched("http_version", "HTTP version", _KINDS),
)

DATED = (
    Dated("invalidated_at", lambda _: "invalidation created", _KINDS),
    # LastModifiedTime of the configuration; a deployment that ends does not move it.
    Dated("last_modified", lambda _: "configuration changed", _KINDS),
)


def invalidation_facts(distribution: str, invalidations: Answers) -> Mapping[str, Fact]:
    """How many invalidations are in progress, and when the newest was created; None where that could not be read."""
    answer: Mapping[str, Any] | None = invalidations.by_name.get(distribution)
    if answer is None:
        return {"invalidations_in_progress": None, "invalidated_at": None}
    items = answer.get("InvalidationList", {}).get("Items") or []
    moments = [moment for item in items if (moment := epoch(item.get("CreateTime"))) is not None]
    return {
        "invalidations_in_progress": sum(item["Status"] == "InProgress" for item in items),
        "invalidated_at": max(moments, default=None),
    }
