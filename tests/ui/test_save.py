"""Saving a view: what is in the file, and that no file is ever lost."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from textual.widgets import Input

from cockpit.model.resource import Fact
from screens.export import Shot, csv_text, json_text, write
from screens.save import SaveScreen, file_stem
from screens.view_table import ViewColumn, ViewTable
from tests.ui.driving import Drive, drive
from tests.ui.known import NOW


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def save(on: Drive, suffix: str, name: str | None = None) -> None:
    """Save the view in a format, under its usual name unless one is given."""
    await on.press("ctrl+s")
    dialog = on.app.screen
    assert isinstance(dialog, SaveScreen)
    dialog._list.move_to(suffix)
    await on.settle()
    if name is not None:
        dialog.query_one(Input).value = name
        await on.settle()
    await on.press("enter")
    await on.finish()


async def test_a_table_is_saved_as_filtered_and_sorted_with_raw_figures(tmp_path: Path) -> None:
    async with drive() as on:
        await on.command("tim-combo prod lambda")
        await on.press("slash", *"checkout", "enter")
        await save(on, "json")
        (file,) = tmp_path.iterdir()
        assert re.fullmatch(r"cockpit-tim-combo-prod-lambda-20260302-143200\.json", file.name)
        whole = json.loads(file.read_text("utf-8"))
        assert whole["saved_at"] == "2026-03-02T14:32:00Z"
        assert whole["rows"]
        assert all("checkout" in row["name"] for row in whole["rows"])
        row = next(row for row in whole["rows"] if row["name"] == "checkout:live")
        assert (row["state"], row["environment"]) == ("critical", "tim-combo/prod")
        assert isinstance(row["error_percent"], float)
        await save(on, "csv")
        lines = list(csv.DictReader(io.StringIO(next(tmp_path.glob("*.csv")).read_text("utf-8"))))
        assert [line["name"] for line in lines] == [row["name"] for row in whole["rows"]]


async def test_a_screen_is_saved_as_picture_and_as_text(tmp_path: Path) -> None:
    async with drive() as on:
        await save(on, "svg", "picture.svg")
        await save(on, "txt", "text.txt")
        picture = (tmp_path / "picture.svg").read_text("utf-8")
        assert all(word in picture for word in ("ATTENTION", "tim-combo", "Commands"))
        assert "Save this view" not in picture
        assert not re.search(r"(url\(|href=|src=)[\"']?https?:", picture)
        assert "✖ tim-combo prod" in (tmp_path / "text.txt").read_text("utf-8")
        assert not list(tmp_path.glob(".*"))


async def test_a_file_that_is_there_is_replaced_only_when_asked_twice(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious", encoding="utf-8")
    async with drive() as on:
        await save(on, "txt", "mine.txt")
        assert on.line("mine.txt is there already. Enter again replaces it.")
        assert (tmp_path / "mine.txt").read_text("utf-8") == "precious"
        await on.press("enter")
        await on.finish()
        assert "tim-combo" in (tmp_path / "mine.txt").read_text("utf-8")
        assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


async def test_what_cannot_be_saved_is_told_and_can_be_mended() -> None:
    async with drive() as on:
        await save(on, "txt", "no/such/folder.txt")
        assert on.line("It could not be saved: there is no such folder.")
        await on.press("escape", "ctrl+s")
        on.app.screen.query_one(Input).value = " "
        await on.press("enter")
        assert on.line("Type a file name.")
        await on.press("escape")
        assert "Save this view" not in on.text()


async def test_the_ending_follows_the_format_and_the_rest_stays_as_typed() -> None:
    async with drive() as on:
        await on.press("ctrl+s")
        box = on.app.screen.query_one(Input)
        assert box.value.endswith(".csv")
        box.value = "mine.csv"
        await on.press("j")
        assert box.value == "mine.json"


async def test_nothing_is_saved_from_a_shared_screen(tmp_path: Path) -> None:
    async with drive(read_only=True) as on:
        await on.press("ctrl+s")
        assert not isinstance(on.app.screen, SaveScreen)
        assert not list(tmp_path.iterdir())


# The texts.


def shot(*rows: tuple[Fact, ...]) -> tuple[Shot, ViewTable]:
    table = ViewTable((ViewColumn("name"), ViewColumn("seen_at", moment=True), ViewColumn("share")), rows)
    return Shot("fleet", "cockpit", NOW, (), 80, table), table


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    _, table = shot((text, None, -1.5))
    (row,) = csv.DictReader(io.StringIO(csv_text(table)))
    assert row == {"name": f"'{text}", "seen_at": "", "share": "-1.5"}


def test_moments_are_iso_8601_and_figures_are_figures() -> None:
    whole = json.loads(json_text(*shot(("a", NOW, 0.25), ("b", None, float("nan")), ("c", 0, float("inf")))))
    assert whole["rows"] == [
        {"name": "a", "seen_at": "2026-03-02T14:32:00Z", "share": 0.25},
        {"name": "b", "seen_at": None, "share": None},
        {"name": "c", "seen_at": "1970-01-01T00:00:00Z", "share": None},
    ]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a b/ö|c", "…", "tim-combo/prod-Lambda"])
def test_a_file_name_holds_nothing_that_leads_elsewhere(name: str) -> None:
    assert re.fullmatch(r"cockpit-[a-z0-9.-]+-20260302-143200", file_stem(Shot(name, "", NOW, (), 80)))
    assert ".." not in file_stem(Shot(name, "", NOW, (), 80)) or "/" not in file_stem(Shot(name, "", NOW, (), 80))


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write(file, "one", replace=False)
    with pytest.raises(FileExistsError):
        write(file, "two", replace=False)
    with pytest.raises(UnicodeEncodeError):
        write(file, "\ud800", replace=True)
    with pytest.raises(IsADirectoryError):
        write(tmp_path, "x", replace=True)
    assert file.read_text("utf-8") == "one"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]
