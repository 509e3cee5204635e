"""Lines of a log: their level, and a text that a terminal can bear."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.engine.log_lines import LONGEST_LINE, level_of, line_of

ID = "5b362aa4-d31f-4ca5-a074-67e58a00d7ea"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"START RequestId: {ID} Version: 42", "REPORT"),
        (f"END RequestId: {ID}", "REPORT"),
        (f"REPORT RequestId: {ID}\tDuration: 3.10 ms", "REPORT"),
        ("INIT_START Runtime Version: nodejs:20.v55", "REPORT"),
        (f"2026-03-03T12:00:00.123Z\t{ID}\tERROR\tInvoke Error \t{{}}", "ERROR"),
        (f"2026-03-03T12:00:00.123Z\t{ID}\tINFO\tno ERROR here", "INFO"),
        (f"[WARNING]\t2026-03-03T12:00:00.123Z\t{ID}\tslow", "WARN"),
        ("[ERROR] KeyError: 'currency'", "ERROR"),
        (f"2026-03-03T12:00:00.123Z {ID} Task timed out after 15.02 seconds", "ERROR"),
        (f"RequestId: {ID} Error: Runtime exited with error: exit status 1", "ERROR"),
        ("Traceback (most recent call last):", "ERROR"),
        ("TypeError: Cannot read properties of undefined", "ERROR"),
        ('ts=2026-03-03 level=warn msg="late"', "WARN"),
        ("DEBUG cache miss", "DEBUG"),
        ("an errorless night", ""),
        ("INFORMAL", ""),
        ("", ""),
    ],
)
def test_the_level_of_a_text(text: str, level: str) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"level": "error", "message": "no"}, "ERROR"),
        ({"level": "WARNING"}, "WARN"),
        ({"severity": "NOTICE"}, "INFO"),
        ({"log.level": "trace"}, "DEBUG"),
        ({"level": 50, "msg": "pino"}, "ERROR"),
        ({"level": 30}, "INFO"),
        ({"time": "…", "type": "platform.start", "record": {}}, "REPORT"),
        ({"level": True}, ""),
        ({"message": "without"}, ""),
    ],
)
def test_the_level_of_json(fields: dict[str, Any], level: str) -> None:
    assert level_of(json.dumps(fields)) == level


def test_what_only_looks_like_json_is_text() -> None:
    assert level_of('{"level": "error", cut off') == ""
    assert level_of("{ ERROR: no json }") == "ERROR"


def test_a_line_carries_nothing_that_a_terminal_obeys() -> None:
    message = "\x1b[31mred\x1b[0m \x1b]0;title\x07 bell\x07\ttab\r  at one\n  at two\u202e\n"
    assert line_of({"message": message}).text == "red  ]0;title  bell \ttab\n  at one\n  at two "


def test_a_line_is_bounded() -> None:
    text = line_of({"message": "x" * (LONGEST_LINE * 4)}).text
    assert len(text) == LONGEST_LINE
    assert text.endswith("…")


def test_a_line_keeps_its_id_its_moment_and_its_stream() -> None:
    event = {"eventId": "3" * 56, "timestamp": 1_772_539_200_123, "logStreamName": "2026/03/03/[42]ab", "message": "a"}
    line = line_of(event)
    assert (line.id, line.at, line.stream) == ("3" * 56, 1_772_539_200.123, "2026/03/03/[42]ab")


def test_events_without_ids_are_told_apart() -> None:
    ids = {line_of({"timestamp": at, "logStreamName": "s", "message": text}).id for at in (1, 2) for text in "ab"}
    assert len(ids) == 4
