"""What the cost screen says in words: the month at a glance, the row under the cursor, what looking costs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.snapshot import MeterLine, MeterReading
from cockpit.model.spending import (
    Sum,
    budget_a_day,
    days_in_month,
    last_whole_day,
    utc_day,
)
from cockpit.model.units import Unit, format_age, format_counted, format_figure, format_money
from widgets.cost_rows import CostRow, percent_text, sum_text
from widgets.day_bars import Bars, days_from
from widgets.line import Line, Run, fit, join, pad, width_of
from widgets.times import moment_text

COST_CLIENT = "ce"
"""Cost Explorer, as botocore calls it."""
DEAREST = 5
_GAP = 3
_NEARLY_ALL = 0.95
_FULL, _REST, _BUDGET_MARK = "█", "▅", "│"


# The band: the month at a glance.


def band(row: CostRow, now: float, width: int) -> tuple[Line, ...]:
    """Titles over figures: this month, the forecast against the budget, yesterday, and the same days of last month."""
    tiles = [_month_tile(row, now), *_budget_tiles(row, width), _yesterday_tile(row), *_last_month_tile(row, now)]
    shown: list[tuple[str, Line]] = []
    used = 1
    for title, line in tiles:
        size = max(len(title), width_of(line))
        if used + size > width:
            break
        shown.append((pad(title, size), fit(line, size)))
        used += size + _GAP
    titles = [Run(" "), *(Run(title + " " * _GAP, "heading") for title, _ in shown)]
    figures = [Run(" "), *(run for _, line in shown for run in (*line, Run(" " * _GAP)))]
    return (fit(tuple(titles), width), fit(tuple(figures), width))


def _amount(amount: Sum, currency: str) -> Run:
    return Run(sum_text(amount, currency), "unknown" if amount.unknown else "strong")


def _month_tile(row: CostRow, now: float) -> tuple[str, Line]:
    day = utc_day(now)
    when = f"day {day.day} of {days_in_month(day)}"
    figure = _amount(row.month, row.currency)
    return f"{day:%B} so far".upper(), (figure, Run(f"  {when}", "dim"))


def _budget_tiles(row: CostRow, width: int) -> list[tuple[str, Line]]:
    if row.budget is None:
        return [("FORECAST", (_amount(row.forecast, row.currency),)), ("BUDGET", (Run("none", "dim"),))]
    size = 24 if width >= 120 else 10
    of = f"{sum_text(row.expected, row.currency)} of {format_money(row.budget)}"
    line = (Run(f"{of}  ", row.role or "strong"), *budget_bar(row, size), Run(" "), budget_words(row))
    return [("FORECAST AGAINST BUDGET", line)]


def _yesterday_tile(row: CostRow) -> tuple[str, Line]:
    return "YESTERDAY", (_amount(row.yesterday, row.currency),)


def _last_month_tile(row: CostRow, now: float) -> list[tuple[str, Line]]:
    change, day = row.month_change, utc_day(now)
    if change is None:
        return []
    through = last_whole_day(day)
    before = format_money(change.before, row.currency)
    percent = percent_text(change.percent) if change.before or change.recent else "–"
    line = (Run(before, "strong"), Run(f"  {percent} since then", "dim"))
    return [(f"LAST MONTH BY THE {through.day}{_ordinal(through.day)}".upper(), line)]


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def budget_bar(row: CostRow, size: int) -> Line:
    """What is spent, what is expected, and the budget as a mark, in `size` cells."""
    spent, forecast, budget = row.budgeted.known, row.expected.known, row.budget or 0.0
    top = max(spent, forecast, budget) or 1.0
    full = round(max(0.0, spent) / top * size)
    rest = max(full, round(max(0.0, forecast) / top * size))
    at = min(size - 1, round(budget / top * size))
    ink = row.role or "ok"
    cells = [(_FULL if place < full else _REST if place < rest else " ") for place in range(size)]
    inks = [ink if place < full else "trend" if place < rest else "" for place in range(size)]
    cells[at], inks[at] = _BUDGET_MARK, "strong"
    return tuple(Run(cell, ink) for cell, ink in zip(cells, inks, strict=True))


def budget_words(row: CostRow) -> Run:
    """`within budget`, `will be over by $40`, `over by $12`."""
    if row.budget is None:
        return Run("no budget", "dim")
    if row.budgeted.known > row.budget:
        return Run(f"over by {format_money(row.budgeted.known - row.budget)}", "critical")
    over = row.expected.known - row.budget
    if over > 0:
        return Run(f"will be over by {format_money(over)}", "warning")
    if row.expected.unknown or row.budgeted.unknown:
        return Run("part of it is not known", "unknown")
    return Run("within budget", "ok")


# The row under the cursor.


def bars_of(row: CostRow, now: float) -> Bars:
    """The days of a row, today so far at the end, and what a day may cost."""
    day = utc_day(now)
    if row.days is None:
        note = row.why or row.note or "Nothing is measured by the day here."
        return Bars(row.label, (), row.currency, note)
    first = utc_day(row.days.start)
    values = [*row.days.values, *([None] * max(0, (day - utc_day(row.days.end)).days)), _today(row)]
    days = [first + timedelta(days=index) for index in range(len(values))]
    limits = [budget_a_day(row.budget, row.fixed, one) if _is_budgeted(row) else None for one in days]
    whole = (last_whole_day(day) - first).days + 1
    title = f"{row.label} each day" + (", as far as it is known" if row.month.unknown else "")
    return Bars(title, days_from(first, values, limits, whole), row.currency)


def _is_budgeted(row: CostRow) -> bool:
    """Whether nearly all of it is held against a budget, so that the two can be drawn together."""
    return not row.month.unknown and row.budgeted.known >= _NEARLY_ALL * row.month.known


def _today(row: CostRow) -> float | None:
    return row.today.whole if row.today.parts else None


def row_line(row: CostRow) -> Line:
    """What there is to say of a row, in one line."""
    parts: list[Line] = []
    if row.why:
        parts.append((Run(f"? {row.why}", "unknown"),))
    if row.budget is not None and not row.fixed_only:
        parts.append((budget_words(row),))
    if row.fixed and not row.fixed_only:
        parts.append((Run(f"{format_figure(row.fixed, Unit.USD)} a month of it is fixed", "dim"),))
    if row.note:
        parts.append((Run(row.note, "dim"),))
    return (Run(f" {row.label}  ", "strong"), *join(parts, " · ")) if parts else ()


# Where it comes from, and what looking costs.


def source_line(slots: Sequence[SlotId], observations: Mapping[SlotId, Observation], now: float) -> Line:
    """How old the bill is, how far it goes, and which accounts were asked."""
    seen = {slot: observations[slot] for slot in slots if slot in observations}
    moments = [one.observed_at for one in seen.values() if one.observed_at is not None]
    if not slots:
        return (Run(" no bill is asked for; what there is comes from the configuration", "dim"),)
    if not moments:
        return (Run(" no bill has been read yet", "unknown"),)
    oldest = min(moments)
    word = "bill" if len(moments) == 1 else "oldest bill"
    answered = [slot.account for slot, one in seen.items() if one.observed_at is not None]
    silent = [slot.account for slot in slots if slot.account not in answered]
    parts: list[Line] = [
        (Run(f" {word} as of {moment_text(oldest, now)}, {format_age(now - oldest)} ago"),),
        (Run(f"asked and paid in {_some(answered)}", "dim"),),
        (Run(f"nothing from {_some(silent)}", "unknown"),) if silent else (),
        (Run("AWS updates it up to three times a day, a day late", "dim"),),
    ]
    return join(parts, " · ")


def _some(names: Sequence[str]) -> str:
    """`hub, lab, shop and 2 more`."""
    each = list(dict.fromkeys(names))
    return ", ".join(each[:3]) + (f" and {len(each) - 3} more" if len(each) > 3 else "")


def look_up_words(meter: MeterReading, now: float) -> str:
    """What asking for the bill has cost this process: `6 look-ups since 14:02, $0.06`."""
    lines = [line for line in meter.lines if line.client == COST_CLIENT]
    calls, usd = sum(line.calls for line in lines), sum(line.cost_usd for line in lines)
    since = f"since {moment_text(meter.since, now)}"
    if not calls:
        return f"no look-up {since}: the bill came from the store"
    return f"{format_counted(calls, 'look-up')} {since} for {format_money(usd)}"


def own_bill(meter: MeterReading) -> str:
    """What the cockpit spends: `$0.11 of $2.00 today`."""
    ceiling = f" of {format_money(meter.ceiling_usd_per_day)}" if meter.ceiling_usd_per_day else ""
    slowed = ", slowed by the ceiling" if meter.throttled_by_ceiling else ""
    return f"{format_money(meter.usd_today)}{ceiling} today{slowed}"


def dearest(lines: Iterable[MeterLine], most: int = DEAREST) -> list[MeterLine]:
    """What the cockpit paid most for, by account and operation."""
    paid = [line for line in lines if line.cost_usd > 0]
    return sorted(paid, key=lambda line: (-line.cost_usd, line.account, line.operation))[:most]


def own_lines(meter: MeterReading, now: float, width: int, *, most: int) -> list[Line]:
    """The cockpit's own bill in at most so many lines: today and the look-ups, then the dearest calls, as they fit."""
    first: list[Line] = [
        (Run(" the cockpit: ", "dim"), Run(own_bill(meter))),
        (Run(look_up_words(meter, now), "dim"),),
        (Run("$0.01 a page", "dim"),),
        (Run(f"{format_money(meter.usd_per_hour)}/h in all", "dim"),),
    ]
    calls = [
        (Run(f"{one.account} {one.operation} {format_money(one.cost_usd)}", "dim"),) for one in dearest(meter.lines)
    ]
    whole = join([*first, *calls], " · ")
    if most < 2 or width_of(whole) <= width or not calls:
        return [_fitting([*first, *calls], width)]
    return [_fitting(first, width), _fitting([(Run(" dearest calls: ", "dim"), *calls[0]), *calls[1:]], width)]


def _fitting(parts: Sequence[Line], width: int) -> Line:
    """As many of the parts as fit, the first ones first."""
    shown = list(parts)
    while len(shown) > 1 and width_of(join(shown, " · ")) > width:
        shown.pop()
    return join(shown, " · ")
