"""A fleet whose private words are known: whatever of them is on a shared screen is a leak."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Change, Finding
from cockpit.model.inquiry import Detail, LogLine, LogPage, Version
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.snapshot import AccountState, Cell, EnvironmentState, Link, Snapshot
from cockpit.model.verdict import Failure
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import ACCOUNTS, NOW

HOSTS = (
    "www.acme.com",
    "d1234567890.cloudfront.net",
    "orders.c9akciq32.eu-west-1.rds.amazonaws.com",
    "db.acme.internal",
)
MAIL, PERSON, ADDRESS, KEY = "ann.smith@acme.com", "ann.smith", "10.20.30.40", "AKIAIOSFODNN7EXAMPLE"
START, PORTAL = "https://acme-sso.awsapps.com/start", "https://acme-portal.awsapps.com/start"
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/222222222202/events"
NOTE = "ask Wilhelmina first"
FOLDER = "/" + "home/ann"

SECRETS = (
    *(number for number in ACCOUNTS.values()), *HOSTS, MAIL, PERSON, ADDRESS, KEY, "acme-sso", "acme-portal",
    "acme.com", "arn:aws", "assumed-role/", "amazonaws", "wiki.example", "Wilhelmina", FOLDER, "@acme",
    "kms-key-of-acme",
)  # fmt: skip


def private_engine() -> FakeEngine:
    """An engine that knows the fleet, and answers every question with something private."""
    snapshot = private_fleet()
    engine = FakeEngine(snapshot)
    words = f"set by {MAIL} from {ADDRESS} on {HOSTS[3]}"
    for slot, observation in snapshot.observations.items():
        for one in observation.resources:
            older = Version("41", NOW - 90_000, {"role": f"arn:aws:iam::{observation.account_id}:role/old"})
            newer = Version("42", NOW - 480, {"role": one.key, "layers": KEY}, (("live", 1.0),))
            engine.details[one.key] = Detail(one.key, (newer, older), {"endpoint": HOSTS[2], "said": words})
            engine.pages[one.key] = [LogPage((LogLine("1", NOW - 5, "ERROR", words, "stream"),))]
        first = next(iter(observation.resources), None)
        if first is not None:
            engine.happened += [
                Event(
                    NOW - 300,
                    EventKind.CHANGED,
                    None,
                    slot,
                    first.name,
                    f"role {first.key} {words}",
                    resource=first.key,
                ),
                Event(NOW - 200, EventKind.MUTED, None, slot, first.name, f"muted until 15:00 by {PERSON}: {NOTE}"),
            ]
    return engine


def private_fleet() -> Snapshot:
    """The fleet of the other tests, with something private in every place where a text may stand."""
    plain = fleet(functions=3)
    counter = itertools.count()
    known = {one.key: _resource(one, next(counter)) for seen in plain.observations.values() for one in seen.resources}
    observations = {slot: _observation(seen, known) for slot, seen in plain.observations.items()}
    return replace(
        plain,
        environments=tuple(_environment(state, known) for state in plain.environments),
        accounts=tuple(_account(one) for one in plain.accounts),
        observations=observations,
        notices=(f"The store at {FOLDER}/.local/state was set aside; {MAIL} was told.",),
    )


def _resource(one: Resource, number: int) -> Resource:
    host = HOSTS[number % len(HOSTS)]
    name = {"cloudfront": f"{number}.{HOSTS[0]}", "sqs": f"{one.name}-222222222202"}.get(one.slot.service, one.name)
    facts = {
        **one.facts, "endpoint": host, "role": f"arn:aws:iam::{ACCOUNTS.get(one.slot.account, '')}:role/{PERSON}",
        "description": f"of {MAIL}, at {ADDRESS}", "url": QUEUE_URL,
        "kms_key_arn": "kms-key-of-acme", "aliases": "kms-key-of-acme",
    }  # fmt: skip
    return replace(
        one, name=name, facts=facts, tags={**one.tags, "owner": PERSON, MAIL: host},
        related={**one.related, "target": f"arn:aws:sns:eu-west-1:{ACCOUNTS['combo-dev']}:{PERSON}"},
        stack=f"stack-{host}",
    )  # fmt: skip


def _observation(seen: Observation, known: dict[str, Resource]) -> Observation:
    return replace(
        seen,
        resources=tuple(known[one.key] for one in seen.resources),
        failures=tuple(_failure(one) for one in seen.failures),
    )


def _failure(one: Failure) -> Failure:
    said = f"User: arn:aws:sts::{ACCOUNTS['combo-dev']}:assumed-role/read/{MAIL} at {ADDRESS} may not. {one.message}"
    return replace(one, message=said, remedy=f"{one.remedy} Ask {MAIL}.", request_id=KEY)


def _environment(state: EnvironmentState, known: dict[str, Resource]) -> EnvironmentState:
    cells = {key: _cell(cell, known) for key, cell in state.cells.items()}
    findings = tuple(_finding(one) for one in state.findings)
    links = (*state.links, Link(f"Site {HOSTS[0]}", f"https://{HOSTS[0]}/"))
    return replace(state, title=f"{state.title} {HOSTS[0]}", cells=cells, findings=findings, links=links)


def _cell(cell: Cell, known: dict[str, Resource]) -> Cell:
    kept = tuple(key for key in cell.resources if key in known)
    return replace(cell, resources=kept, findings=tuple(_finding(one) for one in cell.findings))


def _finding(one: Finding) -> Finding:
    said = Mute(one.key, MuteKind.ACKNOWLEDGED, NOTE, PERSON, NOW - 60, NOW + 3600, f"{one.subject} {HOSTS[0]}")
    failed = _failure(one.failure) if one.failure else None
    changed = Change(f"role arn:aws:iam::{ACCOUNTS['combo-dev']}:role/x, by {MAIL}", NOW - 480)
    return replace(one, reason=f"{one.reason} on {HOSTS[3]}", mute=said, failure=failed, changed=changed)


def _account(one: AccountState) -> AccountState:
    return replace(
        one, identity_arn=f"arn:aws:sts::{one.account_id}:assumed-role/read/{MAIL}", labels={"owner": PERSON},
        login=START if one.login else None, portal_url=PORTAL, portal_role=PERSON, console_role=PERSON,
        remedy=f"aws sso login; ask {MAIL}" if one.remedy else None, failures=tuple(_failure(f) for f in one.failures),
    )  # fmt: skip


def leaks(text: str) -> Iterator[str]:
    """Private words in a text, also where a line is broken within them."""
    joined = "".join(line.strip() for line in text.splitlines())
    folded = (text + "\n" + joined).casefold()
    return (secret for secret in SECRETS if secret.casefold() in folded)
