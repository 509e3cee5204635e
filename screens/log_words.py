"""How a log is being read, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.model.units import Unit, format_counted, format_figure
from screens.log_feed import REACH_SECONDS, LogFeed
from widgets.attention_items import failure_words
from widgets.line import Line, Run, join
from widgets.log_layout import LogLayout, LogWanted
from widgets.log_view import LogView


def empty_words(feed: LogFeed, wanted: LogWanted, *, held: int, again: str) -> Line:
    """Why there is no line in view; `again` says how all of them are (`esc shows all again`)."""
    if held:
        what = "matches" if wanted.only_matches and wanted.search else "is an error"
        words = "; ".join(filter(None, (f"None of {format_counted(held, 'line')} {what}", again)))
        return (Run(f" {words}.", "dim"),)
    if feed.failure is not None:
        return (Run(f" {feed.failure.message}", "unknown"),)
    if not feed.begun:
        return (Run(" Reading the end of the log …", "dim"),)
    return (Run(f" No line in the last {REACH_SECONDS / 86_400:.0f} days. What is written shows up here.", "dim"),)


def found_words(laid: LogLayout) -> str:
    """How many lines match what is searched for."""
    if not laid.wanted.search:
        return ""
    return f" {format_counted(laid.matches, 'line')}" if laid.matches else " not found"


def state_lines(feed: LogFeed, view: LogView, *, new: int, looking_back: bool, pace: float) -> tuple[Line, ...]:
    """Whether it follows, what is held and shown, and what could not be read."""
    parts = [*_reading(feed, view, new), *_held(feed, view), *_reach(feed, looking_back=looking_back)]
    if feed.group:
        parts.append((Run(feed.group, "dim"),))
    lines = [join(parts, " · ")]
    failure = feed.failure
    if failure is not None:
        remedy = f" – {failure.remedy}" if failure.remedy else ""
        again = f"; tried again every {feed.delay_seconds * pace:.0f} s"
        lines.insert(0, (Run(" ? ", "unknown"), Run(failure_words(failure), "unknown"), Run(remedy + again, "dim")))
    return tuple(lines)


def _reading(feed: LogFeed, view: LogView, new: int) -> Iterator[Line]:
    if view.following:
        yield (Run(" following", "ok"),)
    else:
        yield (Run(" PAUSED", "warning"), Run(f"  {format_counted(new, 'new line')}" if new else ""))
        if not feed.buffer.room:
            yield (Run("memory is full: nothing more is read until it follows again", "warning"),)
    if feed.is_behind:
        yield (Run("more than can be read at once, catching up", "warning"),)


def _held(feed: LogFeed, view: LogView) -> Iterator[Line]:
    wanted = view.wanted
    held = format_counted(len(feed.buffer.lines), "line")
    shown = len(view.layout_of_lines.lines)
    yield (Run(f"{format_figure(shown, Unit.COUNT)} of {held}" if wanted.hides else held),)
    if wanted.only_errors:
        yield (Run("errors only", "strong"),)
    if wanted.only_matches and wanted.search:
        yield (Run("matches only", "strong"),)


def _reach(feed: LogFeed, *, looking_back: bool) -> Iterator[Line]:
    """How far back it goes."""
    buffer = feed.buffer
    if looking_back:
        yield (Run("reading older lines …", "strong"),)
    elif buffer.dropped:
        yield (Run(f"the oldest {format_counted(buffer.dropped, 'line')} let go", "dim"),)
    elif feed.begun and buffer.lines and not feed.has_older:
        yield (Run("nothing older" if buffer.room else "no room for older lines", "dim"),)
