"""Everything in the fleet, in the order in which it is seeded: what makes a first screen comes first."""

from __future__ import annotations

from cockpit.demo.fleet import scheduler, tim, timeclout, trinity
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.parts import Site, Spend


def sites() -> tuple[Site, ...]:
    """Every region of every account that has something in it."""
    return (*timeclout.site(), *trinity.site(), *scheduler.site(), *tim.site())


def spends() -> tuple[Spend, ...]:
    """Every cost."""
    return (*timeclout.spends(), *scheduler.spends(), *trinity.spends(), *tim.spends())


def seeding_order() -> tuple[str, ...]:
    """Accounts, the empty ones last."""
    seen = dict.fromkeys(site.account for site in sites())
    return (*seen, *(name for name in ACCOUNTS if name not in seen))
