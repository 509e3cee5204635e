"""A wire to a server on loopback that can be cut, and mended."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class CutWire:
    """A context manager: a TCP relay. While it is cut, every connection is dropped."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._far = (parts.hostname or "", parts.port or 80)
        self._near = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._whole = threading.Event()
        self._whole.set()
        self.url = f"http://127.0.0.1:{self._near.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever waits for a connection is woken first.
        with contextlib.suppress(OSError):
            self._near.shutdown(socket.SHUT_RDWR)
        self._near.close()
        self.cut()

    def cut(self) -> None:
        """From now on nothing gets through, and what was open is dropped."""
        self._whole.clear()
        for one in [*self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """As before."""
        self._whole.set()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._near.accept()
            except OSError:
                return
            if not self._whole.is_set():
                caller.close()
                continue
            far = socket.create_connection(self._far)
            self._open |= {caller, far}
            for one, other in ((caller, far), (far, caller)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            self._open.discard(end)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
