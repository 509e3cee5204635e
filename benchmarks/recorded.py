"""A fast local server of recorded answers with a fixed delay, in a process of its own.

`python -m benchmarks.recorded --delay-ms 50` prints its port and serves until its standard input closes. Answers
are kept by what decides them, so that serving costs little beside the clients that are measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import threading
from typing import ClassVar

from benchmarks.answers import answer, errors_everywhere
from benchmarks.shape import CREDENTIAL, Request, Shape, account_id

CACHED_TARGETS = ("GetMetricData", "GetCostAndUsage", "GetCostForecast")
"""Operations whose answer follows from the whole body; they are made anew each time."""


class Recorded(asyncio.Protocol):
    """HTTP/1.1 with keep-alive and content-length bodies, which is all that the clients use."""

    kept: ClassVar[dict[tuple[object, ...], bytes]] = {}
    served = 0

    def __init__(self, shape: Shape, delay_seconds: float) -> None:
        self.shape = shape
        self.delay_seconds = delay_seconds
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each complete request after the delay."""
        self.buffer += data
        while (split := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:split]
            length = _content_length(head)
            if len(self.buffer) < split + 4 + length:
                return
            body = self.buffer[split + 4 : split + 4 + length]
            self.buffer = self.buffer[split + 4 + length :]
            Recorded.served += 1
            payload = self.respond(head, body)
            asyncio.get_running_loop().call_later(self.delay_seconds, self.send, payload)

    def send(self, payload: bytes) -> None:
        """Write, unless the client has gone."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(payload)

    def respond(self, head: bytes, body: bytes) -> bytes:
        """The whole response of one request."""
        line, _, rest = head.partition(b"\r\n")
        method, path, _ = line.decode().split(" ", 2)
        if path == "/-/served":
            return _response(200, "application/json", json.dumps({"served": Recorded.served}).encode())
        credential = CREDENTIAL.search(rest)
        key, region, service = (part.decode() for part in credential.groups()) if credential else ("", "", "")
        account = key[4:] if key.startswith("ASIA") else account_id(0)
        request = Request(account, region, service, method, path, _target(rest), body)
        if any(name in request.target for name in CACHED_TARGETS):
            return _response(*answer(request, self.shape))
        kept = (account, region, service, path, request.target, body)
        if kept not in Recorded.kept:
            Recorded.kept[kept] = _response(*answer(request, self.shape))
        return Recorded.kept[kept]


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def _content_length(head: bytes) -> int:
    found = LENGTH.search(head)
    return int(found[1]) if found else 0


def _target(rest: bytes) -> str:
    at = rest.lower().find(b"x-amz-target:")
    return rest[at + 13 : rest.find(b"\r\n", at)].decode().strip() if at >= 0 else ""


def _response(status: int, content_type: str, body: bytes) -> bytes:
    reason = "OK" if status == 200 else "Bad Request"
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\nx-amzn-RequestId: 6f3a\r\n\r\n"
    )
    return head.encode() + body


async def serve(shape: Shape, delay_seconds: float) -> None:
    """Serve until standard input closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Recorded(shape, delay_seconds), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()

    def wait_for_parent() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait_for_parent, daemon=True).start()
    await ended.wait()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay-ms", type=float, default=50.0)
    parser.add_argument("--functions", type=int, default=Shape.functions)
    parser.add_argument("--errors", action="store_true", help="some invocations fail everywhere")
    options = parser.parse_args()
    if options.errors:
        errors_everywhere()
    asyncio.run(serve(Shape(functions=options.functions), options.delay_ms / 1000))


if __name__ == "__main__":
    main()
