"""The output formats, one module each: `def render(report: Report) -> str`, ending with a line break."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.check.report import Report


def renderer(name: str) -> Callable[[Report], str]:
    """The renderer of one of `cockpit.check.request.FORMATS`. Only its module is imported."""
    if name == "json":
        from cockpit.check.formats.json_report import render
    elif name == "nagios":
        from cockpit.check.formats.nagios import render
    elif name == "openmetrics":
        from cockpit.check.formats.openmetrics import render
    elif name == "junit":
        from cockpit.check.formats.junit import render
    elif name == "github":
        from cockpit.check.formats.github import render
    else:
        from cockpit.check.formats.text import render
    return render
