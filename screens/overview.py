"""What screens have in common that tell what is wrong and what changed lately: opening a line leads to its cause."""

from __future__ import annotations

from textual import on

from screens.happenings import place_of_event
from screens.muting import FindingScreen
from screens.places import AccountsPlace, Place, ResourcePlace, ServicePlace, Visit
from widgets.attention import AttentionList
from widgets.attention_items import AttentionItem
from widgets.changes import RecentChanges
from widgets.listing import Listing


class OverviewScreen(FindingScreen):
    """A screen with a list of findings and a list of recent changes."""

    @on(Listing.Chosen)
    def _open_cause(self, event: Listing.Chosen) -> None:
        event.stop()
        place = self._place_in(event.listing)
        if place is not None:
            self.post_message(Visit(place))

    def _place_in(self, listing: Listing) -> Place | None:
        """Where the line under the cursor of a list leads."""
        if isinstance(listing, AttentionList) and listing.chosen is not None:
            return place_of(listing.chosen)
        if isinstance(listing, RecentChanges) and listing.chosen is not None and self.snapshot is not None:
            return place_of_event(listing.chosen, self.snapshot)
        return None


def place_of(item: AttentionItem) -> Place:
    """Where an item is explained: its resource, else its service, else the account that is the cause of several."""
    environment = item.environments[0]
    if item.resource is not None:
        return ResourcePlace(item.resource, environment)
    if len(item.environments) > 1 or not item.service:
        return AccountsPlace(item.account)
    return ServicePlace(item.service, environment)
