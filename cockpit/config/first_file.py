"""A first `profiles.toml`, from the AWS profiles that exist. Pure: profiles in, text out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cockpit.config import formats

ENVIRONMENT_WORDS = frozenset(
    {"dev", "develop", "development", "test", "testing", "qa", "uat", "int", "integration", "stage", "staging"}
    | {"preprod", "sandbox", "demo", "local", "prod", "production", "prd", "live"}
)
"""Parts of profile names that people call environments by."""
PROTECTED_WORDS = frozenset({"prod", "production", "prd", "live"})
_NO_SYSTEM = "main"
_READERS = re.compile(r"read|view|audit|monitor", re.IGNORECASE)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

_HEAD = """\
# The cockpit's configuration, written by `cockpit --init` from the AWS profiles of this machine. It is yours to edit.
#
#     cockpit --validate      prints what was understood
#     cockpit --policy        prints the IAM policy that reading needs
#     cockpit --estimate      prints what polling will cost
#     cockpit                 opens the dashboard
#
# profiles.example.toml and docs/configuration.md explain every key: thresholds, budgets, links, discovered previews.

# ---------------------------------------------------------------------------------------------------------------------
# Accounts, and how to reach them. There are never keys or passwords in this file: an account names an AWS profile.
"""
_SYSTEMS = """\
# ---------------------------------------------------------------------------------------------------------------------
# Systems and their environments, guessed from the names of the profiles. An environment draws on one or more targets.
# Where several environments share an account, say what belongs to which: name = "shop-dev-*", or tag or stack.
# {dear}
"""


@dataclass(frozen=True, slots=True)
class FoundProfile:
    """An AWS profile, as far as a configuration needs to know it. Holds no credential."""

    name: str
    account_id: str | None = None
    """12 digits; None where it is not known."""
    region: str | None = None
    role: str = ""
    """Role or permission set that it takes."""
    endpoint_url: str | None = None
    login: str | None = None
    """The command that renews its login."""
    problem: str = ""
    """Why its account is not known."""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account of the first file."""

    name: str
    profile: FoundProfile
    others: tuple[str, ...]
    """Other profiles that lead to the same account."""
    region: str
    system: str
    environment: str

    @property
    def protected(self) -> bool:
        """Whether it looks like production."""
        return self.environment.lower() in PROTECTED_WORDS


@dataclass(frozen=True, slots=True)
class FirstFile:
    """What would be written."""

    accounts: tuple[FirstAccount, ...]
    unknown: tuple[FoundProfile, ...]
    """Profiles whose account is not known; they stand in the file as comments."""
    text: str

    @property
    def environments(self) -> Mapping[str, tuple[str, ...]]:
        """System → its environments, those in which something is protected with a star."""
        grouped = _grouped(self.accounts)
        return {
            system: tuple(f"{name}*" if any(one.protected for one in own) else name for name, own in inner.items())
            for system, inner in grouped.items()
        }


def first_file(found: Sequence[FoundProfile], services: Sequence[str], dear: Sequence[str]) -> FirstFile:
    """The first file.

    Args:
        found: The profiles, in the order of the AWS files.
        services: Keys of the services that each environment watches.
        dear: Keys of services of which every look costs money; they are left to the reader.
    """
    accounts = tuple(_accounts([one for one in found if one.account_id and _can_be_named(one)]))
    unknown = tuple(one for one in found if not one.account_id and _can_be_named(one))
    parts = [
        _HEAD,
        *(_account_text(one) for one in accounts),
        *(_unknown_text(one) for one in unknown),
        _SYSTEMS.format(dear=_dear_words(dear)),
        *(_system_text(system, inner, services) for system, inner in _grouped(accounts).items()),
    ]
    return FirstFile(accounts, unknown, "\n".join(parts))


def _can_be_named(profile: FoundProfile) -> bool:
    return bool(profile.name.strip()) and profile.name.isprintable()


