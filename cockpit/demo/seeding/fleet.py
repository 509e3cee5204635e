"""The whole fleet, account by account."""

from __future__ import annotations

from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.catalogue import seeding_order, sites
from cockpit.demo.fleet.parts import Site
from cockpit.demo.seeding.alarms import put_alarms
from cockpit.demo.seeding.distributions import put_distributions
from cockpit.demo.seeding.functions import put_functions
from cockpit.demo.seeding.queues import put_queues
from cockpit.demo.seeding.stacks import put_stacks


def seed_fleet(world: World) -> None:
    """Seed every account in order; each is open to requests as soon as it is whole."""
    start, described = world.clock(), sites()
    for account in seeding_order():
        for site in described:
            if site.account == account:
                _seed(world, site, start)
        put_stacks(world, account, start)
        world.ready(ACCOUNTS[account].id)


def _seed(world: World, site: Site, start: float) -> None:
    account_id = ACCOUNTS[site.account].id
    put_functions(world, account_id, site.region, site.functions, start)
    put_queues(world, account_id, site.region, site.queues, start)
    put_distributions(world, account_id, site.region, site.distributions, start)
    if site.databases:
        # Deferred: moto's RDS takes as long to import as everything else together.
        from cockpit.demo.seeding.databases import put_databases

        put_databases(world, account_id, site.region, site.databases, start)
    put_alarms(account_id, site.region, site.alarms, site.composites, start)
