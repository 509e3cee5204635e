"""The door of the program: flags in, exit code out. Everything heavy is imported when it is needed.

Exit codes are those of monitoring plugins: 0 ok, 1 warning, 2 critical, 3 for everything that prevents a verdict
(unknown, wrong usage, a configuration that cannot be used, a crash); 130 after an interrupt.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

TROUBLE = 3
"""Exit code where there is no verdict."""

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the program on the command line and leave."""
    _leave(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run the program; the exit code. Never raises an ordinary exception: one sentence on stderr tells it."""
    from cockpit.cli.arguments import UsageError, parse

    try:
        arguments = parse(argv)
    except UsageError as error:
        return _say(str(error))
    except SystemExit as request:
        return int(request.code or 0)
    try:
        from cockpit.cli.modes import perform

        return perform(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; there is nobody to tell.
        return TROUBLE
    except Exception as error:  # noqa: BLE001 - the last boundary: whatever it is ends as one sentence and a 3
        return _say(_explain(error))


def _explain(error: Exception) -> str:
    from cockpit.cli.modes import explained

    told = explained(error)
    if told:
        return told
    if os.environ.get("COCKPIT_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    # Only the kind and the place: the text of an unforeseen error may hold anything, a token as well.
    return f"Internal error: {type(error).__name__} in {_place(error)}; COCKPIT_DEBUG=1 shows all of it."


def _place(error: Exception) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{Path(frame.tb_frame.f_code.co_filename).name} line {frame.tb_lineno}" if frame else "an unknown place"


def _say(sentence: str) -> int:
    """Tell the user; the exit code for trouble."""
    try:
        for line in sentence.splitlines():
            sys.stderr.write(f"cockpit: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
    return TROUBLE


def _leave(code: int) -> NoReturn:
    """End the process, even where a library's thread still hangs in a call that never returns."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # A closed pipe must not be reported again by the interpreter's own flush at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    lingering = [t for t in threading.enumerate() if not t.daemon and t is not threading.main_thread()]
    if lingering:
        os._exit(code)
    sys.exit(code)
