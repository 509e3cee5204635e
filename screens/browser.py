"""Opens a page in the browser of this machine, where there is one that does not want the terminal."""

from __future__ import annotations

import subprocess
import webbrowser
from collections.abc import Sequence

_PATIENCE_SECONDS = 2.0


def open_page(url: str) -> bool:
    """Open a page; whether a browser took it. Blocks for a moment: call it in a thread.

    Only addresses of the web are opened, and never in a browser of text, which would draw over the screens.
    """
    if not url.startswith(("https://", "http://")):
        return False
    try:
        browser = webbrowser.get()
        if isinstance(browser, webbrowser.BackgroundBrowser):
            return _in_background([browser.name, *(part.replace("%s", url) for part in browser.args)])
        # What webbrowser runs in the background is of a class of its own; this one waits, on the terminal.
        return type(browser) is not webbrowser.GenericBrowser and bool(browser.open(url))
    except (webbrowser.Error, OSError):
        return False


def _in_background(command: Sequence[str]) -> bool:
    """As webbrowser does it, but away from the terminal: what a browser complains of would stand on the screens."""
    quiet = subprocess.DEVNULL
    # The system's own browser; no shell reads the address.
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603 - fixed
    try:
        # Whoever hands the address on ends at once; a browser itself does not.
        return process.wait(_PATIENCE_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return True
