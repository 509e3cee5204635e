"""The app on the hand-made fleet, in whatever terminal it is started: `python -m tests.ui.on_a_terminal`."""

from __future__ import annotations

import locale
import os

from screens.app import CockpitApp
from screens.terminal import shows_utf8
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE

if __name__ == "__main__":
    plain = not shows_utf8(os.environ, locale.getencoding())
    theme = os.environ.get("TEST_THEME")
    CockpitApp(FakeEngine(fleet()), settings(ascii=plain, theme=theme), CATALOGUE, clock=lambda: NOW).run()
