"""What has to be known about AWS regions: which are on in every account, and where to ask STS."""

from __future__ import annotations

from collections.abc import Sequence

_HOME = (("cn-", "cn-north-1"), ("us-gov-", "us-gov-west-1"), ("", "us-east-1"))
_ENABLED_BY_DEFAULT = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)
"""Regions launched before 20 March 2019: AWS Account Management Reference Guide, "Enable or disable Regions"."""


def enabled_by_default(region: str) -> bool:
    """Whether every account may use `region`. China and GovCloud have no opt-in."""
    return region in _ENABLED_BY_DEFAULT or region.startswith(("cn-", "us-gov-"))


def identity_region(regions: Sequence[str]) -> str:
    """Where to ask STS for an account that is watched in `regions`.

    The STS endpoint of a region that the account has not opted in to refuses good credentials, so the first region
    that is always on is taken, else the home of the partition. Its tokens are valid in every region.
    """
    first = next((region for region in regions if enabled_by_default(region)), None)
    if first is not None:
        return first
    start = regions[0] if regions else ""
    return next(home for prefix, home in _HOME if start.startswith(prefix))
