"""Starts the emulator process and sees to its end.

The parent opens the listening socket itself and hands it down: the port is known at once, and a request made before
the emulator is ready waits in the socket's queue instead of failing. The emulator's standard input is its lifeline:
it ends when the other end is closed, however this process ends.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from cockpit.demo.aws_files import AccessKey, new_keys, write_aws_files
from cockpit.demo.environ import demo_environ

_STOP_SECONDS = 2.0
_BACKLOG = 512
_FRUGAL = {"MALLOC_ARENA_MAX": "2"}
"""glibc gives each thread a heap of its own; a thread for each request would cost 40 MB of them."""
_PLACEHOLDER = "http://127.0.0.1:4566"
"""Endpoint in `profiles.toml` that the real one takes the place of."""


class DemoUnavailable(Exception):  # noqa: N818 - a circumstance, not a fault
    """The embedded fleet cannot run here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class DemoFleet:
    """A running embedded fleet."""

    profiles: Path
    """Its `profiles.toml`."""
    environ: Mapping[str, str]
    """The whole environment that the cockpit's process must have: see `adopt`."""
    state_dir: Path
    endpoint: str
    """`http://127.0.0.1:port`."""
    pid: int
    """The emulator's process."""
    log: Path
    """What the emulator complained about."""


@contextmanager
def embedded_fleet(state_dir: Path | None = None) -> Iterator[DemoFleet]:
    """Run the emulator for the duration of the block. Returns at once: requests wait until it is ready.

    `state_dir` is where the cockpit keeps its state; without it, in a folder that goes with the fleet.

    Raises:
        DemoUnavailable: moto is not installed.
    """
    if importlib.util.find_spec("moto") is None:
        raise DemoUnavailable(
            "The demo needs the emulator: run `make demo` in a checkout, or pip install '.[demo]' there"
        )
    with tempfile.TemporaryDirectory(prefix="cockpit-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        keys = new_keys()
        aws_files = write_aws_files(folder / "home", keys, datetime.now(UTC))
        log = folder / "emulator.log"
        with socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG) as listener:
            endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
            environ = demo_environ(os.environ, files=aws_files, home=folder / "home", endpoint=endpoint)
            process = _start(listener, keys, folder, environ, log)
        try:
            profiles = folder / "profiles.toml"
            profiles.write_text(profiles_text(endpoint), encoding="utf-8")
            chosen = state_dir or folder / "state"
            chosen.mkdir(parents=True, exist_ok=True)
            yield DemoFleet(profiles, environ, chosen, endpoint, process.pid, log)
        finally:
            _stop(process)


def profiles_text(endpoint: str) -> str:
    """The demo's `profiles.toml` for an emulator at `endpoint`."""
    template = files("cockpit.demo").joinpath("profiles.toml").read_text(encoding="utf-8")
    return template.replace(_PLACEHOLDER, endpoint)


def _start(
    listener: socket.socket, keys: tuple[AccessKey, ...], folder: Path, environ: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    descriptor = listener.fileno()
    order = {
        "listener": descriptor,
        "parent": os.getpid(),
        "keys": [asdict(key) for key in keys],
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own module, our own folder
            [sys.executable, "-m", "cockpit.demo.server", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | _FRUGAL,
            pass_fds=(descriptor,),
            # Ctrl-C at the terminal is for the cockpit, which then ends the emulator in its own time.
            start_new_session=True,
        )
    assert process.stdin is not None  # noqa: S101 - asked for above
    # Keys go through the pipe: a command line or an environment can be read by others.
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.flush()
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let go of the emulator. It clears the folder away, even where this process is interrupted over it."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
