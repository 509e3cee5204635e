"""A reader over recorded answers. Requests and answers are checked against botocore's models, so a fixture cannot
drift away from AWS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model
import jmespath
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from cockpit.aws.errors import classify
from cockpit.aws.failed import CallFailed
from cockpit.model.ids import GLOBAL_REGION, SlotId
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Call, Discovery, Reach, ServiceSpec
from cockpit.model.verdict import Outcome

ACCOUNT = "shop-prod"
ACCOUNT_ID = "111122223333"
REGION = "eu-west-1"
NOW = 1_772_539_200.0
"""2026-03-03 12:00 UTC."""


@dataclass(frozen=True)
class Refusal:
    """AWS answers with an error."""

    code: str = "AccessDeniedException"
    message: str = "User is not authorized to perform this operation"


Page = Mapping[str, Any] | Refusal
Answer = Page | Sequence[Page] | Callable[[Mapping[str, Any]], Page | Sequence[Page]]


@dataclass
class RecordedReader:
    """`cockpit.model.service.Reader` over `answers`: operation → page, pages, or a function of the parameters."""

    spec: ServiceSpec
    answers: Mapping[str, Answer]
    now: float = NOW
    account: str = ACCOUNT
    account_id: str = ACCOUNT_ID
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def slot(self) -> SlotId:
        region = GLOBAL_REGION if self.spec.reach is Reach.GLOBAL else REGION
        return SlotId(self.account, region, self.spec.key)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        return self._pages(operation, parameters)[0]

    async def pages(self, operation: str, items: str, **parameters: Any) -> list[Any]:
        found: list[Any] = []
        for page in self._pages(operation, parameters):
            found.extend(jmespath.search(items, page) or ())
        return found

    async def gather(self, calls: Sequence[Awaitable[Any]]) -> list[Any]:
        results: list[Any] = []
        for call in calls:
            try:
                results.append(await call)
            except CallFailed as failed:
                results.append(failed)
        return results

    def times(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(asked == operation for asked, _ in self.asked)

    def _pages(self, operation: str, parameters: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        (call,) = [call for call in self.spec.calls if call.operation == operation]
        model = service_model(call.client).operation_model(operation)
        if model.input_shape is not None:
            report = ParamValidator().validate(parameters, model.input_shape)
            assert not report.has_errors(), report.generate_report()
        self.asked.append((operation, parameters))
        answer = self.answers[operation]
        answer = answer(parameters) if callable(answer) else answer
        pages = [answer] if isinstance(answer, (Mapping, Refusal)) else answer
        for page in pages:
            if isinstance(page, Refusal):
                raise CallFailed(self._failure(call, page))
            check(model.output_shape, page, operation)
        return [page for page in pages if not isinstance(page, Refusal)]

    def _failure(self, call: Call, refusal: Refusal) -> Any:
        error = ClientError({"Error": {"Code": refusal.code, "Message": refusal.message}}, call.operation)
        slot = self.slot
        return classify(error, account=slot.account, region=slot.region, service=slot.service, call=call, now=self.now)


@cache
def service_model(client: str) -> botocore.model.ServiceModel:
    """botocore's model of a service."""
    return botocore.model.ServiceModel(botocore.loaders.create_loader().load_service_model(client, "service-2"), client)


_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
}


def check(shape: Any, value: Any, path: str) -> None:
    """Fail unless `value` is an answer of this shape, with every member that AWS promises."""
    if shape.type_name == "structure":
        unknown = set(value) - set(shape.members)
        assert not unknown, f"{path} has no {unknown}"
        missing = set(shape.required_members) - set(value)
        assert not missing, f"{path} lacks {missing}"
        for name, member in value.items():
            check(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            check(shape.member, member, f"{path}[{index}]")
    elif shape.type_name == "map":
        for name, member in value.items():
            check(shape.value, member, f"{path}[{name!r}]")
    else:
        assert isinstance(value, _SCALARS[shape.type_name]), f"{path} is {value!r}, not a {shape.type_name}"


def observed(spec: ServiceSpec, discovery: Discovery, *, at: float = NOW) -> Observation:
    """What the engine would keep of a look."""
    region = GLOBAL_REGION if spec.reach is Reach.GLOBAL else REGION
    return Observation(
        SlotId(ACCOUNT, region, spec.key),
        ACCOUNT_ID,
        Outcome.PARTIAL if discovery.failures else Outcome.OK,
        at,
        at,
        discovery.resources,
        discovery.failures,
    )


def named(discovery: Discovery, name: str) -> Resource:
    """The one resource that is called `name`."""
    (found,) = [resource for resource in discovery.resources if resource.name == name]
    return found
