"""Resolves credentials with botocore's own provider chain, in threads, off the event loop.

The chain is botocore's: environment, assume-role profiles, web identity, SSO, shared file, `aws login`,
credential_process, container and instance roles. Three things differ, because a cockpit has no hands free: it
never prompts for an MFA code, a credential process has no terminal and a time limit, and the AWS CLI's caches are
read (so that a session that the CLI opened counts) but, apart from SSO tokens that botocore renews and those of logins
that somebody asked for (`sso`), never written.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from botocore import exceptions as boto
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleProvider,
    CanonicalNameCredentialSourcer,
    ContainerProvider,
    CredentialResolver,
    EnvProvider,
    InstanceMetadataProvider,
    ProcessProvider,
    ProfileProviderBuilder,
)
from botocore.session import Session
from botocore.utils import InstanceMetadataFetcher, JSONFileCache

from cockpit.aws.keys import Keys
from cockpit.aws.lanes import Lanes
from cockpit.aws.logins import AwsConfig, chain, login_end
from cockpit.aws.threads import in_thread, seen

PROCESS_SECONDS = 15.0
"""How long a credential process may take."""
_AT_ONCE = 8
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where credentials start from. Accounts with an equal source share one resolution."""

    profile: str | None
    """None for the ambient chain."""
    region: str
    """Where STS and SSO are asked unless the profile says otherwise."""
    endpoints: tuple[tuple[str, str], ...] = ()
    """botocore service → endpoint, for emulators."""


class MfaRequired(boto.RefreshWithMFAUnsupportedError):
    """The profile wants an MFA code."""


class SourceResolver:
    """Runs the chain in daemon threads: one at a time for each source, and few at once."""

    def __init__(self) -> None:
        self._lanes = Lanes(total=_AT_ONCE, per_lane=1, patience_seconds=_PATIENCE_SECONDS)
        self._running: dict[Source, asyncio.Future[Keys]] = {}
        self._processes: set[_Process] = set()
        self.config: AwsConfig = {}
        """The AWS configuration as last read."""

    async def read_config(self) -> AwsConfig:
        """Read the AWS configuration files. A broken file reads as none; resolving says what is wrong with it."""
        with suppress(boto.BotoCoreError):
            self.config = await in_thread(lambda: Session().full_config)
        return self.config

    async def resolve(self, source: Source, loader: Any, *, fresh: bool) -> Keys:
        """Resolve a source. `fresh` passes over what the AWS CLI has cached. Raises what botocore raises.

        `loader` is botocore's data loader, shared because it holds the parsed service models.
        """
        if source not in self._running:
            # A chain that does not end keeps its place: it is waited for again, never started twice.
            self._running[source] = task = asyncio.ensure_future(self._run(source, loader, fresh=fresh))
            task.add_done_callback(lambda _: self._running.pop(source, None))
            task.add_done_callback(seen)
        return await asyncio.shield(self._running[source])

    async def close(self) -> None:
        """Wait for no chain any more: its processes are ended, its thread ends by itself."""
        for task in [*self._running.values()]:
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        for process in [*self._processes]:
            process.end()

    async def _run(self, source: Source, loader: Any, *, fresh: bool) -> Keys:
        async with self._lanes.enter(str(source)):
            keys, self.config = await in_thread(lambda: _resolve(source, loader, self._processes, fresh=fresh))
            return keys


def _resolve(source: Source, loader: Any, processes: set[_Process], *, fresh: bool) -> tuple[Keys, AwsConfig]:
    """Run the provider chain now, in this thread; also return the configuration that it read.

    `processes` holds the credential processes for as long as they run.
    """
    session = Session(profile=source.profile)
    session.register_component("data_loader", loader)
    session.set_default_client_config(
        Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
    )
    credentials = _chain(session, source, processes, fresh=fresh).load_credentials()
    if credentials is None:
        raise boto.NoCredentialsError
    frozen = credentials.get_frozen_credentials()
    expires_at = _epoch(getattr(credentials, "_expiry_time", None))
    keys = Keys(
        frozen.access_key,
        frozen.secret_key,
        frozen.token,
        expires_at=expires_at,
        ends_at=_end_of_login(session.full_config, session.profile, credentials.method, expires_at),
    )
    return keys, session.full_config


