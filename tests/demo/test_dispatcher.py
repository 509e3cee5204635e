"""Services of the emulator start on their own: none waits for another, and each starts once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cockpit.demo.emulator.dispatcher import Dispatcher


def request(service: str) -> dict[str, Any]:
    scope = f"Credential=AKIA/20251120/us-east-1/{service}/aws4_request"
    return {"PATH_INFO": "/", "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}


def test_a_service_answers_while_another_starts() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def create(service: str) -> str:
        if service == "rds":
            begun.set()
            assert go_on.wait(5)
        return f"application of {service}"

    dispatcher = Dispatcher(create)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(dispatcher.get_application, request("rds"))
        assert begun.wait(5)
        try:
            quick = pool.submit(dispatcher.get_application, request("sqs"))
            assert quick.result(timeout=5) == "application of sqs"
            assert not slow.done()
        finally:
            go_on.set()
        assert slow.result(timeout=5) == "application of rds"


def test_a_service_starts_once_however_many_ask() -> None:
    started: list[str] = []
    together = threading.Barrier(8)

    def create(service: str) -> object:
        started.append(service)
        return object()

    dispatcher = Dispatcher(create)

    def ask(_: int) -> Any:
        together.wait(5)
        return dispatcher.get_application(request("monitoring"))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    dispatcher.warm(["cloudwatch", "sqs"])
    assert len(set(map(id, found))) == 1
    assert started == ["cloudwatch", "sqs"]


def test_what_is_not_signed_is_for_nobody_in_particular() -> None:
    dispatcher = Dispatcher(lambda service: service)
    assert dispatcher.get_application({"PATH_INFO": "/moto-api/reset"}) == "s3"
