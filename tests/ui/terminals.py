"""A program in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LEAVE_ALTERNATE = b"\x1b[?1049l"
SHOW_CURSOR = b"\x1b[?25h"

PROFILES = """
[accounts.shop]
id = "111122223333"
regions = ["eu-west-1"]
endpoint_url = "http://127.0.0.1:9"
emulator = true

[systems.shop.environments.prod]
targets = [{ account = "shop", services = ["lambda", "sqs"] }]
"""
"""A fleet behind a closed port: nothing outside is asked."""


class Terminal:
    """The outer end of a pseudo-terminal, with a program at the inner one."""

    def __init__(self, outer: int, inner: int, process: subprocess.Popen[bytes]) -> None:
        self.outer = outer
        self.inner = inner
        self.process = process
        self.output = b""
        self.before = termios.tcgetattr(inner)

    def read(self, seconds: float) -> None:
        """Take what comes within some time."""
        ready, _, _ = select.select([self.outer], [], [], seconds)
        if ready:
            self.output += os.read(self.outer, 65536)

    def wait_for(self, *words: bytes, seconds: float = 15.0) -> None:
        """Wait until all of it has been written."""
        end = time.monotonic() + seconds
        while not all(word in self.output for word in words):
            assert time.monotonic() < end, f"{words} not in {self.output[-3000:]!r}"
            self.read(0.1)

    def press(self, keys: bytes) -> None:
        """Send keys."""
        os.write(self.outer, keys)

    def ended(self, seconds: float = 10.0) -> int:
        """Wait for the end of the program; its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it goes on: {self.output[-3000:]!r}"
            self.read(0.05)
        self.read(0.05)
        return self.process.returncode

    def afterwards(self) -> str:
        """What was written once the screen was given back."""
        return self.output.rpartition(LEAVE_ALTERNATE)[2].decode()


@contextmanager
def terminal(
    *arguments: str, home: Path, profiles: str | None = PROFILES, size: tuple[int, int] = (100, 30), **more: str
) -> Iterator[Terminal]:
    """Run `python *arguments` in a terminal, in a home of its own."""
    if profiles is not None:
        (home / "profiles.toml").write_text(profiles)
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=inner, stdout=inner, stderr=inner, cwd=home, env=_environ(home, more), start_new_session=True,
    )  # fmt: skip
    running = Terminal(outer, inner, process)
    try:
        yield running
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for end in (running.outer, inner):
            if end >= 0:
                os.close(end)


def _environ(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCKPIT_", "AWS_", "TEXTUAL"))}
    own = {
        "HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "XDG_CONFIG_HOME": str(home / "config"),
        "AWS_CONFIG_FILE": str(home / "aws"), "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
        "AWS_EC2_METADATA_DISABLED": "true", "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    return {**clean, **own, **more}
