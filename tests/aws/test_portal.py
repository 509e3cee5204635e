"""The way into an account's console, as the AWS configuration tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.aws.logins import WayIn
from cockpit.aws.portal import way_in
from cockpit.config.settings import Account

ID = "111122223333"
START = "https://corp.awsapps.com/start"
CONFIG = {
    "profiles": {
        "direct": {"sso_session": "corp", "sso_account_id": ID, "sso_role_name": "ViewOnly"},
        "legacy": {"sso_start_url": START, "sso_account_id": ID, "sso_role_name": "ViewOnly"},
        "elsewhere": {"sso_session": "corp", "sso_account_id": "444455556666", "sso_role_name": "ViewOnly"},
        "chained": {"source_profile": "elsewhere", "role_arn": f"arn:aws:iam::{ID}:role/ops/read"},
        "guarded": {"source_profile": "direct", "role_arn": f"arn:aws:iam::{ID}:role/read", "external_id": "x"},
        "half": {"sso_session": "gone", "sso_account_id": ID, "sso_role_name": "ViewOnly"},
        "keys": {"aws_access_key_id": "AKIA"},
    },
    "sso_sessions": {"corp": {"sso_start_url": START}},
}
ACCOUNT = Account("prod", ID, ("eu-west-1",))
PORTAL = WayIn(START, "ViewOnly")


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("direct", PORTAL),
        ("legacy", PORTAL),
        ("elsewhere", WayIn()),
        ("chained", WayIn(console_role="ops/read")),
        ("guarded", WayIn()),
        ("half", WayIn()),
        ("keys", WayIn()),
        ("nobody", WayIn()),
    ],
)
def test_the_way_in_by_a_profile(profile: str, expected: WayIn) -> None:
    assert way_in(CONFIG, replace(ACCOUNT, profile=profile), {}) == expected


def test_a_role_behind_the_profile_is_switched_to_unless_it_wants_an_external_id() -> None:
    behind = replace(ACCOUNT, profile="direct", role_arn="arn:aws:iam::444455556666:role/read")
    assert way_in(CONFIG, behind, {}) == WayIn(console_role="read")
    assert way_in(CONFIG, replace(behind, external_id="secret"), {}) == WayIn()


def test_the_profile_of_the_environment_counts() -> None:
    assert way_in(CONFIG, ACCOUNT, {"AWS_PROFILE": "direct"}) == PORTAL
    assert way_in(CONFIG, ACCOUNT, {"AWS_PROFILE": "direct", "AWS_ACCESS_KEY_ID": "AKIA"}) == WayIn()


@pytest.mark.parametrize("changes", [{"emulator": True}, {"endpoint_url": "http://127.0.0.1:4566"}])
def test_nothing_leads_into_what_is_not_aws(changes: dict[str, object]) -> None:
    assert way_in(CONFIG, replace(ACCOUNT, profile="direct", **changes), {}) == WayIn()  # type: ignore[arg-type]
