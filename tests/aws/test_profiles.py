"""The AWS profiles of a user, and which account each leads to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cockpit.aws.profiles import found_profiles, identified
from tests.aws.fleet import DEV_ID
from tests.aws.wire import Reply, Wire

CONFIG = """
[profile sso-prod]
sso_session = acme
sso_account_id = 444455556666
sso_role_name = ReadOnlyAccess
region = eu-west-1
[sso-session acme]
sso_start_url = https://acme.awsapps.example/start
sso_region = eu-west-1
[profile role]
role_arn = arn:aws:iam::777788889999:role/team/read
source_profile = sso-prod
mfa_serial = arn:aws:iam::777788889999:mfa/me
[profile keys]
region = not a region
endpoint_url = {url}
[profile process]
credential_process = /bin/false
[profile empty]
"""
KEYS = "[keys]\naws_access_key_id = AKIADEV\naws_secret_access_key = dev-secret\n"


@pytest.fixture
def profiles(aws_files: Path, wire: Wire) -> None:
    (aws_files / "config").write_text(CONFIG.format(url=wire.url))
    (aws_files / "credentials").write_text(KEYS)


@pytest.mark.usefixtures("profiles")
def test_what_profiles_say_of_themselves_is_read_from_the_files_that_the_variables_name() -> None:
    found = {one.name: one for one in found_profiles()}
    assert set(found) == {"sso-prod", "role", "keys", "process", "empty"}
    sso, role = found["sso-prod"], found["role"]
    assert (sso.account_id, sso.region, sso.role) == ("444455556666", "eu-west-1", "ReadOnlyAccess")
    assert sso.login == "aws sso login --sso-session acme"
    # A role has the region and the login of the profile that it starts from.
    assert (role.account_id, role.region, role.role, role.login) == ("777788889999", "eu-west-1", "read", sso.login)
    assert (found["keys"].account_id, found["keys"].region) == (None, None)
    assert "dev-secret" not in repr(found)


@pytest.mark.usefixtures("profiles")
async def test_only_those_that_do_not_say_are_asked_and_nobody_is_prompted(wire: Wire) -> None:
    found = {one.name: one for one in await identified(found_profiles())}
    assert found["keys"].account_id == DEV_ID
    assert len(wire.calls("GetCallerIdentity")) == 1
    assert (found["empty"].account_id, found["empty"].problem) == (None, "it has no credentials")
    assert found["process"].problem == "its credentials cannot be used (CredentialRetrievalError)"


@pytest.mark.usefixtures("profiles")
async def test_refused_keys_are_said_to_be_refused(wire: Wire) -> None:
    wire.accounts = {}
    found = {one.name: one for one in await identified(found_profiles())}
    assert found["keys"].problem.startswith("AWS refused its keys (")


@pytest.mark.usefixtures("profiles")
async def test_a_silent_aws_is_not_waited_for(wire: Wire) -> None:
    wire.on("GetCallerIdentity", lambda _: Reply(wait_seconds=2.0))
    began = time.monotonic()
    found = {one.name: one for one in await identified(found_profiles(), seconds=0.4)}
    assert time.monotonic() - began < 1.5
    assert (found["keys"].account_id, found["keys"].problem) == (None, "no answer within 0.4 s")
    assert found["sso-prod"].account_id == "444455556666"


async def test_without_profiles_there_is_nobody_to_ask(aws_files: Path) -> None:
    (aws_files / "config").write_text("")
    (aws_files / "credentials").unlink()
    assert found_profiles() == ()
    assert await identified(()) == ()


def test_a_broken_file_is_a_sentence(aws_files: Path) -> None:
    (aws_files / "config").write_text("[profile broken\nregion")
    with pytest.raises(ValueError, match="config"):
        found_profiles()
