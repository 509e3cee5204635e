"""The environment that a process of the demo runs in: the emulator and nothing else.

The user's AWS credentials and configuration are neither read nor needed, and no address outside loopback is known.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from cockpit.demo.aws_files import AwsFiles

_DROPPED_PREFIXES = (
    "AWS_",
    "BOTO_",
    "MOTO_",
    "COCKPIT_SENTRY",
    "COCKPIT_CONFIG",
    "COCKPIT_ACCOUNTS",
    "COCKPIT_SYSTEMS",
)
# A proxy would be asked to reach loopback for us.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy")


def demo_environ(base: Mapping[str, str], *, files: AwsFiles, home: Path, endpoint: str) -> dict[str, str]:
    """The whole environment of a process that watches the emulator at `endpoint`, derived from `base`."""
    kept = {
        name: value
        for name, value in base.items()
        if not name.upper().startswith(_DROPPED_PREFIXES) and name.lower() not in _PROXIES
    }
    return kept | {
        # botocore takes the folder of the SSO token cache from HOME when it is imported.
        "HOME": str(home),
        "USERPROFILE": str(home),
        "AWS_CONFIG_FILE": str(files.config),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.credentials),
        "AWS_EC2_METADATA_DISABLED": "true",
        # Whatever is asked of AWS without an endpoint of its own stays here as well.
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1,localhost",
    }


def adopt(environ: Mapping[str, str]) -> None:
    """Make `environ` the environment of this process, whole.

    Call it before anything imports botocore, which fixes some paths when it is imported.

    Raises:
        RuntimeError: botocore is imported already, so the user's own files could still be read.
    """
    if "botocore" in sys.modules:
        raise RuntimeError("botocore is imported already: the demo's environment must be adopted before")
    for name in os.environ.keys() - environ.keys():
        del os.environ[name]
    os.environ.update(environ)
