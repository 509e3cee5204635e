"""The bill of an environment: accounts and fixed lines together, against the budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.health import judge
from cockpit.model.ids import EnvironmentId
from cockpit.model.resource import Resource
from cockpit.model.series import Series
from cockpit.model.service import Money
from cockpit.model.verdict import Health
from cockpit.services.cost import SERVICE
from tests.services.recorded import NOW
from tests.services.samples import sample

TEN_DAYS = NOW + 7 * 86_400
"""2026-03-10, noon: the tenth of 31 days."""

DAY = 86_400


def bill(
    name: str = "shop-prod", *, spent: float = 100.0, forecast: float | None = 310.0, month: str = "2026-03"
) -> Resource:
    """An account's bill as the look of its service makes it."""
    facts = {
        "month_to_date_usd": spent,
        "forecast_usd": forecast,
        "yesterday_usd": 10.0,
        "average_7d_usd": 12.0,
        "average_7d_before_usd": 10.0,
        "month": month,
        "service:AWS Lambda": spent / 4,
        "service:Amazon RDS": spent / 2,
    }
    return replace(sample(SERVICE, "bill", name, facts), series={"daily_usd": Series(0, DAY, (1.0, 2.0, 3.0))})


def money(budget: float | None = 500.0, **lines: float) -> Money:
    return Money(EnvironmentId("shop", "prod"), budget, tuple(lines.items()))


def summarise(*bills: Resource, budget: float | None = 500.0, now: float = TEN_DAYS, **lines: float) -> Resource:
    assert SERVICE.summarise is not None
    return SERVICE.summarise(bills, money(budget, **lines), now)


def health(rule_key: str, resource: Resource) -> Health | None:
    (rule,) = [rule for rule in SERVICE.rules if rule.key == rule_key]
    judged = judge(rule, resource, rule.threshold, specs=SERVICE, clearing=None, now=TEN_DAYS)
    return judged.health if judged else None


def test_bills_are_added_up() -> None:
    whole = summarise(bill("a"), bill("b", spent=50.0, forecast=90.0))
    assert whole.kind == "environment"
    assert whole.facts["month_to_date_usd"] == 150.0
    assert whole.facts["forecast_usd"] == 400.0
    assert whole.facts["budget_used_percent"] == 30.0
    assert whole.facts["forecast_percent"] == 80.0
    assert whole.facts["service:Amazon RDS"] == 75.0
    assert whole.facts["trend_percent"] == pytest.approx(20.0)
    assert whole.series["daily_usd"].values == (2.0, 4.0, 6.0)


def test_fixed_lines_count_by_the_day_and_whole_in_the_forecast() -> None:
    whole = summarise(bill(), Vercel=31.0)
    assert whole.facts["month_to_date_usd"] == pytest.approx(110.0)
    assert whole.facts["forecast_usd"] == pytest.approx(341.0)
    assert whole.facts["fixed:Vercel"] == 31.0


def test_an_environment_without_aws_has_its_fixed_lines() -> None:
    whole = summarise(budget=40.0, Railway=31.0)
    assert whole.facts["month_to_date_usd"] == pytest.approx(10.0)
    assert whole.facts["forecast_usd"] == 31.0
    assert SERVICE.headline([whole]).text == "$10/40"


def test_a_bill_of_last_month_tells_nothing_about_this_one() -> None:
    whole = summarise(bill(month="2026-02"))
    assert whole.facts["month_to_date_usd"] is None
    assert SERVICE.headline([whole]).text == "–/$500"
    assert health("cost.over_budget", whole) is None


def test_one_missing_forecast_leaves_the_whole_without_one() -> None:
    whole = summarise(bill("a"), bill("b", forecast=None))
    assert whole.facts["forecast_usd"] is None
    assert health("cost.forecast", whole) is None


@pytest.mark.parametrize(("spent", "expected"), [(500.0, Health.OK), (501.0, Health.CRITICAL)])
def test_spend_over_budget_is_critical(spent: float, expected: Health) -> None:
    assert health("cost.over_budget", summarise(bill(spent=spent))) is expected


@pytest.mark.parametrize(("forecast", "expected"), [(500.0, Health.OK), (900.0, Health.WARNING)])
def test_a_forecast_over_budget_is_a_warning(forecast: float, expected: Health) -> None:
    assert health("cost.forecast", summarise(bill(forecast=forecast))) is expected


def test_the_reason_tells_dollars_of_dollars() -> None:
    (rule,) = [rule for rule in SERVICE.rules if rule.key == "cost.over_budget"]
    whole = summarise(bill(spent=600.0))
    judged = judge(rule, whole, rule.threshold, specs=SERVICE, clearing=None, now=TEN_DAYS)
    assert judged is not None
    assert judged.reason == "spend of the monthly budget 120 % > 100 %: $600 of $500"


def test_without_a_budget_nothing_is_over_it() -> None:
    whole = summarise(bill(spent=9000.0), budget=None)
    assert health("cost.over_budget", whole) is None
    assert SERVICE.headline([whole]).text == "$9,000"


def test_the_cell_shows_dollars_against_the_budget_and_their_course() -> None:
    shown = SERVICE.headline([summarise(bill(spent=312.4))])
    assert shown.text == "$312/500"
    assert shown.trend == (1.0, 2.0, 3.0)


def test_the_table_names_the_dearest_service() -> None:
    (column,) = [column for column in SERVICE.columns if column.key == "costliest"]
    assert column.value(bill()) == "Amazon RDS $50.00"


def test_a_day_that_one_bill_does_not_know_is_a_hole() -> None:
    late = replace(bill("b"), series={"daily_usd": Series(0, DAY, (1.0, None, 3.0))})
    assert summarise(bill("a"), late).series["daily_usd"].values == (2.0, None, 6.0)


def test_a_bill_in_another_currency_is_not_held_against_a_budget_in_dollars() -> None:
    yuan = bill(spent=900.0)
    yuan = replace(yuan, facts={**yuan.facts, "currency": "CNY"})
    whole = summarise(yuan)
    assert whole.facts["month_to_date_usd"] == 900.0
    assert whole.facts["budget_used_percent"] is None
    assert whole.facts["currency"] == "CNY"
    assert SERVICE.headline([whole]).text == "CNY 900"
    assert health("cost.currency", whole) is Health.WARNING, "nobody can say whether it is within the budget"
    assert health("cost.currency", summarise(bill(spent=900.0))) is None


def test_different_currencies_are_not_added_up() -> None:
    yuan = bill("b")
    yuan = replace(yuan, facts={**yuan.facts, "currency": "CNY"})
    for whole in (summarise(bill("a"), yuan), summarise(yuan, Vercel=20.0)):
        assert whole.facts["month_to_date_usd"] is None
        assert whole.facts["currency"] == "several"
        assert not whole.series
