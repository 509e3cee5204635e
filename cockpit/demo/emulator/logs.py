"""CloudWatch Logs of the fleet's functions: their log groups, streams, and events that are worked out when asked for.

Groups that somebody else has made are moto's. Shapes: botocore's model of CloudWatch Logs 2014-03-28. Limits:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend
from moto.logs import urls
from moto.logs.responses import LogsResponse

from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.log_pages import MOST_EVENTS, RETENTION_DAYS, Search, searched
from cockpit.demo.emulator.log_pattern import compiled
from cockpit.demo.emulator.paging import page
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World
from cockpit.demo.telemetry.functions import FunctionLoad
from cockpit.demo.telemetry.log_events import Writer
from cockpit.demo.telemetry.log_streams import streams_of

_START = "/aws/lambda/"
_MOST_DESCRIBED = 50
_DAY = 86_400


class Logs(LogsResponse):
    """moto's answers, and those of the fleet."""

    world: World

    def filter_log_events(self) -> str:
        """Answer with a page of events of a function; it may be empty although there are more."""
        load = self._load(self._group())
        if load is None:
            return str(super().filter_log_events())
        limit = self._number("limit", MOST_EVENTS, MOST_EVENTS)
        names, prefix = self._get_param("logStreamNames"), self._get_param("logStreamNamePrefix")
        if names and prefix:
            raise fail("InvalidParameterException", "logStreamNames and logStreamNamePrefix are mutually exclusive.")
        search = Search(
            start_ms=int(self._get_param("startTime") or 0),
            end_ms=self._get_param("endTime"),
            test=compiled(self._get_param("filterPattern") or ""),
            streams=frozenset(names or ()),
            prefix=prefix or "",
            limit=limit,
            newest_first=self._get_param("startFromHead") is False,
            token=self._get_param("nextToken"),
        )
        events, token = searched(self._writer(load), search, self.world.clock())
        answer: dict[str, Any] = {"events": events, "searchedLogStreams": []}
        return json.dumps(answer | ({"nextToken": token} if token else {}))

    def describe_log_groups(self) -> str:
        """Answer by name, in pages; moto's own groups among them."""
        prefix, part = self._get_param("logGroupNamePrefix"), self._get_param("logGroupNamePattern")
        if prefix and part:
            raise fail("InvalidParameterException", "logGroupNamePrefix and logGroupNamePattern are exclusive.")
        own = [self._described(f"{_START}{name}") for name in self._loads]
        others = [group.to_describe_dict() for group in self.logs_backend.groups.values()]
        groups = {group["logGroupName"]: group for group in (*others, *own)}
        wanted = [groups[name] for name in sorted(groups) if name.startswith(prefix or "") and (part or "") in name]
        return self._page("logGroups", wanted)

    def describe_log_streams(self) -> str:
        """Answer by name or by their newest event, in pages."""
        load = self._load(self._group())
        if load is None:
            return str(super().describe_log_streams())
        order, prefix = self._get_param("orderBy") or "LogStreamName", self._get_param("logStreamNamePrefix")
        if order == "LastEventTime" and prefix:
            raise fail("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.")
        arn = self._described(self._group())["logGroupArn"]
        streams = [stream for stream in streams_of(load, self.world.clock()) if stream.name.startswith(prefix or "")]
        streams.sort(
            key=lambda one: (one.last_ms, one.name) if order == "LastEventTime" else (0, one.name),
            reverse=self._get_param("descending") is True,
        )
        rows = [
            {
                "logStreamName": stream.name,
                "creationTime": stream.first_ms,
                "firstEventTimestamp": stream.first_ms,
                "lastEventTimestamp": stream.last_ms,
                "lastIngestionTime": stream.last_ms + 900,
                "arn": f"{arn}:log-stream:{stream.name}",
                "storedBytes": 0,
            }
            for stream in streams
        ]
        return self._page("logStreams", rows)

    @property
    def _loads(self) -> dict[str, FunctionLoad]:
        return self.world.place(self.current_account, self.region).functions

    def _group(self) -> str:
        name, identifier = self._get_param("logGroupName"), self._get_param("logGroupIdentifier")
        if (name is None) == (identifier is None):
            raise fail("InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier is required.")
        return str(name or identifier.rpartition(":log-group:")[2] or identifier).removesuffix(":*")

    def _load(self, group: str) -> FunctionLoad | None:
        found = self._loads.get(group.removeprefix(_START)) if group.startswith(_START) else None
        if found is None and group not in self.logs_backend.groups:
            raise fail("ResourceNotFoundException", "The specified log group does not exist.")
        return found

    def _writer(self, load: FunctionLoad) -> Writer:
        group = get_backend(self.current_account, self.region)._lambdas._functions.get(load.name)  # noqa: SLF001 - moto
        if group is None:
            return Writer(load)
        latest: LambdaFunction = group["latest"]
        memory = {str(version.version): int(version.memory_size) for version in (latest, *group["versions"])}
        return Writer(load, str(latest.run_time), getattr(latest, "log_format", "Text") == "JSON", memory)

    def _described(self, name: str) -> dict[str, Any]:
        arn = f"arn:aws:logs:{self.region}:{self.current_account}:log-group:{name}"
        return {
            "logGroupName": name,
            "creationTime": int((self.world.clock() // _DAY - 400) * _DAY * 1000),
            "retentionInDays": RETENTION_DAYS,
            "metricFilterCount": 0,
            "arn": f"{arn}:*",
            "logGroupArn": arn,
            "storedBytes": 0,
            "logGroupClass": "STANDARD",
        }

    def _page(self, key: str, rows: list[dict[str, Any]]) -> str:
        size = self._number("limit", _MOST_DESCRIBED, _MOST_DESCRIBED)
        found, following = page(rows, self._get_param("nextToken"), size, code="InvalidParameterException")
        return json.dumps({key: found, **({"nextToken": following} if following else {})})

    def _number(self, name: str, most: int, otherwise: int) -> int:
        value = int(self._get_param(name) or otherwise)
        if not 1 <= value <= most:
            raise fail(
                "InvalidParameterException",
                f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must "
                f"have value less than or equal to {most}",
            )
        return value


def install(world: World) -> None:
    """Answer for CloudWatch Logs as AWS does."""
    Logs.world = world
    serve(urls, Logs)
