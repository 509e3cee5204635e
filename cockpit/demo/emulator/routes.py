"""How a class of ours takes the place of moto's: by the table of paths that moto builds its applications from."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def serve(urls: ModuleType, response: Any, *paths: str) -> None:
    """Let `response` answer every path of a moto service, and `paths` that moto does not know.

    Call it before the first request: moto builds each service's application once.
    """
    for path in (*urls.url_paths, *paths):
        urls.url_paths[path] = response.dispatch
