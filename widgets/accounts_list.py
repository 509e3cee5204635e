"""The list of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.model.snapshot import AccountState, MeterReading
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Outcome
from widgets.glyphs import SEVERITY, WAITING, Health
from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing

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

    def _widths(self, width: int) -> tuple[int, int, int]:
        name = max((len(one.name) for one in self._accounts.values()), default=7)
        name = min(max(name, 7), 24)
        rest = width - 3 - name - 2 - 12 - 2 - 12 - 2 - 12 - 2 - 10 - 2 - 8 - 2 - 8 - 2
        return name, max(0, rest), 12

    def draw_header(self, line: int, width: int) -> Line:
        """Titles."""
        return self._columns(
            (Run(" "), ""), ("ACCOUNT", "ID", "STATE", "SESSION", "LAST POLL", "CALLS", "DOLLARS", "WHY"), width, heading=True
        )

    def draw_row(self, index: int, line: int, width: int) -> Line:
        """One account."""
        account = self._accounts[self.keys[index]]
        mark, word = account_mark(account)
        polled = format_age(self.now - account.last_poll_at) if account.last_poll_at is not None else "–"
        calls, dollars = self._figures[account.name]
        why = ""
        if account.failures:
            first = account.failures[0]
            more = len(account.failures) - 1
            why = first.summary + (f" and {more} more" if more else "")
        texts = (account.name, account.account_id, word, _session(account, self.now), polled, calls, dollars, why)
        return self._columns((mark, mark.role), texts, width, heading=False)

    def _columns(self, mark: tuple[Run, str], texts: tuple[str, ...], width: int, *, heading: bool) -> Line:
        name, why, _ = self._widths(width)
        ink = "heading" if heading else ""
        sizes = (name, 12, 12, 12, 10, 8, 8)
        rights = (False, False, False, True, True, True, True)
        roles = (ink or "strong", ink or "dim", ink or mark[1], ink, ink or "dim", ink, ink)
        runs = [Run(" "), mark[0], Run(" ")]
        for text, size, right, role in zip(texts, sizes, rights, roles, strict=False):
            runs += [Run(pad(text, size, right=right), role), Run("  ")]
        if why > 8:
            runs.append(Run(texts[-1], ink or "unknown"))
        return fit(tuple(runs), width)


def _session(account: AccountState, now: float) -> str:
    if account.outcome is Outcome.EXPIRED:
        return "expired"
    if account.expires_at is None:
        return "–"
    return format_age(account.expires_at - now) if account.expires_at > now else "expired"
