"""Resource Groups Tagging API. moto cuts a page at 100 tags although nobody asked for that.

Shapes: botocore's model of the API, 2017-01-26; `TagsPerPage` counts only where it is sent.
"""

from __future__ import annotations

from typing import Any

from moto.resourcegroupstaggingapi import urls
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World

_MOST_TAGS = 500


class Tagging(ResourceGroupsTaggingAPIResponse):
    """moto's answers, mended."""

    def get_resources(self) -> Any:
        """Answer with pages of as many resources as were asked for."""
        self.params.setdefault("TagsPerPage", _MOST_TAGS)
        return super().get_resources()


def install(_world: World) -> None:
    """Answer for the tagging API as AWS does."""
    serve(urls, Tagging)
