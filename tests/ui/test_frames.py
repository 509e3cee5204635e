"""Each screen at three sizes, dark and light, on the embedded fleet as it was recorded, with a frozen clock.

A frame that is meant to look different is taken anew with `pytest tests/ui/test_frames.py --snapshot-update`; what has
changed is then there to be read in the difference.
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.ui.frames import frame_text, still
from tests.ui.recorded.app import drive_recorded

SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = ("cockpit-dark", "cockpit-light")
SCREENS: dict[str, tuple[str, ...]] = {
    "home": (),
    "environment": ("enter",),
    "service": ("right", "enter"),
    "resource": ("tab", "enter"),
    "accounts": ("A",),
    "timeline": ("T",),
    "errors": ("exclamation_mark",),
    "help": ("question_mark",),
    "palette": ("colon",),
    "versions": ("tab", "enter", "v"),
    "logs": ("tab", "enter", "l"),
    "mute": ("tab", "m"),
    "columns": ("right", "enter", "K"),
    "account-picker": ("P",),
    "cost": ("C",),
}
"""Name → the keys that lead there from home."""


class _TextFile(SingleFileSnapshotExtension):
    """One readable file a frame."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
async def test_frame(screen: str, size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    async with drive_recorded(size=size) as on:
        await on.press(*SCREENS[screen])
        await still(on)
        for theme in THEMES:
            on.app.theme = theme
            await still(on)
            name = theme.removeprefix("cockpit-")
            assert frame_text(on.app) == snapshot(name=name, extension_class=_TextFile)
