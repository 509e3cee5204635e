"""What is logged while the terminal belongs to the screens."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from screens.run import LOG_FILE, _log_to


def test_our_own_rooms_log_to_a_file_and_nothing_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / LOG_FILE
    handler = _log_to(file)
    try:
        assert not file.exists()
        logging.getLogger("cockpit.engine").error("A defect at %s", "shop/eu-west-1")
        logging.getLogger("botocore.endpoint").error("a request with a token")
    finally:
        logging.getLogger("cockpit").removeHandler(handler)
        handler.close()
    assert "cockpit.engine A defect at shop/eu-west-1" in file.read_text(encoding="utf-8")
    assert "token" not in file.read_text(encoding="utf-8")
    assert capsys.readouterr().err == ""
