"""The timeline: what happened, in one environment or in the whole fleet, and what is new since somebody last looked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import EnvironmentId
from cockpit.model.snapshot import Snapshot
from screens.commands import Command
from screens.context import Context
from screens.filtered import FilteredScreen
from screens.happenings import EventFeed, last_look, place_of_event, remember_look
from screens.places import Visit
from screens.view_table import ViewColumn, ViewTable
from widgets.event_items import FIELDS, EventItem, event_items
from widgets.line import Line, Run, join, wrap
from widgets.listing import Listing
from widgets.matrix_cells import tag_of
from widgets.names import environment_text
from widgets.text_lines import TextLines
from widgets.timeline import Look, TimelineList
from widgets.times import clock

ENTRIES = 2000
"""So many entries are shown, the newest; the store keeps more."""
DETAIL_LINES = 2

_COLUMNS = (
    ViewColumn("at", moment=True),
    ViewColumn("environment"),
    ViewColumn("kind"),
    ViewColumn("before"),
    ViewColumn("after"),
    ViewColumn("service"),
    ViewColumn("account"),
    ViewColumn("region"),
    ViewColumn("subject"),
    ViewColumn("words"),
)


class TimelineScreen(FilteredScreen):
    """Entries by day. `T` goes from one environment to the whole fleet and back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "widen", "Whole fleet", tooltip="What happened in the whole fleet", id="timeline.widen"),
        Binding("c", "copy", "Copy", tooltip="Copy what is under the cursor, over ssh too", id="screen.copy"),
    ]

    def __init__(self, context: Context, environment: EnvironmentId | None) -> None:
        super().__init__(context, FIELDS)
        self._home = environment
        self._environment = environment
        self._list = TimelineList(id="timeline")
        self._feed = EventFeed(self, EventQuery(environment=environment, limit=ENTRIES), self._told)
        self._events: tuple[Event, ...] = ()
        self._shown_in_view = self.in_view
        self._seen_up_to: int | None = None
        look = last_look(context.preferences)
        self._look = Look(*look) if look else None

    def compose_body(self) -> ComposeResult:
        """The filter, the entries, and the one under the cursor in full."""
        yield self.filter_bar
        yield self._list
        yield TextLines(id="detail")

    def filtered_list(self) -> TimelineList:
        """The entries."""
        return self._list

    def trail(self) -> tuple[str, ...]:
        """Environment and timeline."""
        return (environment_text(self._environment) if self._environment else "fleet", "timeline")

    def environment_id(self) -> EnvironmentId | None:
        """The environment, unless the whole fleet is shown."""
        return self._environment

    def panels(self) -> Iterable[Widget]:
        """The entries."""
        return (self._list,)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Newer entries are asked for where there are some; what is shown ages."""
        self._feed.show(snapshot)
        if self._seen_up_to is None:
            return
        if self.in_view != self._shown_in_view:
            self._present_events(snapshot)
        else:
            self._list.tick(now)

    def _told(self, events: tuple[Event, ...], snapshot: Snapshot) -> None:
        self._events = events
        if self._environment is None:
            self._seen_up_to = max(snapshot.newest_event, self._seen_up_to or 0)
        elif self._seen_up_to is None:
            self._seen_up_to = 0
        self._present_events(snapshot)

    def _present_events(self, snapshot: Snapshot) -> None:
        self._shown_in_view = self.in_view
        in_view = [event for event in self._events if event.slot is None or self.in_view.holds(event.slot)]
        look = self._look
        if look is not None and look.number > snapshot.newest_event:
            # The store is another one than at that time: its numbers began anew.
            look = None
        self._list.show(
            event_items(in_view),
            self.context.clock(),
            look=look,
            tags={state.id: tag_of(state) for state in snapshot.environments},
            with_environment=self._environment is None,
        )
        self.describe()

    def describe(self) -> None:
        """The entry under the cursor in full, and how many there are."""
        shown, item = self._list.shown, self._list.chosen
        new = sum(self._list.look.is_new(one) for one in shown) if self._list.look else 0
        counts: list[Line] = [(Run(f" {len(shown)} of {len(self._list.items)}"),)]
        if new:
            counts.append((Run(f"{new} new since you last looked", "strong"),))
        if self._list.wanted:
            counts.append((Run(f"filter: {self._list.wanted.text}", "dim"),))
        lines = [*detail_lines(item, max(20, self.size.width - 2)), (), ()][:DETAIL_LINES] if item else [(), ()]
        self.query_one("#detail", TextLines).lines = (*lines, join(counts, " · "))

    def on_resize(self) -> None:
        """Other line breaks."""
        if self.stands:
            self.describe()

    # Going on, and away.

    def on_screen_suspend(self) -> None:
        """Something else is looked at."""
        self._remember()

    def on_unmount(self) -> None:
        """Left, or the program ends."""
        self._remember()

    def _remember(self) -> None:
        # Of one environment alone, the rest was not looked at.
        if self._seen_up_to:
            remember_look(self.context.preferences, self.context.clock(), self._seen_up_to)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing wider than the whole fleet."""
        if action == "widen" and self._home is None:
            return False
        return super().check_action(action, parameters)

    def action_widen(self) -> None:
        """The whole fleet, or the environment again."""
        self._environment = None if self._environment else self._home
        self._feed.ask(EventQuery(environment=self._environment, limit=ENTRIES))
        self.tick(self.context.clock())

    def commands(self) -> Iterable[Command]:
        """To widen, or to narrow again."""
        if self._home is not None:
            title = "Timeline of the whole fleet" if self._environment else f"Timeline of {self._home}"
            yield Command(title, "Everything that happened there", self.action_widen, "widen narrow events")

    def text_to_copy(self) -> str | None:
        """The entry under the cursor in words."""
        item = self._list.chosen
        return f"{clock(item.at)} {item.where} {item.subject}: {item.newest.words}" if item else None

    def table(self) -> ViewTable:
        """The entries that are shown, each by itself."""
        events = [event for item in self._list.shown for event in item.events]
        return ViewTable(_COLUMNS, tuple(_row(event) for event in events))

    @on(Listing.Highlighted, "#timeline")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self.describe()

    @on(Listing.Chosen, "#timeline")
    def _open(self, event: Listing.Chosen) -> None:
        event.stop()
        item = self._list.chosen
        place = place_of_event(item, self.snapshot) if item and self.snapshot else None
        if place is not None:
            self.post_message(Visit(place))


def detail_lines(item: EventItem, width: int) -> list[Line]:
    """An entry in full: where, and all that is said; of many, which they are."""
    event = item.newest
    slot = (f"{event.slot.service} · {event.slot.account} {event.slot.region}",) if event.slot else ()
    late = () if event.exact else ("noticed then; it happened since the look before",)
    head = " · ".join((*((item.where,) if item.where else ()), *slot, *late))
    subjects = ", ".join(dict.fromkeys(one.subject for one in item.events))
    text = f"{subjects}: {event.words}" if len(item.events) == 1 else f"{len(item.events)} times: {subjects}"
    return [
        (Run(f" {clock(item.at)}  ", "strong"), Run(head, "dim")),
        *((Run(f" {line}"),) for line in wrap(text, width)),
    ]


def _row(event: Event) -> tuple[str | float | None, ...]:
    slot = event.slot
    return (
        event.at,
        environment_text(event.environment) if event.environment else None,
        event.kind.value,
        event.before.value if event.before else None,
        event.after.value if event.after else None,
        *((slot.service, slot.account, slot.region) if slot else (None, None, None)),
        event.subject,
        event.words,
    )
