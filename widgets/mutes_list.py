"""Everything that is acknowledged or muted now: what, by whom, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.mute import Mute, MuteKind
from widgets.glyphs import MUTED, SAID
from widgets.keys import hint
from widgets.line import Line, Run, fit, pad, width_of
from widgets.listing import Listing
from widgets.said import until_text
from widgets.times import moment_text

NARROW = 100
"""Below this width an entry is two lines."""
OVER = "stands no more · "
"""Before the note of a finding that is gone."""
_GAP = 2
_MARK = 3


class MuteList(Listing):
    """Entries by the key of their finding, newest first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = 0.0
        self.mutes: dict[str, Mute] = {}
        self._standing: frozenset[str] = frozenset()

    def show(self, mutes: Iterable[Mute], standing: Iterable[str], now: float) -> None:
        """Take the newest entries. `standing` are the keys of the findings that stand now."""
        self.now, self._standing = now, frozenset(standing)
        self.mutes = {mute.finding: mute for mute in mutes}
        self.set_keys(tuple(self.mutes))

    @property
    def chosen(self) -> Mute | None:
        """The entry under the cursor."""
        return self.mutes.get(self.cursor_key) if self.cursor_key else None

    def on_resize(self) -> None:
        """One line an entry where there is room, else two."""
        self.row_height = 1 if self.size.width >= NARROW else 2

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """The one or two lines of an entry."""
        mute = self.mutes[self.keys[index]]
        silent = mute.kind is MuteKind.MUTED
        mark = (Run(" "), Run(MUTED if silent else SAID, "dim" if silent else "strong"), Run(" "))
        said = f"{mute.by} {moment_text(mute.at, self.now)}"
        over = "" if mute.finding in self._standing else OVER
        if self.row_height > 1:
            below = f"{mute.kind.value} {until_text(mute, self.now)} · {said}{f': {mute.note}' if mute.note else ''}"
            first = fit((*mark, Run(mute.subject)), width)
            return first, fit((Run(" " * _MARK), Run(over, "dim"), Run(below, "dim")), width)
        runs = [*mark, Run(pad(mute.kind.value, len(MuteKind.ACKNOWLEDGED.value))), Run(" " * _GAP)]
        for texts in (self._ends(), self._saids()):
            runs += [Run(pad(texts[mute.finding], max(map(len, texts.values()))), "dim"), Run(" " * _GAP)]
        room = width - width_of(tuple(runs)) - _GAP
        notes = max(len(one.note) + (0 if one.finding in self._standing else len(OVER)) for one in self.mutes.values())
        subject = min(max(len(one.subject) for one in self.mutes.values()), max(room - notes - 1, room // 2))
        runs += [Run(pad(mute.subject, subject)), Run(" " * _GAP), Run(over, "dim"), Run(mute.note)]
        return (fit(tuple(runs), width),)

    def _ends(self) -> dict[str, str]:
        return {key: until_text(mute, self.now) for key, mute in self.mutes.items()}

    def _saids(self) -> dict[str, str]:
        return {key: f"{mute.by} {moment_text(mute.at, self.now)}" for key, mute in self.mutes.items()}

    def empty_lines(self) -> Sequence[Line]:
        """How one begins."""
        how = hint(self, "on a finding does it.", "finding.mute")
        return ((Run(f" Nothing is acknowledged or muted. {how}".rstrip(), "dim"),),)
