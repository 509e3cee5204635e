"""The last known fleet outlives the process, and no file on disk can stop the cockpit."""

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.store.database import SCHEMA_VERSION
from cockpit.store.history import FILE_NAME, History
from tests.store.observations import ACCOUNT_ID, observation

OTHER_ID = "444455556666"
NAMES = {"dev": ACCOUNT_ID, "prod": OTHER_ID}


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / FILE_NAME


@pytest.fixture
def opened(path: Path, clock: Clock) -> Iterator[Callable[[], History]]:
    histories: list[History] = []

    def open_another() -> History:
        histories.append(History.open(path, clock=clock))
        return histories[-1]

    yield open_another
    for history in histories:
        history.close()


def test_what_one_process_saved_the_next_restores(opened: Callable[[], History]) -> None:
    first = opened()
    first.save([observation(at=1.0), observation(at=2.0, functions=2)])
    first.close()
    restored = opened().load(NAMES)
    assert restored == {observation().slot: replace(observation(at=2.0, functions=2), restored=True)}


def test_an_account_that_now_means_another_id_is_not_restored(opened: Callable[[], History]) -> None:
    history = opened()
    history.save([observation("dev"), observation("prod"), observation("gone")])
    assert set(history.load(NAMES)) == {observation("dev").slot}


def test_the_file_is_for_its_owner_only(opened: Callable[[], History], path: Path) -> None:
    history = opened()
    history.save([observation()])
    history.flush()
    files = list(path.parent.iterdir())
    assert {FILE_NAME, f"{FILE_NAME}-wal"} <= {file.name for file in files}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_saving_writes_in_batches_on_a_thread_of_its_own(path: Path, clock: Clock) -> None:
    history = History.open(path, clock=clock, batch_seconds=0.02)
    before = threading.active_count()
    history.save([observation()])
    reader = sqlite3.connect(path)
    try:
        for _ in range(200):
            if reader.execute("SELECT count(*) FROM observation").fetchone()[0]:
                break
            threading.Event().wait(0.01)
        else:
            pytest.fail("the batch was never written")
    finally:
        reader.close()
        history.close()
    assert threading.active_count() < before


