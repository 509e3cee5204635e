"""Logins and who is logged in, in words: one login may carry many accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.model.snapshot import AccountState
from cockpit.model.units import format_age, format_counted
from cockpit.model.verdict import Health, Outcome
from widgets.glyphs import ROLE, SEVERITY, WAITING
from widgets.line import Line, Run, apart, fit, pad, width_of

SOON_SECONDS = 900.0
"""A session that ends within a quarter of an hour is worth a warning."""
_PERMISSION_SET = "AWSReservedSSO_"


@dataclass(frozen=True, slots=True)
class LoginSummary:
    """One login and what hangs on it."""

    login: str
    """As `AccountState.login`."""
    accounts: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    """Accounts that cannot be seen because it has run out."""
    expired: bool = False
    """Whether somebody must log in."""
    ends_at: float | None = None
    """Earliest end of a session, epoch seconds; None where it renews itself, or nothing is known yet."""
    known: bool = False
    """Whether any of its accounts was verified with it."""

    def left_seconds(self, now: float) -> float | None:
        """What is left of it; None where that is not known."""
        return None if self.ends_at is None else self.ends_at - now


def logins_of(accounts: Iterable[AccountState], now: float) -> tuple[LoginSummary, ...]:
    """Every login, what has run out first, then what ends first, then by name."""
    grouped: dict[str, list[AccountState]] = {}
    for account in accounts:
        if account.login is not None:
            grouped.setdefault(account.login, []).append(account)
    found = [_summary(login, tuple(held), now) for login, held in grouped.items()]
    never = float("inf")
    return tuple(sorted(found, key=lambda one: (not one.expired, never if one.ends_at is None else one.ends_at)))


def _summary(login: str, accounts: tuple[AccountState, ...], now: float) -> LoginSummary:
    ends = [one.expires_at for one in accounts if one.expires_at is not None and one.outcome is not Outcome.EXPIRED]
    unseen = tuple(one.name for one in accounts if one.outcome is Outcome.EXPIRED)
    return LoginSummary(
        login,
        tuple(one.name for one in accounts),
        unseen,
        # Keys of a role may outlive the login that they came from.
        expired=bool(unseen) or any(end <= now for end in ends),
        ends_at=min(ends, default=None),
        known=any(one.outcome is Outcome.OK for one in accounts),
    )


def login_name(login: str) -> str:
    """A login in short: of a start URL, its host."""
    return f"SSO {login.split('://', 1)[-1].split('/', 1)[0]}" if "://" in login else login


def session_words(account: AccountState, now: float) -> Run:
    """What is left of an account's session."""
    if account.outcome is Outcome.EXPIRED:
        return Run("expired", "unknown")
    if account.expires_at is not None:
        return _left(account.expires_at - now)
    if account.outcome is None:
        return Run("not known yet", "dim")
    if account.outcome is not Outcome.OK:
        return Run("not known", "dim")
    return Run("renews itself" if account.login else "does not end", "dim")


def _left(seconds: float) -> Run:
    if seconds <= 0:
        return Run("expired", "unknown")
    return Run(f"{format_age(seconds)} left", "warning" if seconds < SOON_SECONDS else "")


def header_parts(accounts: Iterable[AccountState], now: float, *, words: bool = True) -> list[Line]:
    """For the header: what has run out, then what ends first. `words` tells too how many accounts are unseen."""
    parts: list[Line] = []
    for one in logins_of(accounts, now):
        name, left = login_name(one.login), one.left_seconds(now)
        if one.expired:
            told = f", {format_counted(len(one.unseen), 'account')} unseen" if words and one.unseen else ""
            parts.append((Run(f"{SEVERITY[Health.UNKNOWN]} {name} expired{told}", "unknown"),))
        elif left is not None:
            parts.append((Run(f"{name} {format_age(left)} left", "warning" if left < SOON_SECONDS else "dim"),))
    return parts


def strip_lines(logins: tuple[LoginSummary, ...], now: float, width: int, *, offer: str) -> tuple[Line, ...]:
    """A line for each login; `offer` is said where somebody must log in (`L logs in`), empty where nobody can here."""
    names = [login_name(one.login) for one in logins]
    name_width = min(max(map(len, names), default=0), max(12, width // 3))
    lines: list[Line] = []
    for one, name in zip(logins, names, strict=True):
        mark, state = _state(one, now)
        count = format_counted(len(one.accounts), "account")
        if one.unseen:
            seen_in_part = len(one.unseen) < len(one.accounts)
            count = f"{len(one.unseen)} of {len(one.accounts)} unseen" if seen_in_part else f"{count} unseen"
        wanted = offer if one.expired or state.role == "warning" else ""
        left: Line = (
            *(Run(" "), mark, Run(" "), Run(pad(name, name_width), "strong"), Run("  ")),
            *(Run(pad(state.text, 14), state.role), Run("  "), Run(pad(count, 20), "dim")),
        )
        right: Line = (Run(wanted, "strong"), Run(" ")) if wanted else ()
        # Who hangs on it, where there is room.
        room = width - width_of(left) - width_of(right) - 4
        who = ", ".join(one.accounts)
        middle: Line = (Run("  "), Run(pad(who, room), "dim")) if room >= 16 else ()
        lines.append(fit(apart((*left, *middle), right, width), width))
    return tuple(lines)


def _state(one: LoginSummary, now: float) -> tuple[Run, Run]:
    left = one.left_seconds(now)
    if one.expired:
        return Run(SEVERITY[Health.UNKNOWN], "unknown"), Run("expired", "unknown")
    if left is not None:
        shown = _left(left)
        health = Health.WARNING if shown.role else Health.OK
        return Run(SEVERITY[health], ROLE[health]), shown
    if one.known:
        return Run(SEVERITY[Health.OK], "ok"), Run("renews itself", "dim")
    return Run(WAITING, "waiting"), Run("not known yet", "dim")


def identity_words(arn: str | None) -> str:
    """Who a caller is, of an STS ARN: `role cockpit-read`, `user ann`, `CockpitRead as ann`.

    Forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    """
    if not arn:
        return ""
    kind, *names = arn.split(":", 5)[-1].split("/")
    if kind == "root":
        return "root user"
    if not names:
        return arn
    if kind == "assumed-role" and names[0].startswith(_PERMISSION_SET):
        # A permission set, with a hash behind its name.
        name = names[0].removeprefix(_PERMISSION_SET).rpartition("_")[0]
        return f"{name} as {names[-1]}"
    if kind == "assumed-role":
        return f"role {names[0]}"
    return f"{kind.replace('-', ' ')} {names[-1]}"
