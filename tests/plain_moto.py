"""moto as it is, in a process of its own: the embedded fleet changes moto's classes in the process that runs it.

`PlainMoto` may have several doors to one state, and each can be shut for good, as an account that stops answering.
"""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType
from typing import IO, Self


class PlainMoto:
    """A context manager."""

    def __init__(self, doors: int = 1) -> None:
        self._doors = doors
        self.urls: list[str] = []

    def __enter__(self) -> Self:
        command = [sys.executable, "-W", "ignore", "-m", __name__, str(self._doors)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.urls = [f"http://127.0.0.1:{self._answer()}" for _ in range(self._doors)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._commands.close()
        self._process.wait(10)
        self._answers.close()

    def shut(self, door: int) -> None:
        """Nobody answers at this door from now on."""
        print(door, file=self._commands, flush=True)
        assert self._answer() == "shut"

    @property
    def _commands(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _answers(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _answer(self) -> str:
        return self._answers.readline().strip()


def main(doors: int) -> None:
    """Serve until standard input closes; a line with a door's number shuts it."""
    from moto.server import ThreadedMotoServer

    servers = [ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False) for _ in range(doors)]
    for server in servers:
        server.start()
        print(server.get_host_and_port()[1], flush=True)
    for line in sys.stdin:
        servers[int(line)].stop()
        print("shut", flush=True)


if __name__ == "__main__":
    import os

    main(int(sys.argv[1]))
    # Werkzeug's threads would be waited for.
    os._exit(0)
