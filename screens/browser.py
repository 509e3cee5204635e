"""Opens a page in the browser of this machine, where there is one that does not want the terminal."""

from __future__ import annotations

import webbrowser


def open_page(url: str) -> bool:
    """Open a page; whether a browser took it. Blocks for a moment: call it in a thread.

    Only addresses of the web are opened, and never in a browser of text, which would draw over the screens.
    """
    if not url.startswith(("https://", "http://")):
        return False
    try:
        browser = webbrowser.get()
        # What webbrowser runs in the background is of a class of its own; this one waits, on the terminal.
        return type(browser) is not webbrowser.GenericBrowser and bool(browser.open(url))
    except (webbrowser.Error, OSError):
        return False
