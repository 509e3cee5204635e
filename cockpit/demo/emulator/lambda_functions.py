"""Lambda.

What moto lacks, and this adds:

- lists come in pages of 50, and ListFunctions leaves out State and LastUpdateStatus;
- GetAccountSettings, and LoggingConfig;
- RevisionId on functions, versions and aliases: renewed by every change, checked when it is sent;
- weights of an alias are checked; versions number on from the newest;
- metrics follow: who gets an alias's traffic, and whether a function is stopped, goes into the function's timeline.

Shapes: botocore's model of Lambda 2015-03-31. Rules: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
"""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import unquote

from moto.awslambda import models, urls
from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse

from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.paging import page
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.traffic import default_load, exists, lambda_time, routing_of
from cockpit.demo.emulator.world import World

PAGE_SIZE = 50
CONCURRENCY_LIMIT = 1000
_ACCOUNT_SETTINGS = "{0}/2016-08-19/account-settings$"
_original_configuration = LambdaFunction.get_configuration


def _configuration(function: LambdaFunction, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
    logging = {"LogFormat": getattr(function, "log_format", "Text"), "LogGroup": function.logs_group_name}
    own = {"RevisionId": _revision(function), "LoggingConfig": logging}
    return {**_original_configuration(function, on_create), **own}


def _revision(thing: Any) -> str:
    """The revision of a function, version or alias; one is made up when it is first asked for."""
    return str(thing.__dict__.setdefault("revision_id", str(uuid.uuid4())))


def _check_revision(thing: Any, sent: str | None) -> None:
    if sent is not None and sent != _revision(thing):
        raise fail(
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
            "retrieve the latest RevisionId",
        )


class Lambda(LambdaResponse):
    """moto's answers, mended."""

    world: World

    def list_functions(self) -> str:
        """Answer by name, in pages."""
        everything = self.querystring.get("FunctionVersion", [None])[0]
        functions = list(self.backend.list_functions(everything))
        functions.sort(key=lambda function: (function.function_name, str(function.version)))
        return self._page("Functions", functions, "NextMarker", _listed)

    def list_versions_by_function(self) -> str:
        """Answer in pages."""
        versions = list(self.backend.list_versions_by_function(self._name(-2)))
        return self._page("Versions", versions, "NextMarker", _listed)

    def list_aliases(self) -> str:
        """Answer in pages, of one version where it is named."""
        aliases = list(self.backend.list_aliases(self._name(-2)))
        version = self.querystring.get("FunctionVersion", [None])[0]
        wanted = [alias for alias in aliases if version in (None, alias.function_version)]
        return self._page("Aliases", wanted, "NextMarker", LambdaAlias.to_json)

    def get_account_settings(self) -> str:
        """Answer with the limits of a young account, and what is used of them."""
        functions = list(self.backend.list_functions(None))
        reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
        limit = {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": CONCURRENCY_LIMIT,
            "UnreservedConcurrentExecutions": CONCURRENCY_LIMIT - reserved,
        }
        used = sum(function.code_size for function in functions)
        usage = {"TotalCodeSize": used, "FunctionCount": len(functions)}
        return json.dumps({"AccountLimit": limit, "AccountUsage": usage})

    def create_function(self) -> Any:
        """Create it; it is called now and then."""
        answer = super().create_function()
        place = self.world.place(self.current_account, self.region)
        name = self.json_body["FunctionName"].rsplit(":", 1)[-1]
        place.functions[name] = default_load(name)
        self._follow(name)
        return answer

    def delete_function(self) -> Any:
        """Delete it with its telemetry."""
        name = self._name(-1)
        answer = super().delete_function()
        if not exists(self.backend, name):
            place = self.world.place(self.current_account, self.region)
            place.functions.pop(name, None)
            place.forget_sums()
        return answer

    def create_alias(self) -> Any:
        """Create it; its callers come over."""
        return self._followed(super().create_alias)

    def delete_alias(self) -> Any:
        """Delete it; its callers turn elsewhere."""
        return self._followed(super().delete_alias, at=-3)

    def put_function_concurrency(self) -> Any:
        """Reserve concurrency; with 0 the function stands still."""
        return self._followed(super().put_function_concurrency)

    def delete_function_concurrency(self) -> Any:
        """Take the reservation back."""
        return self._followed(super().delete_function_concurrency)

    def update_alias(self) -> str:
        """Point an alias elsewhere; its traffic follows at once."""
        name, alias_name, sent = self._name(-3), self._name(-1), json.loads(self.body)
        with self.world.lock:
            alias = self.backend.get_alias(name=alias_name, function_name=name)
            _check_revision(alias, sent.get("RevisionId"))
            version = sent.get("FunctionVersion") or alias.function_version
            routing = sent.get("RoutingConfig", alias.routing_config)
            _check_weights(self.backend, name, version, (routing or {}).get("AdditionalVersionWeights") or {})
            changed = self.backend.update_alias(alias_name, name, version, sent.get("Description"), routing)
            changed.revision_id = str(uuid.uuid4())
            self._follow(name)
        return json.dumps(changed.to_json())

    def publish_version(self) -> Any:
        """Publish what is in `$LATEST`, if it is what the caller thinks."""
        with self.world.lock:
            function = self.backend.get_function(self._name(-2))
            _check_revision(function, self._sent("RevisionId"))
            sha = self._sent("CodeSha256")
            if sha is not None and sha != function.code_sha_256:
                raise fail(
                    "InvalidParameterValueException",
                    f"CodeSHA256 ({sha}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256}). "
                    "Please try again with the CodeSHA256 in $LATEST.",
                )
            return super().publish_version()

    def update_function_code(self) -> Any:
        """Change the code of `$LATEST`."""
        return self._revised(super().update_function_code)

    def update_function_configuration(self) -> Any:
        """Change the configuration of `$LATEST`."""
        return self._revised(super().update_function_configuration)

    def _revised(self, change: Any) -> Any:
        with self.world.lock:
            function = self.backend.get_function(self._name(-2))
            _check_revision(function, self.json_body.get("RevisionId"))
            answer = change()
            if not self.json_body.get("DryRun"):
                function.revision_id = str(uuid.uuid4())
                function.last_modified = lambda_time(self.world.clock())
            return 200, {}, json.dumps(function.get_configuration()) if answer[0] == 200 else answer[2]

    def _followed(self, change: Any, at: int = -2) -> Any:
        with self.world.lock:
            answer = change()
            self._follow(self._name(at))
            return answer

    def _follow(self, name: str) -> None:
        place, bare = self.world.place(self.current_account, self.region), self._bare(name)
        if bare in place.functions:
            place.route(bare, self.world.clock(), routing_of(self.backend, bare))

    def _page(self, key: str, items: list[Any], marker: str, shown: Any) -> str:
        size = min(int(self.querystring.get("MaxItems", [PAGE_SIZE])[0]), PAGE_SIZE)
        sent = self.querystring.get("Marker", [None])[0]
        found, following = page(items, sent, size, code="InvalidParameterValueException")
        return json.dumps({key: [shown(item) for item in found], **({marker: following} if following else {})})

    def _sent(self, name: str) -> str | None:
        return (json.loads(self.body) if self.body else {}).get(name)

    def _name(self, part: int) -> str:
        return unquote(self.path.rstrip("/").split("/")[part])

    @staticmethod
    def _bare(name: str) -> str:
        return name.rsplit(":function:", 1)[-1].split(":", maxsplit=1)[0]


def install(world: World) -> None:
    """Answer for Lambda as AWS does."""
    LambdaFunction.get_configuration = _configuration

    if not hasattr(models.LambdaStorage.publish_version, "extended"):
        models.LambdaStorage.publish_version = _publish(models.LambdaStorage.publish_version, world)
    Lambda.world = world
    serve(urls, Lambda, _ACCOUNT_SETTINGS)


def _listed(function: LambdaFunction) -> dict[str, Any]:
    configuration = function.get_configuration()
    return {name: value for name, value in configuration.items() if name not in ("State", "LastUpdateStatus")}


def _check_weights(backend: LambdaBackend, name: str, version: str, weights: dict[str, float]) -> None:
    """Refuse what AWS refuses in an alias's routing. One additional version, published, and a share of the traffic."""
    if not weights:
        return
    problem = None
    if len(weights) > 1:
        problem = "Number of items in AdditionalVersionWeights cannot be greater than 1"
    elif version == "$LATEST" or "$LATEST" in weights:
        problem = "$LATEST is not supported for an alias pointing to more than 1 version"
    elif version in weights:
        problem = f"Invalid function version {version}. It is already included in routing configuration."
    elif not all(0.0 <= weight <= 1.0 for weight in weights.values()):
        problem = "Weight of a version must be between 0.0 and 1.0"
    if problem:
        raise fail("InvalidParameterValueException", problem)
    for additional in weights:
        backend.get_function(name, additional)


def _publish(original: Any, world: World) -> Any:
    """PublishVersion that numbers on from the newest version: the fleet keeps only the last few."""

    def publish_version(storage: Any, name_or_arn: str, description: str = "") -> Any:
        function = storage.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
        versions = storage._functions[function.function_name]["versions"]  # noqa: SLF001 - moto's only place for them
        newest = max((int(version.version) for version in versions), default=0)
        known = len(versions)
        published = original(storage, name_or_arn, description)
        if len(versions) > known:
            published.set_version(newest + 1)
            published.last_modified = lambda_time(world.clock())
            published.revision_id = str(uuid.uuid4())
        return published

    publish_version.extended = True  # type: ignore[attr-defined]  # how moto marks it
    return publish_version
