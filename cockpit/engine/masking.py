"""Words without what is private: for a screen that anybody may stand in front of. Pure.

Rather too much is masked than too little. What people gave as names stays (`checkout:live`), without the account ids
and hosts in it; so do versions, instance classes, runtimes and handlers.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cockpit.model.resource import Fact

MASK = "***"

_REMEMBERED = 8192
"""Texts whose masked form is kept. Most are met again at once; those with a time in them never are."""

_PRIVATE = re.compile(
    r"""
      (?P<url>     [A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+ )
    | (?P<arn>     arn:[\w-]*:(?:[^\s"'<>,;)\]}]|,(?=\S))* )
    | (?P<session> assumed-role/(?:[^\s"'<>,;)\]}]|,(?=\S))+ )
    | (?P<token>   eyJ[\w-]{8,}\.[\w.-]+ )
    | (?P<home>    (?:/(?:home|Users|root)/|\\Users\\)[^\s"'<>,;)\]}]* )
    | (?P<mail>    [^\s@<>"(),;]+@(?!\d+(?:\.\d+)*(?![\w.-]))[\w-][\w.-]* )
    | (?P<key>     (?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{12,} )
    | (?P<four>    (?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d) )
    | (?P<machine> ip-\d{1,3}(?:-\d{1,3}){3} )
    | (?P<host>    [\w-]+(?:\.[\w-]+)+ )
    | (?P<account> (?<!\d)(?:\d{12}|\d{4}[- ]\d{4}[- ]\d{4})(?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SIX = re.compile(r"(?<![\w:.])[0-9A-F:]*:[0-9A-F]*:[0-9A-F:.]*(?:%\w+)?(?!\w)", re.IGNORECASE)
"""What may be an IPv6 address, or a time of day."""
_FOUR = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
"""An account id in what was left as it is."""

_TELLING = re.compile(r"[.:@/\\]|\d{4}|a[a-z3][a-z0-9]{2}[a-z0-9]{12}|ip-", re.IGNORECASE)
"""A text without any of these holds nothing that the patterns would find."""

_CLASS = re.compile(
    r"(?:[a-z]+\.)?[a-z]+\d[a-z0-9-]*\.(?:nano|micro|small|medium|large|\d*xlarge|metal)", re.IGNORECASE
)
"""An instance class: `db.t3.medium`."""
_AURORA = re.compile(r"\d+\.\d+\.mysql_aurora(?:\.\d+)+")
"""A version of Aurora MySQL: `8.0.mysql_aurora.3.05.2`."""
_ENDINGS = frozenset({"handler", "lambda_handler", "fifo", "toml", "sqlite", "sqlite3", "log"})
"""Last parts of names that are not hosts: handlers, FIFO queues, files of this program."""
_NETWORK = frozenset(
    {"com", "net", "org", "io", "edu", "gov", "info", "biz", "internal", "local", "localdomain", "lan", "corp"}
    | {"intranet", "invalid", "amazonaws", "cloudfront", "awsapps"}
)
"""A dotted name with one of these words is a host, whatever it ends in."""
_CODE = re.compile(r"AWS(?:\.[A-Z][A-Za-z]*[a-z][A-Za-z]*)+")
"""An error code of AWS with dots: `AWS.SimpleQueueService.NonExistentQueue`."""

_PRIVATE_FACTS = re.compile(
    r"endpoint|host|domain|address|alias_?names|aliases|arn|url|uri|secret|token|password|account_?id", re.IGNORECASE
)
"""Names of facts, tags and labels whose text is private, whatever it looks like."""
_PERSONAL_FACTS = re.compile(
    r"mail|user|owner|contact|creat(?:or|ed[_-]?by)|author|person|(?:^|[^a-z])by$", re.IGNORECASE
)
"""Names of those that name a person."""


class Masker:
    """Masks texts, the same text always in the same way for as long as the program runs."""

    def __init__(self, known: Iterable[str] = (), safe: Iterable[str] = (), *, salt: bytes = b"") -> None:
        """Make a masker.

        Args:
            known: Private words that no pattern finds: a host of one part, the name of a user.
            safe: Dotted words that are no hosts: rule keys.
            salt: Makes pseudonyms that nobody can compute; at most 16 bytes.
        """
        literals = sorted({word for word in known if len(word) >= 3 and MASK not in word}, key=lambda word: -len(word))
        self._known = re.compile("|".join(map(re.escape, literals)), re.IGNORECASE) if literals else None
        self._safe = frozenset(safe)
        self._salt = salt
        self.text = lru_cache(_REMEMBERED)(self._text)
        """The text without what is private."""

    def pseudonym(self, text: str, digits: int) -> str:
        """A few hexadecimal digits that stand for `text`, and tell nothing of it."""
        return hashlib.blake2b(text.encode(errors="surrogatepass"), key=self._salt, digest_size=8).hexdigest()[:digits]

    def maybe(self, text: str | None) -> str | None:
        """As `text`, where there may be none."""
        return None if text is None else self.text(text)

    def fact(self, name: str, value: Fact) -> Fact:
        """A fact, by its name too: an endpoint is private, whatever it looks like."""
        if isinstance(value, str):
            if value and _PERSONAL_FACTS.search(name):
                return MASK
            masked = self.text(value)
            return MASK if masked == value and value and _PRIVATE_FACTS.search(name) else masked
        # An id may have lost its quotes somewhere; other figures are figures.
        if isinstance(value, int) and not isinstance(value, bool) and self._known and self._known.fullmatch(str(value)):
            return MASK
        return value

    def facts(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        """Facts, with their names."""
        return {self.text(name): self.fact(name, value) for name, value in facts.items()}

    def tags(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Tags or labels, with their names."""
        return {self.text(name): str(self.fact(name, value)) for name, value in tags.items()}

    def _text(self, text: str) -> str:
        masked = self._known.sub(MASK, text) if self._known else text
        if _TELLING.search(masked):
            masked = _SIX.sub(_without_address, masked)
            masked = _ACCOUNT.sub(MASK, _PRIVATE.sub(self._replaced, masked))
        return masked

    def _replaced(self, found: re.Match[str]) -> str:
        text, kind = found[0], found.lastgroup
        if kind == "url":
            return f"{text.partition('://')[0]}://{MASK}"
        if kind == "host":
            # A pseudonym, not a mask: a distribution is called by its host, and a list must tell two apart.
            return f"host-{self.pseudonym(text.lower(), 6)}" if self._is_host(text) else _FOUR.sub(MASK, text)
        return MASK

    def _is_host(self, name: str) -> bool:
        if name in self._safe or _CLASS.fullmatch(name) or _AURORA.fullmatch(name) or _CODE.fullmatch(name):
            return False
        parts = name.lower().split(".")
        if _NETWORK.intersection(re.split(r"[._-]", name.lower())):
            return True
        # No top-level domain begins with a digit; what comes before a version may be a host all the same.
        while parts and parts[-1][0].isdigit():
            parts.pop()
        if len(parts) < 2 or parts[-1] in _ENDINGS:
            return False
        return len(parts) > 2 or not (parts[0] == "default" or len(parts[1]) == 1)


def _without_address(found: re.Match[str]) -> str:
    try:
        ipaddress.IPv6Address(found[0].partition("%")[0].rstrip("."))
    except ValueError:
        return found[0]
    return MASK


class Aliases:
    """Other names for names, each its own, and the way back."""

    def __init__(self) -> None:
        self._alias: dict[str, str] = {}
        self._original: dict[str, str] = {}

    def known(self, original: str) -> str | None:
        """The alias of a name that has one."""
        return self._alias.get(original)

    def give(self, original: str, wanted: str) -> str:
        """An alias for a name that has none yet: the wanted one, with a number where that is taken."""
        alias, number = wanted, 1
        while alias in self._original:
            number += 1
            alias = f"{wanted}-{number}"
        self._alias[original] = alias
        self._original[alias] = original
        return alias

    def original(self, alias: str) -> str:
        """What an alias stands for; what is none stands for itself."""
        return self._original.get(alias, alias)

    def forget_all_but(self, originals: Iterable[str]) -> None:
        """Drop the names that are gone, so that weeks of them do not add up."""
        kept = {name: self._alias[name] for name in originals if name in self._alias}
        # New dictionaries: other threads may be reading the old ones.
        self._alias, self._original = kept, {alias: name for name, alias in kept.items()}

    def __len__(self) -> int:
        return len(self._alias)
