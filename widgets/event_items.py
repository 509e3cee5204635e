"""Entries of the timeline as lines of a list. Pure.

What happens to many things at once (a release of three hundred functions, a session that runs out) is one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cockpit.model.event import Event, EventKind
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Fact
from cockpit.model.verdict import Health
from widgets.filter import Field
from widgets.glyphs import ARROW, CHANGE, ROLE, SAID, SEVERITY, WORD
from widgets.line import Line, Run
from widgets.names import environment_text
from widgets.reasons import without_duration

TOGETHER_SECONDS = 300.0
"""What happens alike within this time is told together."""
FEW = 3
"""As many like entries are lines of their own; more become one."""
NEXT = f" {ARROW} "

FIELDS = (
    Field("environment", "env"),
    Field("kind", "kind"),
    Field("since", "age", age=True),
    Field("state", "state"),
    Field("subject", "what"),
    Field("service", "service"),
    Field("account", "account"),
    Field("region", "region"),
)
"""What a filter over the timeline may name."""

_SAID_WORD = {
    EventKind.ACKNOWLEDGED: "acknowledged",
    EventKind.MUTED: "muted",
    EventKind.UNMUTED: "unmuted",
}


@dataclass(frozen=True, slots=True)
class EventItem:
    """One line of the timeline: one entry, or many like entries."""

    events: tuple[Event, ...]
    """Newest first."""
    where: str
    """`tim-combo/prod`, how many environments, or empty for what several share."""
    subject: str
    words: str
    text: str
    """All that can be read in it, in lower case."""

    @property
    def newest(self) -> Event:
        """The newest of its entries."""
        return self.events[0]

    @property
    def key(self) -> str:
        """Identity from one refresh to the next: the first entry that was written of those it tells."""
        return str(min(event.number for event in self.events))

    @property
    def at(self) -> float:
        """When the newest of them happened, epoch seconds."""
        return self.newest.at

    @property
    def environments(self) -> tuple[EnvironmentId, ...]:
        """The environments that it touches."""
        return tuple(dict.fromkeys(one.environment for one in self.events if one.environment is not None))

    @property
    def name(self) -> str:
        """What a fuzzy filter looks at."""
        return self.subject

    def value(self, field: str) -> Fact:
        """The value of a field, for the filter."""
        event = self.newest
        values: dict[str, Fact] = {
            "environment": self.where,
            "kind": event.kind.value,
            "since": self.at,
            "state": WORD[event.after] if event.after else None,
            "subject": self.subject,
            "service": event.slot.service if event.slot else None,
            "account": event.slot.account if event.slot else None,
            "region": event.slot.region if event.slot else None,
        }
        return values.get(field)


def event_items(events: Iterable[Event]) -> tuple[EventItem, ...]:
    """The entries as lines, in their order (newest first); many that are alike become one, where the newest stood."""
    groups: list[list[Event]] = []
    open_groups: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        likeness = _likeness(event)
        group = open_groups.get(likeness)
        if group is None or group[0].at - event.at > TOGETHER_SECONDS:
            group = open_groups[likeness] = []
            groups.append(group)
        group.append(event)
    items = [item for group in groups for item in _items(group)]
    # A group that is too small falls apart again, and its later parts belong further down.
    return tuple(sorted(items, key=lambda item: (-item.at, -item.newest.number)))


def _likeness(event: Event) -> tuple[object, ...]:
    """What like entries have in common. What hides many things is one cause: environments do not tell it apart."""
    slot, unseen = event.slot, _is_unseen(event)
    what = event.fact or (event.finding or "").rpartition("|")[2]
    where = None if unseen else (event.environment, slot and slot.service)
    return event.kind, slot and slot.account, what, event.before, event.after, where


def _is_unseen(event: Event) -> bool:
    return (event.finding or "").endswith("|observation")


def _items(group: Sequence[Event]) -> list[EventItem]:
    if len(group) <= FEW:
        return [_item((event,), event.subject, words_of(event)) for event in group]
    first = group[0]
    account = first.slot.account if first.slot else ""
    if _is_unseen(first):
        services = {event.slot.service for event in group if event.slot}
        subject = f"{account} ({len(services)} services)" if len(services) > 1 else f"{account} {next(iter(services))}"
        return [_item(tuple(group), subject, words_of(first))]
    same = len({event.words for event in group}) == 1
    return [_item(tuple(group), _together(group), words_of(first) if same else f"{words_of(first)}, and the like")]


def _together(group: Sequence[Event]) -> str:
    """`12 × trinity-*`: how many, and what their names begin with; the service where they have nothing in common."""
    subjects = list(dict.fromkeys(event.subject for event in group))
    if len(subjects) == 1:
        return subjects[0]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*subjects, strict=False))
    begin, slot = "".join(letters[0] for letters in alike), group[0].slot
    return f"{len(subjects)} × {begin}*" if len(begin) > 1 or slot is None else f"{len(subjects)} × {slot.service}"


def _item(events: tuple[Event, ...], subject: str, words: str) -> EventItem:
    places = tuple(dict.fromkeys(environment_text(one.environment) for one in events if one.environment is not None))
    where = places[0] if len(places) == 1 else f"{len(places)} environments" if places else ""
    first = events[0]
    slot = (first.slot.account, first.slot.service) if first.slot else ()
    told = (*places, *dict.fromkeys(one.subject for one in events), words, first.kind.value, *slot)
    return EventItem(events, where, subject, words, "\n".join(told).lower())


def words_of(event: Event) -> str:
    """What happened, in words, without what other columns tell: how long it stood when it was found, and the kind."""
    if event.kind is EventKind.CHANGED:
        return event.words
    return without_duration(event.words.removeprefix(f"{_SAID_WORD.get(event.kind, ' ')} "))


def course_of(event: Event) -> Line:
    """From → to, each with its glyph, and the word of what it came to: `▲ → ✖ critical`, `✖ → ● ended`, `◆ changed`."""
    if event.kind is EventKind.CHANGED:
        return (Run(" " * (1 + len(NEXT))), Run(f"{CHANGE} ", "mark"), Run("changed"))
    said = _SAID_WORD.get(event.kind)
    if said is not None:
        return (Run(f"{SAID} ", "strong"), Run(said))
    after = event.after or Health.OK
    before: Line = (Run(" " * (1 + len(NEXT))),)
    if event.before is not None:
        before = (Run(SEVERITY[event.before], ROLE[event.before]), Run(NEXT, "dim"))
    word = "ended" if event.kind is EventKind.ENDED else WORD[after]
    return (*before, Run(f"{SEVERITY[after]} ", ROLE[after]), Run(word, ROLE[after]))


def mark_of(event: Event) -> Run:
    """What it came to, in one glyph."""
    if event.kind is EventKind.CHANGED:
        return Run(CHANGE, "mark")
    if event.kind in _SAID_WORD:
        return Run(SAID, "strong")
    after = event.after or Health.OK
    return Run(SEVERITY[after], ROLE[after])
