"""What holds for whatever points there are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.health import Judgement, clears, judge
from cockpit.health.judge import Decision, decide
from cockpit.health.window import Window, metric_points
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, Missing, Rule
from cockpit.model.verdict import Health
from tests.health.cases import END, LOAD, NOW, RATE, SERVICE, SLOW, series, thing

LEVELS = st.sampled_from([None, 10.0, 60.0, 70.0, 80.0, 90.0])
WINDOWS = st.lists(LEVELS, min_size=5, max_size=5)
COUNTS = st.sampled_from([None, 0.0, 1.0, 3.0, 50.0])


def health(rule: Rule, resource: Resource, clearing: Resource | None = None) -> Health | None:
    judgement = judge(rule, resource, rule.threshold, specs=SERVICE, clearing=clearing, now=NOW)
    return judgement.health if judgement else None


@given(WINDOWS)
def test_a_missing_point_is_never_ok_unless_a_present_one_disproves_the_breach(points: list[float | None]) -> None:
    present = [point for point in points if point is not None]
    found = health(LOAD, thing({"load": points}))
    disproved = any(point <= 60 for point in present)
    assert (found is Health.OK) == disproved
    if None in points and not disproved:
        assert found is Health.UNKNOWN


@given(WINDOWS, LEVELS.filter(lambda value: value is not None))
def test_whatever_a_hole_would_have_held_ok_stays_ok(points: list[float | None], value: float) -> None:
    if health(LOAD, thing({"load": points})) is Health.OK:
        filled = [value if point is None else point for point in points]
        assert health(LOAD, thing({"load": filled})) is Health.OK


@given(WINDOWS, st.integers(0, 60))
def test_old_points_are_never_ok_beyond_the_next_read(points: list[float | None], late: int) -> None:
    """Thirty minutes is the cadence of a thing without a clearance; half as much again is patience."""
    found = health(LOAD, thing({"load": series(points, end=END - 60 * late)}))
    if late > 47:
        assert found is Health.UNKNOWN
    if all(point is None for point in points):
        assert found is Health.UNKNOWN


@given(st.lists(st.tuples(*[COUNTS] * 5), min_size=1, max_size=6))
def test_an_account_without_errors_in_one_minute_proves_that_no_function_fails_all_the_time(
    errors: list[tuple[float | None, ...]],
) -> None:
    things = [
        thing({"errors": list(row), "calls": [None if point is None else max(point, 1.0) for point in row]})
        for row in errors
    ]
    together = [sum(point or 0.0 for point in column) for column in zip(*errors, strict=True)]
    account = thing({"errors": together}, kind="account", name="all")
    if clears(RATE, RATE.threshold, account, SERVICE, NOW):
        assert all(health(RATE, one) is Health.OK for one in things)
        assert health(RATE, thing(), account) is Health.OK


@given(st.lists(st.tuples(*[st.sampled_from([None, 0.5, 1.9, 2.0, 2.1, 8.0])] * 5), min_size=1, max_size=6))
def test_the_longest_call_of_the_account_rules_out_slow_functions(rows: list[tuple[float | None, ...]]) -> None:
    things = [thing({"p99": list(row), "calls": [100] * 5}) for row in rows]
    longest = [max((p for p in column if p is not None), default=None) for column in zip(*rows, strict=True)]
    account = thing({"longest": longest}, kind="account", name="all")
    if clears(SLOW, SLOW.threshold, account, SERVICE, NOW):
        assert all(health(SLOW, one) is Health.OK for one in things)


@given(WINDOWS, st.floats(0, 100), st.sampled_from(Direction))
def test_a_decision_is_what_every_possible_filling_agrees_on(
    points: list[float | None], limit: float, direction: Direction
) -> None:
    good, bad = (-1e9, 1e9) if direction is Direction.ABOVE else (1e9, -1e9)

    def breaches(filling: float) -> bool:
        return all(direction.breaches(filling if point is None else point, limit) for point in points)

    expected = {(True, True): Decision.BREACH, (False, False): Decision.CLEAR}
    assert decide(tuple(points), limit, direction) is expected.get((breaches(good), breaches(bad)), Decision.UNDECIDED)


@given(st.lists(LEVELS, min_size=5, max_size=40))
def test_a_breach_began_with_a_bad_point_and_has_lasted_since(points: list[float | None]) -> None:
    judgement: Judgement | None = judge(
        LOAD, thing({"load": points}), LOAD.threshold, specs=SERVICE, clearing=None, now=NOW
    )
    assert judgement is not None
    if judgement.health not in {Health.CRITICAL, Health.WARNING}:
        return
    assert judgement.since is not None
    assert judgement.evidence is not None
    limit = judgement.evidence.limit or 0.0
    lasting = int(END - judgement.since) // 60
    assert lasting >= 5
    assert all(point is not None and point > limit for point in points[-lasting:])
    before = points[-lasting - 1] if lasting < len(points) else None
    assert before is None or before <= limit


@given(WINDOWS)
def test_the_critical_limit_alone_never_says_worse_than_both(points: list[float | None]) -> None:
    alone = replace(LOAD.threshold, warning=None)
    judged = judge(LOAD, thing({"load": points}), alone, specs=SERVICE, clearing=None, now=NOW)
    both = health(LOAD, thing({"load": points}))
    assert judged is not None
    assert both is not None
    assert judged.health.rank <= both.rank


@given(st.lists(LEVELS, max_size=8), st.integers(-8, 8), st.integers(1, 8))
def test_points_outside_what_was_asked_for_are_unknown_and_those_inside_are_what_the_series_has(
    values: list[float | None], shift: int, count: int
) -> None:
    kept = series(values)
    window = Window(kept.start + 60 * shift, kept.start + 60 * (shift + count), 60)
    assert metric_points(kept, window, Missing.UNKNOWN) == kept.between(window.start, window.end)
    moments = range(window.start, window.end, 60)
    expected = [
        (0.0 if point is None and kept.covers(moment, moment + 60) else point)
        for moment, point in zip(moments, kept.between(window.start, window.end), strict=True)
    ]
    assert list(metric_points(kept, window, Missing.ZERO)) == expected
