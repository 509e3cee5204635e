"""From an event of CloudWatch Logs to a line: its level, and a text that a terminal can bear. Pure.

What Lambda and its runtimes write: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html and
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html (JSON).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cockpit.model.inquiry import LogLine
from cockpit.model.text import harmless

LONGEST_LINE = 32 * 1024
"""Characters of an event that are kept; CloudWatch takes events of up to 1 MB."""

_HEAD_CHARACTERS = 100
"""A level in plain text stands near the beginning: after a time, and a request id."""

_COLOURS = re.compile("\x1b\\[[0-9;:]*[A-Za-z]")
_LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "FATAL": "ERROR",
        "CRITICAL": "ERROR",
        "ALERT": "ERROR",
        "EMERGENCY": "ERROR",
        "SEVERE": "ERROR",
        "PANIC": "ERROR",
        "ERROR": "ERROR",
        "ERR": "ERROR",
        "WARNING": "WARN",
        "WARN": "WARN",
        "NOTICE": "INFO",
        "INFORMATION": "INFO",
        "INFO": "INFO",
        "DEBUG": "DEBUG",
        "TRACE": "DEBUG",
        "VERBOSE": "DEBUG",
    }
)
_LEVEL_KEYS = ("level", "severity", "log.level", "levelname", "loglevel", "logLevel", "lvl", "@l")
_PLATFORM = re.compile(
    r"(?:START RequestId|END RequestId|REPORT RequestId|INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT"
    r"|EXTENSION\s|TELEMETRY\s|LOGS\s|XRAY TraceId)"
)
_RUNTIME_FAILED = re.compile(
    r"Task timed out after|Runtime exited|Runtime\.[A-Z]\w+|Process exited before completing"
    r"|^RequestId: \S+ Error:|^Traceback \(most recent|^(?:Uncaught )?(?:[A-Za-z_.]+)?(?:Error|Exception)\b"
)
_WORD = re.compile(r"\b(FATAL|CRITICAL|SEVERE|ERROR|WARNING|WARN|INFO|DEBUG|TRACE)\b")
_LOGFMT = re.compile(r'\b(?:level|severity|lvl)="?([A-Za-z]+)')


def line_of(event: Mapping[str, Any]) -> LogLine:
    """One line from a `FilteredLogEvent` (botocore's model of CloudWatch Logs 2014-03-28)."""
    text = _text(str(event.get("message") or ""))
    at = int(event.get("timestamp") or 0)
    stream = str(event.get("logStreamName") or "")
    return LogLine(
        id=str(event.get("eventId") or f"{stream} {at} {text[:80]}"),
        at=at / 1000,
        level=level_of(text),
        text=text,
        stream=harmless(stream),
    )


def level_of(text: str) -> str:
    """`ERROR`, `WARN`, `INFO`, `DEBUG`, `REPORT` for what Lambda itself writes, or empty."""
    if text.startswith("{"):
        told = _json_level(text)
        if told:
            return told
    if _PLATFORM.match(text):
        return "REPORT"
    head = text[:_HEAD_CHARACTERS]
    word = _WORD.search(head)
    if word:
        return _LEVELS[word.group(1)]
    if _RUNTIME_FAILED.search(head):
        return "ERROR"
    pair = _LOGFMT.search(head)
    return _LEVELS.get(pair.group(1).upper(), "") if pair else ""


def _json_level(text: str) -> str:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    if str(told.get("type", "")).startswith("platform."):
        return "REPORT"
    value = next((told[key] for key in _LEVEL_KEYS if key in told), None)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _numbered(value)
    return _LEVELS.get(str(value).upper(), "")


def _numbered(value: float) -> str:
    """The levels of pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal."""
    for least, level in ((50, "ERROR"), (40, "WARN"), (30, "INFO")):
        if value >= least:
            return level
    return "DEBUG"


def _text(message: str) -> str:
    """The message without colours and control characters; line breaks and tabs stay, for those who show them."""
    cut = message if len(message) <= LONGEST_LINE else message[: LONGEST_LINE - 1] + "…"
    # Lambda's Node.js runtime writes the breaks within one message as carriage returns.
    lines = _COLOURS.sub("", cut).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return "\n".join("\t".join(map(harmless, line.split("\t"))) for line in lines)
