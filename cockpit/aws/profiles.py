"""The AWS profiles of this user, and which account each of them leads to. For writing a first configuration.

Nothing of a credential leaves this file: profiles are read for names, ids and regions only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from botocore import exceptions as boto
from botocore.config import Config
from botocore.loaders import create_loader
from botocore.session import Session

from cockpit.aws.keys import Keys
from cockpit.aws.logins import AwsConfig, chain
from cockpit.aws.sources import Source, SourceResolver
from cockpit.aws.threads import in_thread
from cockpit.config.first_file import FoundProfile
from cockpit.config.formats import REGION

ASK_SECONDS = 10.0
"""How long all profiles together are asked whose they are."""
_USUAL_REGION = "us-east-1"
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/")
_ID = re.compile(r"\d{12}", re.ASCII)


def found_profiles() -> tuple[FoundProfile, ...]:
    """The profiles of the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else of `~/.aws`.

    Raises ValueError where a file cannot be read, with a sentence.
    """
    try:
        config: AwsConfig = Session().full_config
    except boto.BotoCoreError as error:
        raise ValueError(str(error)) from None
    return tuple(_found(config, name) for name in config.get("profiles", {}))


def _found(config: AwsConfig, name: str) -> FoundProfile:
    sections = list(chain(config, name))
    own: Mapping[str, Any] = sections[0]
    role = _ROLE.match(str(own.get("role_arn", "")))
    stated = str(own.get("sso_account_id") or own.get("aws_account_id") or "")
    return FoundProfile(
        name=name,
        account_id=role[1] if role else stated if _ID.fullmatch(stated) else None,
        region=next((str(one["region"]) for one in sections if REGION.fullmatch(str(one.get("region")))), None),
        role=str(own.get("sso_role_name") or own.get("role_arn") or "").rpartition("/")[2],
        endpoint_url=own.get("endpoint_url"),
        login=next((_login(section) for section in sections if _login(section)), None),
    )


def _login(section: Mapping[str, Any]) -> str | None:
    session = section.get("sso_session")
    if session:
        return f"aws sso login --sso-session {session}"
    return f"aws sso login --profile {section['profile']}" if section.get("sso_start_url") else None


async def identified(profiles: Iterable[FoundProfile], *, seconds: float = ASK_SECONDS) -> tuple[FoundProfile, ...]:
    """The profiles, with the account of those that do not say which: STS is asked, side by side, within `seconds`.

    Who does not answer stays without one, and `problem` says why.
    """
    resolver, loader = SourceResolver(), create_loader()
    asked = [asyncio.create_task(_identified(one, resolver, loader)) for one in profiles]
    if asked:
        await asyncio.wait(asked, timeout=seconds)
    late = [not task.done() for task in asked]
    for task in asked:
        task.cancel()
    await resolver.close()
    results = await asyncio.gather(*asked, return_exceptions=True)
    silent = f"no answer within {seconds:g} s"
    return tuple(
        replace(one, problem=silent) if slow or not isinstance(result, FoundProfile) else result
        for one, slow, result in zip(profiles, late, results, strict=True)
    )


async def _identified(profile: FoundProfile, resolver: SourceResolver, loader: Any) -> FoundProfile:
    if profile.account_id is not None:
        return profile
    source = Source(profile.name, profile.region or _USUAL_REGION)
    try:
        keys = await resolver.resolve(source, loader, fresh=False)
        return replace(profile, account_id=await in_thread(lambda: _whose(source, keys, loader)))
    except (boto.BotoCoreError, boto.ClientError, OSError) as error:
        return replace(profile, problem=_words(error))


def _whose(source: Source, keys: Keys, loader: Any) -> str:
    """The account of the keys; the profile itself says where STS is."""
    session = Session(profile=source.profile)
    session.register_component("data_loader", loader)
    client = session.create_client(
        "sts",
        region_name=source.region,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.frozen().secret_key,
        aws_session_token=keys.frozen().token,
        config=Config(connect_timeout=4, read_timeout=6, retries={"total_max_attempts": 1}),
    )
    return str(client.get_caller_identity()["Account"])


def _words(error: Exception) -> str:
    """Why nobody could be asked, without anything of a request or a credential."""
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError):
        return "it has no credentials"
    if isinstance(error, boto.ClientError):
        return f"AWS refused its keys ({error.response.get('Error', {}).get('Code', 'refused')})"
    if isinstance(error, boto.EndpointConnectionError | boto.ConnectTimeoutError | boto.ReadTimeoutError):
        return "AWS could not be reached"
    return f"its credentials cannot be used ({type(error).__name__})"
