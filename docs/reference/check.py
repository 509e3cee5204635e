"""`cockpit --check`: its flags, and what each format makes of one small fleet."""

from __future__ import annotations

import argparse
import json
import re

from cockpit.check.formats import renderer
from cockpit.check.request import FORMATS, CheckRequest
from cockpit.cli.arguments import build_parser
from docs.reference.tables import code, table
from tests.check.factory import troubled

_LANGUAGE = {"json": "json", "junit": "xml"}
_FOR = {
    "text": "people",
    "json": "programs; its schema is printed by `cockpit --schema`",
    "nagios": "Nagios, Icinga, Checkmk and whatever else runs monitoring plugins",
    "openmetrics": "Prometheus, by way of a text-file collector",
    "junit": "CI servers that show test reports",
    "github": "GitHub Actions: annotations, and a table on the summary page of the run",
}


def flags() -> str:
    """Every flag, as `--help` tells it."""
    rows = [
        (code(f"{action.option_strings[-1]} {action.metavar or ''}".strip()), _plain(action))
        for action in build_parser()._actions  # noqa: SLF001 - argparse has no public list
    ]
    return table(("flag", "meaning"), rows)


def _plain(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def examples() -> str:
    """One example a format."""
    return "\n\n".join(_example(name) for name in FORMATS)


def _example(name: str) -> str:
    text = renderer(name)(troubled().report(CheckRequest(format=name))).rstrip()
    text = _SHORTENED.get(name, str)(text)
    return f"### {name}\n\nFor {_FOR[name]}.\n\n```{_LANGUAGE.get(name, 'text')}\n{text}\n```"


def _one_of_each_list(text: str) -> str:
    """The JSON report with the first of each list only: the rest is more of the same."""

    def first(value: object) -> object:
        if isinstance(value, dict):
            return {key: first(part) for key, part in value.items()}
        return [first(part) for part in value[:1]] if isinstance(value, list) else value

    return json.dumps(first(json.loads(text)), indent=2, ensure_ascii=False)


def _one_sample_a_metric(text: str) -> str:
    """OpenMetrics with one sample of each metric: the first that is not 0, where there is one."""
    samples: dict[str, str] = {}
    for line in text.splitlines():
        name = re.split(r"[{ ]", line, maxsplit=1)[0]
        if not line.startswith("#") and samples.get(name, " 0").endswith(" 0"):
            samples[name] = line
    kept = set(samples.values())
    return "\n".join(line for line in text.splitlines() if line.startswith("#") or line in kept)


_SHORTENED = {"json": _one_of_each_list, "openmetrics": _one_sample_a_metric}
