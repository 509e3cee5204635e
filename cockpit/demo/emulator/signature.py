"""Signature Version 4, checked.

moto does not look at signatures. Requests of many accounts share clients in the cockpit and differ by their
signature alone, so the emulator is strict:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/(?P<scope>[^,]+), ?"
    r"SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>[0-9a-f]+)"
)
_UNRESERVED = "-_.~"


class Signed(NamedTuple):
    """What an Authorization header says."""

    key_id: str
    scope: str
    """date/region/service/aws4_request."""
    headers: tuple[str, ...]
    signature: str

    @property
    def region(self) -> str:
        """Region that the request is for."""
        return self.scope.split("/")[1]

    @property
    def service(self) -> str:
        """Service that the request is for, by its signing name."""
        return self.scope.split("/")[2]


def read_authorization(header: str) -> Signed | None:
    """The parts of an Authorization header, or None if it is not of this version."""
    found = _AUTHORIZATION.match(header)
    if found is None or found["scope"].count("/") != 3:
        return None
    return Signed(found["key"], found["scope"], tuple(found["headers"].split(";")), found["signature"])


def is_genuine(  # noqa: PLR0917 - the parts of an HTTP request
    signed: Signed, secret: str, method: str, raw_uri: str, headers: Mapping[str, str], body: bytes
) -> bool:
    """Whether `secret` signed this very request. `raw_uri` is path and query as sent."""
    path, _, query = raw_uri.partition("?")
    payload = headers.get("X-Amz-Content-SHA256") or hashlib.sha256(body).hexdigest()
    canonical = "\n".join(
        (
            method,
            quote(path, safe="/" + _UNRESERVED),
            _canonical_query(query),
            *(f"{name}:{' '.join(headers.get(name, '').split())}" for name in signed.headers),
            "",
            ";".join(signed.headers),
            payload,
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{headers.get('X-Amz-Date', '')}\n{signed.scope}\n{digest}"
    wanted = hmac.new(_signing_key(secret, signed.scope), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, signed.signature)


def _canonical_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(
        sorted(f"{quote(name, safe=_UNRESERVED)}={quote(value, safe=_UNRESERVED)}" for name, value in pairs)
    )


@lru_cache(maxsize=512)
def _signing_key(secret: str, scope: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
