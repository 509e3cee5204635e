"""What screens with findings have in common: `m` says something about the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cockpit.model.finding import Finding
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Outcome
from screens.base import CockpitScreen
from screens.context import Context, Source
from screens.login import LoginScreen
from screens.mute import MuteScreen, Remark, user_name
from widgets.attention import AttentionList
from widgets.attention_items import AttentionItem
from widgets.glyphs import ROLE, SEVERITY
from widgets.line import Line, Run
from widgets.listing import Listing
from widgets.reasons import without_duration

_NAMED = 3
"""As many findings that go along are named; more are counted."""
_DONE = {MuteKind.ACKNOWLEDGED: "Acknowledged", MuteKind.MUTED: "Muted", None: "Taken back"}


class FindingScreen(CockpitScreen):
    """A screen with a list of findings. On a shared screen nothing can be said about them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mute", "Mute", tooltip="Acknowledge or mute the finding under the cursor", id="finding.mute"),
        Binding("L", "log_in", "Log in", tooltip="Log in, without leaving the program", id="accounts.log_in"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._offered_login: str | None = None

    def finding_list(self) -> AttentionList:
        """The list whose cursor counts."""
        raise NotImplementedError

    def resource_here(self) -> str | None:
        """What the finding under the cursor is about, while its list has the focus."""
        item = self.finding_list().chosen if self.focused is self.finding_list() else None
        return item.resource if item else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is said on a shared screen, and nobody logs in there; nor where no login has run out."""
        if action == "mute" and self.context.shared:
            return False
        if action == "log_in":
            return self._offered_login is not None
        return super().check_action(action, parameters)

    def tick(self, now: float) -> None:
        """Time goes on, and with it sessions."""
        super().tick(now)
        self._offer_login()

    @on(Listing.Highlighted)
    def _another_finding(self) -> None:
        self._offer_login()

    def _offer_login(self) -> None:
        login = None if self.context.shared else self._login_of(self.finding_list().chosen)
        if login != self._offered_login:
            self._offered_login = login
            self.refresh_bindings()

    def _login_of(self, item: AttentionItem | None) -> str | None:
        """The login that has run out, where that is why something is not seen."""
        if item is None or self.snapshot is None:
            return None
        accounts = (one for one in self.snapshot.accounts if one.name == item.account)
        return next((one.login for one in accounts if one.outcome is Outcome.EXPIRED), None)

    def action_log_in(self) -> None:
        """Log in to what the finding under the cursor waits for."""
        if self._offered_login is not None:
            self.app.push_screen(LoginScreen(self.context, self._offered_login))

    def action_mute(self) -> None:
        """Say something about the finding under the cursor, and about what stands below it."""
        items = self.finding_list().story
        if self.snapshot is None or not items:
            self.notify("There is no finding here", timeout=2)
            return
        now = self.context.clock()
        said = next((item.mute for item in items if item.mute is not None), None)
        told = partial(self._said, items)
        self.app.push_screen(MuteScreen(about(items), said, now), told)

    def _said(self, items: Sequence[AttentionItem], remark: Remark | None) -> None:
        if remark is None or self.snapshot is None:
            return
        say(self.context.source, self.snapshot, items, remark, by=user_name(), now=self.context.clock())
        self.notify(f"{_DONE[remark.kind]}: {items[0].where} {items[0].subject}", timeout=3, markup=False)


def about(items: Sequence[AttentionItem]) -> list[Line]:
    """The finding, and those that go along with it, each on a line or two."""
    first, rest = items[0], items[1:]
    lines: list[Line] = [
        (Run(f"{SEVERITY[first.health]} ", ROLE[first.health]), Run(first.subject, "strong"), Run(f"  {first.where}")),
        (Run(f"  {first.reason}", ROLE[first.health]),),
    ]
    shown = rest if len(rest) <= _NAMED else rest[: _NAMED - 1]
    lines += [(Run("  with "), Run(item.subject, "strong")) for item in shown]
    if len(rest) > len(shown):
        lines.append((Run(f"  and {len(rest) - len(shown)} more that tell the same story"),))
    places = [item for item in items if len(item.findings) > 1]
    if places:
        lines.append((Run(f"  in {sum(len(item.findings) for item in items)} findings", "dim"),))
    return lines


def say(
    source: Source, snapshot: Snapshot, items: Sequence[AttentionItem], remark: Remark, *, by: str, now: float
) -> None:
    """Say it about every finding of the items. What nothing was said about is not taken back."""
    for finding, subject in _findings(snapshot, items):
        if remark.kind is None:
            source.unmute(finding.key, by)
            continue
        until = now + remark.seconds if remark.seconds is not None else None
        source.mute(Mute(finding.key, remark.kind, remark.note, by, now, until, subject, finding.health))


def _findings(snapshot: Snapshot, items: Sequence[AttentionItem]) -> Iterator[tuple[Finding, str]]:
    """Each finding of the items that stands now, and its words."""
    wanted = {key for item in items for key in item.findings}
    for finding in snapshot.findings:
        if finding.key in wanted:
            what = f"{finding.environment} {finding.slot.service} {finding.subject}"
            yield finding, f"{what}: {without_duration(finding.reason)}"
