"""The list of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.snapshot import AccountState, MeterReading
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Health, Outcome
from widgets.glyphs import SEVERITY, WAITING
from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing

_COLUMNS = (
    ("STATE", 11, False),
    ("ID", 12, False),
    ("SESSION", 9, True),
    ("LAST POLL", 9, True),
    ("CALLS", 6, True),
    ("DOLLARS", 7, True),
)
WHY_MIN = 20
_CALM = frozenset({Outcome.OK, Outcome.REGION_DISABLED})


def account_mark(account: AccountState) -> tuple[Run, str]:
    """Glyph and word of an account's state."""
    if account.outcome is None:
        return Run(WAITING, "waiting"), "waiting"
    if account.outcome not in _CALM:
        return Run(SEVERITY[Health.UNKNOWN], "unknown"), account.outcome.value.replace("_", " ")
    if account.failures:
        return Run(SEVERITY[Health.UNKNOWN], "unknown"), "partly seen"
    return Run(SEVERITY[Health.OK], "ok"), "ok"


class AccountList(Listing):
    """Accounts with what fails on top, by state and then as configured."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.header_height = 1
        self.now = 0.0
        self._accounts: dict[str, AccountState] = {}
        self._figures: dict[str, tuple[str, str]] = {}

    def show(self, accounts: Sequence[AccountState], meter: MeterReading, now: float) -> None:
        """Take the newest state."""
        self.now = now
        ordered = sorted(accounts, key=lambda account: account_mark(account)[0].role != "unknown")
        self._accounts = {account.name: account for account in ordered}
        self._figures = {}
        for name in self._accounts:
            lines = meter.of_account(name)
            calls, dollars = sum(line.calls for line in lines), sum(line.cost_usd for line in lines)
            self._figures[name] = (format_figure(calls, Unit.COUNT), format_figure(dollars, Unit.USD))
        self.set_keys(tuple(self._accounts))

    @property
    def chosen(self) -> AccountState | None:
        """The account under the cursor."""
        return self._accounts.get(self.cursor_key) if self.cursor_key else None

    def draw_header(self, width: int) -> Line:
        """Titles."""
        shown = self._columns(width)
        runs = [Run("   ")]
        for title, size, right in shown:
            runs += [Run(pad(title, size, right=right), "heading"), Run("  ")]
        if self._why(width, shown):
            runs.append(Run("WHY", "heading"))
        return fit(tuple(runs), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One account."""
        account = self._accounts[self.keys[index]]
        mark, word = account_mark(account)
        polled = format_age(self.now - account.last_poll_at) if account.last_poll_at is not None else "–"
        calls, dollars = self._figures[account.name]
        texts = (
            Run(account.name, "strong"),
            Run(word, mark.role),
            Run(account.account_id, "dim"),
            Run(_session(account, self.now)),
            Run(polled, "dim"),
            Run(calls),
            Run(dollars),
        )
        shown = self._columns(width)
        runs = [Run(" "), mark, Run(" ")]
        for (_, size, right), run in zip(shown, texts, strict=False):
            runs += [Run(pad(run.text, size, right=right), run.role), Run("  ")]
        if account.failures and self._why(width, shown):
            more = len(account.failures) - 1
            runs.append(Run(account.failures[0].summary + (f" and {more} more" if more else ""), "unknown"))
        return (fit(tuple(runs), width),)

    def _columns(self, width: int) -> list[tuple[str, int, bool]]:
        """Title, width and alignment of the columns that have room; the first always have."""
        name = min(max([len(one.name) for one in self._accounts.values()], default=7), 24)
        columns = [("ACCOUNT", max(name, 7), False), *_COLUMNS]
        shown: list[tuple[str, int, bool]] = []
        used = 3
        for column in columns:
            used += column[1] + 2
            if used > width:
                break
            shown.append(column)
        return shown

    def _why(self, width: int, shown: list[tuple[str, int, bool]]) -> bool:
        """Whether there is room for the first failure in words."""
        return width - 3 - sum(size + 2 for _, size, _ in shown) >= WHY_MIN


def _session(account: AccountState, now: float) -> str:
    if account.outcome is Outcome.EXPIRED:
        return "expired"
    if account.expires_at is None:
        return "–"
    return format_age(account.expires_at - now) if account.expires_at > now else "expired"
