"""RDS. moto has no DescribePendingMaintenanceActions, and parameter groups that hold only what was put into them.

Shapes: botocore's model of RDS 2014-10-31. Defaults of `max_connections`:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult

from cockpit.demo.emulator.rds_alone import RDSResponse, urls
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World

_DEFAULT_CONNECTIONS = {
    "postgres": "LEAST({DBInstanceClassMemory/9531392},5000)",
    "aurora-postgresql": "LEAST({DBInstanceClassMemory/9531392},5000)",
    "mysql": "{DBInstanceClassMemory/12582880}",
}
_MAINTENANCE_IN = timedelta(days=9)


class Rds(RDSResponse):
    """moto's answers, mended."""

    world: World

    def describe_pending_maintenance_actions(self) -> ActionResult:
        """Answer with the actions that the seeded instances wait for."""
        wanted = self.params.get("ResourceIdentifier")
        now = datetime.fromtimestamp(self.world.clock(), UTC)
        rows = [
            {
                "ResourceIdentifier": database.db_instance_arn,
                "PendingMaintenanceActionDetails": [_detail(action, now)],
            }
            for database in self.backend.databases.values()
            if (action := getattr(database, "pending_maintenance", None)) and wanted in (None, database.db_instance_arn)
        ]
        return ActionResult({"PendingMaintenanceActions": rows})

    def describe_db_parameters(self) -> Any:
        """Answer with what the group sets and, of the rest, what the cockpit asks for."""
        super().describe_db_parameters()
        group = self.backend.db_parameter_groups[self.params["DBParameterGroupName"]]
        engine = str(group.family).rstrip("0123456789.")
        default = {
            "ParameterName": "max_connections",
            "ParameterValue": _DEFAULT_CONNECTIONS.get(engine),
            "Description": "Sets the maximum number of concurrent connections.",
            "Source": "engine-default",
            "ApplyType": "static",
            "DataType": "integer",
            "IsModifiable": True,
            "ApplyMethod": "pending-reboot",
        }
        rows = {"max_connections": default}
        for name, own in group.parameters.items():
            rows[name] = rows.get(name, {}) | dict(own) | {"Source": "user"}
        source, names = self.params.get("Source"), self._filtered("parameter-name")
        found = [row for name, row in rows.items() if source in (None, row["Source"]) and (not names or name in names)]
        return ActionResult({"Parameters": found})

    def _filtered(self, name: str) -> list[str]:
        filters = self.params.get("Filters") or []
        return [value for one in filters if one["Name"] == name for value in one["Values"]]


def _detail(action: str, now: datetime) -> dict[str, Any]:
    day = (now + _MAINTENANCE_IN).replace(hour=3, minute=0, second=0, microsecond=0)
    return {"Action": action, "AutoAppliedAfterDate": day, "CurrentApplyDate": day, "Description": "New OS update"}


def install(world: World) -> None:
    """Answer for RDS as AWS does."""
    Rds.world = world
    serve(urls, Rds)
