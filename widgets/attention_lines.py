"""How items of the attention list are drawn: in columns where there is room, else on two lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.attention_items import WHERE_MOST, AttentionItem
from widgets.glyphs import ROLE, SEVERITY
from widgets.line import Line, Run, cut, fit, pad, width_of, wrap
from widgets.reasons import brief, fitting
from widgets.said import said_text
from widgets.times import moment_text

MEDIUM = 110
"""From this width on, an item is one line; below, two."""
WIDE = 160
"""From this width on, everything has a column."""
BELOW = "└ "
"""Before what belongs to the item above."""
GAP = 2
SUBJECT_LEAST = 30
"""Names of things are not cut below this for the sake of the sentences; what could not be seen has longer ones."""
_MARK = 3


@dataclass(frozen=True, slots=True)
class AttentionColumns:
    """Cells of each column; 0 where there is none. What follows the reason takes the rest."""

    where: int
    subject: int
    since: int
    reason: int = 0
    """0: what follows a reason comes right after it."""


def columns_for(
    items: Sequence[AttentionItem], width: int, now: float, *, with_environment: bool = True
) -> AttentionColumns:
    """Columns that suit all of the items, so that sentences begin below each other."""
    if not items:
        return AttentionColumns(0, 0, 0)
    where = min(WHERE_MOST, max(len(item.where) for item in items)) if with_environment else 0
    own = [len(item.subject) for item in items if not item.below]
    hung = [len(item.subject) + len(BELOW) - (where + GAP if where else 0) for item in items if item.below]
    longest = max([*own, *hung], default=0)
    things = [len(item.subject) for item in items if item.resource and not item.below]
    least = min(longest, SUBJECT_LEAST, max(things, default=SUBJECT_LEAST))
    since = max(len(_moment(item, now, width)) for item in items)
    reasons = [len(_reason(item, now)) for item in items]
    left = width - _MARK - (where + GAP if where else 0) - 2 * GAP - since - 1
    if width < WIDE:
        # What changed deserves room; what to do is told in full where the item is opened.
        changes = [3 + len(item.more) if item.changed and not item.mute else 0 for item in items]
        told = max(size + change for size, change in zip(reasons, changes, strict=True))
        return AttentionColumns(where, max(least, min(longest, left - told)), since)
    more = max(0 if item.mute else len(item.more) for item in items)
    subject = max(least, min(longest, left - GAP - max(reasons) - min(more, 40)))
    room = left - GAP - subject
    return AttentionColumns(where, subject, since, max(1, min(max(reasons), max(room - more, room * 3 // 5))))


def _moment(item: AttentionItem, now: float, width: int) -> str:
    if item.since is None:
        return ""
    return item.since_text(now) if width >= WIDE else moment_text(item.since, now)


def one_line(item: AttentionItem, columns: AttentionColumns, now: float, width: int) -> Line:
    """An item on one line: what, where, and the sentence; the moment stands before it, or after it in a column."""
    since = Run(pad(_moment(item, now, width), columns.since, right=width < WIDE), "dim")
    runs = [*_what(item, columns), Run(" " * GAP)]
    if not columns.reason:
        runs += [since, Run(" " * GAP)]
        return fit((*runs, *_told(item, now, width - 1 - width_of(tuple(runs)))), width)
    told, _ = (_reason(item, now), "") if item.mute else fitting(item.reason, "", columns.reason)
    runs += [Run(pad(told, columns.reason), _ink(item)), Run(" " * GAP), since, Run(" " * GAP)]
    return fit((*runs, *_more(item, item.more, width - 1 - width_of(tuple(runs)))), width)


def two_lines(item: AttentionItem, now: float, width: int, *, with_environment: bool = True) -> tuple[Line, Line]:
    """What, where and since when; below it the reason, and what changed."""
    since = item.since_text(now)
    runs = _mark(item)
    if item.below:
        runs.append(Run(BELOW, "dim"))
    elif with_environment:
        runs += [Run(item.where, "dim" if item.mute else "strong"), Run(" " * GAP)]
    what = fit((*runs, Run(item.subject, "dim" if item.mute else "")), max(0, width - len(since) - 2))
    indent = _MARK + (len(BELOW) if item.below else 0)
    return (*what, Run(" "), Run(since, "dim"), Run(" ")), fit(
        (Run(" " * indent), *_told(item, now, width - 1 - indent)), width
    )


def is_told_by_line(item: AttentionItem, width: int) -> bool:
    """Whether one line of a list without environments holds all there is to say about an item."""
    told = (item.subject, item.reason, item.more, "Mon 14:26")
    return brief(item.reason) == item.reason and sum(map(len, told)) + GAP * len(told) + _MARK <= width


def item_lines(item: AttentionItem, now: float, width: int, rows: int) -> tuple[Line, ...]:
    """An item in full, in exactly `rows` lines: what, where and since when; the whole reason; what else there is."""
    since = f"  {item.since_text(now)}, {item.age_text(now)} ago" if item.since is not None else ""
    places = item.where if len(item.environments) < 2 else ", ".join(map(str, item.environments))
    head = (*_mark(item), Run(item.subject, "strong"), Run(f"  {places}"), Run(since, "dim"))
    lines: list[Line] = [head]
    if item.mute is not None:
        lines += [(Run(f"   {text}", "strong"),) for text in wrap(said_text(item.mute, now), max(1, width - 4))]
    lines += [(Run(f"   {text}", ROLE[item.health]),) for text in wrap(item.reason, max(1, width - 4))]
    lines += [(Run(f"   {text}"),) for text in wrap(item.more, max(1, width - 4)) if text]
    # Always as many, so that nothing above moves with the cursor.
    return (*lines, *((),) * rows)[:rows]


def untold_lines(item: AttentionItem, told: str, width: int, rows: int) -> tuple[Line, ...]:
    """What a list that shows `told` of an item leaves out of its reason and of what else there is; at most `rows`."""
    lines: list[Line] = []
    for text, ink in ((item.reason, _ink(item)), (item.more, "")):
        if text and text not in told:
            lines += [(Run(f"   {part}", ink),) for part in wrap(text, max(1, width - 4))]
    return tuple(lines[:rows])


def _mark(item: AttentionItem) -> list[Run]:
    return [Run(" "), Run(SEVERITY[item.health], _ink(item)), Run(" ")]


def _ink(item: AttentionItem) -> str:
    """The colour of severity is for what nobody has seen yet."""
    return "dim" if item.mute else ROLE[item.health]


def _reason(item: AttentionItem, now: float) -> str:
    """The sentence; of what somebody has seen, first what they said."""
    return f"{said_text(item.mute, now)} · {brief(item.reason)}" if item.mute else brief(item.reason)


def _what(item: AttentionItem, columns: AttentionColumns) -> list[Run]:
    """Glyph, environment and subject. What belongs to the item above hangs below it, instead of its environment."""
    gap = GAP if columns.where else 0
    quiet = "dim" if item.mute else ""
    if item.below:
        room = columns.where + gap + columns.subject - len(BELOW)
        return [*_mark(item), Run(BELOW, "dim"), Run(pad(item.subject, room), quiet)]
    place = [Run(pad(item.where, columns.where), quiet or "strong"), Run(" " * gap)] if columns.where else []
    return [*_mark(item), *place, Run(pad(item.subject, columns.subject), quiet)]


def _told(item: AttentionItem, now: float, room: int) -> Line:
    """Reason, and what changed about then or what to do; of what somebody has seen, what they said."""
    if item.mute is not None:
        return (Run(cut(_reason(item, now), room), "dim"),)
    reason, more = fitting(item.reason, item.more, room)
    separator = (Run(" · ", "dim"),) if more else ()
    return (Run(cut(reason, room), ROLE[item.health]), *separator, *_more(item, more, room))


def _more(item: AttentionItem, more: str, room: int) -> Line:
    """What changed is what one looks for, and is read as easily as the reason; what to do is quieter."""
    shown = "" if item.mute else cut(more, room)
    if not item.changed or not shown.startswith("after "):
        return (Run(shown, "dim"),)
    return (Run("after ", "dim"), Run(shown.removeprefix("after ")))
