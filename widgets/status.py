"""The two lines at the top: where one is, how the fleet is, how old the data is and what looking at it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.strip import Strip

from cockpit.model.snapshot import AccountState, Snapshot
from cockpit.model.units import Unit, format_age, format_counted, format_figure
from cockpit.model.verdict import Health, Outcome
from widgets.glyphs import MUTED, POINTER, ROLE, SEVERITY, WAITING, WORD, verdict
from widgets.line import Line, Run, apart, cut, join, width_of
from widgets.logins import header_parts
from widgets.painted import Painted
from widgets.times import clock

RATE_SECONDS = 3600.0
"""A program younger than this tells what it has spent, not what it spends an hour."""

_WIDE = 100
"""From this width on, the second line spells things out."""

_NO_TAG = Run("")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is, and in what mode."""

    trail: tuple[str, ...] = ()
    """Below the root: environment, service, resource."""
    tag: Run = _NO_TAG
    """Tag of the environment."""
    scope: tuple[str, ...] = ()
    """`5 systems`, `15 environments`, `9 accounts`."""
    narrowed: str = ""
    """What the lists are narrowed to: `3 of 11 accounts`. Counts in the header stay those of the whole fleet."""
    read_only: bool = False
    """Anybody may stand in front of it: nothing private is shown, and nothing can be changed."""
    no_actions: bool = False
    """Actions are known, and none is allowed anywhere by the configuration."""
    rotation: str = ""
    """Where a rotation stands: `3/15 in 12 s`, `rotation waits 41 s`."""
    demo: bool = False
    counted: bool = True
    """Whether the first line counts environments by verdict; where large letters do, once is enough."""
    slow: frozenset[str] = frozenset()
    """Services whose data is hours old by design (a bill); they do not count for the age of the oldest data."""


def muted_count(snapshot: Snapshot) -> int:
    """Environments in which nothing that counts is wrong, because something that is wrong is muted."""
    return sum(one.muted > 0 and verdict(one) is Health.OK for one in snapshot.environments)


def severity_counts(snapshot: Snapshot) -> Mapping[Health | None, int]:
    """Environments by verdict; None are those that wait for their first look.

    Those that are ok only because something is muted are in none of them (`muted_count`).
    """
    counts: dict[Health | None, int] = {}
    for environment in snapshot.environments:
        state = verdict(environment)
        if state is not Health.OK or not environment.muted:
            counts[state] = counts.get(state, 0) + 1
    return counts


def severity_line(snapshot: Snapshot, *, words: bool = True, calm: bool = True) -> Line:
    """`✖ 2 critical  ▲ 3 warning  ? 1 unknown  ● 9 ok`, without those that are none; `calm` keeps the ok ones.

    Those that are ok only because something is muted are counted apart: `⊘ 1 muted`.
    """
    counts, muted = severity_counts(snapshot), muted_count(snapshot)
    parts: list[Line] = []
    for health in (Health.CRITICAL, Health.WARNING, Health.UNKNOWN, *((Health.OK,) if calm else ())):
        if counts.get(health):
            word = f" {WORD[health]}" if words else ""
            parts.append((Run(f"{SEVERITY[health]} {counts[health]}{word}", ROLE[health]),))
    if muted and calm:
        parts.append((Run(f"{MUTED} {muted}{' muted' if words else ''}", "dim"),))
    if counts.get(None) and calm:
        parts.append((Run(f"{WAITING} {counts[None]}{' waiting' if words else ''}", "waiting"),))
    return join(parts)


def unreachable(accounts: tuple[AccountState, ...]) -> Line:
    """How many accounts cannot be seen for another reason than a login that has run out; empty if none."""
    known = {None, Outcome.OK, Outcome.PARTIAL, Outcome.REGION_DISABLED}
    count = sum(one.outcome not in known and not (one.login and one.outcome is Outcome.EXPIRED) for one in accounts)
    return (
        (Run(f"{SEVERITY[Health.UNKNOWN]} {format_counted(count, 'account')} unreachable", "unknown"),) if count else ()
    )


def failure_count(snapshot: Snapshot) -> int:
    """Open failures over all accounts."""
    return sum(len(account.failures) for account in snapshot.accounts)


def oldest_at(snapshot: Snapshot, slow: frozenset[str]) -> float | None:
    """When the oldest data was seen, leaving out services that are slow by design; epoch seconds."""
    seen = snapshot.observations.items()
    moments = [o.observed_at for slot, o in seen if slot.service not in slow and o.observed_at is not None]
    return min(moments, default=None)


def top_line(snapshot: Snapshot, place: Place, now: float, width: int) -> Line:
    """Name or trail on the left; counts, mode and clock on the right."""
    modes: list[Line] = [(Run(place.narrowed, "warning"),)] if place.narrowed else []
    if place.demo:
        modes.append((Run("DEMO", "strong"),))
    if not snapshot.polling:
        modes.append((Run("PAUSED", "warning"),))
    if place.read_only:
        modes.append((Run("READ-ONLY", "warning"),))
    elif place.no_actions:
        modes.append((Run("no actions", "dim"),))
    modes.append((Run(clock(now)), Run(" ")))
    left = _trail(place, place.trail)
    right: Line = ()
    for severity in _severities(snapshot, place):
        # Where part of the fleet is hidden, what is wrong in the rest is counted still, and is called so.
        right = join([(Run("fleet ", "dim"), *severity) if place.narrowed and severity else severity, *modes])
        if width_of(left) + 2 + width_of(right) <= width:
            break
    if not place.trail:
        left = _with_scope(left, place.scope, width - width_of(right))
    return apart(_shortened(place, left, width - width_of(right) - 2), right, width)


