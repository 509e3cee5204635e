"""Where each kind of thing has its page in the AWS console: path and fragment, from `/`.

The console documents no addresses; these are the ones that it shows itself. The host, and the way in, are the engine's
business (`cockpit.engine.console`).
"""

from __future__ import annotations

from urllib.parse import quote

from cockpit.model.resource import Resource

_OWN_CONSOLES = ("neptune", "docdb")
"""Engines that RDS lists, and that have a console of their own."""


def function_page(resource: Resource) -> str | None:
    """Of a Lambda function, an alias, or the list of functions for what belongs to the whole account."""
    start = f"/lambda/home?region={resource.slot.region}#/functions"
    if resource.kind == "alias":
        name, alias = str(resource.facts["function"]), str(resource.facts["alias"])
        return f"{start}/{_part(name)}/aliases/{_part(alias)}"
    return start if resource.shared else f"{start}/{_part(resource.name)}"


def database_page(resource: Resource) -> str | None:
    """Of an instance or a cluster."""
    region, engine = resource.slot.region, str(resource.facts.get("engine"))
    if engine in _OWN_CONSOLES:
        return f"/{engine}/home?region={region}"
    cluster = "true" if resource.kind == "cluster" else "false"
    return f"/rds/home?region={region}#database:id={_part(resource.name)};is-cluster={cluster}"


def queue_page(resource: Resource) -> str | None:
    """Of a queue, which the console knows by its URL."""
    return f"/sqs/v3/home?region={resource.slot.region}#/queues/{_part(str(resource.facts['url']))}"


def distribution_page(resource: Resource) -> str | None:
    """Of a distribution, by its id."""
    return f"/cloudfront/v4/home?region={resource.slot.region}#/distributions/{_part(str(resource.facts['id']))}"


def alarm_page(resource: Resource) -> str | None:
    """Of an alarm, by its name."""
    return f"/cloudwatch/home?region={resource.slot.region}#alarmsV2:alarm/{_part(resource.name)}"


def stack_page(resource: Resource) -> str | None:
    """Of a stack, by its id."""
    return f"/cloudformation/home?region={resource.slot.region}#/stacks/stackinfo?stackId={_part(resource.key)}"


def cost_page(_resource: Resource) -> str | None:
    """Cost Explorer: a bill has no page of its own."""
    return "/costmanagement/home#/cost-explorer"


def _part(text: str) -> str:
    return quote(text, safe="")
