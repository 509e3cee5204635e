"""From the socket to WSGI."""

from __future__ import annotations

from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler

_SSO_HEADER = "x-amz-sso_bearer_token"


class Handler(MotoRequestHandler):
    """moto's, quiet, and with the header that carries an SSO token: werkzeug drops names with an underscore."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the log is for what goes wrong."""

    def make_environ(self) -> dict[str, Any]:
        """The environment of a request."""
        environ: dict[str, Any] = super().make_environ()
        if self.headers.get(_SSO_HEADER):
            environ["HTTP_X_AMZ_SSO_BEARER_TOKEN"] = self.headers[_SSO_HEADER]
        return environ
