"""From a request to the application of its service.

moto holds one lock around everything: while one service is imported, which takes up to half a second, no other
answers.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

_FALLBACK = "s3.us-east-1.amazonaws.com"
"""Where a request goes that does not say what it is for; the gate turns it away there."""


class Dispatcher(DomainDispatcherApplication):
    """The WSGI application that knows every service. Each is made once, while the others answer."""

    def __init__(self, create_app: Callable[[Any], Any]) -> None:
        super().__init__(create_app)
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._service_of_host = lru_cache(maxsize=1024)(self.get_backend_for_host)

    def get_application(self, environ: dict[str, Any]) -> Any:
        """The application for a request."""
        host = self.infer_service_region_host(environ, environ.get("PATH_INFO", "")) or _FALLBACK
        return self._application(self._service_of_host(host))

    def warm(self, services: Iterable[str]) -> None:
        """Make applications before anybody asks, by moto's names of the services."""
        for service in services:
            self._application(service)

    def _application(self, service: Any) -> Any:
        if service not in self.app_instances:
            with self._making[service]:
                if service not in self.app_instances:
                    self.app_instances[service] = self.create_app(service)
        return self.app_instances[service]
