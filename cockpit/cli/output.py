"""Where results go: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path


class UnusableOutput(Exception):  # noqa: N818 - a usage error rather than a fault
    """The result cannot be written where it was asked for. The text is the sentence for the user."""


def require_writable(path: Path) -> None:
    """Find out before the work rather than after it. Raises UnusableOutput."""
    folder = path.parent
    if path.is_dir():
        raise UnusableOutput(f"--output: {path} is a folder.")
    if not folder.is_dir():
        raise UnusableOutput(f"--output: there is no folder {folder}.")
    place = path if _is_device(path) else folder
    if not os.access(place, os.W_OK):
        raise UnusableOutput(f"--output: {place} cannot be written to.")


def write_file(path: Path, text: str) -> None:
    """Put `text` into `path` in one step, so that no reader ever sees half of it. Raises OSError."""
    data = text.encode("utf-8", "replace")
    if _is_device(path):
        # A pipe or a terminal cannot be replaced by a file.
        path.write_bytes(data)
        return
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        # Not tempfile: its files are private, and a metrics collector reads as another user. The umask decides.
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_stdout(text: str) -> None:
    """Put `text` on standard output as UTF-8. A reader that has gone is not an error: the exit code still tells."""
    stream = sys.stdout
    if stream is None:
        # Closed before the program began: only the exit code is wanted.
        return
    try:
        stream.flush()
        if hasattr(stream, "buffer"):
            stream.buffer.write(text.encode("utf-8", "replace"))
        else:
            stream.write(text)
        stream.flush()
    except BrokenPipeError:
        silence(stream.fileno())


def silence(descriptor: int) -> None:
    """Point a broken descriptor at nothing, so that the flush at the end of the process does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def holds_signs(encoding: str | None) -> bool:
    """Whether an output of this encoding can show the signs of the text format."""
    try:
        "✖▲●·×–".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()
