"""`--check`: run it, tell how far it is, put the result where it belongs."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cockpit.check.formats import renderer
from cockpit.check.report import Report
from cockpit.check.request import CheckRequest
from cockpit.check.run import TimedOut, run_check
from cockpit.check.scope import NothingMatches
from cockpit.cli import crashes
from cockpit.cli.narration import ProgressLine
from cockpit.cli.output import UnusableOutput, holds_signs, require_writable, write_file, write_stdout
from cockpit.cli.refusal import Refusal
from cockpit.config.settings import Settings
from cockpit.model.service import Catalogue

_TERMINATED = 128 + signal.SIGTERM


def check(settings: Settings, catalogue: Catalogue, request: CheckRequest) -> int:
    """Check, write the report, and give its exit code. Raises Refusal."""
    signal.signal(signal.SIGTERM, _leave_orderly)
    # Libraries complain through logging, and without a handler that is standard error; the report tells what matters.
    logging.getLogger().addHandler(logging.NullHandler())
    line = ProgressLine(sys.stderr)
    try:
        if request.output is not None:
            require_writable(request.output)
        line.say("polling")
        report = run_check(settings, catalogue, request, progress=line, on_defect=_show_defect)
    except (NothingMatches, TimedOut, UnusableOutput) as problem:
        raise Refusal(str(problem)) from problem
    finally:
        line.clear()
    deliver(report)
    return report.exit_code


def deliver(report: Report) -> None:
    """Write the report where its request wants it, and GitHub's summary page where there is one. Raises OSError."""
    request = report.request
    text = _text_for_stdout(report) if _is_for_people(request) else renderer(request.format)(report)
    if request.output is None:
        write_stdout(text)
    else:
        write_file(request.output, text)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if request.format == "github" and summary_file:
        _append_step_summary(report, Path(summary_file))


def _is_for_people(request: CheckRequest) -> bool:
    return request.format == "text" and request.output is None


def _text_for_stdout(report: Report) -> str:
    from cockpit.check.formats.text import Paint, render

    stream = sys.stdout
    if stream is None:
        # Closed before the program began: only the exit code is wanted.
        return ""
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    colour = terminal and not os.environ.get("NO_COLOR")
    return render(report, Paint(colour=colour, ascii_only=not holds_signs(stream.encoding)))


def _append_step_summary(report: Report, path: Path) -> None:
    from cockpit.check.formats.github import summary_markdown

    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(summary_markdown(report))
    except OSError as error:
        # The verdict does not depend on it.
        sys.stderr.write(f"cockpit: the step summary could not be written: {error.strerror}\n")


def _show_defect(_where: str, error: Exception) -> None:
    crashes.report(error)
    if os.environ.get("COCKPIT_DEBUG") == "1":
        traceback.print_exception(error)


def _leave_orderly(_signal: int, _frame: FrameType | None) -> NoReturn:
    # An ordinary end runs what must be run: the embedded fleet ends, the store is closed.
    raise SystemExit(_TERMINATED)
