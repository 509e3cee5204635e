"""Inquiries over a room with nothing behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cockpit.config.settings import Settings
from cockpit.engine.inquiries import Inquiries
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue, ServiceSpec
from tests.engine.rooms import DEV, TINY, Clock, Room, settings, thing

ONE = thing(DEV, "one")


@dataclass
class Bench:
    """Inquiries, and what stands behind them."""

    room: Room = field(default_factory=Room)
    clock: Clock = field(default_factory=Clock)
    resources: dict[str, Resource] = field(default_factory=lambda: {ONE.key: ONE})

    def inquiries(self, spec: ServiceSpec = TINY, configured: Settings | None = None, **given: Any) -> Inquiries:
        return Inquiries(
            self.room,
            configured or settings("dev"),
            Catalogue((spec,)),
            find=self.resources.get,
            clock=self.clock,
            **given,
        )

    @property
    def asked(self) -> int:
        return sum(map(len, self.room.queries))
