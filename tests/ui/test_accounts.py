"""The accounts screen: logins, columns that fold, the account in full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.snapshot import AccountState, MeterLine, MeterReading
from cockpit.model.verdict import Failure, Outcome
from screens.account_rows import account_rows, spending_text
from screens.accounts import AccountsScreen
from tests.ui.driving import drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from widgets.accounts_list import AccountList, account_cells
from widgets.line import text_of, width_of
from widgets.logins import header_parts, identity_words, logins_of, session_words, strip_lines

ID = "111122223333"
ACCOUNT = AccountState(
    "dev", ID, ("eu-west-1", "us-east-1"), Outcome.OK, None, None, NOW - 12, source="profile dev", login="corp"
)
EXPIRED = Failure(
    Outcome.EXPIRED, "dev", "eu-west-1", "sts", "credentials", "TokenExpired", "The login has run out.", NOW - 60
)
METER = MeterReading(NOW - 7200, ceiling_usd_per_day=2.0, usd_per_hour=0.0041, usd_today=0.05)


def account(name: str = "dev", **changes: object) -> AccountState:
    return replace(ACCOUNT, name=name, **changes)  # type: ignore[arg-type]


def ended(name: str) -> AccountState:
    remedy = "aws sso login --sso-session corp"
    return account(name, outcome=Outcome.EXPIRED, failures=(replace(EXPIRED, account=name, remedy=remedy),))


def strip(*accounts: AccountState, width: int = 100, offer: str = "L logs in") -> list[str]:
    lines = strip_lines(logins_of(accounts, NOW), NOW, width, offer=offer)
    assert all(width_of(line) == width for line in lines)
    return [text_of(line) for line in lines]


def test_each_login_has_one_line_what_has_run_out_first() -> None:
    lines = strip(
        account("a", login="long", expires_at=NOW + 11_520),
        account("b", login="long", expires_at=NOW + 11_520),
        account("c", login="soon", expires_at=NOW + 700),
        account("d", login="renewing"),
        account("e", login="new", outcome=None),
        ended("f"),
        account("g", login=None),
    )
    assert [" ".join(line.split()) for line in lines] == [
        "? corp expired 1 account unseen f L logs in",
        "▲ soon 12 min left 1 account c L logs in",
        "● long 3 h 12 m left 2 accounts a, b",
        "● renewing renews itself 1 account d",
        "○ new not known yet 1 account e",
    ]


def test_a_login_of_which_some_accounts_are_still_seen_says_so() -> None:
    (line,) = strip(ended("a"), account("b", expires_at=NOW + 60))
    assert "1 of 2 unseen" in line


def test_the_strip_keeps_what_matters_on_a_narrow_screen_and_offers_nothing_where_nobody_logs_in() -> None:
    (line,) = strip(ended("a-very-long-name-of-an-account"), width=64)
    assert line.split()[:3] == ["?", "corp", "expired"]
    assert line.rstrip().endswith("L logs in")
    (line,) = strip(ended("a"), offer="")
    assert "logs in" not in line


@pytest.mark.parametrize(
    ("changes", "words", "role"),
    [
        ({"expires_at": NOW + 11_520}, "3 h 12 m left", ""),
        ({"expires_at": NOW + 899}, "15 min left", "warning"),
        ({"expires_at": NOW + 41}, "41 s left", "warning"),
        ({"expires_at": NOW - 1}, "expired", "unknown"),
        ({"outcome": Outcome.EXPIRED, "expires_at": NOW + 99}, "expired", "unknown"),
        ({}, "renews itself", "dim"),
        ({"login": None}, "does not end", "dim"),
        ({"outcome": None}, "not known yet", "dim"),
        ({"outcome": Outcome.UNREACHABLE}, "not known", "dim"),
    ],
)
def test_what_is_left_of_a_session_is_said_in_words(changes: dict[str, object], words: str, role: str) -> None:
    assert session_words(account(**changes), NOW) == (words, role)


def test_the_header_warns_below_a_quarter_of_an_hour() -> None:
    def shown(seconds: float) -> tuple[str, str]:
        ((run,),) = header_parts([account(expires_at=NOW + seconds)], NOW)
        return run

    assert shown(720) == ("corp 12 min left", "warning")
    assert shown(901)[1] == "dim"
    assert shown(-1) == ("? corp expired", "unknown")


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        (f"arn:aws:sts::{ID}:assumed-role/cockpit-read/cockpit", "role cockpit-read"),
        (f"arn:aws:sts::{ID}:assumed-role/AWSReservedSSO_Read_Only_0f1e2d3c4b5a6978/ann", "Read_Only as ann"),
        (f"arn:aws-cn:iam::{ID}:user/team/ann", "user ann"),
        (f"arn:aws:iam::{ID}:root", "root user"),
        (f"arn:aws:sts::{ID}:federated-user/ann", "federated user ann"),
        ("something else", "something else"),
        (None, ""),
    ],
)
def test_who_one_is_stands_in_words(arn: str | None, words: str) -> None:
    assert identity_words(arn) == words


def test_a_row_tells_why_and_what_helps() -> None:
    denied = replace(EXPIRED, outcome=Outcome.DENIED, iam_action="lambda:ListFunctions")
    assert account_cells(ended("a"), METER, NOW)["why"].text == "aws sso login --sso-session corp"
    assert account_cells(account(failures=(denied, denied)), METER, NOW)["why"].text == (
        "denied lambda:ListFunctions and 1 more"
    )


def test_calls_throttles_and_dollars_are_the_accounts_own() -> None:
    lines = (
        MeterLine("dev", "cloudwatch", "GetMetricData", calls=20, throttles=3, cost_usd=0.04),
        MeterLine("dev", "lambda", "ListFunctions", calls=5, failures=1),
        MeterLine("prod", "lambda", "ListFunctions", calls=900, cost_usd=9.0),
    )
    cells = account_cells(account(), replace(METER, lines=lines), NOW)
    assert [cells[key].text for key in ("calls", "throttled", "dollars", "rate")] == ["25", "3", "$0.04", "$0.02"]
    young = replace(METER, lines=lines, since=NOW - 60)
    assert account_cells(account(), young, NOW)["rate"].text == "–"
    rows = {row.label: row.text for row in account_rows(account(), replace(METER, lines=lines), NOW)}
    assert rows["together"] == "25 calls · $0.04 · 1 failed · 3 throttled"
    assert rows["lambda:ListFunctions"] == "5 calls · $0.00 · 1 failed"
    spent = "925 calls · 3 throttled · $0.05 of $2.00 today"
    assert spending_text(replace(METER, lines=lines), METER.since + 3600.0) == f"{spent} · $0.0041/h"
    assert spending_text(replace(METER, lines=lines), METER.since + 3599.0) == spent, "a start is no rate"


def columns(width: int) -> str:
    shown = AccountList()
    shown._accounts = {one.name: one for one in fleet().accounts}
    shown._cells = {one.name: account_cells(one, fleet().meter, NOW) for one in fleet().accounts}
    shown.keys = tuple(shown._accounts)
    header = shown.draw_header(width)
    assert width_of(header) == width
    assert all(width_of(line) == width for index in range(len(shown.keys)) for line in shown.draw_row(index, width))
    return " ".join(text_of(header).split())


def test_columns_fold_with_the_width_and_keep_their_order() -> None:
    assert columns(80) == "ACCOUNT STATE SESSION WHY"
    assert columns(120) == "ACCOUNT STATE SESSION WHO POLLED DOLLARS WHY"
    assert columns(200) == (
        "ACCOUNT STATE SESSION WHO POLLED CALLS THROTTLED DOLLARS $/HOUR ID REGIONS CREDENTIALS WHY"
    )
    assert columns(40) == "ACCOUNT STATE"


def test_what_a_login_helps_is_first() -> None:
    shown = AccountList()
    shown.set_keys = lambda keys: None  # type: ignore[method-assign]
    unreachable = account("far", outcome=Outcome.UNREACHABLE, failures=(EXPIRED,))
    partly = account("part", failures=(EXPIRED,))
    shown.show((account("fine"), partly, unreachable, ended("gone")), METER, NOW)
    assert [one.name for one in shown.accounts] == ["gone", "far", "part", "fine"]


async def test_the_account_under_the_cursor_is_told_in_full() -> None:
    async with drive() as on:
        await on.press("A")
        assert on.line("remedy", "aws sso login --sso-session combo-sso")
        await on.press("j")
        assert on.line("ACCOUNT trinity-prod")
        assert on.line("missing permission", "lambda:ListFunctions")
        assert on.line("who", "role cockpit-read")
        assert on.line("cloudwatch:GetMetricData", "27 calls", "$0.0040", "400 metrics")
        table = on.screen(AccountsScreen).table()
        assert table is not None
        assert [row[:3] for row in table.rows][:2] == [
            ("combo-dev", "333333333301", "expired"),
            ("trinity-prod", "444444444402", "ok"),
        ]


async def test_a_session_is_counted_down_between_snapshots() -> None:
    accounts = (account("dev", expires_at=NOW + 60), account("calm", login=None))
    async with drive(replace(fleet(), accounts=accounts)) as on:
        await on.press("A")
        assert on.line("▲ corp", "60 s left")
        on.screen(AccountsScreen).tick(NOW + 19)
        await on.settle()
        assert on.line("▲ corp", "41 s left")
        assert on.line("● dev", "41 s left")


async def test_many_logins_leave_room_for_the_accounts() -> None:
    accounts = tuple(account(f"a{n}", login=f"login-{n}", expires_at=NOW + 3600 + n) for n in range(9))
    async with drive(replace(fleet(), accounts=accounts), size=(80, 24)) as on:
        await on.press("A")
        assert on.line("login-0", "60 min left")
        assert on.line("and 6 more that last longer")
        assert on.line("● a3")


async def test_without_any_login_there_is_no_strip() -> None:
    accounts = (account("dev", login=None),)
    async with drive(replace(fleet(), accounts=accounts)) as on:
        await on.press("A")
        assert "LOGINS" not in on.text()
        assert on.line("● dev", "does not end")
