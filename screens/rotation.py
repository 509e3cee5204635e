"""Rotation through the environments, for a screen on a wall. Pure: each step makes the next state.

A round begins at home, then shows every environment: those in trouble first, worst first, and twice as long. Whoever
presses a key or moves the mouse has a minute for themselves, counted from the last time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.model.ids import EnvironmentId
from cockpit.model.snapshot import EnvironmentState
from cockpit.model.units import format_age
from cockpit.model.verdict import Health

PAUSE_SECONDS = 60.0
_TROUBLE_TURNS = 2.0
"""An environment in trouble is shown for so many turns."""
_TROUBLED = frozenset({Health.CRITICAL, Health.WARNING})
"""What nobody could look at is shown like the others: there is nothing more to see of it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a round."""

    environment: EnvironmentId | None
    """None is home."""
    turns: float = 1.0


HOME = Stop(None)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where a rotation stands. Moments are seconds of one clock, which never goes back."""

    every_seconds: float
    since: float
    """When the present stop began."""
    stops: tuple[Stop, ...] = (HOME,)
    index: int = 0
    paused_until: float | None = None

    @property
    def stop(self) -> Stop:
        """The present stop."""
        return self.stops[self.index]

    def touched(self, now: float) -> Rotation:
        """Somebody is here: wait."""
        return replace(self, paused_until=now + PAUSE_SECONDS)

    def waits(self, now: float) -> bool:
        """Whether somebody was here in the last minute."""
        return self.paused_until is not None and now < self.paused_until

    def ends_at(self) -> float:
        """When the present stop ends, unless somebody comes."""
        usual = self.since + self.every_seconds * self.stop.turns
        return usual if self.paused_until is None else self.paused_until

    def due(self, now: float) -> bool:
        """Whether it is time to go on."""
        return now >= self.ends_at()

    def onward(self, environments: Sequence[EnvironmentState], now: float) -> Rotation:
        """The next stop. Environments that have gone are left out; a new round looks at how things are."""
        there = {state.id for state in environments}
        rest = [stop for stop in self.stops[self.index + 1 :] if stop.environment in there]
        if rest:
            done = self.stops[: self.index + 1]
            return replace(self, since=now, stops=(*done, *rest), index=len(done), paused_until=None)
        # A round of one stop only begins anew with every turn; from home it goes to the first environment at once.
        plan = (HOME, *round_of(environments))
        begins = 1 if self.stop == HOME and len(plan) > 1 else 0
        return replace(self, since=now, stops=plan, index=begins, paused_until=None)

    def words(self, now: float) -> str:
        """For the header: `3/15 · 12 s`, `rotation waits 41 s`."""
        left = format_age(max(0.0, self.ends_at() - now))
        if self.waits(now):
            return f"rotation waits {left}"
        place = f"{self.index}/{len(self.stops) - 1}" if self.stop != HOME else "home"
        return f"rotation {place} · {left}"


def round_of(environments: Sequence[EnvironmentState]) -> tuple[Stop, ...]:
    """The environments in the order in which they are shown; equals keep their configured places."""
    ordered = sorted(environments, key=lambda state: -state.health.rank if state.health in _TROUBLED else 0)
    return tuple(Stop(one.id, _TROUBLE_TURNS if one.health in _TROUBLED else 1.0) for one in ordered)
