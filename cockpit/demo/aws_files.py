"""The AWS configuration of the demo: two profiles with keys, one with a login that has run out."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.demo.fleet.accounts import ACCOUNTS, HUB, KEY_PROFILES, SSO_ACCOUNT, SSO_PROFILE, SSO_REGION, SSO_ROLE

_START_URL = "https://cockpit-demo.example/start"
_EXPIRED_FOR = timedelta(hours=3, minutes=20)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A static key of a profile. Made anew for every fleet; worth nothing anywhere else."""

    profile: str
    account_id: str
    key_id: str
    secret: str

    def __repr__(self) -> str:
        return f"AccessKey(profile={self.profile!r})"


@dataclass(frozen=True, slots=True)
class AwsFiles:
    """Where the generated files are."""

    config: Path
    credentials: Path


def new_keys() -> tuple[AccessKey, ...]:
    """A fresh key for each profile that starts from one."""
    return tuple(
        AccessKey(
            profile=profile,
            account_id=ACCOUNTS[account].id,
            # Base 32 over 10 bytes: the 16 characters that follow AKIA.
            key_id="AKIA" + "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16)),
            secret=secrets.token_hex(20),
        )
        for profile, account in KEY_PROFILES.items()
    )


def write_aws_files(home: Path, keys: tuple[AccessKey, ...], now: datetime) -> AwsFiles:
    """Write `~/.aws` under `home`, readable by this user only."""
    folder = home / ".aws"
    cache = folder / "sso" / "cache"
    cache.mkdir(parents=True, mode=0o700)
    config, credentials = folder / "config", folder / "credentials"
    _write(config, _config())
    _write(credentials, _credentials(keys))
    # botocore.utils.SSOTokenLoader: the file is named by the SHA-1 of the session's name.
    name = hashlib.sha1(SSO_PROFILE.encode(), usedforsecurity=False).hexdigest()
    _write(cache / f"{name}.json", json.dumps(_token(now)))
    return AwsFiles(config, credentials)


def _config() -> str:
    media = ACCOUNTS[SSO_ACCOUNT]
    keyed = "".join(f"[profile {profile}]\nregion = {HUB.region}\n\n" for profile in KEY_PROFILES)
    return (
        f"{keyed}[profile {SSO_PROFILE}]\nsso_session = {SSO_PROFILE}\n"
        f"sso_account_id = {media.id}\nsso_role_name = {SSO_ROLE}\nregion = {media.region}\n\n"
        f"[sso-session {SSO_PROFILE}]\nsso_start_url = {_START_URL}\nsso_region = {SSO_REGION}\n"
        "sso_registration_scopes = sso:account:access\n"
    )


def _credentials(keys: tuple[AccessKey, ...]) -> str:
    return "".join(
        f"[{key.profile}]\naws_access_key_id = {key.key_id}\naws_secret_access_key = {key.secret}\n\n" for key in keys
    )


def _token(now: datetime) -> dict[str, Any]:
    return {
        "startUrl": _START_URL,
        "region": SSO_REGION,
        "accessToken": secrets.token_urlsafe(32),
        "expiresAt": (now.astimezone(UTC) - _EXPIRED_FOR).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
