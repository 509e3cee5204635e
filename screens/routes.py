"""From a place to its screen."""

from __future__ import annotations

from screens.accounts import AccountsScreen
from screens.base import CockpitScreen
from screens.context import Context
from screens.cost import CostScreen
from screens.environment import EnvironmentScreen
from screens.errors import ErrorsScreen
from screens.logs import LogsScreen
from screens.mutes import MutesScreen
from screens.places import (
    AccountsPlace,
    CostPlace,
    EnvironmentPlace,
    ErrorsPlace,
    LogsPlace,
    MutesPlace,
    Place,
    ResourcePlace,
    ServicePlace,
    TimelinePlace,
    VersionsPlace,
)
from screens.resource import ResourceScreen
from screens.service import ServiceScreen
from screens.timeline import TimelineScreen
from screens.versions import VersionsScreen


def screen_for(place: Place, context: Context) -> CockpitScreen | None:  # noqa: C901, PLR0911 - one return a place
    """The screen of a place; None for what is not there."""
    match place:
        case EnvironmentPlace(environment):
            return EnvironmentScreen(context, environment)
        case ServicePlace(service, environment):
            spec = context.catalogue.service(service)
            return ServiceScreen(context, spec, environment) if spec else None
        case ResourcePlace(key, environment):
            return ResourceScreen(context, key, environment)
        case AccountsPlace(account):
            return AccountsScreen(context, account)
        case LogsPlace(key):
            # Lines may hold anything: they are not for everybody's eyes.
            return None if context.shared else LogsScreen(context, key)
        case VersionsPlace(key):
            return VersionsScreen(context, key)
        case MutesPlace():
            # Notes and names of people are not for everybody's eyes.
            return None if context.shared else MutesScreen(context)
        case ErrorsPlace():
            return ErrorsScreen(context)
        case CostPlace(environment):
            return CostScreen(context, environment)
        case TimelinePlace(environment):
            return TimelineScreen(context, environment)
        case _:
            return None
