"""The versions screen: who serves what, and what differs."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.inquiry import Detail, Version
from screens.places import LogsPlace, ResourcePlace, VersionsPlace
from screens.versions import VersionsScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from tests.ui.log_group import LogGroup, denied, line
from tests.ui.test_logs import ALIAS, FUNCTION
from widgets.version_difference import before_of, served_by, version_difference

FACTS = {
    "description": None,
    "code_sha256": "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2j3k4l5z6x7c=",
    "code_bytes": 1_500_000,
    "runtime": "nodejs20.x",
    "memory_mb": 512,
    "timeout_seconds": 30,
    "layers": "telemetry:13, tools:2",
    "environment_keys": "PRICE_LIST_URL, STAGE",
}
NEWER = FACTS | {
    "code_sha256": "zzzzzzzzzzzzzzzzzz",
    "code_bytes": 1_503_584,
    "memory_mb": 256,
    "layers": "telemetry:14, tools:2",
    "environment_keys": "CURRENCY, STAGE",
}
LATEST = Version("$LATEST", None, NEWER)
V42 = Version("42", NOW - 480, NEWER, (("live", 0.9),))
V41 = Version("41", NOW - 6 * 86_400, FACTS, (("live", 0.1), ("beta", 1.0)))
V40 = Version("40", NOW - 20 * 86_400, FACTS)
VERSIONS = (LATEST, V42, V41, V40)


async def opened(on: Drive, detail: Detail) -> VersionsScreen:
    on.engine.details[FUNCTION.key] = detail
    on.app.visit(VersionsPlace(ALIAS.key))
    await on.settle()
    return on.screen(VersionsScreen)


async def test_the_key_leads_to_the_versions_of_the_function_behind_an_alias() -> None:
    async with drive() as on:
        on.engine.details[FUNCTION.key] = Detail(FUNCTION.key, VERSIONS, asked_at=NOW)
        await on.press("2", "enter", "v")
        on.screen(VersionsScreen)
        assert on.line("DIFFERENCE 41 to 42")


async def test_the_served_version_is_compared_with_the_one_before() -> None:
    async with drive() as on:
        await opened(on, Detail(FUNCTION.key, VERSIONS, asked_at=NOW))
        assert "lambda › payments-1 › versions" in on.lines()[0]
        assert on.line("42", "14:24, 8 min ago", "live 90 %", "zzzzzzzzzzzz")
        assert on.line("› 41", "live 10 %, beta")
        assert on.line("DIFFERENCE 41 to 42")
        assert on.line("code", "q7w8e9r0t1y2 ", "→", "zzzzzzzzzzzz")
        assert on.line("size", "1.4 MiB", "→", "+3.5 KiB")
        assert on.line("memory", "512 MB", "→", "256 MB", "-256 MB")
        assert on.line("layer", "telemetry:13", "→", "telemetry:14")
        assert on.line("environment variable", "–", "→", "CURRENCY", "added")
        assert on.line("environment variable", "PRICE_LIST_URL", "→", "–", "removed")
        assert on.line("unchanged: runtime, timeout")


async def test_the_cursor_compares_each_with_the_one_before_it_and_space_with_another() -> None:
    async with drive() as on:
        await opened(on, Detail(FUNCTION.key, VERSIONS, asked_at=NOW))
        await on.press("j")
        assert on.line("DIFFERENCE 40 to 41")
        assert on.line("Nothing differs but the number.")
        await on.press("j", "space")
        assert on.line("The oldest version that is kept")
        await on.press("k", "k")
        assert on.line("DIFFERENCE 40 to 42, marked")
        await on.press("j", "j", "k", "space")
        assert on.line("DIFFERENCE 40 to 41")
        await on.press("c")
        assert on.app.clipboard == f"{FUNCTION.key}:41"


async def test_it_is_whole_at_every_size() -> None:
    async with drive(size=(100, 30)) as on:
        await opened(on, Detail(FUNCTION.key, VERSIONS, asked_at=NOW))
        for size in ((80, 24), (120, 40), (200, 60)):
            await on.resize(*size)
            assert on.line("VERSION", "PUBLISHED", "ALIASES", "CODE", "SIZE")
            assert on.line("memory", "256 MB")
            assert on.line("unchanged:")
            assert all(len(row) == size[0] for row in on.lines())


async def test_a_refusal_is_told_and_what_was_read_stays() -> None:
    async with drive() as on:
        screen = await opened(on, Detail(FUNCTION.key, failures=(denied(),), asked_at=NOW))
        assert on.line("? denied logs:FilterLogEvents", "Allow logs:FilterLogEvents")
        assert "42" not in on.text()
        # Asked again half a minute later.
        on.engine.details[FUNCTION.key] = Detail(FUNCTION.key, VERSIONS, asked_at=NOW)
        screen.show(fleet(), NOW + 31)
        await on.settle()
        assert on.line("DIFFERENCE 41 to 42")
        assert "denied" not in on.text()


async def test_it_is_read_again_when_an_alias_moves_and_the_cursor_stays() -> None:
    async with drive() as on:
        await opened(on, Detail(FUNCTION.key, VERSIONS, asked_at=NOW))
        await on.press("j", "j")
        moved = replace(V41, aliases=(("live", 1.0),))
        on.engine.details[FUNCTION.key] = Detail(FUNCTION.key, (LATEST, replace(V42, aliases=()), moved, V40))
        snapshot = fleet()
        observation = snapshot.observations[ALIAS.slot]
        changed = replace(ALIAS, facts={**ALIAS.facts, "version": "41"})
        resources = tuple(changed if one.key == ALIAS.key else one for one in observation.resources)
        observations = {**snapshot.observations, ALIAS.slot: replace(observation, resources=resources)}
        await on.publish(replace(snapshot, observations=observations))
        assert on.line("41", "live")
        assert "90 %" not in on.text()
        assert on.line("The oldest version that is kept")


async def test_a_function_without_versions_says_so() -> None:
    async with drive() as on:
        await opened(on, Detail(FUNCTION.key))
        assert on.line("No version has been published.")


def test_the_served_version_is_that_with_most_of_the_traffic() -> None:
    assert served_by(VERSIONS, "live") is V42
    assert served_by(VERSIONS, "beta") is V41
    assert served_by(VERSIONS, "") is V42
    assert served_by((LATEST, V40), "gone") is V40
    assert served_by((LATEST,), "") is LATEST
    assert served_by((), "live") is None
    assert before_of(VERSIONS, V42) is V41
    assert before_of(VERSIONS, V40) is None


def test_what_neither_has_is_not_named() -> None:
    difference = version_difference(V41, V42, NOW)
    assert "description" not in difference.unchanged
    assert [row.label for row in difference.rows] == [
        "code",
        "size",
        "memory",
        "layer",
        "environment variable",
        "environment variable",
    ]


async def test_ascii_means_ascii_on_versions_logs_and_charts() -> None:
    async with drive(ascii=True, size=(120, 50)) as on:
        on.engine.details[FUNCTION.key] = Detail(FUNCTION.key, VERSIONS, asked_at=NOW)
        on.engine.log_groups[FUNCTION.key] = LogGroup([line(1, NOW - 3, "ERROR", "x" * 300)])
        for place in (ResourcePlace(ALIAS.key), VersionsPlace(ALIAS.key), LogsPlace(ALIAS.key)):
            on.app.visit(place)
            await on.settle()
            assert [row for row in on.lines() if not row.isascii()] == []
        assert on.line("ERROR", "xxx")
