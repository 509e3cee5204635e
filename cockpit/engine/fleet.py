"""What is known of every slot, and how one is looked at: the part that the engine and the one-shot sweep share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cockpit.aws.logins import CredentialSource
from cockpit.config.settings import Settings
from cockpit.engine.defects import OnDefect
from cockpit.engine.paid import PaidLooks
from cockpit.engine.poller import Poller, Room
from cockpit.engine.scheduler import Run
from cockpit.engine.slots import strictest_thresholds
from cockpit.health import needs_close_look
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue, ServiceSpec
from cockpit.store.history import History


class Fleet:
    """Observations by slot. On one event loop."""

    def __init__(
        self,
        room: Room,
        settings: Settings,
        catalogue: Catalogue,
        *,
        history: History | None,
        clock: Callable[[], float],
        on_defect: OnDefect,
        restored: Mapping[SlotId, Observation],
    ) -> None:
        self.observations: dict[SlotId, Observation] = dict(restored)
        self.sources: dict[str, CredentialSource] = {}
        """Account name → where its credentials come from."""
        self._settings = settings
        self._services = {spec.key: spec for spec in catalogue.services}
        self._thresholds = strictest_thresholds(settings, catalogue)
        self._history = history
        self._clock = clock
        self._on_defect = on_defect
        self._room = room
        self.poller = Poller(
            room, settings, catalogue, clock=clock, on_defect=lambda slot, error: on_defect(str(slot), error)
        )
        self._paid = (
            PaidLooks(history, every_seconds=settings.polling.cost_every_seconds, clock=clock) if history else None
        )

    def spec(self, slot: SlotId) -> ServiceSpec:
        """The service of a slot."""
        return self._services[slot.service]

    async def look(self, run: Run) -> Observation | None:
        """Look at a slot and remember what was seen; None where nothing was learned. Raises nothing."""
        slot = run.slot
        previous = self.observations.get(slot)
        if self._paid is not None and self.spec(slot).shared_between_processes:
            account_id = self._settings.accounts[slot.account].id
            observation = await self._paid.look(run, account_id, previous, self.poller.poll)
        else:
            observation = await self.poller.poll(run, previous)
            if self._history is not None:
                self._history.save((observation,))
        if observation is not None:
            self.observations[slot] = observation
        self.describe(slot.account)
        return observation

    def describe(self, account: str) -> None:
        """Ask the room anew where the credentials of an account come from."""
        self.sources[account] = self._room.describe(account)

    def close_kinds(self, slot: SlotId, pace: float) -> frozenset[str]:
        """The resource kinds of a slot that need a close look. `pace` is the factor on cadences that is in force."""
        observation = self.observations.get(slot)
        if observation is None:
            return frozenset()
        try:
            return needs_close_look(
                self.spec(slot), observation, self._thresholds.get(slot, {}), self._clock(), pace=pace
            )
        except Exception as error:  # noqa: BLE001 - a defect in one service's rules must not stop its polling
            self._on_defect(str(slot), error)
            return frozenset()
