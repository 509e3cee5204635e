"""Reads the log of one resource: its end first, then what is new, and what is older when asked. Nothing is lost.

CloudWatch shows events seconds after they were written, and not in their order: each look goes back over what was read
already, and lines are told apart by their ids.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from cockpit.model.inquiry import LogLine, LogPage, LogQuery
from cockpit.model.verdict import Failure
from widgets.log_buffer import Added, LogBuffer
from widgets.times import clock_seconds

FOLLOW_SECONDS = 2.0
"""Between two looks while all is well."""
MOST_SECONDS = 60.0
"""Between two looks while nothing can be read."""
OVERLAP_SECONDS = 30.0
"""How far each look goes back over what was read: events are late."""
HURRIED_OVERLAP_SECONDS = 5.0
"""The same where there are more lines than one look reads."""
REACH_SECONDS = 7 * 86_400.0
"""Lines older than this are not looked for."""
LATE_SECONDS = 120.0
"""Who is so far behind goes on from the newest lines, and says what was left out."""
PAGE_LINES = 1000
_PAGES = 5
"""Pages of one look."""
GAP = "GAP"
"""Level of a line of our own, which stands for lines that were not read."""

Ask = Callable[[LogQuery], Awaitable[LogPage]]


class LogFeed:
    """What has been read of a log, and where to go on."""

    def __init__(self, ask: Ask, clock: Callable[[], float], buffer: LogBuffer) -> None:
        """Make a feed that fills `buffer`. `ask` never raises: what went wrong is in its answer."""
        self.buffer = buffer
        self.failure: Failure | None = None
        """Of the newest look; None when it went well."""
        self.group = ""
        self.begun = False
        """Whether the end of the log has been read."""
        self._ask = ask
        self._clock = clock
        self._started = clock()
        self._older: LogQuery | None = None
        self._going_on: LogQuery | None = None
        self._failed = 0
        self._hurried = False

    @property
    def delay_seconds(self) -> float:
        """How long to wait before the next look."""
        return min(MOST_SECONDS, FOLLOW_SECONDS * 2.0**self._failed)

    @property
    def has_older(self) -> bool:
        """Whether older lines can be had, and there is room for them."""
        return self._older is not None and not self.buffer.dropped and self.buffer.room > 0

    @property
    def is_behind(self) -> bool:
        """Whether there were more lines than one look reads."""
        return self._going_on is not None

    async def look(self) -> Added:
        """The end of the log at first, then what is new."""
        return await (self._newer() if self.begun else self._first())

    async def _first(self) -> Added:
        now = self._clock()
        # A token leads on only with the very same question, so its end is fixed.
        query = LogQuery(now - REACH_SECONDS, now + 1, limit=PAGE_LINES, newest=True)
        page = await self._page(query)
        if page.failure is None or page.lines:
            self.begun = True
            self._started = now
            self._older = replace(query, token=page.token) if page.token else None
        return self.buffer.add(page.lines)

    async def _newer(self) -> Added:
        query: LogQuery | None = self._going_on or LogQuery(self._overlapping(), limit=PAGE_LINES)
        new = dropped = pages = 0
        while query is not None and pages < _PAGES:
            page = await self._page(query)
            added = self.buffer.add(page.lines)
            new, dropped, pages = new + added.new, dropped + added.dropped, pages + 1
            # After a failure it begins anew, from the newest line back: nothing is missed, and nothing doubled.
            going_on = page.token is not None and page.failure is None
            query = replace(query, token=page.token) if going_on else None
        self._going_on, self._hurried = query, pages > 1
        if query is None:
            return Added(new, dropped)
        if self._clock() - (self.buffer.newest_at or self._started) > LATE_SECONDS:
            skipped = await self._skip()
            return Added(new + skipped.new, dropped + skipped.dropped)
        return Added(new, dropped)

    def _overlapping(self) -> float:
        """Where the next look begins, epoch seconds."""
        newest = self.buffer.newest_at
        back = HURRIED_OVERLAP_SECONDS if self._hurried else OVERLAP_SECONDS
        return (self._started if newest is None else newest) - back

    async def _skip(self) -> Added:
        """Go on from the newest lines; a line of our own says what was left out."""
        since = self.buffer.newest_at or self._started
        page = await self._page(LogQuery(since, limit=PAGE_LINES, newest=True))
        self._going_on = None
        lines = list(page.lines)
        if lines and page.token:
            words = f"from {clock_seconds(since)} to {clock_seconds(lines[0].at)}"
            told = f"lines {words} were left out: there are more than can be read"
            lines.insert(0, LogLine(f"gap|{since}", lines[0].at, GAP, told))
        return self.buffer.add(lines)

    async def older(self) -> Added:
        """A page of older lines."""
        if self._older is None or not self.has_older:
            return Added(0, 0)
        page = await self._page(replace(self._older, limit=min(PAGE_LINES, self.buffer.room)))
        if page.failure is None:
            self._older = replace(self._older, token=page.token) if page.token else None
        return self.buffer.add(page.lines)

    async def _page(self, query: LogQuery) -> LogPage:
        page = await self._ask(query)
        self.failure = page.failure
        self._failed = self._failed + 1 if page.failure else 0
        self.group = page.group or self.group
        return page
