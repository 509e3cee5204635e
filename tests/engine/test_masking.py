"""What is private never comes out of a masked fleet, wherever it stands; what people need to read stays."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.engine.masked_fleet import MaskedFleet
from cockpit.engine.masking import Masker
from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.inquiry import Course, Detail, Version
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.resource import Fact
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Failure, Health, Outcome
from tests.ui import known
from tests.ui.fleet import fleet
from tests.ui.specs import CATALOGUE

FOLDER = "/" + "home/ann"
WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9)
DIGITS = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")
HOSTS = st.tuples(st.lists(WORD, min_size=1, max_size=3), st.sampled_from(["com", "example", "de", "internal", "acme"]))
SECRETS = st.one_of(
    DIGITS,
    st.builds(lambda labels: ".".join((*labels[0], labels[1])), HOSTS),
    st.builds(lambda user, labels: f"{user}@{'.'.join((*labels[0], labels[1]))}", WORD, HOSTS),
    st.builds(lambda id_, role, user: f"arn:aws:sts::{id_}:assumed-role/{role}/{user}", DIGITS, WORD, WORD),
    st.builds(lambda id_, name: f"arn:aws-us-gov:lambda:us-gov-west-1:{id_}:function:{name}", DIGITS, WORD),
    st.builds(lambda word: f"https://{word}/{word}?who={word}", WORD),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16).map(lambda rest: f"AKIA{rest}"),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: str(address.exploded)),
)
AROUND = st.sampled_from(
    [("", ""), ("x-", "-y"), ("is ", " now"), ("(", ")"), ("'", "'"), ("a/", "/b"), ("fn_", "_live")]
)


def masked(snapshot: Snapshot) -> Snapshot:
    """As a shared screen has it."""
    return MaskedFleet(known.settings(read_only=True), CATALOGUE).masked(snapshot)


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(key)
            yield from texts(inner)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type) and not isinstance(value, enum.Enum):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


def planted(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, but for names of services, rules, kinds, metrics and regions."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, SlotId):
        return SlotId(change(value.account), value.region, value.service)
    if isinstance(value, (enum.Enum, type)) or not dataclasses.is_dataclass(value):
        return value
    kept = {"service", "rule", "region", "regions", "client", "operation"}
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        inner = getattr(value, field.name)
        if field.name in kept:
            continue
        if isinstance(inner, tuple):
            changed[field.name] = tuple(planted(one, change) for one in inner)
        elif isinstance(inner, Mapping):
            changed[field.name] = {
                planted(key, change) if field.name in {"tags", "facts", "labels", "observations"} else key:
                inner_value if field.name == "series" else planted(inner_value, change)
                for key, inner_value in inner.items()
            }  # fmt: skip
        elif isinstance(inner, str) or dataclasses.is_dataclass(inner):
            changed[field.name] = planted(inner, change)
    return replace(cast("Any", value), **changed)


def small_fleet() -> Snapshot:
    """Two environments with everything that a snapshot can hold."""
    whole = fleet(functions=2)
    kept = [one for one in whole.environments if str(one.id) in {"tim-combo/prod", "trinity/production"}]
    slots = {slot for one in kept for cell in one.cells.values() for slot in cell.slots}
    said = Mute("finding", MuteKind.MUTED, "note", "ann", 1.0, 2.0, "subject")
    cells = {
        key: replace(cell, findings=tuple(replace(one, mute=said) for one in cell.findings))
        for key, cell in kept[0].cells.items()
    }
    first = replace(kept[0], cells=cells, findings=tuple(f for cell in cells.values() for f in cell.findings))
    account = replace(
        whole.accounts[0], labels={"owner": "team"}, login="https://login/start", portal_url="https://portal/start",
        portal_role="role", console_role="role", remedy="do", failures=(failure(),),
    )  # fmt: skip
    return replace(
        whole,
        environments=(first, *kept[1:]),
        accounts=(account, *whole.accounts[1:]),
        observations={slot: one for slot, one in whole.observations.items() if slot in slots},
        notices=("a notice",),
        bills=tuple(whole.observations[slot].resources[0] for slot in slots if slot.service == "cost"),
    )


def failure() -> Failure:
    """One with every text."""
    return Failure(
        Outcome.DENIED, "hub", "eu-west-1", "lambda", "ListFunctions", "Denied", "No.", 1.0, "lambda:ListFunctions",
        "Ask.", "checkout", "request",
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(secret=SECRETS, around=AROUND)
def test_a_secret_in_any_text_of_a_snapshot_never_comes_out(secret: str, around: tuple[str, str]) -> None:
    before, after = around
    grown = planted(small_fleet(), lambda text: f"{text[:40]} {before}{secret}{after}")
    assert any(secret in text for text in texts(grown))
    found = [text for text in texts(masked(grown)) if secret.lower() in text.lower()]
    assert not found


@settings(max_examples=60, deadline=None)
@given(secret=SECRETS, around=AROUND)
def test_a_secret_never_comes_out_of_an_answer(secret: str, around: tuple[str, str]) -> None:
    words = f"{around[0]}{secret}{around[1]}"
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    slot, environment = SlotId(words, "eu-west-1", "lambda"), EnvironmentId(words, words)
    version = Version(words, 1.0, {words: words}, ((words, 0.5),))
    failed = planted(failure(), lambda text: f"{text} {words}")
    for answer in (
        Event(1.0, EventKind.CHANGED, environment, slot, words, words, None, Health.OK, words, words),
        Course(words, 3600, {}, (failed,)),
        Detail(words, (version,), {words: words}, (failed,)),
    ):
        assert not [text for text in texts(parts.part(answer)) if secret.lower() in text.lower()]


@pytest.mark.parametrize(
    "text",
    ["checkout:live", "db.t3.medium", "db.r6g.2xlarge", "python3.12", "nodejs20.x", "postgres 16.3", "index.handler",
     "8.0.mysql_aurora.3.05.2", "src/app.main.lambda_handler", "events.fifo", "default.postgres16", "v1.2.3",
     "error rate 7.2 % > 5.0 % for 6 min", "since 14:26:05", "version 42, published", "lambda:ListFunctions is missing",
     "AWS.SimpleQueueService.NonExistentQueue", "lambda.error_rate", "aws sso login --sso-session dev", "Foo::handle",
     "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2j3k4l5z6x7c=", "eu-west-1a", "1\u202f204 messages > 1\u202f000 for 11 min"],
)  # fmt: skip
def test_what_people_need_to_read_stays(text: str) -> None:
    assert Masker(safe=["lambda.error_rate"]).text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("User: arn:aws:sts::111122223333:assumed-role/read/ann is not authorized", "User: *** is not authorized"),
        ("assumed-role/read/ann@corp,x has no access", "*** has no access"),
        ("artifacts-111122223333-eu-west-1", "artifacts-***-eu-west-1"),
        ("account 1111-2222-3333 or 1111 2222 3333", "account *** or ***"),
        ("see https://wiki.example/run?token=1", "see https://***"),
        (f"the store at {FOLDER}/.local/state/cockpit", "the store at ***"),
        ("ask ann@corp or bob@3com.example", "ask *** or ***"),
        ("10:20:10.0.0.1", "10:20:***"),
        ("from ::ffff:10.0.0.1 to fe80::1%eth0", "from *** to ***"),
        ("ip-10-0-0-1 and ASIAIOSFODNN7EXAMPLE", "*** and ***"),
        ("python@3.12 stays", "python@3.12 stays"),
        ("call emulator:4566", "call ***:4566"),
    ],
)
def test_the_private_part_of_a_text_is_masked(text: str, shown: str) -> None:
    assert Masker(["emulator"]).text(text) == shown


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    masker = Masker(["111122223333"])
    assert masker.text(masker.text(text)) == masker.text(text)


def test_two_hosts_stay_two_and_each_keeps_its_name() -> None:
    masker = Masker(salt=b"one")
    shop, blog = masker.text("shop.acme.com"), masker.text("blog.acme.com")
    assert shop != blog
    assert masker.text("errors of SHOP.acme.com") == f"errors of {shop}"
    assert Masker(salt=b"two").text("shop.acme.com") != shop


def test_facts_are_masked_by_their_names_too() -> None:
    facts: dict[str, Fact] = {
        "endpoint": "orders",
        "Owner": "ann",
        "account_id": 111122223333,
        "depth": 123456789012,
        "runtime": "java21",
    }
    assert Masker(["111122223333"]).facts(facts) == {
        "endpoint": "***", "Owner": "***", "account_id": "***", "depth": 123456789012, "runtime": "java21",
    }  # fmt: skip
