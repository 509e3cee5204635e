"""The fleet without what is private: snapshots and settings for a screen that anybody may stand in front of."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from cockpit.config.settings import Account, Environment, Settings, System
from cockpit.engine.masked_parts import MaskedParts
from cockpit.engine.masking import MASK, Masker
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot

_SPARE_KEYS = 1000
"""So many keys of resources that are gone are kept before they are dropped."""


class MaskedFleet:
    """Masks one snapshot after the other. What has not changed is not masked again."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        safe = (rule.key for spec in catalogue.services for rule in spec.rules)
        self.parts = MaskedParts(Masker(_private_words(settings), safe, salt=secrets.token_bytes(16)))
        # Configured names first, in their order: discovered ones give way where two would be called the same.
        self.settings = self._masked_settings(settings)
        """The settings, as far as screens may know them."""
        self._seen: dict[SlotId, tuple[Observation, Observation]] = {}

    def masked(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot, with every text masked. For one thread at a time."""
        seen = {slot: self._observation(slot, one) for slot, one in snapshot.observations.items()}
        self._seen = seen
        self._drop_what_is_gone(snapshot)
        bare = self.parts.part(replace(snapshot, observations={}))
        return replace(bare, observations={masked.slot: masked for _, masked in seen.values()})

    def _observation(self, slot: SlotId, observation: Observation) -> tuple[Observation, Observation]:
        known = self._seen.get(slot)
        if known is not None and known[0] is observation:
            return known
        earlier: dict[str, tuple[Resource, Resource]] = {}
        if known is not None:
            pairs = zip(known[0].resources, known[1].resources, strict=True)
            earlier = {before.key: (before, after) for before, after in pairs}
        resources = tuple(self.parts.resource(one, earlier.get(one.key)) for one in observation.resources)
        rest = self.parts.part(replace(observation, resources=()))
        return observation, replace(rest, resources=resources)

    def _drop_what_is_gone(self, snapshot: Snapshot) -> None:
        alive = sum(len(one.resources) for one in snapshot.observations.values()) + len(snapshot.bills)
        # Findings and relations name keys as well.
        if len(self.parts.keys) > 3 * alive + _SPARE_KEYS:
            self.parts.keys.forget_all_but(
                resource.key for one in snapshot.observations.values() for resource in one.resources
            )

    def _masked_settings(self, settings: Settings) -> Settings:
        accounts = [self._account(one) for one in settings.accounts.values()]
        return replace(
            settings,
            accounts={one.name: one for one in accounts},
            systems=tuple(self._system(one) for one in settings.systems),
            elsewhere=tuple(self._environment(one) for one in settings.elsewhere),
            sentry=None,
            state_dir=Path(MASK),
            sources=(),
        )

    def _account(self, account: Account) -> Account:
        return Account(self.parts.account(account.name), MASK, account.regions, emulator=account.emulator)

    def _system(self, system: System) -> System:
        environments = tuple(self._environment(one) for one in system.environments)
        templates = tuple(self._environment(one) for one in system.templates)
        name = environments[0].id.system if environments else self.parts.words.text(system.name)
        return System(name, self.parts.words.text(system.title), environments, templates)

    def _environment(self, environment: Environment) -> Environment:
        words = self.parts.words
        return replace(
            environment,
            id=self.parts.environment(environment.id),
            title=words.text(environment.title),
            targets=(),
            left_out=(),
            links=self.parts.part(environment.links),
            fixed_costs=self.parts.part(environment.fixed_costs),
            overrides=tuple(replace(one, match=words.text(one.match)) for one in environment.overrides),
            pattern=None if environment.pattern is None else words.text(environment.pattern),
        )


def _private_words(settings: Settings) -> Iterator[str]:
    """What the configuration says that must not be shown, and that no pattern might find."""
    for account in settings.accounts.values():
        yield account.id
        yield from filter(None, (account.role_arn, account.mfa_serial))
        for url in filter(None, (account.endpoint_url, *account.endpoint_urls.values())):
            yield urlsplit(url).hostname or ""
    if settings.sentry is not None:
        yield settings.sentry.dsn
