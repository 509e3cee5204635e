"""What costs most more, or most less, than the week before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.model.spending import Change
from cockpit.model.units import DOLLARS, format_money
from widgets.cost_rows import percent_text
from widgets.glyphs import ARROW, ASCENDING, DESCENDING
from widgets.line import Line, Run, apart, fit, pad
from widgets.listing import Listing

LEAST_USD = 0.05
"""Who moves by less has not moved."""
MOST = 40
WITH_PERCENT = 44
WITH_WEEKS = 64
"""From this width on, both weeks are told."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One AWS service in one place."""

    key: str
    where: str
    what: str
    change: Change
    """Seven days against the seven before."""
    currency: str = DOLLARS


def _short(service: str) -> str:
    """`Amazon Relational Database Service` without whose it is: there is little room."""
    return service.removeprefix("Amazon ").removeprefix("AWS ")


def biggest(movers: Iterable[Mover]) -> list[Mover]:
    """The biggest movers, up or down, biggest first; equals by name."""
    moved = [one for one in movers if abs(one.change.usd) >= LEAST_USD]
    return sorted(moved, key=lambda one: (-abs(one.change.usd), one.where, one.what, one.key))[:MOST]


class MoverList(Listing):
    """Movers, biggest first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.movers: tuple[Mover, ...] = ()
        self.with_where = True
        self.known = True
        """False where the days before are not known, so that nobody can tell."""

    def show(self, movers: Sequence[Mover], *, with_where: bool = True, known: bool = True) -> None:
        """Take the newest movers, in order."""
        self.movers, self.with_where, self.known = tuple(movers), with_where, known
        self.set_keys([one.key for one in movers])

    @property
    def chosen(self) -> Mover | None:
        """The mover under the cursor."""
        return self.movers[self.cursor_index] if self.movers else None

    def draw_header(self, width: int) -> Line:
        """None: the heading above tells what these are."""
        return fit((), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One mover."""
        one = self.movers[index]
        more = one.change.usd > 0
        runs = [
            Run(f" {ASCENDING if more else DESCENDING} ", "warning" if more else "ok"),
            Run(pad(format_money(one.change.usd, one.currency, signed=True), 9, right=True), "strong"),
            Run(pad(percent_text(one.change.percent), 9, right=True) if width >= WITH_PERCENT else ""),
            Run("  "),
        ]
        if self.with_where:
            longest = max(len(other.where) for other in self.movers)
            runs.append(
                Run(
                    pad(one.where, min(longest, max(12, (width - (24 if width >= WITH_PERCENT else 15)) * 3 // 5)))
                    + "  "
                )
            )
        runs.append(Run(_short(one.what), "dim" if self.with_where else ""))
        if width < WITH_WEEKS:
            return (fit(tuple(runs), width),)
        before, recent = (format_money(usd, one.currency) for usd in (one.change.before, one.change.recent))
        return (apart(tuple(runs), (Run(f"  {before} {ARROW} {recent} ", "dim"),), width),)

    def empty_lines(self) -> Sequence[Line]:
        """Why there is none."""
        words = "Nothing has moved by 5 cents." if self.known else "The weeks before are not known."
        return ((Run(f" {words}", "dim"),),)
