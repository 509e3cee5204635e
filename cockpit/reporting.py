"""Crash reports of the cockpit itself, to Sentry: off unless a DSN is configured, and empty of everything private.

Stack traces carry neither local variables nor source, there are no breadcrumbs, no host and user names and no
arguments of the program. What is left is searched for account ids, ARNs, keys and tokens before it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from cockpit.config.settings import Sentry

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_DROPPED = frozenset({"abs_path", "breadcrumbs", "extra", "modules", "request", "server_name", "user", "vars"})
"""Parts of an event that may name a person, a machine or a value."""
_CODE = frozenset({"filename", "function", "module"})
"""Names of our own and the libraries' code; a long path is not mistaken for a secret."""
_PRIVATE = (
    (re.compile(r"\barn:aws[a-z-]*:[^\s\"',\]})]+"), "arn:***"),
    (re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,}\b"), "***"),
    (
        re.compile(r"(?i)\b((?:[\w-]*(?:token|secret|password|credential|signature|api[_-]?key))\s*[=:]\s*)[^\s,;&]+"),
        r"\1***",
    ),
    (re.compile(r"[A-Za-z0-9+/=_%-]{40,}"), "***"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<account>"),
)


def init_sentry(sentry: Sentry | None) -> bool:
    """Start reporting crashes; False, and nothing is even imported, where no DSN is configured."""
    if sentry is None or not sentry.dsn:
        return False
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration

    # `send_default_pii` is deprecated; left out, it is False. The release is given because Sentry would ask git.
    sentry_sdk.init(
        dsn=sentry.dsn,
        environment=sentry.environment,
        release=f"cockpit@{version('cockpit')}",
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        server_name="",
        before_send=_before_send,
        auto_session_tracking=False,
        # The default integrations record subprocess commands, HTTP requests and sys.argv.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            ExcepthookIntegration(),
            ThreadingIntegration(propagate_scope=False),
            DedupeIntegration(),
            AtexitIntegration(callback=_leave_quietly),
        ],
    )
    return True


def scrub(value: Any) -> Any:
    """`value` (of an event: dicts, lists, strings) without what is private; a new object."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, Mapping):
        return {key: part if key in _CODE else scrub(part) for key, part in value.items() if key not in _DROPPED}
    if isinstance(value, (list, tuple)):
        return [scrub(part) for part in value]
    return value


def scrub_text(text: str) -> str:
    """`text` without ARNs, access keys, tokens, secrets and account ids."""
    for pattern, replacement in _PRIVATE:
        text = pattern.sub(replacement, text)
    return text


def _before_send(event: Event, _hint: Hint) -> Event | None:
    return cast("Event", scrub(event))


def _leave_quietly(_pending: int, _timeout: float) -> None:
    """The terminal belongs to whoever comes after us."""
