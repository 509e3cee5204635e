"""The picker: which accounts, or which regions, are in view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import AccountState, Snapshot
from screens.choosing import ChoosingDialog
from screens.scope import InView, Scope, narrowed, regions_in_use
from widgets.keys import hint

Choice = tuple[str, str]
"""What can be chosen, and how it is written."""

ScopeOf = Callable[[frozenset[str]], Scope]
"""The scope that a choice makes."""

Refusal = Callable[[Scope], str]
"""Why a scope cannot be applied, in a sentence; empty if it can."""


class PickerScreen(ChoosingDialog[Scope | None]):
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
        super().__init__((Text(text), key, chosen is None or key in chosen) for key, text in choices)
        self._noun = noun
        self._scope_of = scope_of
        self._refusal = refusal

    def counted(self, chosen: int, known: int) -> str:
        """`3 of 11 accounts in view`."""
        return f"{chosen} of {known} {self._noun} in view"

    def action_apply(self) -> None:
        """Show what is chosen, and hide the rest."""
        chosen = frozenset(self.choices.chosen)
        scope = self._scope_of(chosen)
        refused = self._refusal(scope) if chosen else self._nothing_chosen()
        if refused:
            self.say(refused)
        else:
            self.dismiss(scope)

    def _nothing_chosen(self) -> str:
        every = hint(self, "chooses all", "picker.all")
        return f"Nothing is chosen. Choose some {self._noun}{f'; {every}' if every else ''}."


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
