"""Refuses answers that botocore would take for empty ones.

A proxy's login page, or JSON that stops in the middle, parses as "no functions, no queues, no alarms". For
a cockpit that is the worst of all answers: nothing there, nothing wrong. So the shape of every good answer is
looked at before it is parsed.
"""

from __future__ import annotations

import json
from typing import Any

from botocore.parsers import ResponseParserError


def check_answer(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Handler of botocore's `before-parse`. Raises ResponseParserError, which is not retried."""
    if response_dict["status_code"] >= 300 or not getattr(operation_model.output_shape, "members", None):
        return
    protocol = operation_model.service_model.resolved_protocol
    body = bytes(response_dict["body"]).strip()
    if not _is_plausible(protocol, operation_model.name, body):
        raise ResponseParserError(f"the answer is no {protocol}")


def _is_plausible(protocol: str, operation: str, body: bytes) -> bool:
    if protocol in {"json", "rest-json"}:
        return _is_json(body)
    if protocol in {"query", "ec2"}:
        # A truncated document does not parse; another document does.
        return f"<{operation}Response".encode() in body[:1000]
    if protocol == "rest-xml":
        return body.startswith(b"<") and b"<html" not in body[:1000].lower()
    return bool(body)


def _is_json(body: bytes) -> bool:
    """Whether it decodes: botocore hides it where it does not, and a second look costs little beside its own."""
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
