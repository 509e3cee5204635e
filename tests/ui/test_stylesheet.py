"""The stylesheet: every selector stands for something, and every colour is the theme's."""

from __future__ import annotations

import re
from pathlib import Path

import screens
import widgets
from widgets.inks import INK_CLASSES

SHEET = Path(screens.__file__).with_name("cockpit.tcss")
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for package in (screens, widgets)
    for path in Path(package.__path__[0]).glob("*.py")
)
RULES = re.findall(
    r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
)
OF_TEXTUAL = {"Screen", "Footer", "Input", "Label", "VerticalScroll", "SelectionList"}


def test_every_selector_is_that_of_something_in_the_code() -> None:
    dead: set[str] = set()
    for selectors in (text for text, _ in RULES):
        dead.update(name for name in re.findall(r"#([\w-]+)", selectors) if f'id="{name}"' not in CODE)
        classes = set(re.findall(r"\.([\w-]+)", selectors)) - INK_CLASSES
        dead.update(name for name in classes if not re.search(rf'["\s]{name}["\s]', CODE))
        kinds = set(re.findall(r"(?<![\w.#$:-])([A-Z]\w+)", selectors)) - OF_TEXTUAL
        dead.update(name for name in kinds if f"class {name}(" not in CODE)
    assert RULES
    assert dead == set()


def test_every_colour_is_the_themes() -> None:
    own = [declared for _, declared in RULES if re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl|\bansi_", declared)]
    coloured = [
        value.split()[0]
        for _, declared in RULES
        for name, value in re.findall(r"([\w-]*(?:color|background|tint)[\w-]*):\s*([^;]+);", declared)
    ]
    assert own == []
    assert coloured
    assert {value for value in coloured if not value.startswith("$")} <= {"auto"}
