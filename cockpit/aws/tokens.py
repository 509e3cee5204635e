"""Tokens of SSO logins, as files: where botocore and the AWS CLI look for them, and what they expect to find.

One file a login, named by the SHA-1 of its session name, or of its start URL in the form before sessions
(`botocore.utils.SSOTokenLoader`). Keys are those of `botocore.tokens.SSOTokenProvider`, which renews a token that
carries `refreshToken` and the registration of its client; the AWS CLI writes the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

Token = Mapping[str, str]
"""Secret: it goes into its file and nowhere else."""


def cache_folder() -> Path:
    """Where botocore keeps the tokens of this user."""
    return Path.home() / ".aws" / "sso" / "cache"


def token_path(login: str, folder: Path | None = None) -> Path:
    """The file of a login, by session name or start URL."""
    return (folder or cache_folder()) / f"{hashlib.sha1(login.encode(), usedforsecurity=False).hexdigest()}.json"


def stamp(epoch: float) -> str:
    """A moment as the AWS CLI writes it into a token."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_token(path: Path, token: Token) -> None:
    """Put a token in its place, whole or not at all, readable by this user only. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file with mode 0600, in the same folder, so that the replacement is one step.
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(dict(token), file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def written_at(path: Path) -> int | None:
    """When a token was written, nanoseconds; None where there is none. Good for noticing another one only."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def login_written_at(login: str) -> int | None:
    """When the token of a login was last written, also of one that `aws login` made; None where there is none."""
    folder = os.environ.get("AWS_LOGIN_CACHE_DIRECTORY")
    # `botocore.utils.generate_login_cache_key`: of `aws login` the SHA-256 of its session.
    name = f"{hashlib.sha256(login.encode()).hexdigest()}.json"
    other = (Path(folder) if folder else Path.home() / ".aws" / "login" / "cache") / name
    return max((at for at in (written_at(token_path(login)), written_at(other)) if at), default=None)


def is_good(path: Path, now: float) -> bool:
    """Whether there is a token that has not run out."""
    end = expires_at(path)
    return end is not None and end > now


def expires_at(path: Path) -> float | None:
    """When a token runs out, epoch seconds; None where there is none, or it cannot be read."""
    found = _read(path)
    return None if found is None else found[0]


def login_ends_at(path: Path) -> float | None:
    """When somebody must log in again, epoch seconds; None where the token renews itself, or there is none."""
    found = _read(path)
    return None if found is None or found[1] else found[0]


def _read(path: Path) -> tuple[float, bool] | None:
    """(expiry, whether it renews itself). No secret leaves this function."""
    try:
        token = json.loads(path.read_text(encoding="utf-8"))
        end = datetime.fromisoformat(str(token["expiresAt"]).replace("UTC", "+00:00")).timestamp()
        return end, bool(token.get("refreshToken"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
