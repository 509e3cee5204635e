"""The emulator's process: `python -m cockpit.demo.server`.

`cockpit.demo.process` starts it with the fleet's folder, and tells it on standard input which socket to listen on and
which keys to let in.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from cockpit.demo import lifeline


def main() -> None:
    """Serve until the parent is gone or lets go, and clear its folder away: `argv` names it.

    Clearing is the emulator's, because nothing interrupts it: it has a session of its own, and no terminal.
    """
    folder = Path(sys.argv[1])
    ending = threading.Lock()

    def end() -> None:
        # Several may notice at once; one clears away, undisturbed.
        if ending.acquire(blocking=False):
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = _first_line()
    if line is None:
        end()
        return
    order = json.loads(line)
    lifeline.watch(order["parent"], sys.stdin.fileno(), end)
    serve(order)


def serve(order: dict[str, Any]) -> None:
    """Listen at once and seed beside it."""
    # Deferred: moto takes most of the start, and the lifeline must be there before it.
    from werkzeug.serving import make_server

    from cockpit.demo.aws_files import AccessKey
    from cockpit.demo.emulator.application import Application, new_world
    from cockpit.demo.emulator.cloudwatch import look_at_alarms
    from cockpit.demo.emulator.handler import Handler
    from cockpit.demo.seeding.fleet import seed_fleet

    world = new_world(AccessKey(**key) for key in order["keys"])
    app = Application(world)

    def prepare() -> None:
        seed_fleet(world)
        app.warm()
        look_at_alarms(world)

    threading.Thread(target=prepare, name="seeding", daemon=True).start()
    with socket.socket(fileno=order["listener"]) as listener:
        server = make_server(
            "127.0.0.1", listener.getsockname()[1], app, threaded=True, request_handler=Handler, fd=listener.fileno()
        )
        server.serve_forever()


def _first_line() -> bytes | None:
    # Byte by byte: what follows on the pipe is the lifeline's to read, so nothing may be buffered.
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte:
            return None
        line += byte
    return bytes(line)


if __name__ == "__main__":
    main()
