"""`make bench`: the cockpit, the floor and boto3 in threads, side by side in one run.

Every contender runs in a process of its own, one after the other, against a server of recorded answers with a fixed
delay (`benchmarks.recorded`). Nothing leaves this machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

GROWTH = (5, 25, 100)
LIMIT_SECONDS = 300


@contextmanager
def recorded_fleet(delay_ms: float) -> Iterator[str]:
    """The server's address; it ends with the block."""
    command = [sys.executable, "-m", "benchmarks.recorded", "--delay-ms", str(delay_ms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.stdin.close()
        server.wait(10)


def contender(module: str, *arguments: str) -> dict[str, Any]:
    """Run one contender and read its figures."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def compare(endpoint: str, accounts: int, folder: Path) -> None:
    """The cycles of one fleet beside the yardsticks."""
    record = folder / "calls"
    ours = contender("cycles", "--endpoint", endpoint, "--accounts", str(accounts), "--record", str(record))
    for problem in ours["problems"]:
        print("  PROBLEM:", problem)
    print(f"\n{accounts} accounts × 2 regions × 6 services: {ours['slots']} slots, {ours['resources']} resources")
    print(f"{'':34}{'seconds':>9}{'calls':>8}{'metrics':>9}{'CPU s':>8}{'$':>9}")
    for name in ("cold", "warm", "steady"):
        cycle = ours[name]
        print(
            f"  cockpit, {name + ' cycle':25}{cycle['seconds']:9.2f}{cycle['calls']:8}{cycle['billed_metrics']:9}"
            f"{cycle['cpu_seconds']:8.2f}{cycle['cost_usd']:9.3f}"
        )
    print(f"  peak memory {ours['peak_mb']:.0f} MB; clients built in {ours['warm_up_seconds']:.2f} s")
    for name in ("warm", "steady"):
        calls = ["--calls", str(record.with_suffix(f".{name}.json")), "--endpoint", endpoint]
        floor, threads = contender("rivals", "floor", *calls), contender("rivals", "threads", *calls)
        own = ours[name]["seconds"]
        print(f"\n  the same {floor['calls']} calls of the {name} cycle")
        print(f"    cockpit                        {own:6.2f} s   1.00")
        for label, rival in (
            ("bare aiobotocore, the floor", floor),
            (f"boto3 in {threads['threads']} threads, the best", threads),
        ):
            ratio = rival["seconds"] / own
            print(f"    {label:30} {rival['seconds']:6.2f} s   {ratio:.2f}   {rival['peak_mb']:.0f} MB")


def grow(endpoint: str) -> None:
    """How the cockpit grows with the number of accounts, interface included."""
    print("\ngrowth: the whole program, interface and engine, from the start to three refreshes of everything")
    titles = f"{'accounts':>10}{'first paint s':>15}{'all seen s':>12}{'peak MB':>9}"
    print(f"{titles}{'longest stall of the interface':>33}")
    for accounts in GROWTH:
        seen = contender("interface", "--endpoint", endpoint, "--accounts", str(accounts))
        print(
            f"{accounts:10}{seen['first_paint_seconds']:15.2f}{seen['all_seen_seconds']:12.1f}{seen['peak_mb']:9.0f}"
            f"{seen['interface_stall_cold_ms']:16.0f} ms cold, {seen['interface_stall_refresh_ms']:.0f} ms refreshing"
            f" (engine's loop {seen['engine_stall_cold_ms']:.0f} ms)"
        )


def bill() -> None:
    """What polling the five systems costs a day by default, as `cockpit --estimate` says for the embedded fleet."""
    done = subprocess.run(
        [sys.executable, "-m", "cockpit", "--demo", "--estimate"],
        stdout=subprocess.PIPE,
        check=False,  # 3: two accounts of its story cannot be seen
        text=True,
        timeout=LIMIT_SECONDS,
    )
    print("\na day of default polling of the five systems, as the embedded fleet has them (cockpit --demo --estimate)")
    for line in done.stdout.splitlines():
        if line.startswith(("ACCOUNT", "total", "Not counted")):
            print(" ", line)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--accounts", type=int, default=25)
    parser.add_argument("--delay-ms", type=float, default=50.0)
    parser.add_argument("--quick", action="store_true", help="no growth, no bill")
    options = parser.parse_args()
    print(f"recorded answers with {options.delay_ms:.0f} ms delay on loopback; each contender in its own process")
    with recorded_fleet(options.delay_ms) as endpoint, tempfile.TemporaryDirectory() as folder:
        compare(endpoint, options.accounts, Path(folder))
        if not options.quick:
            grow(endpoint)
    if not options.quick:
        bill()


if __name__ == "__main__":
    main()
