"""Cost Explorer: what an environment costs this month, against what it may cost.

Cost Explorer bills $0.01 a page and is renewed about once a day, so looks are hours apart, kept on disk and shared by
every process. Where accounts are paid for together, one question to the payer answers for all of them. Each answer
tells every AWS service by day, at no further price; last month is asked for once, and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.rule import FactValue, Missing, Rule, Threshold
from cockpit.model.service import Call, Column, Discovery, Reach, Reader, ServiceSpec, Settled
from cockpit.model.spending import first_of_next_month, utc_day
from cockpit.model.units import DOLLARS, Unit
from cockpit.model.verdict import Failure
from cockpit.services._console import cost_page
from cockpit.services._cost_bills import METRIC, Forecast, Payee, bill, spending_of, spent_before
from cockpit.services._cost_days import HISTORY_DAYS, Spending, earlier_days, first_kept, reaches_back
from cockpit.services._cost_environment import costliest, headline, summarise
from cockpit.services._reading import failures_in, known

FORECAST_AGE_SECONDS = 24 * 3600.0
"""Cost Explorer makes a new forecast once a day; asking more often pays for the same answer."""

_CE_DOLLARS = 0.01


@dataclass(frozen=True, slots=True)
class _Question:
    """One GetCostAndUsage: of some accounts together, or of one account by its cost tag."""

    accounts: Mapping[str, str]
    tag: str | None

    @property
    def groups(self) -> list[dict[str, str]]:
        """Cost Explorer groups by two things at most."""
        service = {"Type": "DIMENSION", "Key": "SERVICE"}
        if self.tag is not None:
            return [{"Type": "TAG", "Key": self.tag}, service]
        return [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, service] if len(self.accounts) > 1 else [service]


async def discover(reader: Reader, previous: Observation | None, settled: Settled) -> Discovery:
    """The bills of the accounts that this account pays for. One whose payer is another asks nothing.

    Options: `linked` (account name → 12-digit id, itself among them), `linked_tags` (account name → cost tag), `payer`
    and `cost_tag` (of the account itself).
    """
    questions = _questions(reader, settled.options)
    if not questions:
        return Discovery(())
    answers = await reader.gather([_spent(reader, question, previous) for question in questions])
    failures = list(failures_in(answers))
    if len(failures) == len(questions):
        raise CallFailed(failures[0])
    bills: list[Resource] = []
    alone = len(questions) == 1 and list(questions[0].accounts.values()) == [reader.account_id]
    for answer in answers:
        if isinstance(answer, CallFailed):
            continue
        for payee, spent in answer.items():
            forecast = None
            if alone and payee.tag is None:
                forecast, failure = await _forecast(reader, payee, spent, previous)
                failures += [failure] if failure else []
            bills.append(bill(reader.slot, payee, spent, reader.now, forecast))
    return Discovery(tuple(bills), tuple(failures))


def _questions(reader: Reader, options: Mapping[str, Any]) -> list[_Question]:
    own, payer = reader.slot.account, options.get("payer")
    accounts: dict[str, str] = dict(options.get("linked") or {})
    if not accounts and payer in {None, own}:
        accounts = {own: reader.account_id}
    tags: dict[str, str] = dict(options.get("linked_tags") or {})
    if options.get("cost_tag"):
        tags.setdefault(own, options["cost_tag"])
    tagged = [_Question({name: accounts[name]}, tag) for name, tag in tags.items() if name in accounts]
    plain = {name: account_id for name, account_id in accounts.items() if name not in tags}
    return [*tagged, *([_Question(plain, None)] if plain else [])]


async def _spent(reader: Reader, question: _Question, previous: Observation | None) -> Mapping[Payee, Spending]:
    """Unblended cost a day. The filter keeps a management account from answering for its whole organization.

    The first look asks for last month too. Later ones ask for fewer days, and keep the older ones: pages are paid for.
    """
    day, bills = utc_day(reader.now), known(previous, "bill")
    whole = {Payee(name, account_id).key for name, account_id in question.accounts.items()}
    ample = all(reaches_back(bills.get(key), day) for key in whole)
    results = await reader.pages(
        "GetCostAndUsage",
        "ResultsByTime",
        TimePeriod=_period(day - timedelta(days=HISTORY_DAYS) if ample else first_kept(day), day + timedelta(days=1)),
        Granularity="DAILY",
        Metrics=[METRIC],
        GroupBy=question.groups,
        Filter=_only(question.accounts),
    )
    group_keys = [group["Key"] for group in question.groups]
    answered = spending_of(results, group_keys, question.accounts, question.tag, day)
    return _with_earlier(answered, bills, day, question.tag) if ample else answered


def _with_earlier(
    answered: Mapping[Payee, Spending], bills: Mapping[str, Resource], day: date, tag: str | None
) -> Mapping[Payee, Spending]:
    """The answer with the days before it. Whoever had no bill then, in an account that had one, spent nothing."""
    payees = dict.fromkeys(answered)
    for one in bills.values():
        # A tag that costs nothing any more is part of last month all the same.
        name, value = str(one.facts.get("account")), one.facts.get("tag_value")
        mine = next((payee for payee in answered if payee.account == name), None)
        if mine is not None and tag is not None and one.facts.get("cost_tag") == tag:
            payees[Payee(name, mine.account_id, tag, str(value))] = None
    merged: dict[Payee, Spending] = {}
    for payee in payees:
        account = Payee(payee.account, payee.account_id)
        newer, whole = answered.get(payee), answered[account]
        before = earlier_days(bills.get(payee.key), day)
        days = {
            **{when: before.get(when, {}) for when in earlier_days(bills[account.key], day)},
            **(newer.days if newer else {when: {} for when in whole.days}),
        }
        if newer is not None or any(days.values()):
            merged[payee] = Spending(days, whole.currency)
    return merged


async def _forecast(
    reader: Reader, payee: Payee, spent: Spending, previous: Observation | None
) -> tuple[Forecast, Failure | None]:
    """Spent before today, and what Cost Explorer expects of the rest of the month. A young one is kept.

    By day, because then each day's forecast is its own, today's included.
    """
    day = utc_day(reader.now)
    then = known(previous, "bill").get(payee.key)
    kept = _kept(then, f"{day:%Y-%m}")
    if kept is not None and kept.at is not None and reader.now - kept.at < FORECAST_AGE_SECONDS:
        return kept, None
    try:
        answer = await reader.call(
            "GetCostForecast",
            TimePeriod=_period(day, first_of_next_month(day)),
            Granularity="DAILY",
            Metric="UNBLENDED_COST",
            Filter=_only({payee.account: payee.account_id}),
        )
    except CallFailed as failed:
        if failed.failure.code == "DataUnavailableException":
            # Too young an account to foretell anything.
            return Forecast(None, None, None), None
        return kept or Forecast(None, None, None), failed.failure
    usd = spent_before(spent, day) + float(answer["Total"]["Amount"])
    return Forecast(usd, "Cost Explorer", reader.now), None


def _kept(then: Resource | None, month: str) -> Forecast | None:
    if then is None or then.facts.get("month") != month or then.facts.get("forecast_from") != "Cost Explorer":
        return None
    return Forecast(then.number("forecast_usd"), "Cost Explorer", then.number("forecast_at"))


def _period(start: Any, end: Any) -> dict[str, str]:
    """A Cost Explorer period; the end is exclusive."""
    return {"Start": start.isoformat(), "End": end.isoformat()}


def _only(accounts: Mapping[str, str]) -> dict[str, Any]:
    return {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": sorted(accounts.values())}}


RULES = (
    Rule(
        "cost.over_budget",
        ("environment",),
        "spend of the monthly budget",
        FactValue("budget_used_percent"),
        Unit.PERCENT,
        Threshold(warning=None, critical=100.0),
        # Without a budget nothing can be over it.
        missing=Missing.NOT_APPLICABLE,
        reason_fact="against_budget",
    ),
    Rule(
        "cost.forecast",
        ("environment",),
        "forecast of the monthly budget",
        FactValue("forecast_percent"),
        Unit.PERCENT,
        Threshold(warning=100.0, critical=None),
        missing=Missing.NOT_APPLICABLE,
        reason_fact="forecast_against_budget",
    ),
    Rule(
        "cost.currency",
        ("environment",),
        "the budget is in dollars, the bill is not",
        FactValue("budget_not_comparable"),
        Unit.COUNT,
        Threshold(warning=0.0, critical=None),
        missing=Missing.NOT_APPLICABLE,
        reason_fact="billed_in",
    ),
)

COLUMNS = (
    Column("month", "THIS MONTH", lambda one: one.number("month_to_date_usd"), Unit.USD, 1, numeric=True),
    Column("used", "OF BUDGET", lambda one: one.number("budget_used_percent"), Unit.PERCENT, 1, numeric=True),
    Column("forecast", "FORECAST", lambda one: one.number("forecast_usd"), Unit.USD, 1, numeric=True),
    Column("yesterday", "YESTERDAY", lambda one: one.number("yesterday_usd"), Unit.USD, 2, numeric=True),
    Column("average", "A DAY", lambda one: one.number("average_7d_usd"), Unit.USD, 2, numeric=True),
    Column("trend", "TREND", lambda one: one.number("trend_percent"), Unit.PERCENT, 2, numeric=True),
    Column("costliest", "COSTLIEST", costliest, None, 3),
    Column("currency", "CURRENCY", lambda one: one.facts.get("currency") or DOLLARS, None, 5),
    Column("account", "ACCOUNT", lambda one: one.facts.get("account"), None, 4),
)

SERVICE = ServiceSpec(
    key="cost",
    title="Cost",
    column="COST",
    order=90,
    reach=Reach.GLOBAL,
    calls=(
        Call("ce", "GetCostAndUsage", "ce:GetCostAndUsage"),
        Call("ce", "GetCostForecast", "ce:GetCostForecast"),
    ),
    discover=discover,
    discover_seconds=6 * 3600.0,
    stale_seconds=26 * 3600.0,
    metrics=(),
    cadences=(),
    rules=RULES,
    columns=COLUMNS,
    headline=headline,
    shared_between_processes=True,
    dollars_per_call={"GetCostAndUsage": _CE_DOLLARS, "GetCostForecast": _CE_DOLLARS},
    summarise=summarise,
    console=cost_page,
)
