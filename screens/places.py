"""Where one can go. A widget or a command says where; the app takes one there."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from cockpit.model.ids import EnvironmentId


@dataclass(frozen=True, slots=True)
class EnvironmentPlace:
    """All services of one environment."""

    environment: EnvironmentId


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """The resources of one service, of one environment or of the whole fleet."""

    service: str
    environment: EnvironmentId | None = None


@dataclass(frozen=True, slots=True)
class ResourcePlace:
    """One resource, as seen from an environment if one is given."""

    key: str
    environment: EnvironmentId | None = None


@dataclass(frozen=True, slots=True)
class AccountsPlace:
    """The accounts, with the cursor on one of them if it is named."""

    account: str | None = None


@dataclass(frozen=True, slots=True)
class LogsPlace:
    """Log lines of one resource."""

    key: str


@dataclass(frozen=True, slots=True)
class VersionsPlace:
    """Versions of one resource, and what differs between two of them."""

    key: str


@dataclass(frozen=True, slots=True)
class CostPlace:
    """What everything costs, with the cursor on an environment if one is named."""

    environment: EnvironmentId | None = None


@dataclass(frozen=True, slots=True)
class TimelinePlace:
    """What happened, in one environment or in the whole fleet."""

    environment: EnvironmentId | None = None


@dataclass(frozen=True, slots=True)
class MutesPlace:
    """Everything that is acknowledged or muted."""


@dataclass(frozen=True, slots=True)
class ErrorsPlace:
    """Everything that could not be seen."""


Place = (
    EnvironmentPlace
    | ServicePlace
    | ResourcePlace
    | AccountsPlace
    | LogsPlace
    | VersionsPlace
    | CostPlace
    | TimelinePlace
    | MutesPlace
    | ErrorsPlace
)


class Visit(Message):
    """Somebody wants to go to a place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
