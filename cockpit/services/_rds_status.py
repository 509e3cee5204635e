"""What the status words of RDS instances and clusters mean for those who use the database.

Source: "Viewing Amazon RDS DB instance status" and "Viewing DB cluster status" in the AWS guides.
"""

from __future__ import annotations

_SERVING = frozenset(
    {
        "active",
        "available",
        "backing-up",
        "backtracking",
        "configuring-associated-roles",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "delete-precheck",
        "modifying",
        "preparing-data-migration",
        "resetting-master-credentials",
        "scaling-storage",
        "storage-config-upgrade",
        "storage-initialization",
        "storage-optimization",
        "update-iam-db-auth",
    }
)
_IN_TROUBLE = frozenset(
    {
        "cloning-failed",
        "failed",
        "insufficient-capacity",
        "migration-failed",
        "restore-error",
        "storage-full",
        "upgrade-failed",
    }
)
_FAMILIES_IN_TROUBLE = ("inaccessible-", "incompatible-")
_SILENT = frozenset({"creating", "deleting", "failed", "restore-error", "starting", "stopped", "stopping"})


def serves(status: str) -> bool:
    """Whether a database in this state answers its users. A word that is not known is not taken for a good one."""
    return status in _SERVING


def in_trouble(status: str) -> bool:
    """Whether it will not get better by itself."""
    return status in _IN_TROUBLE or status.startswith(_FAMILIES_IN_TROUBLE)


def publishes_metrics(status: str) -> bool:
    """Whether CloudWatch has points of it: a stopped database is silent, and its silence is no riddle."""
    return status not in _SILENT and not status.startswith(_FAMILIES_IN_TROUBLE)
