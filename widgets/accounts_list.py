"""The list of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.model.snapshot import AccountState, MeterReading
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Health, Outcome
from widgets.glyphs import ABSENT, SEVERITY, WAITING
from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing
from widgets.logins import identity_words, session_words

_WHY_MIN = 24
_CALM = frozenset({Outcome.OK, Outcome.REGION_DISABLED})
_RATE_SECONDS = 600.0
"""What was spent once at the start says nothing about an hour."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column."""

    title: str
    least: int
    most: int
    right: bool = False


_COLUMNS = {
    "name": _Column("ACCOUNT", 7, 24),
    "state": _Column("STATE", 11, 12),
    "session": _Column("SESSION", 13, 13),
    "who": _Column("WHO", 20, 20),
    "polled": _Column("POLLED", 8, 9, right=True),
    "calls": _Column("CALLS", 6, 7, right=True),
    "throttled": _Column("THROTTLED", 9, 9, right=True),
    "dollars": _Column("DOLLARS", 7, 8, right=True),
    "rate": _Column("$/HOUR", 6, 8, right=True),
    "id": _Column("ID", 12, 14),
    "regions": _Column("REGIONS", 9, 24),
    "source": _Column("CREDENTIALS", 11, 30),
    "why": _Column("WHY", _WHY_MIN, 200),
}
"""As they stand, from left to right; `why` takes what is left."""
_BY_WORTH = (
    *("name", "state", "session", "why", "who", "polled", "dollars"),
    *("calls", "id", "throttled", "rate", "regions", "source"),
)
"""The first of these are kept longest while the terminal narrows."""


def account_mark(account: AccountState) -> tuple[Run, str]:
    """Glyph and word of an account's state."""
    if account.outcome is None:
        return Run(WAITING, "waiting"), "waiting"
    if account.outcome not in _CALM:
        return Run(SEVERITY[Health.UNKNOWN], "unknown"), account.outcome.value.replace("_", " ")
    if account.failures:
        return Run(SEVERITY[Health.UNKNOWN], "unknown"), "partly seen"
    return Run(SEVERITY[Health.OK], "ok"), "ok"


def account_cells(account: AccountState, meter: MeterReading, now: float) -> dict[str, Run]:
    """What each column says of an account."""
    mark, word = account_mark(account)
    lines = meter.of_account(account.name)
    spent = sum(line.cost_usd for line in lines)
    throttles = sum(line.throttles for line in lines)
    hours = (now - meter.since) / 3600
    polled = f"{format_age(now - account.last_poll_at)}" if account.last_poll_at is not None else ABSENT
    return {
        "name": Run(account.name, "strong"),
        "state": Run(word, mark.role),
        "session": session_words(account, now),
        "who": Run(identity_words(account.identity_arn) or ABSENT, "" if account.identity_arn else "dim"),
        "polled": Run(polled, "dim"),
        "calls": Run(format_figure(sum(line.calls for line in lines), Unit.COUNT)),
        "throttled": Run(format_figure(throttles, Unit.COUNT), "warning" if throttles else "dim"),
        "dollars": Run(format_figure(spent, Unit.USD)),
        "rate": Run(format_figure(spent / hours if hours * 3600 >= _RATE_SECONDS else None, Unit.USD), "dim"),
        "id": Run(account.account_id, "dim"),
        "regions": Run(" ".join(account.regions), "dim"),
        "source": Run(account.source, "dim"),
        "why": Run(_why(account), "unknown"),
    }


def _why(account: AccountState) -> str:
    """The first failure in words, and what to do about it."""
    if not account.failures:
        return ""
    first, more = account.failures[0], len(account.failures) - 1
    # `expired` is said by the state already; what helps is the command. Just after a login nothing has to be done.
    remedy = (first.remedy or account.remedy) if account.outcome is Outcome.EXPIRED else None
    return (remedy or first.summary) + (f" and {more} more" if more else "")


def _rank(account: AccountState) -> int:
    """What a login helps comes first, then what else cannot be seen, then what is seen in part."""
    if account.outcome is Outcome.EXPIRED:
        return 0
    if account.outcome not in {*_CALM, None}:
        return 1
    return 2 if account.failures else 3


class AccountList(Listing):
    """Accounts with what fails on top, by state and then as configured."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.header_height = 1
        self._accounts: dict[str, AccountState] = {}
        self._cells: dict[str, dict[str, Run]] = {}

    def show(self, accounts: Sequence[AccountState], meter: MeterReading, now: float) -> None:
        """Take the newest state."""
        self._accounts = {account.name: account for account in sorted(accounts, key=_rank)}
        self._cells = {name: account_cells(account, meter, now) for name, account in self._accounts.items()}
        self.set_keys(tuple(self._accounts))

    @property
    def accounts(self) -> tuple[AccountState, ...]:
        """The accounts as listed."""
        return tuple(self._accounts.values())

    @property
    def chosen(self) -> AccountState | None:
        """The account under the cursor."""
        return self._accounts.get(self.cursor_key) if self.cursor_key else None

    def draw_header(self, width: int) -> Line:
        """Titles."""
        runs = [Run("   ")]
        for key, size in self._columns(width).items():
            runs += [Run(pad(_COLUMNS[key].title, size, right=_COLUMNS[key].right), "heading"), Run("  ")]
        return fit(tuple(runs), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One account."""
        name = self.keys[index]
        cells = self._cells[name]
        runs = [Run(" "), account_mark(self._accounts[name])[0], Run(" ")]
        for key, size in self._columns(width).items():
            runs += [Run(pad(cells[key].text, size, right=_COLUMNS[key].right), cells[key].role), Run("  ")]
        return (fit(tuple(runs), width),)

    def _columns(self, width: int) -> dict[str, int]:
        """Column → its width, of those that have room, from left to right."""
        wanted = {key: self._wanted(key) for key in _COLUMNS}
        room = width - 3
        shown: set[str] = set()
        for key in _BY_WORTH:
            # Two blanks part columns.
            size = 2 + (_WHY_MIN if key == "why" else wanted[key])
            if wanted[key] and (size <= room or len(shown) < 2):
                shown.add(key)
                room -= size
        sizes = {key: wanted[key] for key in _COLUMNS if key in shown}
        if "why" in sizes:
            sizes["why"] = _WHY_MIN + max(0, room)
        return sizes

    def _wanted(self, key: str) -> int:
        """As wide as what stands in it; 0 for a column in which nothing stands."""
        column = _COLUMNS[key]
        widest = max((len(cells[key].text) for cells in self._cells.values()), default=0)
        return min(max(widest, column.least), column.most) if widest else 0