def _severities(snapshot: Snapshot, place: Place) -> tuple[Line, ...]:
    """The counts, from the longest way to tell them to the shortest."""
    if not place.counted and not place.narrowed:
        return ((),)
    told = (severity_line(snapshot), severity_line(snapshot, words=False))
    return (*told, severity_line(snapshot, words=False, calm=False), ()) if place.trail or place.narrowed else told


def _with_scope(name: Line, scope: Sequence[str], room: int) -> Line:
    """The name and as much of the scope as there is room for, but no half words; nothing where not even a name fits."""
    parts = list(scope)
    while parts and width_of(name) + 3 + len(" · ".join(parts)) + 2 > room:
        parts.pop()
    if parts:
        return (*name, Run("   "), Run(" · ".join(parts), "dim"))
    # What is wrong matters more than what this is called.
    return name if width_of(name) < room else ()


def _trail(place: Place, steps: Sequence[str], *, root: bool = True) -> Line:
    """`cockpit › tim-combo/prod › lambda PROD`."""
    runs = [Run(" "), Run("cockpit", "strong")] if root else []
    for step in steps:
        runs += [Run(f" {POINTER} " if runs else " ", "dim"), Run(step, "strong")]
    return (*runs, Run(" "), place.tag) if place.tag.text else tuple(runs)


def _shortened(place: Place, left: Line, room: int) -> Line:
    """The trail in less room: without its root, without its middle, then with a shorter name. The tag stays."""
    if width_of(left) <= room or not place.trail:
        return left
    ends = place.trail[:1] + place.trail[-1:] if len(place.trail) > 1 else place.trail
    for steps in (place.trail, ends):
        left = _trail(place, steps, root=False)
        if width_of(left) <= room:
            return left
    over = width_of(left) - room
    return _trail(place, (*ends[:-1], cut(ends[-1], max(1, len(ends[-1]) - over))), root=False)


def second_line(snapshot: Snapshot, place: Place, now: float, width: int) -> Line:
    """Age of the oldest data, calls, dollars, sessions on the left; errors on the right."""
    trouble = ((failure_count(snapshot), "error"), (len(snapshot.notices), "notice"))
    told = " · ".join(format_counted(count, noun) for count, noun in trouble if count)
    trouble_told: Line = (Run(f"! {told}", "unknown"),) if told else ()
    rotation = place.rotation if width >= _WIDE else place.rotation.removeprefix("rotation ")
    turning: Line = (Run(rotation, "dim"),) if rotation else ()
    right = (*joined, Run(" ")) if (joined := join([part for part in (turning, trouble_told) if part])) else ()
    room = width - width_of(right) - 3
    parts = _status_parts(snapshot, place, now, words=True)
    urgent = [part for part in parts if part[0] <= 1]
    if width_of(_joined(urgent)) > room:
        parts = _status_parts(snapshot, place, now, words=False)
    while len(parts) > 1 and width_of(_joined(parts)) > room:
        parts.remove(max(reversed(parts), key=lambda part: part[0]))
    return apart((Run(" "), *_joined(parts)), right, width)


def _status_parts(snapshot: Snapshot, place: Place, now: float, *, words: bool) -> list[tuple[int, Line]]:
    """The parts of the second line, with what gives way first where room is short: the highest number."""
    oldest = oldest_at(snapshot, place.slow)
    meter = snapshot.meter
    # What was spent once at the start says nothing about an hour; the rate is told when there is one.
    young = now - meter.since < RATE_SECONDS
    dollars = f"{format_figure(meter.cost_usd, Unit.USD)} so far"
    if not young:
        dollars = f"{format_figure(meter.usd_per_hour, Unit.USD)}/h"
    spent = Run(f"{dollars} slowed by ceiling", "warning") if meter.throttled_by_ceiling else Run(dollars, "dim")
    logins = header_parts(snapshot.accounts, now, words=words)
    parts: list[tuple[int, Line]] = [
        (0, (Run(f"oldest data {format_age(now - oldest)}" if oldest is not None else "no data yet", "dim"),)),
        *((1, line) for line in logins if line[0].role == "unknown"),
        (1, unreachable(snapshot.accounts)),
        *((2, line) for line in logins if line[0].role == "warning"),
        (4, (Run(f"{format_figure(meter.calls, Unit.COUNT)} calls", "dim"),)),
        (3, (spent,)),
        *((5, line) for line in logins if line[0].role == "dim"),
    ]
    return [part for part in parts if part[1]]


def _joined(parts: list[tuple[int, Line]]) -> Line:
    return join((line for _, line in parts), " · ")


class StatusHeader(Painted):
    """The header of every screen. Nothing in it changes until the new state is known."""

    DEFAULT_CSS = """
    StatusHeader { dock: top; height: 2; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._place = Place()
        self._now = 0.0

    def show(self, snapshot: Snapshot | None, place: Place, now: float) -> None:
        """Take the newest state. Not a reactive: comparing two snapshots costs more than painting two lines."""
        self._snapshot, self._place, self._now = snapshot, place, now
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the two lines."""
        width = self.size.width
        if self._snapshot is None:
            return self.strip((Run(" cockpit" if y == 0 else " starting", "strong" if y == 0 else "dim"),), width)
        draw = top_line if y == 0 else second_line
        return self.strip(draw(self._snapshot, self._place, self._now, width), width)