def _accounts(found: Sequence[FoundProfile]) -> Iterator[FirstAccount]:
    """One account an id: by the profile that reads, if one says so, else by the first."""
    by_id: dict[tuple[str, str | None], list[FoundProfile]] = {}
    for one in found:
        by_id.setdefault((one.account_id or "", one.endpoint_url), []).append(one)
    regions = Counter(one.region for one in found if one.region)
    usual = regions.most_common(1)[0][0] if regions else "us-east-1"
    taken: set[str] = set()
    for group in by_id.values():
        chosen = min(group, key=lambda one: not (_READERS.search(one.role) or _READERS.search(one.name)))
        system, environment = guessed(chosen.name)
        others = tuple(one.name for one in group if one is not chosen)
        yield FirstAccount(
            _free(_name(chosen.name), taken), chosen, others, chosen.region or usual, system, environment
        )


def guessed(profile: str) -> tuple[str, str]:
    """(system, environment) from a profile's name: `shop-prod`, `prod.shop`, `shop-staging-admin`."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", profile) if word]
    place = next((index for index, word in enumerate(words) if word.lower() in ENVIRONMENT_WORDS), None)
    if place is None:
        return _NO_SYSTEM, _name(profile)
    system = words[:place] or words[place + 1 :]
    return _name("-".join(system)) if system else _NO_SYSTEM, words[place]


def _name(text: str) -> str:
    """`text` as a name in the configuration: letters, digits and - _ . from a letter or digit on."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "account"


def _free(name: str, taken: set[str]) -> str:
    """A name that no other account has, in whatever case."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free


def _grouped(accounts: Iterable[FirstAccount]) -> dict[str, dict[str, list[FirstAccount]]]:
    """System → environment → its accounts. Names that differ in case only are one."""
    grouped: dict[str, dict[str, list[FirstAccount]]] = {}
    for one in accounts:
        system = next((name for name in grouped if name.casefold() == one.system.casefold()), one.system)
        inner = grouped.setdefault(system, {})
        environment = next((name for name in inner if name.casefold() == one.environment.casefold()), one.environment)
        inner.setdefault(environment, []).append(one)
    return grouped


def _account_text(account: FirstAccount) -> str:
    profile = account.profile
    lines = [f"[accounts.{_key(account.name)}]", f"id = {_text(profile.account_id or '')}"]
    lines.append(
        f"profile = {_text(profile.name)}" + (f"    # also: {_comment(account.others)}" if account.others else "")
    )
    guess = "" if profile.region else "    # a guess: the profile names none"
    lines.append(f"regions = [{_text(account.region)}]{guess}")
    if profile.endpoint_url and formats.wrong_endpoint(profile.endpoint_url) is None:
        lines.append(f"endpoint_url = {_text(profile.endpoint_url)}")
        if urlsplit(profile.endpoint_url).hostname in _LOCAL:
            lines.append("emulator = true                 # not AWS: its answers cost nothing")
    return "\n".join(lines) + "\n"


def _unknown_text(profile: FoundProfile) -> str:
    lines = (
        f"# Left out, because its account id is not known: {profile.problem or 'nobody was asked'}. It is told by",
        f"#     aws sts get-caller-identity --profile {_comment((profile.name,))}",
        f"# [accounts.{_comment((_name(profile.name),))}]",
        '# id = ""',
        f"# profile = {_comment((_text(profile.name),))}",
        f'# regions = ["{profile.region or "us-east-1"}"]',
    )
    return "\n".join(lines) + "\n"


def _system_text(system: str, environments: Mapping[str, Sequence[FirstAccount]], services: Sequence[str]) -> str:
    watched = ", ".join(map(_text, services))
    parts = []
    for name, accounts in environments.items():
        lines = [f"[systems.{_key(system)}.environments.{_key(name)}]"]
        if any(one.protected for one in accounts):
            lines.append("protected = true")
        lines.append("targets = [")
        lines += [f"    {{ account = {_text(one.name)}, services = [{watched}] }}," for one in accounts]
        parts.append("\n".join([*lines, "]"]) + "\n")
    return "\n".join(parts)


def _dear_words(dear: Sequence[str]) -> str:
    if not dear:
        return "Every service is watched."
    named = ", ".join(map(_text, dear))
    return f"Of what can be watched, {named} is left out: every look costs money. Add it to services where you want it."


def _text(text: str) -> str:
    """A TOML basic string. JSON's escapes are TOML's, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _comment(names: Iterable[str]) -> str:
    """Names for a comment, which ends with its line."""
    return ", ".join("".join(c if c.isprintable() else "?" for c in name) for name in names)
