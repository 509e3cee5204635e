"""The door of the program: flags in, exit code out. Everything heavy is imported when it is needed.

Exit codes are those of monitoring plugins: 0 ok, 1 warning, 2 critical, 3 for everything that prevents a verdict
(unknown, wrong usage, a configuration that cannot be used, a crash); 130 after an interrupt.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

TROUBLE = 3
"""Exit code where there is no verdict."""

INTERRUPTED = 130

_PATIENCE_SECONDS = 0.5
"""How long threads that are still at work at the end are waited for."""


def main() -> NoReturn:
    """Run the program on the command line and leave."""
    _leave(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run the program; the exit code. Raises no ordinary exception: one sentence on stderr tells it."""
    from cockpit.cli.refusal import Refusal

    try:
        from cockpit.cli.arguments import parse
        from cockpit.cli.modes import perform

        return perform(parse(argv))
    except Refusal as refusal:
        return _say(str(refusal))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; there is nobody to tell.
        return TROUBLE
    except Exception as error:  # noqa: BLE001 - the last boundary: whatever it is ends as one sentence and a 3
        return _say(_explain(error))


def _explain(error: Exception) -> str:
    from cockpit.cli import crashes

    crashes.report(error)
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
    if sys.stderr is None:
        return TROUBLE
    try:
        for line in sentence.splitlines():
            sys.stderr.write(f"cockpit: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
    return TROUBLE


def _leave(code: int) -> NoReturn:
    """End the process, even where a library's thread still hangs in a call that never returns."""
    from cockpit.cli.output import silence

    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            # A closed pipe must not be reported again by the interpreter's own flush at exit.
            silence(stream.fileno())
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                os._exit(code)
    sys.exit(code)
