"""What is said on standard error while a check runs: one line, rewritten, on a terminal only."""

from __future__ import annotations

from typing import Protocol, TextIO


class Polled(Protocol):
    """How far a sweep has come."""

    @property
    def done(self) -> int:
        """Slots that were polled."""

    @property
    def total(self) -> int:
        """Slots to poll."""

    @property
    def failed(self) -> int:
        """Polled slots that were not wholly observed."""


class ProgressLine:
    """`polled 14/62 slots · 3 failed`, rewritten in place; silent unless `stream` is a terminal."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._shown = stream is not None and stream.isatty()
        self._width = 0

    def __call__(self, polled: Polled) -> None:
        """Show how far it is."""
        failed = f" · {polled.failed} failed" if polled.failed else ""
        self._rewrite(f"polled {polled.done}/{polled.total} slots{failed}")

    def say(self, text: str) -> None:
        """Show what is being done before there is anything to count."""
        self._rewrite(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._rewrite("")
            self._write("\r")
            self._width = 0

    def _rewrite(self, text: str) -> None:
        # Blanks instead of an escape sequence: a dumb terminal shows those as letters.
        self._write("\r" + text.ljust(self._width))
        self._width = len(text)

    def _write(self, text: str) -> None:
        if self._stream is None or not self._shown:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, UnicodeEncodeError):
            # Nobody needs progress enough to lose the result for it.
            self._shown = False