@pytest.mark.parametrize("content", [b"this is not a database at all" * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_set_aside(opened: Callable[[], History], path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    history = opened()
    history.save([observation()])
    assert set(history.load(NAMES)) == {observation().slot}
    (aside,) = path.parent.glob(f"{FILE_NAME}.damaged-*")
    assert aside.read_bytes() == content
    assert len(history.notices) == 1
    assert "damaged" in history.notices[0]


def test_a_malformed_page_is_found_when_it_is_read_and_set_aside(opened: Callable[[], History], path: Path) -> None:
    first = opened()
    first.save([observation(f"account-{number}", functions=20) for number in range(40)])
    first.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xde\xad\xbe\xef" * ((size - 4096) // 4))
    history = opened()
    assert history.load({f"account-{number}": ACCOUNT_ID for number in range(40)}) == {}
    assert len(list(path.parent.glob(f"{FILE_NAME}.damaged-*"))) == 1
    assert any("set aside" in notice for notice in history.notices)
    history.save([observation()])
    assert set(history.load(NAMES)) == {observation().slot}


def test_a_file_of_another_program_is_set_aside(opened: Callable[[], History], path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    assert opened().load(NAMES) == {}
    assert len(list(path.parent.glob(f"{FILE_NAME}.damaged-*"))) == 1


def test_a_table_that_came_later_is_added_to_an_older_file(opened: Callable[[], History], path: Path) -> None:
    history = opened()
    history.save([observation()])
    history.close()
    with sqlite3.connect(path) as older:
        older.execute("DROP TABLE spending")
    older.close()
    history = opened()
    assert history.spend(20_000, 0.25) == 0.25
    assert set(history.load(NAMES)) == {observation().slot}
    assert history.notices == ()


def test_a_newer_file_is_set_aside_unharmed(opened: Callable[[], History], path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()
    history = opened()
    assert history.load(NAMES) == {}
    (aside,) = path.parent.glob(f"{FILE_NAME}.newer-*")
    kept = sqlite3.connect(aside)
    assert kept.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    kept.close()
    assert "newer version" in history.notices[0]


def test_a_row_that_is_no_observation_is_dropped_and_the_others_stay(opened: Callable[[], History], path: Path) -> None:
    history = opened()
    history.save([observation("dev"), observation("test")])
    history.flush()
    with sqlite3.connect(path) as vandal:
        vandal.execute("UPDATE observation SET body = ? WHERE account = 'dev'", (b"{broken",))
    vandal.close()
    both = {"dev": ACCOUNT_ID, "test": ACCOUNT_ID}
    assert set(history.load(both)) == {observation("test").slot}
    assert [notice for notice in history.notices if "dev/eu-west-2/lambda" in notice]
    assert set(history.load(both)) == {observation("test").slot}
    assert len(history.notices) == 1


def test_where_no_file_can_be_made_everything_works_in_memory(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    history = History.open(tmp_path / "state" / FILE_NAME, clock=clock)
    history.save([observation()])
    assert set(history.load(NAMES)) == {observation().slot}
    assert history.claim(observation().slot, for_seconds=60, owner="a")
    assert not history.claim(observation().slot, for_seconds=60, owner="b")
    assert len(history.notices) == 1
    assert "Nothing is kept on disk" in history.notices[0]
    history.close()


def test_a_folder_in_the_place_of_the_file_is_survived(path: Path, clock: Clock) -> None:
    path.mkdir(parents=True)
    history = History.open(path, clock=clock)
    assert history.load(NAMES) == {}
    assert "Nothing is kept on disk" in history.notices[0]
    history.close()


def test_a_full_disk_is_said_and_forgotten_when_there_is_room_again(opened: Callable[[], History]) -> None:
    history = opened()
    history.save([observation()])
    history.flush()
    # SQLite's own way to have no room: the file may not grow.
    history._call(lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone(), otherwise=None)
    many = [observation(f"account-{number}", functions=200) for number in range(60)]
    history.save(many)
    history.flush()
    assert any("full" in notice for notice in history.notices)
    assert set(history.load(NAMES)) == {observation().slot}
    history._call(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone(), otherwise=None)
    history.flush()
    assert history.notices == ()
    assert len(history.load({f"account-{number}": ACCOUNT_ID for number in range(60)})) == 60


def test_a_fact_that_cannot_be_stored_costs_its_slot_only(opened: Callable[[], History]) -> None:
    history = opened()
    bad = observation("test")
    bad = replace(bad, resources=(replace(bad.resources[0], facts={"since": object()}),))  # type: ignore[dict-item]
    history.save([observation("dev"), bad])
    assert set(history.load({"dev": ACCOUNT_ID, "test": ACCOUNT_ID})) == {observation("dev").slot}
    assert history.notices == ("The state of test/eu-west-2/lambda cannot be stored.",)


def test_a_lease_is_held_by_one_process_until_it_ends_or_is_given_back(
    opened: Callable[[], History], clock: Clock
) -> None:
    one, other = opened(), opened()
    slot = observation(service="cost").slot
    assert one.claim(slot, for_seconds=60, owner="one")
    assert not other.claim(slot, for_seconds=60, owner="other")
    assert one.claim(slot, for_seconds=60, owner="one")
    clock.now += 61
    assert other.claim(slot, for_seconds=60, owner="other")
    assert not one.claim(slot, for_seconds=60, owner="one")
    other.release(slot, owner="other")
    other.flush()
    assert one.claim(slot, for_seconds=60, owner="one")


def test_a_lease_from_a_clock_that_ran_ahead_does_not_lock_forever(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    slot = observation().slot
    clock.now += 400 * 86400
    history.claim(slot, for_seconds=60, owner="ahead")
    clock.now -= 400 * 86400
    assert history.claim(slot, for_seconds=60, owner="now")


def test_one_slot_can_be_read_as_another_process_saved_it(opened: Callable[[], History]) -> None:
    one, other = opened(), opened()
    cost = observation(service="cost", at=5.0)
    assert other.load_slot(cost.slot, ACCOUNT_ID) is None
    one.save([cost])
    one.flush()
    assert other.load_slot(cost.slot, ACCOUNT_ID) == replace(cost, restored=True)
    assert other.load_slot(cost.slot, OTHER_ID) is None


def test_two_processes_that_meet_a_damaged_file_keep_what_the_first_began_anew(
    opened: Callable[[], History], path: Path, clock: Clock
) -> None:
    one, other = opened(), opened()
    path.write_bytes(b"\xff" * 8192)
    path.with_name(f"{FILE_NAME}-wal").write_bytes(b"")
    one.save([observation("dev")])
    one.flush()
    clock.now += 5
    other.load(NAMES)
    assert len(list(path.parent.glob(f"{FILE_NAME}.damaged-*[0-9]Z"))) == 1
    assert set(one.load(NAMES)) == {observation("dev").slot}


def test_a_finding_stands_since_it_was_first_seen_also_after_a_restart(
    opened: Callable[[], History], clock: Clock
) -> None:
    first = opened()
    began = clock.now
    assert first.first_seen(["a"], clock.now) == {"a": began}
    clock.now += 300
    assert first.first_seen(["a", "b"], clock.now) == {"a": began, "b": began + 300}
    first.close()
    clock.now += 60
    assert opened().first_seen(["a"], clock.now) == {"a": began}


def test_a_finding_that_ended_and_comes_back_is_new(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    history.first_seen(["a"], clock.now)
    clock.now += 3600
    assert history.first_seen(["a"], clock.now) == {"a": clock.now}


def test_a_closed_history_answers_without_a_file(opened: Callable[[], History]) -> None:
    history = opened()
    history.close()
    history.close()
    history.save([observation()])
    assert history.load(NAMES) == {}
    assert history.claim(observation().slot, for_seconds=1, owner="late")
