"""A small AWS on loopback that answers, records, and misbehaves on request."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
XML = "text/xml"


@dataclass(frozen=True)
class Seen:
    """One HTTP request, as AWS would have understood it."""

    access_key: str
    token: str | None
    region: str
    service: str
    operation: str
    """From the X-Amz-Target header or the Action parameter, else the path."""
    parameters: Any
    headers: dict[str, str]


@dataclass
class Reply:
    """What to answer with."""

    body: Any = field(default_factory=dict)
    status: int = 200
    content_type: str = "application/x-amz-json-1.0"
    cut_at: int | None = None
    """Close the connection after this many bytes of the body."""
    drip_seconds: float = 0.0
    """Send one byte, and wait this long before the next."""
    wait_seconds: float = 0.0
    hang_up: bool = False


Handler = Callable[[Seen], Reply]


def error(code: str, message: str = "no", status: int = 400) -> Reply:
    return Reply({"__type": code, "message": message}, status)


def rest_error(code: str, message: str = "no", status: int = 400) -> Reply:
    return Reply({"__type": code, "message": message, "Code": code}, status)


def xml_error(code: str, message: str = "no", status: int = 403) -> Reply:
    return Reply(
        f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>", status, XML
    )


def identity(account_id: str) -> Reply:
    return Reply(
        f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:sts::{account_id}:assumed-role/cockpit-read/cockpit</Arn><UserId>A:cockpit</UserId>
        <Account>{account_id}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>""",
        content_type=XML,
    )


def session(access_key: str, expires: str = "2099-01-01T00:00:00Z", operation: str = "AssumeRole") -> Reply:
    return Reply(
        f"""<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result><Credentials>
        <AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>secret-{access_key}</SecretAccessKey>
        <SessionToken>token-{access_key}</SessionToken><Expiration>{expires}</Expiration></Credentials>
        </{operation}Result></{operation}Response>""",
        content_type=XML,
    )


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the game."""


class Wire:
    """The server. `on` sets the answer of an operation; everything asked is in `seen`."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.accounts: dict[str, str] = {}
        """Access key → the account that it belongs to."""
        self._handlers: dict[str, Handler] = {"GetCallerIdentity": self._identity}
        self._server = _QuietServer(("127.0.0.1", 0), type("Handler", (_RequestHandler,), {"wire": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def on(self, operation: str, answer: Handler | Reply | list[Reply]) -> None:
        """Answer an operation with a reply, with each of some replies in turn (the last stays), or by a function."""
        if isinstance(answer, Reply):
            self._handlers[operation] = lambda _: answer
        elif isinstance(answer, list):
            left = list(answer)
            self._handlers[operation] = lambda _: left.pop(0) if len(left) > 1 else left[0]
        else:
            self._handlers[operation] = answer

    def calls(self, operation: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.operation == operation]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _identity(self, seen: Seen) -> Reply:
        account = self.accounts.get(seen.access_key)
        return identity(account) if account else xml_error("InvalidClientTokenId")

    def _reply(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        handler = self._handlers.get(seen.operation)
        return handler(seen) if handler else rest_error("NotFound", f"no answer to {seen.operation}", 404)


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wire: Wire

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.wire._reply(understand(self.path, dict(self.headers), body))
        time.sleep(reply.wait_seconds)
        if reply.hang_up:
            self.close_connection = True
            return
        try:
            self._send(reply)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    do_GET = do_POST  # noqa: N815
    do_PUT = do_POST  # noqa: N815

    def do_CONNECT(self) -> None:
        """Asked to be a proxy: note for whom, and refuse."""
        self.wire._reply(Seen("", None, "", "", f"CONNECT {self.path}", {}, {}))
        self.send_error(403)

    def _send(self, reply: Reply) -> None:
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        data = text.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if reply.cut_at is not None:
            self.wfile.write(data[: reply.cut_at])
            self.close_connection = True
        elif reply.drip_seconds:
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(reply.drip_seconds)
        else:
            self.wfile.write(data)


def understand(path: str, headers: dict[str, str], body: bytes) -> Seen:
    named = {key.lower(): value for key, value in headers.items()}
    scope = _SCOPE.search(named.get("authorization", ""))
    key, region, service = scope.groups() if scope else ("", "", "")
    target = named.get("x-amz-target", "").rpartition(".")[2]
    parameters: Any = {}
    if named.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    elif body:
        parameters = json.loads(body)
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    operation = target or parameters.get("Action") or urlsplit(path).path
    return Seen(key, named.get("x-amz-security-token"), region, service, operation, parameters or query, named)
