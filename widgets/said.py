"""What somebody said about a finding, in words. Pure."""

from __future__ import annotations

from cockpit.model.finding import Finding
from cockpit.model.mute import Mute, MuteKind
from widgets.times import moment_text

UNSEEN, SEEN, SILENCED = range(3)


def place_in_line(finding: Finding) -> int:
    """What nobody has seen yet comes first, then what is acknowledged, then what is muted."""
    if finding.mute is None:
        return UNSEEN
    return SEEN if finding.counts else SILENCED


def said_text(mute: Mute, now: float) -> str:
    """`ack ann 14:32: on it`, `muted until 15:00 by ann: ticket 12`."""
    note = f": {mute.note}" if mute.note else ""
    if mute.kind is MuteKind.MUTED:
        return f"muted {until_text(mute, now)} by {mute.by}{note}"
    end = f" {until_text(mute, now)}" if mute.until is not None else ""
    return f"ack {mute.by} {moment_text(mute.at, now)}{end}{note}"


def until_text(mute: Mute, now: float) -> str:
    """`until 15:00`, `until it is over`."""
    return "until it is over" if mute.until is None else f"until {moment_text(mute.until, now)}"
