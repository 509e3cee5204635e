"""Names of environments as they are shown. Pure."""

from __future__ import annotations

import re

from cockpit.model.ids import EnvironmentId

_CAPTURE = re.compile(r"\{\w+\}")


def environment_name(name: str) -> str:
    """`pr{number}` is `pr*` until it is known which there are; other names are themselves."""
    return _CAPTURE.sub("*", name)


def environment_text(environment: EnvironmentId) -> str:
    """`tim-combo/prod`."""
    return f"{environment.system}/{environment_name(environment.environment)}"