def _chain(session: Session, source: Source, processes: set[_Process], *, fresh: bool) -> CredentialResolver:
    """The chain of botocore (`create_credential_resolver`), with the differences named above."""
    endpoints = dict(source.endpoints)
    region = session.get_config_variable("region") or source.region

    def create_client(service: str, **parameters: Any) -> Any:
        # SSO is asked in its own region, which botocore gives in the client's configuration.
        if not getattr(parameters.get("config"), "region_name", None):
            parameters["region_name"] = parameters.get("region_name") or region
        return session.create_client(service, endpoint_url=endpoints.get(service), **parameters)

    cache = _ReadCache(None if fresh else _aws_folder() / "cli" / "cache")
    builder = _ProfileProviders(session, create_client, cache, processes)
    metadata = InstanceMetadataProvider(
        InstanceMetadataFetcher(
            timeout=session.get_config_variable("metadata_service_timeout"),
            num_attempts=session.get_config_variable("metadata_service_num_attempts"),
            user_agent=session.user_agent(),
            config={
                "ec2_metadata_service_endpoint": session.get_config_variable("ec2_metadata_service_endpoint"),
                "ec2_metadata_service_endpoint_mode": session.get_config_variable("ec2_metadata_service_endpoint_mode"),
                "ec2_metadata_v1_disabled": session.get_config_variable("ec2_metadata_v1_disabled"),
            },
        )
    )
    environment, container = EnvProvider(), ContainerProvider()
    profile = session.profile or "default"
    roles = AssumeRoleProvider(
        load_config=lambda: session.full_config,
        client_creator=create_client,
        cache=cache,
        profile_name=profile,
        prompter=_refuse_to_prompt,
        credential_sourcer=CanonicalNameCredentialSourcer([environment, container, metadata]),
        profile_provider_builder=builder,
    )
    named = source.profile is not None
    ambient = [] if named else [environment]
    return CredentialResolver([*ambient, roles, *builder.providers(profile, named), container, metadata])


class _ProfileProviders(ProfileProviderBuilder):
    """The providers of a profile, with our caches, endpoints and processes."""

    def __init__(
        self, session: Session, create_client: Callable[..., Any], cache: _ReadCache, processes: set[_Process]
    ) -> None:
        self._processes = processes
        tokens = JSONFileCache(str(_aws_folder() / "sso" / "cache"), dumps_func=_dump_token)
        super().__init__(_SessionView(session, create_client), cache=cache, sso_token_cache=tokens)

    def _create_process_provider(self, profile_name: str) -> ProcessProvider:
        return ProcessProvider(
            profile_name, lambda: self._session.full_config, popen=partial(_Process, self._processes)
        )


class _SessionView:
    """A session whose clients are made by `create_client`; the builder asks nothing else of them."""

    def __init__(self, session: Session, create_client: Callable[..., Any]) -> None:
        self._session = session
        self.create_client = create_client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class _ReadCache:
    """What the AWS CLI has cached, read only; what is new is kept for the length of one resolution."""

    def __init__(self, folder: Path | None) -> None:
        self._files = JSONFileCache(str(folder)) if folder else {}
        self._new: dict[str, Any] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._new or key in self._files

    def __getitem__(self, key: str) -> Any:
        return self._new[key] if key in self._new else self._files[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._new[key] = value

    def __delitem__(self, key: str) -> None:
        self._new.pop(key, None)


class _Process(subprocess.Popen[bytes]):
    """A credential process: no terminal to prompt on, and an end. It is in `running` until its output was read."""

    def __init__(self, running: set[_Process], command: Sequence[str], *, stdout: int, stderr: int) -> None:
        self._running = running
        super().__init__(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True)
        running.add(self)

    def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:  # noqa: A002 - Popen's
        """Output of the process. Raises CredentialRetrievalError when it takes too long, or is no JSON."""
        try:
            output, errors = super().communicate(input, timeout or PROCESS_SECONDS)
        except subprocess.TimeoutExpired:
            self.end()
            self.wait()
            for stream in (self.stdout, self.stderr):
                if stream:
                    stream.close()
            raise boto.CredentialRetrievalError(provider="custom-process", error_msg="no answer in time") from None
        finally:
            self._running.discard(self)
        if self.returncode == 0:
            _require_object(output)
        return output, errors

    def end(self) -> None:
        """End the process and what it has started, which may hold its output open."""
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self.pid, signal.SIGKILL)
            else:
                self.kill()


def _require_object(output: bytes) -> None:
    """Refuse what is no JSON object. A parser's own error would hold the output, and with it perhaps keys."""
    try:
        found = json.loads(output)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise boto.CredentialRetrievalError(provider="custom-process", error_msg="its output is no JSON object")


def _refuse_to_prompt(_prompt: str) -> str:
    raise MfaRequired


def _aws_folder() -> Path:
    return Path.home() / ".aws"


def _dump_token(token: Mapping[str, Any]) -> str:
    """A token as the AWS CLI writes it."""
    return json.dumps(token, default=lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _end_of_login(config: AwsConfig, profile: str | None, method: str, expires_at: float | None) -> float | None:
    """When somebody must log in again; None where the chain renews itself."""
    if method == EnvProvider.METHOD:
        return expires_at
    if any(section.get("mfa_serial") for section in chain(config, profile)):
        return expires_at
    return login_end(config, profile, _aws_folder() / "sso" / "cache")


def _epoch(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
