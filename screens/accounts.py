"""The accounts: who the cockpit is there, how long each login lasts, what fails, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.snapshot import AccountState, Snapshot
from cockpit.model.verdict import Outcome
from screens.account_rows import account_rows, spending_text
from screens.base import CockpitScreen
from screens.context import Context
from screens.login import LoginScreen
from screens.scope import narrowed
from screens.view_table import ViewColumn, ViewTable
from widgets.accounts_list import AccountList
from widgets.facts import FactList
from widgets.heading import Heading
from widgets.keys import hint
from widgets.listing import Listing
from widgets.login_strip import LoginStrip
from widgets.logins import logins_of

_TABLE = (
    *("account", "account_id", "state", "caller", "credentials", "login", "session_ends_at", "last_poll_at"),
    *("calls", "throttles", "cost_usd", "regions", "failures", "remedy"),
)


class AccountsScreen(CockpitScreen):
    """The logins, a list of accounts, and the one under the cursor in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L", "log_in", "Log in", tooltip="Log in, without leaving the program", id="accounts.log_in"),
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy", tooltip="Copy the remedy, or the id", id="screen.copy"),
    ]

    def __init__(self, context: Context, account: str | None = None) -> None:
        super().__init__(context)
        self._wanted = account
        self._strip = LoginStrip(id="logins")
        self._list = AccountList(id="accounts")
        self._detail = FactList(id="account-detail")

    def compose_body(self) -> ComposeResult:
        """Logins over list over detail."""
        yield Heading("LOGINS", id="logins-heading")
        yield self._strip
        yield Heading("ACCOUNTS", id="accounts-heading")
        yield self._list
        yield Heading("ACCOUNT", id="account-heading")
        yield self._detail

    def on_mount(self) -> None:
        """The list has the first word."""
        self._strip.offer = hint(self, "logs in", "accounts.log_in")
        self.set_focus(self._list)

    def trail(self) -> tuple[str, ...]:
        """Accounts."""
        return ("accounts",)

    def panels(self) -> Iterable[Widget]:
        """1 the list, 2 the detail."""
        return (self._list, self._detail)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New state; the cursor stays."""
        self._show_accounts(now)
        if self._wanted is not None and self._list.move_to(self._wanted):
            self._wanted = None
        self.query_one("#accounts-heading", Heading).detail = spending_text(snapshot.meter, now)
        self._describe()

    def tick(self, now: float) -> None:
        """Sessions are counted down."""
        super().tick(now)
        self._show_accounts(now)

    def on_resize(self) -> None:
        """Share the lines anew."""
        self._show_accounts(self.context.clock())

    def _show_accounts(self, now: float) -> None:
        if self.snapshot is None:
            return
        accounts = narrowed(self.snapshot, self.in_view).accounts
        logins = logins_of(accounts, now)
        self._strip.show(logins, now, self.size.width, most=max(2, self.size.height // 6))
        self.query_one("#logins-heading").display = bool(logins)
        self._list.show(accounts, self.snapshot.meter, now)
        strip = len(self._strip.lines) + 1 if logins else 0
        # Half of what header, footer, logins and two headings leave.
        self._list.styles.max_height = max(5, (self.size.height - 5 - strip) // 2)

    def _describe(self) -> None:
        account = self._list.chosen
        if account is None or self.snapshot is None:
            self._detail.show(())
            return
        self.query_one("#account-heading", Heading).detail = account.name
        self._detail.show(account_rows(account, self.snapshot.meter, self.context.clock()))

    def text_to_copy(self) -> str | None:
        """The remedy where there is one: that is what one needs in the next terminal. Else the account id."""
        row = self._detail.chosen if self.focused is self._detail else None
        if row is not None and row.text:
            return row.text
        account = self._list.chosen
        return (account.remedy or account.account_id) if account else None

    def table(self) -> ViewTable | None:
        """The accounts as listed."""
        if self.snapshot is None:
            return None
        meter = self.snapshot.meter
        moments = {"session_ends_at", "last_poll_at"}
        columns = tuple(ViewColumn(key, moment=key in moments) for key in _TABLE)
        rows = []
        for account in self._list.accounts:
            lines = meter.of_account(account.name)
            rows.append(
                (
                    *(account.name, account.account_id, account.outcome.value if account.outcome else "waiting"),
                    *(account.identity_arn, account.source, account.login, account.expires_at, account.last_poll_at),
                    sum(line.calls for line in lines),
                    sum(line.throttles for line in lines),
                    sum(line.cost_usd for line in lines),
                    " ".join(account.regions),
                    "; ".join(failure.summary for failure in account.failures),
                    account.remedy,
                )
            )
        return ViewTable(columns, tuple(rows))

    # Logging in.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nobody logs in on a shared screen."""
        if action == "log_in":
            return not self.context.shared
        return super().check_action(action, parameters)

    def action_log_in(self) -> None:
        """Log in to what the account under the cursor hangs on; else to the only login that has run out."""
        account = self._list.chosen
        login = account.login if account else None
        if login is None and self.snapshot is not None:
            ended = [one.login for one in logins_of(self.snapshot.accounts, self.context.clock()) if one.expired]
            login = ended[0] if len(ended) == 1 and not (account and _fails(account)) else None
        if login is not None:
            self.app.push_screen(LoginScreen(self.context, login))
        elif account is not None:
            self.notify(_no_login(account), severity="warning", timeout=6, markup=False)

    @on(LoginStrip.Chosen)
    def _log_in_to(self, event: LoginStrip.Chosen) -> None:
        event.stop()
        self.app.push_screen(LoginScreen(self.context, event.login))

    @on(Listing.Highlighted, "#accounts")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self._describe()

    @on(Listing.Chosen)
    def _to_detail(self, event: Listing.Chosen) -> None:
        event.stop()
        self.set_focus(self._detail)


def _fails(account: AccountState) -> bool:
    return account.outcome not in {None, Outcome.OK, Outcome.REGION_DISABLED}


def _no_login(account: AccountState) -> str:
    source = f" ({account.source})" if account.source else ""
    remedy = f" What helps: {account.remedy}" if account.remedy and _fails(account) else ""
    return f"{account.name} hangs on no login{source}.{remedy}"
