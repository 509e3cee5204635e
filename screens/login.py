"""Logging in: the code and where it is confirmed. Nothing is opened and nothing is sent before somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.units import format_age
from cockpit.model.verdict import Health
from screens.browser import open_page
from screens.context import Context
from screens.dialog import Dialog
from widgets.glyphs import SEVERITY, WAITING
from widgets.large_code import LargeCode
from widgets.line import Line, Run, wrap
from widgets.logins import login_name
from widgets.text_lines import TextLines
from widgets.web_address import WebAddress


class LoginScreen(Dialog[None]):
    """One login, from asking for a code to the accounts that are seen again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open browser", id="login.open"),
        Binding("c", "copy", "Copy", id="login.copy"),
        Binding("r", "again", "Begin again", id="login.again"),
        Binding("escape", "leave", "Close", id="login.give_up"),
    ]

    class Told(Message):
        """A step of the login."""

        def __init__(self, step: LoginStep, attempt: int) -> None:
            super().__init__()
            self.step = step
            self.attempt = attempt

    def __init__(self, context: Context, login: str) -> None:
        self._called = login_name(login)
        super().__init__(f"Log in to {self._called}")
        self.context = context
        self._login = login
        self._step = LoginStep(login, LoginState.STARTING)
        self._attempt = 0
        self._give_up: Callable[[], None] = _nothing

    def compose_body(self) -> ComposeResult:
        """What to do, the code, the address, how far it is."""
        yield TextLines(id="login-what")
        yield LargeCode(id="login-code")
        yield WebAddress(id="login-address")
        yield TextLines(id="login-state")

    def on_mount(self) -> None:
        """Begin: whoever opened this asked for it."""
        self._begin()
        self.set_interval(1.0, self._draw)

    def on_unmount(self) -> None:
        """However it was closed, nobody waits any more."""
        self._give_up()

    def _begin(self) -> None:
        self._attempt += 1
        attempt = self._attempt
        self._step = LoginStep(self._login, LoginState.STARTING)

        def told(step: LoginStep) -> None:
            # On the engine's thread; the interface may be gone.
            with suppress(RuntimeError):
                self.post_message(self.Told(step, attempt))

        self._give_up = self.context.source.log_in(self._login, told)
        self._draw()

    @on(Told)
    def _heard(self, event: Told) -> None:
        event.stop()
        if event.attempt != self._attempt:
            return
        self._step = event.step
        if event.step.state is LoginState.DONE:
            self._succeed(event.step)
        else:
            self._draw()

    def _succeed(self, step: LoginStep) -> None:
        """Close, and say which accounts are seen again."""
        names = ", ".join(step.accounts)
        words = f"{names} {'is' if len(step.accounts) == 1 else 'are'} seen again." if names else ""
        self.app.notify(
            " ".join(part for part in (words, step.message) if part) or "No account hangs on it.",
            title=f"Logged in to {self._called}",
            severity="warning" if step.message else "information",
            timeout=8,
            markup=False,
        )
        self.dismiss(None)

    def _draw(self) -> None:
        step, width = self._step, self.query_one("#login-state").size.width or 68
        waiting = step.state is LoginState.WAITING
        self.query_one("#login-what", TextLines).lines = _lines(what_to_do(step), width) if waiting else ()
        self.query_one(LargeCode).code = step.user_code if waiting else ""
        self.query_one(WebAddress).url = step.url if waiting else ""
        lines = state_lines(step, self.context.clock(), width)
        if self.context.demo and waiting:
            note = "The demo confirms the code by itself in a few seconds, unless you open the address."
            lines = (*lines, *_lines(note, width, "dim"))
        self.query_one("#login-state", TextLines).lines = lines
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Break lines anew."""
        self.call_after_refresh(self._draw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """An address can be opened where there is one; what failed can be begun again."""
        if action == "open":
            return self._step.state is LoginState.WAITING
        if action == "copy":
            return bool(self._text_to_copy())
        if action == "again":
            return self._step.state in {LoginState.FAILED, LoginState.CANCELLED}
        return True

    def _text_to_copy(self) -> str:
        if self._step.state is LoginState.WAITING:
            return self._step.url
        accounts = self.context.source.snapshot.accounts
        remedies = (one.remedy for one in accounts if one.login == self._login and one.remedy)
        return next(remedies, "") if self._step.state is LoginState.FAILED else ""

    def action_copy(self) -> None:
        """Copy the address, or the command that does the same elsewhere, by OSC 52, so that it works over ssh too."""
        text = self._text_to_copy()
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {text}" if len(text) <= 60 else "Address copied", timeout=2, markup=False)

    def action_open(self) -> None:
        """Open the address in this machine's browser."""
        self._open(self._step.url)

    @on(WebAddress.Clicked)
    def _clicked(self, event: WebAddress.Clicked) -> None:
        event.stop()
        self.action_open()

    @work(thread=True, exit_on_error=False)
    def _open(self, url: str) -> None:
        if not open_page(url):
            self.app.call_from_thread(self._no_browser)

    def _no_browser(self) -> None:
        if self._step.state is LoginState.WAITING:
            self.action_copy()
            self.notify("No browser can be opened on this machine; the address is copied.", severity="warning")

    def action_again(self) -> None:
        """Ask for another code."""
        self._begin()


def what_to_do(step: LoginStep) -> str:
    """What somebody has to do now."""
    if step.user_code and step.user_code in step.url:
        return "Open the address on any machine, compare the code, and confirm."
    return "Open the address on any machine, type the code, and confirm."


def state_lines(step: LoginStep, now: float, width: int) -> tuple[Line, ...]:
    """How far it is, and whom it helps."""
    if step.state is LoginState.STARTING:
        return _lines(f"{WAITING} Asking for a code…", width, "waiting")
    if step.state is LoginState.WAITING:
        left = format_age(step.ends_at - now) if step.ends_at is not None else ""
        told = f"{WAITING} Waiting until it is confirmed" + (f" · {left} left" if left else "")
        helped = f"Then seen again: {', '.join(step.accounts)}" if step.accounts else ""
        return (*_lines(told, width, "waiting"), *_lines(helped, width, "dim"))
    if step.state is LoginState.FAILED:
        return _lines(f"{SEVERITY[Health.UNKNOWN]} {step.message}", width, "unknown")
    return _lines("Given up." if step.state is LoginState.CANCELLED else "Logged in.", width)


def _lines(text: str, width: int, role: str = "") -> tuple[Line, ...]:
    return tuple((Run(part, role),) for part in wrap(text, width)) if text else ()


def _nothing() -> None:
    """Nothing has begun that could be given up."""
