"""Reading a log: nothing is lost, nothing is doubled, memory is bounded, and failures are waited out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.inquiry import LogLine
from screens.log_feed import GAP, LATE_SECONDS, MOST_SECONDS, PAGE_LINES, LogFeed
from tests.ui.known import NOW
from tests.ui.log_group import LogGroup, denied, line
from widgets.log_buffer import LogBuffer


class Clock:
    """Goes when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def feed(group: LogGroup, clock: Clock | None = None, **limits: int) -> LogFeed:
    return LogFeed(group.ask, clock or Clock(), LogBuffer(**limits))


def numbers(read: LogFeed) -> list[int]:
    return [int(one.id.rpartition("-")[2]) for one in read.buffer.lines if one.level != GAP]


async def test_the_end_of_the_log_comes_first_and_older_lines_when_asked() -> None:
    group = LogGroup([line(n, NOW - 5000 + n) for n in range(2500)])
    read = feed(group)
    assert (await read.look()).new == PAGE_LINES
    assert numbers(read) == list(range(1500, 2500))
    assert read.has_older
    await read.older()
    assert numbers(read)[0] == 500
    await read.older()
    assert numbers(read) == list(range(2500))
    assert not read.has_older
    assert (await read.older()).new == 0


async def test_a_line_that_shows_up_late_finds_its_place_and_none_is_told_twice() -> None:
    clock, group = Clock(), LogGroup([line(1, NOW - 10), line(3, NOW - 6)])
    read = feed(group, clock)
    await read.look()
    group.write(line(2, NOW - 8), line(4, NOW + 1))
    clock.now += 2
    assert (await read.look()).new == 2
    assert numbers(read) == [1, 2, 3, 4]
    assert (await read.look()).new == 0


async def test_lines_of_one_moment_are_all_told_in_their_order() -> None:
    group = LogGroup([line(n, NOW - 5) for n in range(5)])
    read = feed(group)
    await read.look()
    group.write(line(5, NOW - 5))
    await read.look()
    assert numbers(read) == list(range(6))


async def test_a_failure_is_told_and_waited_out_and_nothing_is_lost_meanwhile() -> None:
    clock, group = Clock(), LogGroup([line(1, NOW - 10)])
    read = feed(group, clock)
    await read.look()
    group.failure = denied()
    waits = []
    for n in range(8):
        clock.now += read.delay_seconds
        group.write(line(2 + n, clock.now - 1))
        await read.look()
        waits.append(read.delay_seconds)
    assert read.failure is not None
    assert waits == sorted(waits)
    assert waits[0] > 2.0
    assert waits[-1] == MOST_SECONDS
    group.failure = None
    await read.look()
    assert read.failure is None
    assert read.delay_seconds == 2.0
    assert numbers(read) == list(range(1, 10))


async def test_an_empty_log_is_followed_from_when_it_was_opened() -> None:
    clock, group = Clock(), LogGroup()
    read = feed(group, clock)
    await read.look()
    assert read.begun
    clock.now += 2
    group.write(line(1, NOW - 3), line(2, NOW + 1))
    await read.look()
    assert numbers(read) == [1, 2]


async def test_a_log_that_cannot_be_read_at_first_is_begun_later() -> None:
    group = LogGroup([line(1, NOW - 10)], denied())
    read = feed(group)
    await read.look()
    assert not read.begun
    group.failure = None
    await read.look()
    assert read.begun
    assert numbers(read) == [1]


async def test_more_lines_than_one_look_reads_are_caught_up_with() -> None:
    clock, group = Clock(), LogGroup([line(0, NOW - 10)])
    read = feed(group, clock)
    await read.look()
    group.write(*(line(1 + n, NOW + n / 1000) for n in range(7000)))
    clock.now += 10
    await read.look()
    assert read.is_behind
    await read.look()
    assert not read.is_behind
    assert numbers(read) == list(range(7001))


async def test_far_behind_it_goes_on_from_the_newest_and_says_what_was_left_out() -> None:
    clock, group = Clock(), LogGroup([line(0, NOW - 10)])
    read = feed(group, clock)
    await read.look()
    group.write(*(line(1 + n, NOW + n / 50) for n in range(20_000)))
    clock.now += 400
    assert clock.now - (NOW + 5000 / 50) > LATE_SECONDS
    await read.look()
    gaps = [one for one in read.buffer.lines if one.level == GAP]
    assert len(gaps) == 1
    assert "were left out" in gaps[0].text
    assert numbers(read)[-1] == 20_000
    where = read.buffer.lines.index(gaps[0])
    assert numbers(read)[where] - numbers(read)[where - 1] > 1


@pytest.mark.parametrize("limits", [{"most_lines": 100}, {"most_bytes": 100 * len("order 1000 paid")}])
async def test_memory_is_bounded_and_what_was_let_go_does_not_come_back(limits: dict[str, int]) -> None:
    clock, group = Clock(), LogGroup([line(1000 + n, NOW - 20 + n / 100) for n in range(90)])
    read = feed(group, clock, **limits)
    await read.look()
    group.write(*(line(2000 + n, NOW - 5 + n / 100) for n in range(60)))
    clock.now += 2
    added = await read.look()
    assert added.new == 60
    assert added.dropped == 50
    assert read.buffer.dropped == 50
    assert len(read.buffer.lines) == 100
    # They are still within the time that is gone back over.
    assert (await read.look()).new == 0
    assert not read.has_older


async def test_older_lines_are_read_only_as_far_as_there_is_room() -> None:
    group = LogGroup([line(n, NOW - 5000 + n) for n in range(3000)])
    read = feed(group, most_lines=1200)
    await read.look()
    await read.older()
    assert numbers(read) == list(range(1800, 3000))
    assert read.buffer.dropped == 0
    assert not read.has_older


lines_of = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=80)


@given(lines_of, st.integers(1, 30))
def test_a_buffer_is_in_order_without_doubles_and_never_too_large(found: list[tuple[int, int]], most: int) -> None:
    buffer = LogBuffer(most_lines=most)
    new = dropped = 0
    for number, at in found:
        added = buffer.add([line(number, float(at))])
        new, dropped = new + added.new, dropped + added.dropped
    held: list[LogLine] = buffer.lines
    assert [one.at for one in held] == sorted(one.at for one in held)
    assert len({one.id for one in held}) == len(held) == new - dropped <= most
