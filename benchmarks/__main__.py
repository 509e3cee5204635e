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

from benchmarks.shape import Shape

GROWTH = (5, 25, 100)
LIMIT_SECONDS = 1200
TABLE_FUNCTIONS = 90
"""Functions in each region of each account: with 25 accounts the fleet's table has 5,100 rows."""
SOAK_DELAY_MS = 5.0


@contextmanager
def recorded_fleet(delay_ms: float, *, functions: int = Shape.functions) -> Iterator[str]:
    """The server's address; it ends with the block."""
    options = ["--delay-ms", str(delay_ms), "--functions", str(functions)]
    command = [sys.executable, "-m", "benchmarks.recorded", *options]
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


def press(endpoint: str, rival: Path | None) -> None:
    """Keys in the interface, beside another program with a table of as many rows."""
    print("\nfrom a key press to its painted frame, in a real pseudo-terminal of 120 × 40, in milliseconds")
    print(f"{'':46}{'p50':>8}{'p99':>8}{'worst':>8}{'presses':>9}{'missed':>8}")
    ours = contender("keys", "ours", "--endpoint", endpoint)
    contenders = [(f"cockpit, {ours['rows']} rows, all of it polled meanwhile", ours)]
    if rival is not None:
        theirs = contender("keys", "rival", "--program", str(rival))
        contenders.append((f"harlequin, {theirs['rows']} rows, nothing else going on", theirs))
    for title, figures in contenders:
        print(f"  {title} ({figures['resident_mb']:.0f} MB)")
        for gesture in figures["gestures"]:
            print(
                f"    {gesture['name']:42}{gesture['p50_ms']:8.1f}{gesture['p99_ms']:8.1f}{gesture['worst_ms']:8.1f}"
                f"{gesture['presses']:9}{gesture['missed']:8}"
            )
    if rival is None:
        print("  harlequin is not there: make bench installs it")


def begin(endpoint: str, accounts: int) -> None:
    """From the start of the program to its first frame, with stored state."""
    found = contender("startup", "--endpoint", endpoint, "--accounts", str(accounts))
    first, fleet = found["first_frame_seconds"], found["fleet_seconds"]
    print(f"\nstart of the program with {found['slots_stored']} stored slots, median and worst of five")
    print(f"  first painted frame          {first['median']:6.2f} s {first['worst']:6.2f} s")
    print(f"  frame with the whole fleet   {fleet['median']:6.2f} s {fleet['worst']:6.2f} s")


def endure(endpoint: str, cycles: int) -> None:
    """Many polling cycles with somebody walking through the screens: what grows."""
    found = contender("soak", "--endpoint", endpoint, "--cycles", str(cycles))
    print(
        f"\nsoak: {found['cycles']} polling cycles of {found['accounts']} accounts in {found['seconds']:.0f} s, "
        "walking through the screens; first and last third after warm-up"
    )
    for name, title in (
        ("resident_mb", "memory, MB"),
        ("objects", "objects"),
        ("threads", "threads"),
        ("files", "files"),
    ):
        before, after = found[name]
        print(f"  {title:14}{before:12.1f}{after:12.1f}   {100 * (after - before) / before:+.1f} %")
    print(
        f"  CPU {found['cpu_seconds_per_cycle']:.2f} s a cycle; {found['mb_per_100_cycles']:+.2f} MB a hundred cycles"
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
    parser.add_argument("--quick", action="store_true", help="no growth, no bill, no soak")
    parser.add_argument("--only", choices=("cycles", "keys", "start", "soak"), help="one part alone")
    parser.add_argument("--rival", type=Path, help="harlequin's program")
    parser.add_argument("--soak-cycles", type=int, default=600)
    options = parser.parse_args()
    print(f"recorded answers with {options.delay_ms:.0f} ms delay on loopback; each contender in its own process")
    if options.only in {None, "cycles"}:
        with recorded_fleet(options.delay_ms) as endpoint, tempfile.TemporaryDirectory() as folder:
            compare(endpoint, options.accounts, Path(folder))
            if not options.quick and options.only is None:
                grow(endpoint)
    measure_interface(options)
    if not options.quick and options.only is None:
        bill()


def measure_interface(options: argparse.Namespace) -> None:
    """The parts that are about the interface, on a fleet with 5,100 rows in one table."""
    rival = options.rival if options.rival is not None and options.rival.exists() else None
    with recorded_fleet(options.delay_ms, functions=TABLE_FUNCTIONS) as endpoint:
        if options.only in {None, "keys"}:
            press(endpoint, rival)
        if options.only in {None, "start"}:
            begin(endpoint, options.accounts)
    if options.only == "soak" or (options.only is None and not options.quick):
        with recorded_fleet(SOAK_DELAY_MS) as endpoint:
            endure(endpoint, options.soak_cycles)


if __name__ == "__main__":
    main()
