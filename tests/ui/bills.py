"""A fleet that costs money, with bills as the service makes them: one by tag, one shared, one unseen, one too high."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Catalogue, Money
from cockpit.model.snapshot import AccountState, Cell, EnvironmentState, MeterLine, MeterReading, Snapshot
from cockpit.model.spending import utc_day
from cockpit.model.verdict import Failure, Health, Outcome
from cockpit.services import catalogue
from cockpit.services._cost_bills import Payee, bill
from cockpit.services._cost_days import Spending, first_kept
from cockpit.services.cost import SERVICE

NOW = 1_772_461_920.0 + 17 * 86_400
"""2026-03-19 14:32 UTC."""
TODAY = utc_day(NOW)
ASKED = NOW - 3 * 3600.0
CATALOGUE: Catalogue = catalogue()

HUB, ALONE = SlotId("hub", "us-east-1", "cost"), SlotId("alone", "us-east-1", "cost")
IDS = {"hub": "111122223333", "shop": "222233334444", "lab": "333344445555", "alone": "444455556666"}

Amounts = Callable[[date], Mapping[str, float]]


def spending(amounts: Amounts, *, missing: frozenset[date] = frozenset(), currency: str = "USD") -> Spending:
    """Days as a look tells them; a quarter of today, and `missing` days not at all."""
    first = first_kept(TODAY)
    days = [first + timedelta(days=offset) for offset in range((TODAY - first).days + 1)]
    told = {day: {name: usd * (0.25 if day == TODAY else 1.0) for name, usd in amounts(day).items()} for day in days}
    return Spending({day: spent for day, spent in told.items() if day not in missing}, currency)


def steady(**usd: float) -> Amounts:
    """The same every day; `rds` and `lambda_` stand for what AWS calls them."""
    names = {"rds": "Amazon Relational Database Service", "lambda_": "AWS Lambda", "cdn": "Amazon CloudFront"}
    return lambda _: {names[name]: amount for name, amount in usd.items()}


def rising(day: date) -> Mapping[str, float]:
    """A database that costs 4 dollars, and 12 since a week ago."""
    return {"Amazon Relational Database Service": 12.0 if day >= TODAY - timedelta(days=8) else 4.0, "AWS Lambda": 2.0}


def made(account: str, spent: Spending, *, value: str | None = None, slot: SlotId = HUB) -> Resource:
    """A bill as the service makes it."""
    return bill(slot, Payee(account, IDS[account], "stage" if value is not None else None, value), spent, ASKED, None)


def together(*parts: Spending) -> Spending:
    """What several spent."""
    days: dict[date, dict[str, float]] = {}
    for part in parts:
        for day, services in part.days.items():
            for name, usd in services.items():
                days.setdefault(day, {})[name] = days.get(day, {}).get(name, 0.0) + usd
    return Spending(days)


PROD, DEV, UNTAGGED = spending(rising), spending(steady(lambda_=1.0)), spending(steady(cdn=0.5))
SHOP = {value: made("shop", spent, value=value) for value, spent in (("prod", PROD), ("dev", DEV), ("", UNTAGGED))}
SHOP_WHOLE = made("shop", together(PROD, DEV, UNTAGGED))
LAB = made("lab", spending(steady(rds=3.0), missing=frozenset({TODAY - timedelta(days=20)})))
BILLS = (SHOP_WHOLE, *SHOP.values(), LAB)


def environment(
    name: str,
    bills: tuple[Resource, ...] = (),
    *,
    budget: float | None = None,
    fixed: tuple[tuple[str, float], ...] = (),
    slots: tuple[SlotId, ...] = (HUB,),
    unseen: str = "",
    protected: bool = False,
) -> tuple[EnvironmentState, Resource | None]:
    """An environment `system/name` with its cell of the cost service, and its own bill."""
    own = EnvironmentId(*name.split("/"))
    assert SERVICE.summarise is not None
    whole = SERVICE.summarise(bills, Money(own, budget, fixed), NOW) if bills or fixed else None
    found: tuple[Finding, ...] = ()
    if unseen:
        failure = Failure(Outcome.DENIED, "alone", "us-east-1", "cost", "GetCostAndUsage", "AccessDenied", unseen, NOW)
        found = (Finding(own, slots[0], "observation", Health.UNKNOWN, "alone", unseen, NOW, failure=failure),)
    used = (whole.number("budget_used_percent") or 0.0) if whole else 0.0
    cell = Cell(
        environment=own,
        service="cost",
        health=Health.UNKNOWN if found else Health.CRITICAL if used > 100 else Health.OK,
        headline=None,
        slots=slots,
        resources=(*((whole.key,) if whole else ()), *(one.key for one in bills)),
        findings=found,
        observed_at=ASKED if bills else None,
        note=unseen,
    )
    state = EnvironmentState(
        own,
        name.replace("/", " "),
        protected=protected,
        health=cell.health,
        cells={"cost": cell},
        findings=found,
        monthly_budget_usd=budget,
        accounts=tuple(dict.fromkeys(slot.account for slot in slots)),
    )
    return state, whole


def costly(
    *made_of: tuple[EnvironmentState, Resource | None],
    bills: tuple[Resource, ...] = BILLS,
    meter: MeterReading | None = None,
) -> Snapshot:
    """A snapshot of these environments."""
    slots = {one.slot for one in bills}
    asked = {
        slot: Observation(slot, IDS[slot.account], Outcome.OK, ASKED, ASKED, tuple(b for b in bills if b.slot == slot))
        for slot in slots
    }
    line = MeterLine("hub", "ce", "GetCostAndUsage", calls=3, cost_usd=0.03)
    accounts = tuple(
        AccountState(name, number, ("us-east-1",), Outcome.OK, None, None, ASKED) for name, number in IDS.items()
    )
    return Snapshot(
        version=1,
        at=NOW,
        environments=tuple(state for state, _ in made_of),
        accounts=accounts,
        observations=asked,
        meter=meter or MeterReading(ASKED, (line,), ceiling_usd_per_day=2.0, usd_today=0.11, usd_per_hour=0.0041),
        bills=tuple(whole for _, whole in made_of if whole is not None),
    )


def usual() -> Snapshot:
    """The fleet that most tests look at."""
    return costly(
        environment("shop/prod", (SHOP["prod"],), budget=200.0, protected=True),
        environment("shop/dev", (SHOP["dev"],), budget=100.0),
        environment("lab/one", (LAB,), budget=400.0),
        environment("lab/two", (LAB,)),
        environment("far/away", slots=(ALONE,), budget=50.0, unseen="denied ce:GetCostAndUsage"),
        environment("watch/main", fixed=(("Vercel", 31.0),), slots=(), budget=40.0),
    )
