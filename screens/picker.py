"""The picker: which accounts, or which regions, are in view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, SelectionList, Static

from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import AccountState, Snapshot
from screens.scope import InView, Scope, narrowed, regions_in_use
from widgets.choice_box import ChoiceBox
from widgets.choices import Choices
from widgets.keys import hint

Choice = tuple[str, str]
"""What can be chosen, and how it is written."""

ScopeOf = Callable[[frozenset[str]], Scope]
"""The scope that a choice makes."""

Refusal = Callable[[Scope], str]
"""Why a scope cannot be applied, in a sentence; empty if it can."""


class PickerScreen(ModalScreen[Scope | None]):
    """Some of many. Ends with the scope that was chosen, or with None if nothing shall change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Apply", priority=True, id="picker.apply"),
        Binding("a", "all", "All", id="picker.all"),
        Binding("n", "none", "None", id="picker.none"),
        Binding("escape", "leave", "Leave as it was", id="picker.leave"),
    ]

    def __init__(
        self,
        noun: str,
        choices: Sequence[Choice],
        chosen: Collection[str] | None,
        scope_of: ScopeOf,
        refusal: Refusal,
    ) -> None:
        """Make a picker.

        Args:
            noun: What is chosen, in the plural: `accounts`.
            choices: Everything there is.
            chosen: What is in view now; None is everything.
            scope_of: What a choice makes of the scope.
            refusal: What speaks against a scope.
        """
        super().__init__()
        self._noun = noun
        self._count = len(choices)
        self._scope_of = scope_of
        self._refusal = refusal
        self._list = Choices(
            *((Text(text), key, chosen is None or key in chosen) for key, text in choices), id="picker-list"
        )

    def compose(self) -> ComposeResult:
        """How many are chosen, over the list; below it what speaks against the choice."""
        yield Static(id="picker-title", markup=False)
        yield ChoiceBox(self._list, id="picker-box")
        yield Static(id="picker-refusal", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.set_focus(self._list)
        self._list.action_first()
        self._changed()

    @on(SelectionList.SelectedChanged)
    def _changed(self) -> None:
        chosen = len(self._list.chosen)
        self.query_one("#picker-title", Static).update(f"{chosen} of {self._count} {self._noun} in view")
        self._say("")

    def _say(self, text: str) -> None:
        told = self.query_one("#picker-refusal", Static)
        told.update(text)
        told.display = bool(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter in the line in which one types leads to the list first."""
        if action == "apply" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_all(self) -> None:
        """Choose everything that is shown."""
        self._list.select_all()

    def action_none(self) -> None:
        """Choose nothing of what is shown, to begin anew."""
        self._list.deselect_all()

    def action_apply(self) -> None:
        """Show what is chosen, and hide the rest."""
        chosen = frozenset(self._list.chosen)
        scope = self._scope_of(chosen)
        refused = self._refusal(scope) if chosen else self._nothing_chosen()
        if refused:
            self._say(refused)
        else:
            self.dismiss(scope)

    def _nothing_chosen(self) -> str:
        every = hint(self._list, "chooses all", "picker.all")
        return f"Nothing is chosen. Choose some {self._noun}{f'; {every}' if every else ''}."

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)


def account_picker(snapshot: Snapshot, scope: Scope, specs: Sequence[ServiceSpec]) -> PickerScreen:
    """A picker of accounts, by name, id and labels."""
    width = max((len(account.name) for account in snapshot.accounts), default=0)
    choices = [(account.name, _account_text(account, width)) for account in snapshot.accounts]
    known = frozenset(account.name for account in snapshot.accounts)

    def scope_of(chosen: frozenset[str]) -> Scope:
        return replace(scope, accounts=None if chosen == known else chosen)

    return PickerScreen("accounts", choices, scope.accounts, scope_of, partial(_refused, snapshot, specs))


def region_picker(snapshot: Snapshot, scope: Scope, specs: Sequence[ServiceSpec]) -> PickerScreen:
    """A picker of the regions in use."""
    used = regions_in_use(snapshot, InView.of(scope, specs))

    def scope_of(chosen: frozenset[str]) -> Scope:
        return replace(scope, regions=None if chosen.issuperset(used) else chosen)

    choices = [(name, name) for name in used]
    return PickerScreen("regions", choices, scope.regions, scope_of, partial(_refused, snapshot, specs))


def _refused(snapshot: Snapshot, specs: Sequence[ServiceSpec], scope: Scope) -> str:
    """What would leave an empty screen is refused: it would look like a fleet without trouble."""
    if not snapshot.environments or narrowed(snapshot, InView.of(scope, specs)).environments:
        return ""
    return "No environment draws on this choice."


def _account_text(account: AccountState, width: int) -> str:
    labels = (f"{name}={text}" for name, text in sorted(account.labels.items()))
    return "  ".join((account.name.ljust(width), account.account_id, *labels))
