"""The accounts: who the cockpit is there, how long the session lasts, what fails, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.snapshot import AccountState, MeterReading, Snapshot
from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Failure, Outcome
from screens.base import CockpitScreen
from screens.context import Context
from screens.scope import narrowed
from widgets.accounts_list import AccountList
from widgets.facts import FactList, FactRow, section
from widgets.heading import Heading
from widgets.listing import Listing


class AccountsScreen(CockpitScreen):
    """A list of accounts, and the one under the cursor in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy remedy or id", id="screen.copy"),
    ]

    def __init__(self, context: Context, account: str | None = None) -> None:
        super().__init__(context)
        self._wanted = account
        self._list = AccountList(id="accounts")
        self._detail = FactList(id="account-detail")

    def compose_body(self) -> ComposeResult:
        """List over detail."""
        yield self._list
        yield Heading("ACCOUNT", id="account-heading")
        yield self._detail

    def on_mount(self) -> None:
        """The list has the first word."""
        self.set_focus(self._list)

    def trail(self) -> tuple[str, ...]:
        """Accounts."""
        return ("accounts",)

    def panels(self) -> Iterable[Widget]:
        """1 the list, 2 the detail."""
        return (self._list, self._detail)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New state; the cursor stays."""
        self._list.show(narrowed(snapshot, self.in_view).accounts, snapshot.meter, now)
        if self._wanted is not None and self._list.move_to(self._wanted):
            self._wanted = None
        self._list.styles.max_height = max(5, (self.size.height - 4) // 2)
        self._describe()

    def on_resize(self) -> None:
        """Half for the list at most."""
        self._list.styles.max_height = max(5, (self.size.height - 4) // 2)

    def _describe(self) -> None:
        account = self._list.chosen
        if account is None or self.snapshot is None:
            self._detail.show(())
            return
        self.query_one(Heading).detail = account.name
        self._detail.show(account_rows(account, self.snapshot.meter, self.context.clock()))

    def text_to_copy(self) -> str | None:
        """The remedy where there is one: that is what one needs in the next terminal. Else the account id."""
        row = self._detail.chosen if self.focused is self._detail else None
        if row is not None and row.text:
            return row.text
        account = self._list.chosen
        return (account.remedy or account.account_id) if account else None

    @on(Listing.Highlighted, "#accounts")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self._describe()

    @on(Listing.Chosen)
    def _to_detail(self, event: Listing.Chosen) -> None:
        event.stop()
        self.set_focus(self._detail)


def account_rows(account: AccountState, meter: MeterReading, now: float) -> Sequence[FactRow]:
    """Everything about an account, failures first."""
    told = {failure.remedy for failure in account.failures}
    identity = {
        "account id": account.account_id,
        "caller": account.identity_arn or "not verified yet",
        "identity check": account.outcome.value.replace("_", " ") if account.outcome else "waiting",
        "credentials": account.source,
        "login": account.login or "",
        "session": session_text(account, now),
        "regions": ", ".join(account.regions),
        "last poll": f"{format_age(now - account.last_poll_at)} ago"
        if account.last_poll_at is not None
        else "none yet",
        "remedy": account.remedy if account.remedy and account.remedy not in told else "",
        **{f"label {name}": text for name, text in account.labels.items()},
    }
    failures = [row for index, failure in enumerate(account.failures) for row in failure_rows(failure, index, now)]
    lines = sorted(meter.of_account(account.name), key=lambda line: (-line.cost_usd, -line.calls, line.operation))
    calls = [
        FactRow(
            f"call|{line.client}|{line.operation}",
            f"{line.client}:{line.operation}",
            f"{format_figure(line.calls, Unit.COUNT)} calls · {format_figure(line.cost_usd, Unit.USD)}"
            + (f" · {line.failures} failed" if line.failures else "")
            + (f" · {line.throttles} throttled" if line.throttles else ""),
        )
        for line in lines
    ]
    return [
        *section("FAILURES", failures),
        *section("IDENTITY", [FactRow(f"identity|{name}", name, text) for name, text in identity.items() if text]),
        *section("CALLS SINCE THE START", calls),
    ]


def session_text(account: AccountState, now: float) -> str:
    """What is left of the session, in words."""
    if account.outcome is Outcome.EXPIRED:
        return "expired"
    if account.expires_at is None:
        return "does not end" if account.outcome is Outcome.OK else "not known"
    left = account.expires_at - now
    return f"{format_age(left)} left" if left > 0 else "expired"


def failure_rows(failure: Failure, index: int, now: float) -> list[FactRow]:
    """A failure in words: what, why, which permission is missing, and what to do."""
    where = " ".join(part for part in (failure.region, failure.service, failure.operation, failure.resource) if part)
    rows = [
        FactRow(f"failure|{index}|what", where, f"{failure.summary} ({failure.code})", role="unknown"),
        FactRow(f"failure|{index}|why", "", f"{failure.message} ({format_age(now - failure.at)} ago)"),
    ]
    if failure.iam_action:
        rows.append(FactRow(f"failure|{index}|iam", "missing permission", failure.iam_action))
    if failure.remedy:
        rows.append(FactRow(f"failure|{index}|remedy", "remedy", failure.remedy, role="strong"))
    return rows
