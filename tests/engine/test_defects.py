"""A defect is logged with its place, and without what it may quote."""

from __future__ import annotations

import logging

import pytest

from cockpit.engine.defects import log_defect


def test_a_defect_is_logged_with_its_place_and_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def discover() -> None:
        raise KeyError("AKIAIOSFODNN7EXAMPLE")

    try:
        discover()
    except KeyError as error:
        with caplog.at_level(logging.ERROR):
            log_defect("dev/eu-west-2/tiny", error)
    (record,) = caplog.records
    assert record.getMessage().startswith("A defect at dev/eu-west-2/tiny: KeyError in discover, line ")
    assert "AKIA" not in caplog.text
