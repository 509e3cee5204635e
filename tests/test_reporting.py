"""Crash reports: off by default, and without anything private, seen from the server that receives them."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk
from aiobotocore.session import AioSession
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from cockpit.aws.failed import CallFailed
from cockpit.aws.meter import Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account, Polling, Sentry
from cockpit.model.service import Catalogue
from cockpit.reporting import init_sentry, scrub, scrub_text

ACCESS_KEY = "ASIAY34FZKBOKMUTVV7A"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEJr//////////wEaCWV1LXdlc3QtMiJHMEUCIQDx" * 4
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cockpit-read"


class Receiver:
    """A Sentry of our own on loopback."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.bodies.append(
                    (gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data).decode()
                )
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.dsn = f"http://key@127.0.0.1:{self._server.server_port}/1"

    @property
    def text(self) -> str:
        sentry_sdk.flush(timeout=2)
        return "\n".join(self.bodies)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines() if '"exception"' in line]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    sentry_sdk.init()
    receiver.close()


async def call_that_fails_inside_the_library() -> None:
    """A refused connection: the frames of aiobotocore and aiohttp hold the signed request and the keys."""
    session = AioSession()
    async with session.create_client(
        "sts",
        region_name="eu-west-2",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET,
        aws_session_token=TOKEN,
    ) as client:
        await client.assume_role(RoleArn=ROLE, RoleSessionName="cockpit")


async def report_a_failed_call() -> None:
    try:
        await call_that_fails_inside_the_library()
    except EndpointConnectionError as error:
        sentry_sdk.capture_exception(error)


def crash(message: str) -> None:
    try:
        raise RuntimeError(message)  # noqa: TRY301
    except RuntimeError as error:
        sentry_sdk.capture_exception(error)


def private_in(text: str) -> list[str]:
    return [private for private in (ACCESS_KEY, SECRET, TOKEN, TOKEN[:40], ACCOUNT, ROLE) if private in text]


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


async def test_a_call_that_fails_inside_the_library_leaves_nothing_private(receiver: Receiver) -> None:
    assert init_sentry(Sentry(receiver.dsn))
    await report_a_failed_call()
    (event,) = receiver.events
    assert event["exception"]["values"][-1]["type"] == "EndpointConnectionError"
    assert private_in(receiver.text) == []
    assert '"vars"' not in receiver.text


async def test_sentry_as_it_comes_would_leak_which_is_why_it_is_not_used_so(receiver: Receiver) -> None:
    """The control: without our settings the same failure carries the keys, so the test above can fail."""
    sentry_sdk.init(dsn=receiver.dsn)
    await report_a_failed_call()
    assert ACCESS_KEY in receiver.text


async def test_a_failure_of_the_aws_room_leaves_nothing_private(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    init_sentry(Sentry(receiver.dsn))
    account = Account("dev", ACCOUNT, ("eu-west-2",), role_arn=ROLE, endpoint_url="http://127.0.0.1:9")
    async with AwsRoom({"dev": account}, Polling(), Catalogue(()), meter=Meter(), clock=lambda: 0.0) as room:
        try:
            await room.verify("dev")
        except CallFailed as error:
            sentry_sdk.capture_exception(error)
    (event,) = receiver.events
    (raised,) = event["exception"]["values"]
    assert (raised["type"], raised["value"]) == (
        "CallFailed",
        "AssumeRole in dev/eu-west-2: No connection could be made.",
    )
    assert private_in(receiver.text) == []


def test_private_words_in_a_message_are_replaced(receiver: Receiver) -> None:
    init_sentry(Sentry(receiver.dsn, environment="desk"))
    crash(f"{ROLE} of {ACCOUNT} with {ACCESS_KEY} aws_session_token={TOKEN}")
    (event,) = receiver.events
    assert event["exception"]["values"][0]["value"] == "arn:*** of <account> with *** aws_session_token=***"
    assert event["environment"] == "desk"
    assert private_in(receiver.text) == []


def test_the_machine_and_its_user_are_not_named(receiver: Receiver) -> None:
    init_sentry(Sentry(receiver.dsn))
    crash("boom")
    (event,) = receiver.events
    assert not {"server_name", "user", "extra", "modules", "request", "breadcrumbs"} & set(event)
    (frame,) = event["exception"]["values"][0]["stacktrace"]["frames"]
    assert set(frame) <= {"filename", "function", "module", "lineno", "in_app"}
    assert frame["function"] == "crash"


def test_without_a_dsn_nothing_is_imported() -> None:
    program = (
        "import sys; from cockpit.reporting import init_sentry; from cockpit.config.settings import Sentry;"
        "assert not init_sentry(None); assert not init_sentry(Sentry('')); print('sentry_sdk' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.text(alphabet="ab .:", max_size=10))
def test_no_account_id_survives(account: str, around: str) -> None:
    assert account not in scrub_text(f"{around} {account}{around}")


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda part: st.lists(part) | st.dictionaries(st.text(), part))
)
def test_scrubbing_takes_any_event_and_is_stable(event: Any) -> None:
    once = scrub(event)
    assert scrub(once) == once


def test_ordinary_words_and_times_stay() -> None:
    said = "poll of eu-west-2 failed at 1700000000.123 after 3 attempts (HTTP 503)"
    assert scrub_text(said) == said
