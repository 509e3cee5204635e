"""The emulator's process: `python -m cockpit.demo.server`.

`cockpit.demo.process` starts it, and tells it on standard input which socket to listen on and which keys to let in.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from cockpit.demo import lifeline

_DYING_SECONDS = 0.5


def main() -> None:
    """Serve until the parent is gone."""
    order = json.loads(_first_line())

    ending = threading.Lock()

    def end() -> None:
        # Several may notice at once; one clears away, undisturbed.
        if not ending.acquire(blocking=False):
            return
        # A parent that is killed closes its end of the pipe a moment before it stops being our parent.
        until = time.monotonic() + _DYING_SECONDS
        while os.getppid() == order["parent"] and time.monotonic() < until:
            time.sleep(0.01)
        # The parent clears its folder away; if it could not, nobody else would.
        if os.getppid() != order["parent"]:
            shutil.rmtree(Path(order["folder"]), ignore_errors=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline.watch(order["parent"], sys.stdin.fileno(), end)
    serve(order)


def serve(order: dict[str, Any]) -> None:
    """Listen at once and seed beside it."""
    # Deferred: moto takes most of the start, and the lifeline must be there before it.
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from cockpit.demo.aws_files import AccessKey
    from cockpit.demo.emulator.application import Application, new_world
    from cockpit.demo.seeding.fleet import seed_fleet

    class Handler(MotoRequestHandler):  # type: ignore[misc]
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing: the log is for what goes wrong."""

    world = new_world(AccessKey(**key) for key in order["keys"])
    app = Application(world)

    def prepare() -> None:
        seed_fleet(world)
        app.warm()

    threading.Thread(target=prepare, name="seeding", daemon=True).start()
    with socket.socket(fileno=order["listener"]) as listener:
        server = make_server(
            "127.0.0.1", listener.getsockname()[1], app, threaded=True, request_handler=Handler, fd=listener.fileno()
        )
        server.serve_forever()


def _first_line() -> bytes:
    # Byte by byte: what follows on the pipe is the lifeline's to read, so nothing may be buffered.
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte:
            raise SystemExit("The emulator is started by the cockpit, not by hand: python -m cockpit.demo")
        line += byte
    return bytes(line)


if __name__ == "__main__":
    main()
