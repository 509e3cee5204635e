from itertools import permutations

from cockpit.model.units import Unit, format_age, format_figure
from cockpit.model.verdict import Failure, Health, Outcome


def test_critical_beats_unknown_beats_warning_beats_ok():
    order = [Health.CRITICAL, Health.UNKNOWN, Health.WARNING, Health.OK]
    for shuffled in permutations(order):
        assert sorted(shuffled, key=lambda health: -health.rank) == order


def test_nothing_looked_at_is_unknown():
    assert Health.worst([]) is Health.UNKNOWN


def test_exit_codes_are_those_of_monitoring_plugins():
    assert [health.exit_code for health in (Health.OK, Health.WARNING, Health.CRITICAL, Health.UNKNOWN)] == [0, 1, 2, 3]


def test_a_denied_failure_names_the_permission():
    failure = Failure(
        Outcome.DENIED, "a", "r", "lambda", "ListFunctions", "X", "m", 0.0, iam_action="lambda:ListFunctions"
    )
    assert failure.summary == "denied lambda:ListFunctions"


def test_figures_fit_a_narrow_cell():
    figures = [
        format_figure(7.21, Unit.PERCENT),
        format_figure(0.31, Unit.SECONDS),
        format_figure(2.05, Unit.SECONDS),
        format_figure(1204, Unit.COUNT),
        format_figure(2.25e9, Unit.BYTES),
        format_figure(4.1, Unit.USD),
        format_figure(0.0042, Unit.USD),
        format_figure(None, Unit.COUNT),
    ]
    assert figures == ["7.2 %", "310 ms", "2.0 s", "1\u202f204", "2.1 GiB", "$4.10", "$0.0042", "–"]


def test_ages_read_as_people_say_them():
    ages = [format_age(seconds) for seconds in (41, 360, 11520, 187_200, -5)]
    assert ages == ["41 s", "6 min", "3 h 12 m", "2 d 4 h", "0 s"]
