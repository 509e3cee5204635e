"""The newest snapshot reaches everyone who asked for it."""

from cockpit.model.snapshot import MeterReading, Snapshot
from cockpit.store.memory import LatestSnapshot


def snapshot(version: int) -> Snapshot:
    return Snapshot(version, 0.0, (), (), {}, MeterReading(0.0))


def test_subscribers_hear_of_every_swap_until_they_leave() -> None:
    latest = LatestSnapshot(snapshot(0), on_error=lambda error: None)
    heard: list[int] = []
    leave = latest.subscribe(lambda new: heard.append(new.version))
    latest.swap(snapshot(1))
    leave()
    latest.swap(snapshot(2))
    assert heard == [1]
    assert latest.snapshot.version == 2


def test_a_subscriber_that_fails_harms_no_other_and_is_reported() -> None:
    errors: list[Exception] = []
    latest = LatestSnapshot(snapshot(0), on_error=errors.append)
    heard: list[int] = []

    def broken(new: Snapshot) -> None:
        raise RuntimeError("no terminal")

    latest.subscribe(broken)
    latest.subscribe(lambda new: heard.append(new.version))
    latest.swap(snapshot(1))
    assert heard == [1]
    assert [str(error) for error in errors] == ["no terminal"]


def test_a_subscriber_may_leave_while_it_is_called() -> None:
    latest = LatestSnapshot(snapshot(0), on_error=lambda error: None)
    heard: list[int] = []

    def once(new: Snapshot) -> None:
        heard.append(new.version)
        leave()

    leave = latest.subscribe(once)
    latest.swap(snapshot(1))
    latest.swap(snapshot(2))
    assert heard == [1]
