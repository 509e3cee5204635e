"""What is private never comes out of a masked fleet, wherever it stands; what people need to read stays."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.engine.masked_fleet import MaskedFleet
from cockpit.engine.masking import Aliases, Masker
from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.inquiry import Course, Detail, Version
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Failure, Health, Outcome
from tests.ui import known
from tests.ui.fleet import fleet
from tests.ui.specs import CATALOGUE

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
    if isinstance(value, enum.Enum) or not dataclasses.is_dataclass(value):
        return value
    kept = {"service", "rule", "region", "regions", "client", "operation"}
    changed = {}
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
    return replace(value, **changed)


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
        ("account 1111-2222-3333", "account ***"),
        ("see https://wiki.example/run?token=1", "see https://***"),
        ("the store at /home/ann/.local/state/cockpit", "the store at ***"),
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
    facts = {
        "endpoint": "orders",
        "Owner": "ann",
        "account_id": 111122223333,
        "depth": 123456789012,
        "runtime": "java21",
    }
    assert Masker(["111122223333"]).facts(facts) == {
        "endpoint": "***", "Owner": "***", "account_id": "***", "depth": 123456789012, "runtime": "java21",
    }  # fmt: skip


def test_lookups_work_among_masked_parts() -> None:
    plain = fleet()
    shown = masked(plain)
    assert len(shown.environments) == len(plain.environments)
    for state, real in zip(shown.environments, plain.environments, strict=True):
        assert shown.environment(state.id) is state
        for key, cell in state.cells.items():
            assert all(
                slot in shown.observations for slot in cell.slots if real.cells[key].slots[0] in plain.observations
            )
            found = [
                (shown.resource(mask), plain.resource(one))
                for mask, one in zip(cell.resources, real.cells[key].resources, strict=True)
            ]
            assert all(mask.name == one.name if mask and one else mask is one for mask, one in found)
            assert all(shown.resource(one.resource) for one in cell.findings if one.resource)
    assert len({one.key for o in shown.observations.values() for one in o.resources}) == len(
        {one.key for o in plain.observations.values() for one in o.resources}
    )
    assert [(one.rule, one.health, one.since) for one in shown.findings] == [
        (one.rule, one.health, one.since) for one in plain.findings
    ]


def test_relations_lead_to_the_masked_resource() -> None:
    plain = fleet()
    slot, observation = next((s, o) for s, o in plain.observations.items() if len(o.resources) > 1)
    first, second = observation.resources[:2]
    tied = replace(first, related={"function": second.key, "watches": second.name})
    plain = replace(plain, observations={slot: replace(observation, resources=(tied, second))})
    shown = next(iter(masked(plain).observations.values())).resources
    assert shown[0].related == {"function": shown[1].key, "watches": shown[1].name}


def test_names_that_become_the_same_stay_apart() -> None:
    names = [f"team-{number}" for number in ("111122223333", "444455556666")]
    slots = [SlotId(name, "eu-west-1", "lambda") for name in names]
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    shown = [parts.slot(one) for one in slots]
    assert [one.account for one in shown] == ["team-***", "team-***-2"]
    assert [parts.real_slot(one) for one in shown] == slots
    environments = [EnvironmentId("shop.acme.com", name) for name in names]
    masks = [parts.environment(one) for one in environments]
    assert len(set(masks)) == 2
    assert [parts.real_environment(one) for one in masks] == environments


def test_what_has_not_changed_is_not_masked_again() -> None:
    plain = fleet()
    house = MaskedFleet(known.settings(read_only=True), CATALOGUE)
    first = house.masked(plain)
    slot, changed = next((s, o) for s, o in plain.observations.items() if o.resources)
    grown = tuple(replace(one, series={}) for one in changed.resources)
    second = house.masked(replace(plain, observations={**plain.observations, slot: replace(changed, resources=grown)}))
    for key, observation in second.observations.items():
        if key == slot:
            assert all(not one.series for one in observation.resources)
            earlier = first.observations[key].resources
            assert all(new.facts is old.facts for new, old in zip(observation.resources, earlier, strict=True))
        else:
            assert observation is first.observations[key]


def test_keys_of_what_is_gone_are_forgotten() -> None:
    house = MaskedFleet(known.settings(read_only=True), Catalogue(()))
    plain = replace(fleet(functions=2), environments=())
    slot = SlotId("combo-dev", "eu-west-1", "lambda")
    base = plain.observations[slot]
    for number in range(40):
        made = tuple(Resource(f"arn:{number}:{i}", slot, "function", "f") for i in range(100))
        house.masked(replace(plain, observations={slot: replace(base, resources=made)}))
    assert len(house.parts.keys) < 2000


def test_what_people_said_is_told_without_their_names_and_notes() -> None:
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    said = Mute("key", MuteKind.MUTED, "ann is ill", "ann", 1.0, 2.0, "shop/prod lambda checkout:live")
    shown = parts.part(said)
    assert (shown.by, shown.note, shown.until, shown.subject) == ("***", "", 2.0, said.subject)
    event = Event(1.0, EventKind.MUTED, None, None, "checkout:live", "muted until 15:00 by ann: known")
    assert parts.part(event).words == "muted"


def test_settings_tell_screens_nothing_private() -> None:
    plain = known.settings(read_only=True, state_dir=Path("/home/ann/state"), sources=("/home/ann/profiles.toml",))
    shown = MaskedFleet(plain, CATALOGUE).settings
    found = list(texts(shown))
    assert not any(number in text for number in known.ACCOUNTS.values() for text in found)
    assert "ann" not in str(shown.state_dir) + str(shown.sources)
    assert [one.id for one in shown.environments] == [one.id for one in plain.environments]
    assert shown.read_only


def test_an_unknown_sort_of_value_is_left_out() -> None:
    parts = MaskedFleet(known.settings(read_only=True), CATALOGUE).parts
    assert parts.part(object()) is None


def test_aliases_lead_back() -> None:
    aliases = Aliases()
    assert [aliases.give("a", "x"), aliases.give("b", "x")] == ["x", "x-2"]
    assert (aliases.original("x-2"), aliases.known("a"), aliases.original("other")) == ("b", "x", "other")
    aliases.forget_all_but(["b"])
    assert (aliases.known("a"), aliases.original("x-2"), len(aliases)) == (None, "b", 1)
