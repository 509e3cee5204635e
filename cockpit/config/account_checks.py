"""What accounts mean together: roles, payers, doubles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cockpit.config.formats import CREDENTIAL_ADVICE, SECRET_KEY, account_of_role, wrong_name
from cockpit.config.problems import Found, or_listed, quoted
from cockpit.config.shape import AccountTable

_ROLE_ONLY = ("external_id", "session_name")


def account_problems(
    accounts: Mapping[str, AccountTable], *, names: frozenset[str], clients: frozenset[str]
) -> Iterator[Found]:
    """Problems of `[accounts]`.

    `names` are all accounts of the file, readable or not; `clients` the AWS services that are ever called.
    """
    for name, account in accounts.items():
        yield from _own_problems(name, account, clients)
        yield from _payer_problems(name, accounts, names)
    yield from _doubles(accounts)
    yield from same_but_for_case(accounts, ("accounts",), "account")


def same_but_for_case(names: Mapping[str, object], path: tuple[str, ...], what: str) -> Iterator[Found]:
    """Names that are badly formed, or that people could not tell apart."""
    seen: dict[str, str] = {}
    for name in names:
        sentence = wrong_name(name)
        if sentence:
            yield (*path, name), sentence
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            yield (*path, name), f"differs from the {what} {quoted(other)} only by upper and lower case: rename one"


def _own_problems(name: str, account: AccountTable, clients: frozenset[str]) -> Iterator[Found]:
    path = ("accounts", name)
    if account.role_arn and account_of_role(account.role_arn) != account.id:
        belongs = account_of_role(account.role_arn)
        yield (*path, "role_arn"), f"belongs to account {belongs}, but the id of {name} is {account.id}"
    for key in _ROLE_ONLY:
        if getattr(account, key) is not None and account.role_arn is None:
            yield (*path, key), "is used only when a role is assumed: add role_arn, or remove it"
    for client in account.endpoint_urls:
        if client not in clients:
            hint = or_listed(client, clients, none="no service is watched")
            yield (*path, "endpoint_urls", client), f"{quoted(client)} is no AWS service that is called{hint}"
    for label in account.labels:
        if SECRET_KEY.search(label):
            yield (*path, "labels", label), CREDENTIAL_ADVICE


def _payer_problems(name: str, accounts: Mapping[str, AccountTable], names: frozenset[str]) -> Iterator[Found]:
    path = ("accounts", name, "payer")
    payer = accounts[name].payer
    if payer is None:
        return
    if payer not in names:
        hint = or_listed(payer, names - {name}, none="there is no other account")
        yield path, f"there is no account {quoted(payer)}{hint}"
        return
    if payer == name:
        yield path, "is the account itself, which is so without saying: remove it"
        return
    chain = [name]
    while payer is not None and payer in accounts and payer not in chain:
        chain.append(payer)
        payer = accounts[payer].payer
    if payer == name:
        # Told once for each loop, at the member that comes first in the file.
        if min(chain, key=list(accounts).index) == name:
            way = " → ".join((*chain, name))
            yield path, f"nobody pays in the end: {way}; a payer is an account that has no payer itself"
    elif payer is None and len(chain) > 2:
        yield path, f"{chain[1]} has a payer itself: name {chain[-1]}, whose bill holds them all"


def _doubles(accounts: Mapping[str, AccountTable]) -> Iterator[Found]:
    seen: dict[tuple[object, ...], str] = {}
    for name, account in accounts.items():
        urls = tuple(sorted(account.endpoint_urls.items()))
        key = (account.id, account.profile, account.role_arn, account.endpoint_url, urls)
        other = seen.setdefault(key, name)
        if other != name:
            same = "with the same credentials" if account.profile or account.role_arn else "reached the same way"
            advice = "make them one account with the regions of both"
            yield ("accounts", name, "id"), f"{account.id} is also the account {quoted(other)}, {same}: {advice}"
