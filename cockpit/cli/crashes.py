"""Crash reports of a run, where a DSN is configured. Without one nothing of it is even imported."""

from __future__ import annotations

import sys
from contextlib import suppress

from cockpit.config.settings import Settings

_FLUSH_SECONDS = 2.0


def watch(settings: Settings) -> None:
    """Report crashes from now on, if that is configured."""
    if settings.sentry is not None:
        from cockpit.reporting import init_sentry

        init_sentry(settings.sentry)


def report(error: BaseException) -> None:
    """Report `error`, which is handled and so would not be noticed otherwise. Does nothing where none is wanted."""
    sdk = sys.modules.get("sentry_sdk")
    if sdk is None:
        return
    # A report that cannot be made must not become a second crash.
    with suppress(Exception):
        sdk.capture_exception(error)
        sdk.flush(timeout=_FLUSH_SECONDS)
