"""The edge of the process: crashes, interrupts, pipes that close, terminals that are none."""

from __future__ import annotations

import gzip
import io
import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cockpit.cli.narration import ProgressLine
from cockpit.cli.output import UnusableOutput, require_writable, write_file

# A defect in another room, planted before the program runs.
CRASHING = """
import sys, types
broken = types.ModuleType("cockpit.services")
def catalogue():
    raise ValueError("token=AQoDYXdzEJr")
broken.catalogue = catalogue
sys.modules["cockpit.services"] = broken
from cockpit.cli import main
sys.argv = ["cockpit", "--policy"]
main()
"""

HANGING = """
import threading, sys
threading.Thread(target=threading.Event().wait).start()
from cockpit.cli import main
sys.argv = ["cockpit", "--version"]
main()
"""


def python(program: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COCKPIT_")}
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**clean, **environ},
        timeout=30,
        check=False,
    )


def test_a_crash_is_one_sentence_without_the_text_of_the_error_and_exits_with_3() -> None:
    ended = python(CRASHING)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("cockpit: Internal error: ValueError in ")
    assert ended.stderr.count("\n") == 1
    assert "AQoDYXdzEJr" not in ended.stderr


def test_a_crash_shows_all_of_it_only_when_asked() -> None:
    ended = python(CRASHING, COCKPIT_DEBUG="1")

    assert ended.returncode == 3
    assert "Traceback (most recent call last)" in ended.stderr


def test_a_crash_is_reported_where_that_is_configured(tmp_path: Path) -> None:
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        (tmp_path / "profiles.toml").write_text(f"""
[sentry]
dsn = "http://key@127.0.0.1:{server.server_port}/1"

[accounts.live]
id = "111122223333"
regions = ["eu-west-1"]

[systems.shop.environments.prod]
targets = [{{ account = "live", services = ["sqs"] }}]
""")
        program = CRASHING.replace("cockpit.services", "cockpit.cli.checking").replace("catalogue()", "check(*_)")
        program = program.replace("catalogue", "check").replace("--policy", "--check")
        ended = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
        )
        server.shutdown()

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("cockpit: Internal error: ValueError in ")
    assert b'"ValueError"' in b"".join(received)
    assert b"AQoDYXdzEJr" not in b"".join(received)


def test_a_thread_that_hangs_does_not_keep_the_process_alive() -> None:
    ended = python(HANGING)

    assert ended.returncode == 0
    assert ended.stdout.startswith("cockpit ")


def test_a_reader_that_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "cockpit", "--schema"], stdout=writing, stderr=subprocess.PIPE, timeout=30, check=False
    )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_survived(closed: str) -> None:
    # The shell closes the descriptors before the interpreter starts.
    command = f'"{sys.executable}" -m cockpit --schema {closed}'
    assert subprocess.run(["sh", "-c", command], capture_output=True, timeout=30, check=False).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "cockpit", "--schema"], stdout=full, stderr=subprocess.PIPE, timeout=30, check=False
        )

    assert (ended.returncode, ended.stderr) == (3, b"cockpit: No space left on device.\n")


def test_an_interrupt_exits_with_130_and_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        (tmp_path / "profiles.toml").write_text(f"""
[accounts.slow]
id = "111122223333"
regions = ["eu-west-1"]
endpoint_url = "http://127.0.0.1:{silent.getsockname()[1]}"

[systems.shop.environments.prod]
targets = [{{ account = "slow", services = ["sqs"] }}]
""")
        process = subprocess.Popen(
            [sys.executable, "-m", "cockpit", "--check"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
            | {"COCKPIT_STATE_DIR": str(tmp_path / "state")},
        )
        try:
            # The first call is on its way and will never be answered.
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
            connection.close()
        finally:
            process.kill()

    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_credential_process_that_hangs_does_not_outlive_the_timeout(tmp_path: Path) -> None:
    (tmp_path / "aws").write_text("[profile stuck]\ncredential_process = sleep 15\n")
    (tmp_path / "profiles.toml").write_text("""
[accounts.stuck]
id = "111122223333"
profile = "stuck"
regions = ["eu-west-1"]
endpoint_url = "http://127.0.0.1:9"

[systems.shop.environments.prod]
targets = [{ account = "stuck", services = ["sqs"] }]
""")
    ended = subprocess.run(
        [sys.executable, "-m", "cockpit", "--check", "--timeout", "1s"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "AWS_CONFIG_FILE": str(tmp_path / "aws"), "COCKPIT_STATE_DIR": str(tmp_path / "state")},
        timeout=12,
        check=False,
    )

    assert ended.returncode == 3
    assert "eu-west-1/sqs: not reached within 1 s" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("UNKNOWN: 1 unknown · 0 of 1 slots observed")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "fleet.prom"
    target.write_text("old\n")
    before = target.stat().st_ino

    write_file(target, "new · 1\n")

    assert target.read_text(encoding="utf-8") == "new · 1\n"
    assert target.stat().st_ino != before
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    (tmp_path / "link").symlink_to(target / "missing" / "file")
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "link", "text")

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "taken"]


def test_others_may_read_the_file_as_far_as_the_umask_lets_them(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write_file(tmp_path / "fleet.prom", "text")
    finally:
        os.umask(old)

    assert (tmp_path / "fleet.prom").stat().st_mode & 0o777 == 0o644


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")

    write_file(tmp_path / "link", "new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    require_writable(Path(os.devnull))
    write_file(Path(os.devnull), "text")

    assert Path(os.devnull).is_char_device()


def test_an_output_without_a_folder_is_found_out_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(UnusableOutput, match="there is no folder"):
        require_writable(tmp_path / "missing" / "out.json")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Polled:
    def __init__(self, done: int, total: int, failed: int) -> None:
        self.done, self.total, self.failed = done, total, failed


def test_progress_is_one_line_rewritten_and_taken_away() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal)
    line(Polled(14, 62, 3))
    line(Polled(62, 62, 0))
    line.clear()

    first = "polled 14/62 slots · 3 failed"
    second = "polled 62/62 slots"
    assert terminal.getvalue() == f"\r{first}\r{second.ljust(len(first))}\r{' ' * len(second)}\r"


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_progress_is_silent_where_nobody_watches(stream: io.StringIO | None) -> None:
    line = ProgressLine(stream)
    line(Polled(14, 62, 3))
    line.clear()

    assert stream is None or stream.getvalue() == ""
