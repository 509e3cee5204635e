"""`python -m cockpit.demo`: run the embedded fleet for poking at it with boto3 or the AWS CLI, until Ctrl-C."""

from __future__ import annotations

import signal
import sys

from cockpit.demo import embedded_fleet

_SHOWN = (
    "HOME",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "NO_PROXY",
)


def main() -> None:
    """Print what a shell must export, then wait."""
    with embedded_fleet() as fleet:
        for name in _SHOWN:
            print(f"export {name}={fleet.environ[name]}")
        print(f"export AWS_PROFILE=hub COCKPIT_CONFIG={fleet.profiles}", flush=True)
        print(f"# emulator: process {fleet.pid}, log {fleet.log}. Ctrl-C ends it.", file=sys.stderr, flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print(file=sys.stderr)


if __name__ == "__main__":
    main()
