"""CloudFormation: the stacks that the fleet was deployed with, and their events.

moto's would make every resource anew, and it imports a good part of moto: an application of its own answers instead.
Shapes: botocore's model of CloudFormation 2010-05-15. Wording, and who may ask without a name:
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import BackendRequest

from cockpit.demo.emulator.gate import authorize, caller, fail
from cockpit.demo.emulator.paging import page
from cockpit.demo.emulator.stack_events import events_of
from cockpit.demo.emulator.world import DeployedStack, World

_STACKS_A_PAGE = 20
"""AWS names no number; callers must not count on one."""
_EVENTS_A_PAGE = 100


class CloudFormation(BaseResponse):
    """What the cockpit reads of CloudFormation."""

    world: World

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def describe_stacks(self) -> ActionResult:
        """Answer with one stack, by name or id, or with all of the place in pages."""
        name = self._get_param("StackName")
        if name is not None:
            return ActionResult({"Stacks": [_row(self._stack(str(name), "Stack with id {} does not exist"))]})
        authorize(caller(self.world, self), "cloudformation:ListStacks")
        found, following = page(self._stacks, self._get_param("NextToken"), _STACKS_A_PAGE, code="ValidationError")
        return ActionResult({"Stacks": [_row(one) for one in found], "NextToken": following})

    def describe_stack_events(self) -> ActionResult:
        """Answer with what happened to a stack, newest first."""
        stack = self._stack(str(self._get_param("StackName")), "Stack [{}] does not exist")
        found, following = page(events_of(stack), self._get_param("NextToken"), _EVENTS_A_PAGE, code="ValidationError")
        return ActionResult({"StackEvents": found, "NextToken": following})

    @property
    def _stacks(self) -> tuple[DeployedStack, ...]:
        return self.world.stacks.get((self.current_account, self.region), ())

    def _stack(self, name: str, otherwise: str) -> DeployedStack:
        found = next((one for one in self._stacks if name in (one.part.name, one.id)), None)
        if found is None:
            raise fail("ValidationError", otherwise.format(name))
        return found


def _row(stack: DeployedStack) -> dict[str, Any]:
    part = stack.part
    row: dict[str, Any] = {
        "StackId": stack.id,
        "StackName": part.name,
        "CreationTime": datetime.fromtimestamp(stack.created_at, UTC),
        "RollbackConfiguration": {},
        "StackStatus": part.status,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": ["CAPABILITY_IAM"],
        "Parameters": [{"ParameterKey": "DatabasePassword", "ParameterValue": "****"}],
        "Outputs": [{"OutputKey": "Endpoint", "OutputValue": f"https://{part.name.lower()}.execute-api.example/"}],
        "Tags": [{"Key": key, "Value": value} for key, value in part.tags.items()],
        "EnableTerminationProtection": part.protected,
        "DriftInformation": {"StackDriftStatus": part.drift},
    }
    # Executing the change set that creates a stack counts as its first update.
    row["LastUpdatedTime"] = datetime.fromtimestamp(max(stack.began_at, stack.created_at + 8), UTC)
    if part.drift != "NOT_CHECKED":
        row["DriftInformation"]["LastCheckTimestamp"] = datetime.fromtimestamp(stack.began_at + 3600, UTC)
    if part.description:
        row["Description"] = part.description
    if stack.parent is not None:
        row |= {"ParentId": stack.parent, "RootId": stack.parent}
    return row


def install(world: World) -> None:
    """Answer for CloudFormation as AWS does."""
    CloudFormation.world = world


def create_app(service: str) -> Any:
    """The WSGI application of the service, as moto's `create_backend_app` makes it, without a backend of moto's."""
    from flask import Flask

    app = Flask(service)
    app.request_class = BackendRequest
    view = convert_to_flask_response(CloudFormation.dispatch)
    app.add_url_rule("/", endpoint=service, methods=["GET", "POST"], view_func=view, strict_slashes=False)
    return app
