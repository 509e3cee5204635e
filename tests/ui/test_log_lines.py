"""Log lines on the terminal: laid out quickly, and harmless."""

from __future__ import annotations

import time

from screens.logs import whole_text
from tests.ui.known import NOW
from tests.ui.log_group import line
from widgets.log_layout import LogLayout, LogWanted


def test_a_decoded_escape_cannot_reach_the_terminal() -> None:
    assert "\u202e" not in whole_text(line(1, NOW, text='{"name": "\\u202egpj.exe"}'))


def test_ten_thousand_lines_are_laid_out_quickly() -> None:
    lines = [
        line(n, NOW + n / 10, "ERROR" if n % 50 == 0 else "INFO", f"order {n} " + "x" * 180) for n in range(10_000)
    ]
    laid = LogLayout()
    laid.lay(lines, LogWanted(search="order 77", wrapped=True), 90)
    began = time.perf_counter()
    # As after each look: some lines more, everything else as before.
    laid.lay([*lines[10:], *(line(20_000 + n, NOW + 2000) for n in range(10))], laid.wanted, 90)
    assert time.perf_counter() - began < 0.15
    assert laid.matches == 111
    assert laid.line_at(laid.height - 1) == (9999, 0)
    found = laid.line_at(laid.tops[5000] + 1)
    assert found == (5000, 1)
    assert laid.index_of(laid.lines[5000]) == 5000
