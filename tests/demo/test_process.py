"""The emulator's process: up at once, gone whatever happens, and alone with itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from cockpit.demo import DemoFleet, adopt, embedded_fleet
from cockpit.demo.aws_files import AwsFiles
from cockpit.demo.environ import demo_environ

PARENT = """
import json, os, sys, time
from cockpit.demo import embedded_fleet
with embedded_fleet() as fleet:
    {during}
    print(json.dumps({{"pid": fleet.pid, "folder": str(fleet.profiles.parent)}}), flush=True)
    {then}
"""


def start_parent(then: str, during: str = "pass", **environ: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(then=then, during=during)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )
    assert parent.stdout is not None
    return parent, json.loads(parent.stdout.readline())


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def assert_gone(told: dict[str, Any], seconds: float = 3.0) -> None:
    assert within(seconds, lambda: not is_alive(told["pid"]))
    assert within(1, lambda: not Path(told["folder"]).exists())


@pytest.fixture(scope="module")
def fleet() -> Any:
    with embedded_fleet() as running:
        yield running


def ask_identity(fleet: DemoFleet, **environ: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, as the cockpit is: adopt first, then boto."""
    code = (
        "import json, os, sys; from cockpit.demo import adopt; adopt(json.load(sys.stdin));"
        "import boto3; s = boto3.Session(profile_name='hub').client('sts');"
        "print(s.get_caller_identity()['Arn'], s.meta.endpoint_url)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(dict(fleet.environ)),
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=30,
        check=False,
    )


def test_it_is_there_at_once_and_answers(fleet: DemoFleet) -> None:
    began = time.monotonic()
    with embedded_fleet() as other:
        assert time.monotonic() - began < 1.0
        assert other.endpoint != fleet.endpoint
        assert other.state_dir.is_dir()
    answer = ask_identity(fleet)
    assert answer.stdout.split() == ["arn:aws:iam::111122223333:user/operator", fleet.endpoint], answer.stderr
    assert fleet.log.read_text(encoding="utf-8") == ""


def test_a_given_state_folder_is_used_and_kept(tmp_path: Path) -> None:
    with embedded_fleet(tmp_path / "state") as fleet:
        assert fleet.state_dir == tmp_path / "state"
    assert fleet.state_dir.is_dir()
    assert not fleet.profiles.exists()
    assert not is_alive(fleet.pid)


def test_an_error_in_the_block_ends_it_too() -> None:
    with pytest.raises(ZeroDivisionError), embedded_fleet() as fleet:
        _ = 1 // 0
    assert not is_alive(fleet.pid)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_its_parent_is_killed(how: signal.Signals) -> None:
    parent, told = start_parent("time.sleep(60)")
    assert is_alive(told["pid"])
    parent.send_signal(how)
    parent.wait()
    parent.stdout.close()
    assert_gone(told)


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.05, 0.1])
def test_an_impatient_ctrl_c_leaves_nothing_behind(pause: float) -> None:
    """The second one falls into the clearing up after the first."""
    parent, told = start_parent("time.sleep(60)")
    for _ in range(3):
        parent.send_signal(signal.SIGINT)
        time.sleep(pause)
    parent.wait()
    parent.stdout.close()
    assert_gone(told)


