"""Parts of what is known, rebuilt without what is private. What is new in the vocabulary is masked unasked.

Every text in a part is masked, whatever field it stands in; a few fields are treated otherwise, and are listed here.
Keys and names of accounts and environments become others, each its own, so that look-ups work among masked parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from cockpit.engine.masking import MASK, Aliases, Masker
from cockpit.model.event import Event, EventKind
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.inquiry import Course, Detail, Version
from cockpit.model.mute import Mute
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.snapshot import AccountState, Cell, EnvironmentState, Link, MeterLine
from cockpit.model.verdict import Failure

T = TypeVar("T")

_SAID: Mapping[EventKind, str] = {
    EventKind.ACKNOWLEDGED: "acknowledged",
    EventKind.MUTED: "muted",
    EventKind.UNMUTED: "no longer muted",
}
"""What people said about a finding is told without their names and notes."""

_KEY_DIGITS = 10
"""Fewer than an account id has: a key is never taken for one."""


class MaskedParts:
    """Masks parts of one fleet, and knows the way back from masked keys and names."""

    def __init__(self, masker: Masker) -> None:
        self.words = masker
        self.keys = Aliases()
        self._accounts = Aliases()
        self._systems = Aliases()
        self._environments: dict[str, Aliases] = {}
        self._logins = Aliases()
        self._slots: dict[SlotId, SlotId] = {}
        self._fields: Mapping[tuple[type, str], Callable[[Any], Any]] = {
            (Cell, "resources"): self._key_tuple,
            (Finding, "resource"): self._key_if_any,
            (Event, "resource"): self._key_if_any,
            (Event, "finding"): self._key_if_any,
            (Mute, "finding"): self.key,
            (Mute, "by"): lambda _: MASK,
            (Mute, "note"): lambda _: "",
            (Course, "resource"): self.key,
            (Detail, "resource"): self.key,
            (Detail, "facts"): self.words.facts,
            (Version, "facts"): self.words.facts,
            (Failure, "account"): self.account,
            (Failure, "resource"): self._key_or_text,
            (MeterLine, "account"): self.account,
            (Observation, "account_id"): lambda _: MASK,
            (EnvironmentState, "accounts"): lambda names: tuple(map(self.account, names)),
            (Link, "url"): lambda _: MASK,
            (AccountState, "name"): self.account,
            (AccountState, "account_id"): lambda _: MASK,
            (AccountState, "identity_arn"): lambda arn: MASK if arn else arn,
            (AccountState, "login"): self._login,
            (AccountState, "labels"): self.words.tags,
            (AccountState, "portal_url"): lambda _: None,
            (AccountState, "portal_role"): lambda _: None,
            (AccountState, "console_role"): lambda _: None,
        }

    def part(self, value: T) -> T:
        """Anything of the vocabulary, masked."""
        return cast("T", self._part(value))

    def _part(self, value: Any) -> Any:  # noqa: PLR0911 - one answer for each sort of value
        if isinstance(value, str):
            return self.words.text(value)
        if value is None or isinstance(value, (bool, int, float, Enum, Series)):
            return value
        if isinstance(value, SlotId):
            return self.slot(value)
        if isinstance(value, EnvironmentId):
            return self.environment(value)
        if isinstance(value, Resource):
            return self.resource(value)
        if isinstance(value, Mapping):
            return {self._part(key): self._part(inner) for key, inner in value.items()}
        if isinstance(value, (tuple, list)):
            return tuple(self._part(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            return self._rebuilt(value)
        # What nobody has thought of is not shown.
        return None

    def _rebuilt(self, value: Any) -> Any:
        kind = type(value)
        changed = {}
        for one in fields(value):
            before = getattr(value, one.name)
            special = self._fields.get((kind, one.name))
            after = special(before) if special else self._part(before)
            if after is not before:
                changed[one.name] = after
        if isinstance(value, Event) and value.kind in _SAID:
            changed["words"] = _SAID[value.kind]
        return replace(value, **changed) if changed else value

    def resource(self, resource: Resource, before: tuple[Resource, Resource] | None = None) -> Resource:
        """A resource, masked. `before` is an earlier look at it and what became of that: most of it is used again."""
        if before is not None and _same_but_series(before[0], resource):
            return replace(before[1], series=resource.series)
        return Resource(
            key=self.key(resource.key),
            slot=self.slot(resource.slot),
            kind=self.words.text(resource.kind),
            name=self.words.text(resource.name),
            facts=self.words.facts(resource.facts),
            tags=self.words.tags(resource.tags),
            related={self.words.text(name): str(self._key_or_text(to)) for name, to in resource.related.items()},
            series=resource.series,
            shared=resource.shared,
            stack=self.words.maybe(resource.stack),
        )

    # Identities, with the way back.

    def key(self, key: str) -> str:
        """The key that stands for a resource's key."""
        known = self.keys.known(key)
        return known or self.keys.give(key, f"id-{self.words.pseudonym(key, _KEY_DIGITS)}")

    def account(self, name: str) -> str:
        """The name that stands for an account's name; mostly the name itself."""
        return self._accounts.known(name) or self._accounts.give(name, self.words.text(name))

    def slot(self, slot: SlotId) -> SlotId:
        """A slot with the account as it is shown."""
        known = self._slots.get(slot)
        if known is None:
            known = SlotId(self.account(slot.account), self.words.text(slot.region), slot.service)
            self._slots[slot] = slot if known == slot else known
        return self._slots[slot]

    def environment(self, environment: EnvironmentId) -> EnvironmentId:
        """An environment under the names that are shown."""
        system = self._systems.known(environment.system)
        if system is None:
            system = self._systems.give(environment.system, self.words.text(environment.system))
        inner = self._environments.setdefault(system, Aliases())
        name = inner.known(environment.environment)
        if name is None:
            name = inner.give(environment.environment, self.words.text(environment.environment))
        return EnvironmentId(system, name)

    def real_slot(self, slot: SlotId) -> SlotId:
        """The slot that a masked one stands for."""
        return SlotId(self._accounts.original(slot.account), slot.region, slot.service)

    def real_environment(self, environment: EnvironmentId) -> EnvironmentId:
        """The environment that a masked one stands for."""
        inner = self._environments.get(environment.system, Aliases())
        return EnvironmentId(self._systems.original(environment.system), inner.original(environment.environment))

    def _login(self, login: str | None) -> str | None:
        if login is None or self._logins.known(login):
            return self._logins.known(login) if login else None
        # A start URL tells where people log in; the name of a session is a name that people gave.
        masked = self.words.text(login)
        return self._logins.give(login, masked if masked == login else "SSO")

    def _key_tuple(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.key, keys))

    def _key_if_any(self, key: str | None) -> str | None:
        return None if key is None else self.key(key)

    def _key_or_text(self, text: str | None) -> str | None:
        """What may be a key or a name: a key that is known here, or looks like one, stays one."""
        if text is None:
            return None
        if self.keys.known(text) is not None or text.startswith("arn:") or "://" in text:
            return self.key(text)
        return self.words.text(text)


def _same_but_series(one: Resource, other: Resource) -> bool:
    """Whether two looks differ in their series at most. A metrics poll keeps everything else as the same objects."""
    return (
        one.facts is other.facts
        and one.tags is other.tags
        and one.related is other.related
        and one.name is other.name
        and one.stack == other.stack
        and (one.key, one.slot, one.kind, one.shared) == (other.key, other.slot, other.kind, other.shared)
    )
