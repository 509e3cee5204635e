"""The two yardsticks: bare aiobotocore clients (the floor), and boto3 in threads.

Both have their clients and credentials ready before the clock starts, throw answers away, and keep no limits: the
floor issues every call as soon as what it waits for has come back. `python -m benchmarks.rivals floor|threads …`
prints one JSON object; each runs in a process of its own so that memory and CPU are its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.plan import Place, Recorded, load, places

POOL = 200
ClientKey = tuple[str, str, str]


def _credentials(account_id: str) -> dict[str, str]:
    return {
        "aws_access_key_id": f"ASIA{account_id}",
        "aws_secret_access_key": "recorded",
        "aws_session_token": "recorded",
    }


def _keys(calls: list[Recorded]) -> set[ClientKey]:
    return {(call.account_id, call.region, call.client) for call in calls}


async def floor(calls: list[Recorded], endpoint: str, rounds: int) -> list[float]:
    """Seconds of each round with bare aiobotocore clients."""
    import aiobotocore.session
    from aiobotocore.config import AioConfig
    from botocore import xform_name

    session = aiobotocore.session.get_session()
    clients: dict[ClientKey, Any] = {}
    for key in _keys(calls):
        account_id, region, client = key
        made = session.create_client(
            client,
            region_name=region,
            endpoint_url=endpoint,
            config=AioConfig(max_pool_connections=POOL),
            **_credentials(account_id),
        )
        clients[key] = await made.__aenter__()

    async def one(call: Recorded) -> None:
        client = clients[call.account_id, call.region, call.client]
        await getattr(client, xform_name(call.operation))(**call.parameters)

    async def slot(place: Place, client: str) -> None:
        await asyncio.gather(*map(one, place.roots[client]))
        await asyncio.gather(*map(one, place.details[client]))

    async def whole(place: Place) -> None:
        await asyncio.gather(*(slot(place, client) for client in {*place.roots, *place.details}))
        await asyncio.gather(*map(one, place.metrics))

    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await asyncio.gather(*map(whole, places(calls)))
        took.append(time.perf_counter() - begun)
    for made in clients.values():
        await made.__aexit__(None, None, None)
    return took


class Threads:
    """boto3 clients in a pool of threads; a group of calls starts when the one before it has come back."""

    def __init__(self, calls: list[Recorded], endpoint: str) -> None:
        import boto3
        from botocore.config import Config

        self.calls = calls
        session = boto3.session.Session()
        self.clients: dict[ClientKey, Any] = {
            (account_id, region, client): session.client(
                client,
                region_name=region,
                endpoint_url=endpoint,
                config=Config(max_pool_connections=POOL),
                **_credentials(account_id),
            )
            for account_id, region, client in _keys(calls)
        }

    def run(self, threads: int) -> float:
        """Seconds of one round."""
        from botocore import xform_name

        def one(call: Recorded) -> None:
            client = self.clients[call.account_id, call.region, call.client]
            getattr(client, xform_name(call.operation))(**call.parameters)

        begun = time.perf_counter()
        ended = threading.Event()
        failures: list[BaseException] = []
        with ThreadPoolExecutor(threads) as pool:
            groups = places(self.calls)
            left = _Countdown(len(groups), ended.set)
            for place in groups:
                self._start(place, pool, one, left.step, failures)
            ended.wait()
        if failures:
            raise failures[0]
        return time.perf_counter() - begun

    @staticmethod
    def _start(
        place: Place,
        pool: ThreadPoolExecutor,
        one: Callable[[Recorded], None],
        done: Callable[[], None],
        failures: list[BaseException],
    ) -> None:
        def group(calls: list[Recorded], then: Callable[[], None]) -> None:
            if not calls:
                then()
                return
            left = _Countdown(len(calls), then)

            def came_back(future: Future[None]) -> None:
                if (error := future.exception()) is not None:
                    failures.append(error)
                left.step()

            for call in calls:
                pool.submit(one, call).add_done_callback(came_back)

        clients = {*place.roots, *place.details}
        listed = _Countdown(len(clients), lambda: group(place.metrics, done))
        if not clients:
            group(place.metrics, done)
        for client in clients:
            details = place.details[client]
            group(place.roots[client], partial(group, details, listed.step))


class _Countdown:
    """Calls `then` at the n-th step."""

    def __init__(self, count: int, then: Callable[[], None]) -> None:
        self._left = count
        self._then = then
        self._lock = threading.Lock()

    def step(self) -> None:
        with self._lock:
            self._left -= 1
            last = self._left == 0
        if last:
            self._then()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("floor", "threads"))
    parser.add_argument("--calls", type=Path, required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    calls = load(options.calls)
    found: dict[str, Any] = {"calls": len(calls)}
    if options.kind == "floor":
        found["seconds"] = min(asyncio.run(floor(calls, options.endpoint, options.rounds)))
    else:
        threads = Threads(calls, options.endpoint)
        threads.run(16)
        by_count = {count: threads.run(count) for count in (8, 16, 32, 64, 128)}
        best = min(by_count, key=lambda count: by_count[count])
        found |= {"seconds": by_count[best], "threads": best, "by_count": by_count}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found |= {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