def test_it_clears_away_when_its_parent_dies_before_it_says_anything(tmp_path: Path) -> None:
    folder = tmp_path / "fleet"
    folder.mkdir()
    server = [sys.executable, "-m", "cockpit.demo.server", str(folder)]
    ended = subprocess.run(server, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert not folder.exists()


def test_it_ends_when_its_parent_is_killed_while_it_serves() -> None:
    during = (
        "import urllib.request, urllib.error\n"
        "    try: urllib.request.urlopen(fleet.endpoint, timeout=20)\n"
        "    except urllib.error.HTTPError as error: assert error.code in (403, 404), error"
    )
    parent, told = start_parent("time.sleep(60)", during)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert_gone(told)


def test_it_ends_although_a_fork_of_its_parent_lives_on() -> None:
    """The fork holds the lifeline's other end open; it cannot be told from the parent by the pipe."""
    during = "child = os.fork()\n    if child == 0:\n        time.sleep(20)\n        os._exit(0)"
    then = "print(child, flush=True); time.sleep(60)"
    parent, told = start_parent(then, during)
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    try:
        assert is_alive(child)
        assert within(3, lambda: not is_alive(told["pid"]))
    finally:
        os.kill(child, signal.SIGKILL)


def test_it_outlives_the_thread_that_started_it() -> None:
    during = (
        "import threading\n"
        "    one = embedded_fleet()\n"
        "    box = []\n"
        "    starter = threading.Thread(target=lambda: box.append(one.__enter__()))\n"
        "    starter.start(); starter.join(); time.sleep(0.6)\n"
        "    fleet = box[0]\n"
        "    os.kill(fleet.pid, 0)"
    )
    parent, told = start_parent("os._exit(0)", during)
    assert parent.wait() == 0
    parent.stdout.close()
    assert within(3, lambda: not is_alive(told["pid"]))


def test_ctrl_c_is_for_the_cockpit(fleet: DemoFleet) -> None:
    os.kill(fleet.pid, signal.SIGINT)
    assert ask_identity(fleet).returncode == 0


def test_requests_fail_quickly_when_it_has_died() -> None:
    with embedded_fleet() as fleet:
        host, port = fleet.endpoint.removeprefix("http://").split(":")
        os.kill(fleet.pid, signal.SIGKILL)
        assert within(2, lambda: not is_alive(fleet.pid))
        with pytest.raises(OSError):
            socket.create_connection((host, int(port)), timeout=5).recv(1)


def test_it_listens_on_loopback_only(fleet: DemoFleet) -> None:
    connections = psutil.Process(fleet.pid).net_connections()
    assert {c.laddr.ip for c in connections} == {"127.0.0.1"}
    assert {c.raddr.ip for c in connections if c.raddr} <= {"127.0.0.1"}


def test_no_key_is_on_a_command_line_or_in_an_environment(fleet: DemoFleet) -> None:
    secrets = [line.split("= ")[1] for line in credentials(fleet).splitlines() if "secret" in line]
    process = psutil.Process(fleet.pid)
    shown = " ".join(process.cmdline()) + " ".join(process.environ().values())
    assert len(secrets) == 2
    assert not any(secret in shown for secret in secrets)


def test_what_it_writes_is_for_this_user_only(fleet: DemoFleet) -> None:
    folder = Path(fleet.environ["HOME"])
    assert folder.parent.stat().st_mode & 0o077 == 0
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def credentials(fleet: DemoFleet) -> str:
    return Path(fleet.environ["AWS_SHARED_CREDENTIALS_FILE"]).read_text(encoding="utf-8")


def test_the_users_own_aws_files_are_not_read(fleet: DemoFleet, tmp_path: Path) -> None:
    """Anything that reads them fails: they are no INI files, and the profile that is asked for is in none."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    for name in ("config", "credentials"):
        (folder / name).write_text("[[[ poison\n", encoding="utf-8")
    poison = {
        "HOME": str(tmp_path),
        "AWS_PROFILE": "nobody",
        "AWS_ACCESS_KEY_ID": "AKIAPOISONPOISONPOIS",
        "AWS_SECRET_ACCESS_KEY": "poison",
        "AWS_SESSION_TOKEN": "poison",
        "AWS_ENDPOINT_URL_STS": "http://192.0.2.1",
        "AWS_CA_BUNDLE": "/nowhere",
        "HTTP_PROXY": "http://192.0.2.1:3128",
        "https_proxy": "http://192.0.2.1:3128",
    }
    answer = ask_identity(fleet, **poison)
    assert answer.stdout.startswith("arn:aws:iam::111122223333:user/operator"), answer.stderr


def test_the_environment_is_the_users_without_what_leads_outside() -> None:
    base = {"PATH": "/bin", "TERM": "xterm", "AWS_REGION": "eu-west-1", "aws_profile": "x", "ALL_PROXY": "p"}
    base |= {"COCKPIT_READ_ONLY": "1", "COCKPIT_SENTRY__DSN": "https://key@sentry.example/1", "COCKPIT_CONFIG": "/x"}
    files = AwsFiles(Path("/f/config"), Path("/f/credentials"))
    found = demo_environ(base, files=files, home=Path("/f"), endpoint="http://127.0.0.1:9")
    assert {name: found[name] for name in ("PATH", "TERM", "COCKPIT_READ_ONLY", "HOME")} == {
        "PATH": "/bin",
        "TERM": "xterm",
        "COCKPIT_READ_ONLY": "1",
        "HOME": "/f",
    }
    assert {name for name in found if name.startswith(("AWS", "aws"))} == {
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
    }
    assert "ALL_PROXY" not in found
    assert not {name for name in found if name.startswith(("COCKPIT_SENTRY", "COCKPIT_CONFIG"))}


def test_an_environment_is_not_adopted_when_botocore_is_there_already() -> None:
    assert "botocore" in sys.modules or __import__("botocore")
    with pytest.raises(RuntimeError, match="botocore"):
        adopt({})
